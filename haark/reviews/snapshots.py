"""The facts that a review was made from, each time they were gathered (XB-4): when, by whom, and what moved since."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from haark.events.models import Event
from haark.extensions import db
from haark.people.models import User
from haark.reviews import figures
from haark.reviews.models import ReviewSnapshot

MOST = 50
GATHERED = ("review.generated", "review.regenerated")


@dataclass(frozen=True)
class Snapshot:
    """One of them. `moved`: how many figures the latest one shows differently, None for the latest itself; `who`: ''
    where Haark gathered them by itself or the event is gone."""

    id: int
    taken_at: datetime
    who: str
    moved: int | None


def listed(review_id: int) -> list[Snapshot]:
    """The latest ones first, MOST at most: two statements."""
    rows = select(ReviewSnapshot).where(ReviewSnapshot.review_id == review_id).order_by(ReviewSnapshot.id.desc())
    taken = list(db.session.scalars(rows.limit(MOST)))
    if not taken:
        return []
    told = select(Event.at, User.name).join(User, User.id == Event.actor_id)
    told = told.where(Event.subject_kind == "review", Event.subject_id == review_id, Event.kind.in_(GATHERED))
    who = {row.at: row.name for row in db.session.execute(told)}
    now = figures.compute(taken[0].facts, {})
    counts = [len(figures.moved(figures.compute(row.facts, {}), now)) for row in taken[1:]]
    return [
        Snapshot(row.id, row.taken_at, who.get(row.taken_at, ""), moved)
        for row, moved in zip(taken, [None, *counts], strict=True)
    ]
