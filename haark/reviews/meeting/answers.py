"""What the client answered, as one exchange that signals read: the telling answers first, and its tags. Pure.

The words that make a tag are those of signals (one rule, one home): a budget, a need, a reorganisation.
"""

from collections.abc import Mapping, Sequence

from haark.signals.words import topics

# A topic of signals as the tag that an exchange carries (haark.signals.words.TAGS).
TAGS = {
    "need_identified": "besoin",
    "budget_agreed": "budget-disponible",
    "budget": "budget",
    "budget_cut": "coupe-budgetaire",
    "reorganisation": "reorganisation",
    "company_growing": "croissance",
}
LONGEST = 4_000


def tags(texts: Sequence[str]) -> list[str]:
    """The tags of what was said, each once."""
    about = {topic for text in texts for topic in topics(text)}
    return [tag for topic, tag in TAGS.items() if topic in about]


def summary(title: str, answers: Mapping[str, str]) -> str:
    """«QBR Q4 2026. Quels obstacles lever ? …»: question and answer, those that tell something to signals first, so
    that the evidence of a signal (its first 200 characters) says why. At most 4 000 characters."""
    said = [(question, " ".join(text.split())) for question, text in answers.items() if text.strip()]
    said.sort(key=lambda pair: not topics(pair[1]))
    whole = " ".join([f"{title}.", *(f"{question} {text}" for question, text in said)])
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1].rstrip() + "…"
