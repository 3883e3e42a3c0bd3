"""The six parts of the agenda and the six questions (MT-1, MT-3), by key. Pure; their words are in wording.py."""

from haark.cadence.rules import PARTS

QUESTIONS = ("doing", "expectations", "working", "better", "obstacles", "changes")
PART_FIELDS = tuple(f"part.{number}" for number in range(len(PARTS)))
QUESTION_FIELDS = tuple(f"question.{key}" for key in QUESTIONS)
FIELDS = frozenset(PART_FIELDS + QUESTION_FIELDS)
