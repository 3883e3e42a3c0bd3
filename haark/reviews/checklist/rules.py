"""The 22 items of the preparation in their four groups, and how far they are (RV-7). Pure.

What Haark saw by itself comes from sights.py; a person's word wins over it, both ways.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from haark.cadence.steps import OPENS_DAYS, READY_DAYS

GROUPS: dict[str, tuple[str, ...]] = {
    "data": ("usage", "health", "surveys", "tickets", "exchanges", "arr", "objectives"),
    "research": ("news", "organisation", "market", "projects", "profiles"),
    "presentation": ("deck", "roi", "stories", "roadmap", "expansion"),
    "logistics": ("invitation", "participants", "video", "shared", "absence"),
}
ITEMS = tuple(key for keys in GROUPS.values() for key in keys)
# Good to have, never missing: sharing the deck ahead, proposing an expansion (only where it is appropriate).
OPTIONAL = frozenset({"shared", "expansion"})
# How far: not open yet, open, to be finished today, late, complete, over (the review is behind us), without a day.
STATES = ("early", "open", "today", "late", "done", "over", "undated")


@dataclass(frozen=True, slots=True)
class Sight:
    """What Haark saw of an item: `done` ticks it; `phrase` names the sentence, `data` its values."""

    done: bool
    phrase: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word on an item: done or not, with what they found."""

    done: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many are ticked of how many, and how many are missing; what is optional is never missing."""

    done: int
    total: int
    missing: int


def is_done(sight: Sight | None, word: Word | None) -> bool:
    """A person's word, else what Haark saw; an item of which neither is known is open."""
    if word is not None:
        return word.done
    return sight is not None and sight.done


def count(done: Mapping[str, bool], keys: tuple[str, ...] = ITEMS) -> Count:
    """Counts these items; one that `done` does not name is open."""
    ticked = sum(1 for key in keys if done.get(key))
    missing = sum(1 for key in keys if not done.get(key) and key not in OPTIONAL)
    return Count(ticked, len(keys), missing)


def opens_on(day: date) -> date:
    """The preparation of a review held on `day` opens 14 days before."""
    return day - timedelta(OPENS_DAYS)


def ready_on(day: date) -> date:
    """It should be complete 7 days before; from the day after on it is late."""
    return day - timedelta(READY_DAYS)


def state(missing: int, day: date | None, on: date, over: bool = False) -> str:
    """One of STATES on day `on`, for a review to be held on `day` (None: not known yet); `over`: held or cancelled."""
    if over:
        return "over"
    if not missing:
        return "done"
    if day is None:
        return "undated"
    if on < opens_on(day):
        return "early"
    ready = ready_on(day)
    return "open" if on < ready else "today" if on == ready else "late"
