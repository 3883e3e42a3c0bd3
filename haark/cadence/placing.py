"""Which period a planned review stands for, and the row that stands there: an account has one review a period."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from haark.cadence import rules
from haark.cadence.models import OPEN_STATES, Review
from haark.cadence.rules import Period
from haark.extensions import db
from haark.settings import domain as settings

# The period that a review of each kind looks at.
UNITS = {"ebr": "year", "qbr": "quarter", "mbr": "month", "call": "month"}


def free(account_id: int, kind: str, due_on: date) -> tuple[Period, Review | None]:
    """The period to plan in and what stands there; the kind's own first, then the month, then the months after it."""
    fiscal = settings.get("fiscal_year_start")
    period, month = (rules.containing(due_on, unit, fiscal) for unit in (UNITS[kind], "month"))
    while (review := _standing(account_id, period.code)) is not None and review.state not in (
        *OPEN_STATES,
        "cancelled",
    ):
        period = rules.following(period, fiscal) if period.unit == "month" else month
    return period, review


def _standing(account_id: int, code: str) -> Review | None:
    rows = select(Review).where(Review.account_id == account_id, Review.period == code, Review.deleted_at.is_(None))
    return db.session.scalars(rows).one_or_none()


def insert(account_id: int, kind: str, period: Period, by: int | None, at: datetime) -> Review:
    """A planned review of that period; the one that somebody else put there in the same instant where there is."""
    review = Review(
        account_id=account_id,
        kind=kind,
        period=period.code,
        period_start=period.start,
        period_end=period.end,
        state="planned",
        created_at=at,
        created_by_id=by,
    )
    try:
        with db.session.begin_nested():
            db.session.add(review)
    except IntegrityError:
        # Somebody planned the same in the same instant.
        return db.session.scalars(
            select(Review).where(
                Review.account_id == account_id, Review.period == period.code, Review.deleted_at.is_(None)
            )
        ).one()
    return review
