"""A person's last changes in a review, taken back and made again one at a time: texts, and slides hidden, shown, moved.

Texts are walked back by their revisions. Slides are walked back by the events of arranging.py: a step back is an event
of its own that names the one it undoes, so the history tells it and nothing is rewritten. What somebody else did to the
same slide since stays: the person's earlier changes of it are no steps any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, and_, cast, func, literal, null, select, union_all

from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import db
from haark.reviews import arranging, revisions
from haark.reviews.arranging import HIDDEN, MOVED, SHOWN
from haark.reviews.models import ReviewSlide
from haark.reviews.revisions import NothingLeft

MOST = 200
"""So many changes of slides are looked at, the latest ones, everybody's counted."""


@dataclass(frozen=True)
class Step:
    """A change of a slide by the person: the event that told it, and whether it is taken back."""

    id: int
    at: datetime
    kind: str
    data: dict[str, Any]
    undone: bool


@dataclass(frozen=True)
class Trail:
    """What can be walked: when the person last changed a text, when the last text taken back was written, the changes
    of slides, the latest first."""

    written_at: datetime | None
    unwritten_at: datetime | None
    steps: tuple[Step, ...]

    @property
    def last(self) -> Step | None:
        """The latest change of a slide that stands."""
        return next((step for step in self.steps if not step.undone), None)

    @property
    def last_at(self) -> datetime | None:
        """When the person last changed anything that stands."""
        known = [at for at in (self.written_at, self.last.at if self.last else None) if at]
        return max(known, default=None)

    @property
    def coming(self) -> Step | None:
        """The change of a slide that was taken back last, unless something new was done since."""
        undone = [step for step in self.steps if step.undone and (self.last_at is None or step.at > self.last_at)]
        return undone[-1] if undone else None

    @property
    def rewritable(self) -> bool:
        """Whether a text that was taken back can be written again."""
        return self.unwritten_at is not None and (self.last_at is None or self.unwritten_at > self.last_at)


def available(review_id: int, by: int) -> tuple[bool, bool]:
    """Whether this person can undo, and redo: one statement."""
    trail = trail_of(review_id, by)
    return trail.last_at is not None, trail.coming is not None or trail.rewritable


def undo(review: Review, *, by: int, at: datetime) -> str:
    """Takes back the person's latest change; the slide it was about. Raises NothingLeft, ChangedSince, Obstacles."""
    trail = trail_of(review.id, by)
    if trail.last is None or trail.last.at != trail.last_at:
        return revisions.undo(review, by=by, at=at).slide_key
    return _turn(review, trail.last, back=True, by=by, at=at)


def redo(review: Review, *, by: int, at: datetime) -> str:
    """Makes again the change that the person took back last. Raises as undo."""
    trail = trail_of(review.id, by)
    coming = trail.coming
    if trail.rewritable:
        text = revisions.coming(review.id, by)
        if coming is None or (text is not None and text.at < coming.at):
            return revisions.redo(review, by=by, at=at).slide_key
    if coming is None:
        raise NothingLeft
    return _turn(review, coming, back=False, by=by, at=at)


def trail_of(review_id: int, by: int) -> Trail:
    """What the person can walk back and forth: one statement."""
    none = cast(null(), DateTime(timezone=True))
    texts = revisions.written(review_id, by)
    rows = (
        select(Event.id, Event.at, Event.actor_id, Event.kind, Event.data)
        .join(
            ReviewSlide,
            and_(ReviewSlide.review_id == Event.subject_id, ReviewSlide.key == Event.data["slide"].as_string()),
        )
        .where(Event.subject_kind == "review", Event.subject_id == review_id)
        .where(Event.kind.in_((HIDDEN, SHOWN, MOVED)), ReviewSlide.deleted_at.is_(None))
        .order_by(Event.id.desc())
        .limit(MOST)
        .subquery()
    )
    told = union_all(
        select(
            texts.c.live, texts.c.undone, literal(0).label("id"), literal(0).label("actor"), literal("").label("kind")
        ).add_columns(cast(null(), JSON).label("data")),
        select(rows.c.at, none, rows.c.id, func.coalesce(rows.c.actor_id, 0), rows.c.kind, rows.c.data),
    )
    found = db.session.execute(told).all()
    text = next(row for row in found if not row.id)
    return Trail(text.live, text.undone, tuple(_steps((row for row in found if row.id), by)))


def _steps(rows: Iterable[Any], by: int) -> list[Step]:
    """The person's own changes among everybody's, the latest first. Pure."""
    settled: dict[int, bool] = {}
    closed: set[tuple[str, bool]] = set()
    steps = []
    for row in sorted(rows, key=lambda row: row.id, reverse=True):
        about = (row.data["slide"], row.kind == MOVED)
        named = row.data.get("undoes") or row.data.get("redoes")
        if row.actor != by:
            closed.add(about)
        elif named:
            settled.setdefault(named, "undoes" in row.data)
        elif about not in closed and (row.kind != MOVED or "before" in row.data):
            steps.append(Step(row.id, row.live, row.kind, row.data, settled.get(row.id, False)))
    return steps


def _turn(review: Review, step: Step, *, back: bool, by: int, at: datetime) -> str:
    slide: str = step.data["slide"]
    told: dict[str, Any] = {"by": by, "at": at, "undoes" if back else "redoes": step.id}
    if step.kind == MOVED:
        place, other = step.data["before"] if back else (step.data["position"], step.data["behind"])
        arranging.put_behind(review, slide, other, place, **told)
    elif (step.kind == HIDDEN) != back:
        arranging.hide(review, slide, **told)
    else:
        arranging.show(review, slide, confirmed=review.opportunities_confirmed, **told)
    return slide
