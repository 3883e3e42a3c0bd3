"""The review after a given one: planned already, agreed otherwise, or what the policy would ask for once it is held."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from haark.cadence import due, standings
from haark.cadence.models import OPEN_STATES, Review
from haark.cadence.queries import policy
from haark.extensions import db
from haark.settings import queries as settings


@dataclass(frozen=True)
class Following:
    """`planned`: somebody set the day; else it is the last day by which the policy wants the review."""

    on: date
    kind: str
    planned: bool


def after(account_id: int, review_id: int | None, kind: str, day: date, *, held: bool, on: date) -> Following | None:
    """What follows a review of `kind` on `day`, as known on day `on`. None where nothing asks for another one.

    A review that is still to come is counted as held: its own reasons (a sponsor who left, a drop) are then answered.
    """
    row = db.session.execute(
        select(Review.due_on, Review.kind)
        .where(
            Review.account_id == account_id,
            Review.id != (review_id or 0),
            Review.deleted_at.is_(None),
            Review.held_on.is_(None),
            Review.state.in_(OPEN_STATES),
            Review.due_on > day,
        )
        .order_by(Review.due_on, Review.id)
        .limit(1)
    ).first()
    if row is not None:
        return Following(row.due_on, row.kind, planned=True)
    known = standings.of([account_id], on, settings.get("signals.health_drop")).known.get(account_id)
    if known is None:
        return None
    if not held:
        known = replace(known, held={**known.held, kind: max(day, known.held.get(kind, day))}, override=None)
    leads, fiscal = settings.get("review.lead_days"), settings.get("fiscal_year_start")
    found = due.next_review(known, policy(), leads, max(day, on), fiscal)
    return Following(found[0].on, found[0].kind, planned=False) if found and found[0].on > day else None
