"""How last time's promises went (XB-1): each graded on a day, and counted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

GRADES = ("done", "late", "dropped", "pending")


@dataclass(frozen=True)
class Grade:
    """`state` is one of GRADES. `late`: days after the due day, of a promise kept late or still open; 0 when in time.

    `on`: the day it was done, or is due; None without either.
    """

    state: str
    on: date | None
    late: int = 0


@dataclass(frozen=True)
class Count:
    """How many promises there are, and how many of each grade."""

    total: int
    done: int
    late: int
    dropped: int
    pending: int


def grade(item: Mapping[str, Any], on: date) -> Grade:
    """The grade of a promise (`state`, `due_on`, `done_on`, `graded` as the facts hold them) on a day.

    A person's word (`graded`: kept, late, dropped) counts first. Without: done is done, however late; cancelled is
    dropped; what is open is late from the day after it was due.
    """
    due, done = _day(item.get("due_on")), _day(item.get("done_on"))
    said = item.get("graded")
    if said == "kept":
        return Grade("done", done or due)
    if said == "dropped":
        return Grade("dropped", due)
    if said == "late":
        return Grade("late", done or due, max(((done or on) - due).days, 0) if due else 0)
    if item["state"] == "done":
        return Grade("done", done, max((done - due).days, 0) if done and due else 0)
    if item["state"] == "cancelled":
        return Grade("dropped", due)
    if due is not None and due < on:
        return Grade("late", due, (on - due).days)
    return Grade("pending", due)


def count(grades: Sequence[Grade]) -> Count:
    """The grades counted."""
    states = [one.state for one in grades]
    return Count(len(states), *(states.count(state) for state in GRADES))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
