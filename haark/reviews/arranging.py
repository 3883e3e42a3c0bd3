"""Which slides of a review are printed, and in which order. Same rules as domain.py.

Each change is an event that says enough to take it back (steps.py): `undoes` and `redoes` name the change that a step
back or forth was about.
"""

from datetime import date, datetime
from typing import Any

from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.reviews import figures, queries, rules, slides

HIDDEN, SHOWN, MOVED = "review.slide_hidden", "review.slide_shown", "review.slide_moved"


class Obstacles(Exception):
    """Slide 11 stays off: `reasons` are those of rules.opportunity_obstacles."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def show(review: Review, key: str, *, by: int | None, at: datetime, confirmed: bool = False, **step: int) -> None:
    """A slide is printed. KeyError: no such slide.

    Slide 11 raises Obstacles while it should stay off, unless `confirmed`.
    """
    if key == "opportunities" and not confirmed:
        reasons = obstacles(review)
        if reasons:
            raise Obstacles(reasons)
    review.opportunities_confirmed = review.opportunities_confirmed or (key == "opportunities" and confirmed)
    _turn(review, key, hidden=False, by=by, at=at, **step)


def hide(review: Review, key: str, *, by: int | None, at: datetime, **step: int) -> None:
    """A slide is left out of the exports. KeyError: no such slide."""
    _turn(review, key, hidden=True, by=by, at=at, **step)


def obstacles(review: Review) -> tuple[str, ...]:
    """Why slide 11 should stay off, from the facts that are shown."""
    taken = queries.snapshot(review.id)
    if taken is None:
        return ()
    found = figures.compute(taken.facts, queries.overrides(review.id))
    current = {item["id"]: found[f"objective.{item['id']}"].value for item in taken.facts["objectives"]}
    standing = rules.standings(taken.facts["objectives"], current, date.fromisoformat(taken.facts["on"]))
    return rules.opportunity_obstacles(standing, taken.facts["health"]["now"]["band"])


def move(review: Review, key: str, step: int, *, by: int | None, at: datetime) -> None:
    """A slide goes `step` places down (negative: up), never before the cover. KeyError: no such slide."""
    _put(review, key, _place(slides.live(review), key) + step, by=by, at=at)


def put_behind(review: Review, key: str, other: str, place: int, *, by: int | None, at: datetime, **step: int) -> None:
    """A slide stands behind `other`, at `place` (from 1) when that one is gone. KeyError: no such slide."""
    rest = [row.key for row in slides.live(review) if row.key != key]
    there = rest.index(other) + 1 if other in rest else place - 1
    _put(review, key, there, by=by, at=at, **step)


def _put(review: Review, key: str, there: int, *, by: int | None, at: datetime, **step: int) -> None:
    rows = slides.live(review)
    here = _place(rows, key)
    there = max(1, min(len(rows) - 1, there))
    if here == 0 or here == there:
        return
    before = rows[here - 1].key
    rows.insert(there, rows.pop(here))
    slides.number(rows)
    told = {"position": there + 1, "behind": rows[there - 1].key, "before": [here + 1, before], **step}
    _record(review, MOVED, at, by, slide=key, **told)


def _place(rows: list[slides.ReviewSlide], key: str) -> int:
    found = next((place for place, row in enumerate(rows) if row.key == key), None)
    if found is None:
        raise KeyError(key)
    return found


def _turn(review: Review, key: str, *, hidden: bool, by: int | None, at: datetime, **step: int) -> None:
    rows = slides.live(review)
    row = rows[_place(rows, key)]
    if row.hidden != hidden:
        row.hidden = hidden
        db.session.flush()
        _record(review, HIDDEN if hidden else SHOWN, at, by, slide=key, **step)


def _record(review: Review, kind: str, at: datetime, by: int | None, **data: Any) -> None:
    jobs.ring_for(record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **data))
