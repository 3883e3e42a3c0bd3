"""After the meeting: what decisions change in the plan, where half-way is, how far a pace leads (AX-2, AX-3). Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from haark.formats import fold
from haark.plans.rules import Aim
from haark.reviews.meeting import days

# The four things of the first week, in their order (AX-2), and within how many days of the meeting.
WEEK = ("plan", "tracked", "briefed", "started")
WEEK_DAYS = 7
# A check-in half-way only where there is a way: between two monthly reviews there is none.
SHORTEST = 45
# Words that tell nothing about what a sentence is about are shorter than this.
TELLING = 4
NUMBER = re.compile(r"(?<![\w/.,-])(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d+))?(?![\w/]|[.,-]\d)")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Part:
    """An objective or a milestone of the plan, as decisions may speak of it."""

    kind: str
    id: int
    title: str
    kpi: str = ""
    target: float | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a decision would change: fields of an objective or milestone; `id` None: a new milestone."""

    kind: str
    id: int | None
    values: Mapping[str, Any]


def suggestion(decision: str, parts: Sequence[Part], on: date) -> Suggestion | None:
    """What a decision taken in the meeting would change in the plan; None for an empty one, or nothing new.

    It speaks of the part with which it shares the most telling words (at least half of the part's, or two). A day at
    its end becomes that part's due day, a number an objective's target. One that speaks of no part of the plan becomes
    a milestone in its own words. A person accepts, rewords or declines each.
    """
    words = decision.split()
    if not words:
        return None
    found = days.ending(words, on)
    day, rest = (None, words) if found is None else (found[1], days.without_lead(words[: -found[0]]))
    text = " ".join(rest) or decision.strip()
    part = _spoken_of(text, parts)
    if part is None:
        return Suggestion("milestone", None, {"title": text[:LONGEST], **({"due_on": day} if day else {})})
    values: dict[str, Any] = {}
    if day is not None and day != part.due_on:
        values["due_on"] = day
    number = _number(text) if part.kind == "objective" else None
    if number is not None and number != part.target:
        values["target"] = number
    return Suggestion(part.kind, part.id, values) if values else None


def half_way(held_on: date, next_on: date | None) -> date | None:
    """The working day half-way to the next review; None without one, or where it is less than 45 days away."""
    if next_on is None or (next_on - held_on).days < SHORTEST:
        return None
    day = held_on + (next_on - held_on) // 2
    return day + timedelta({5: 2, 6: 1}.get(day.weekday(), 0))


def forecast(aim: Aim, measured_on: date | None) -> float | None:
    """Where the pace from the baseline to the last value leads on the due day: a straight line. None where it cannot
    be drawn, or where the due day has gone by."""
    begun, due = aim.starts_on, aim.due_on
    if aim.baseline is None or aim.current is None or begun is None or due is None or measured_on is None:
        return None
    gone = (measured_on - begun).days
    if gone <= 0 or due <= measured_on:
        return None
    return aim.baseline + (aim.current - aim.baseline) * (due - begun).days / gone


def _spoken_of(text: str, parts: Iterable[Part]) -> Part | None:
    said = _telling(text)
    scored = []
    for place, part in enumerate(parts):
        own = _telling(f"{part.title} {part.kpi}")
        shared = len(own & said)
        if shared >= 2 or (shared and shared * 2 >= len(own)):
            scored.append((shared, -place, part))
    return max(scored, key=lambda one: one[:2])[2] if scored else None


def _telling(text: str) -> frozenset[str]:
    """The words of a text that say what it is about, without their endings' last letters: «litiges» meets «litige»."""
    return frozenset(word.rstrip("s")[:8] for word in re.findall(r"\w+", fold(text)) if len(word) >= TELLING)


def _number(text: str) -> float | None:
    """The last number of a text: «de 90 à 96 %» ends at 96."""
    found = NUMBER.findall(text)
    if not found:
        return None
    whole, decimals = found[-1]
    return float(re.sub(r"\D", "", whole) + (f".{decimals}" if decimals else ""))
