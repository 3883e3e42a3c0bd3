"""Three days for the next review around the one that the cadence asks for, each with what stands in its way."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from haark import clock
from haark.accounts.models import Account
from haark.cadence import scheduling
from haark.cadence.models import OPEN_STATES, Review
from haark.extensions import db
from haark.reviews.meeting.ending import zone_of

WEEKEND = (5, 6)


@dataclass(frozen=True)
class Proposal:
    """A day. `busy`: names of the clients whom the account's owner reviews that day; `weekend`: nobody works."""

    on: date
    busy: tuple[str, ...]
    weekend: bool


def usual(review: Review, day: date) -> date | None:
    """The day of the next review if this one is held on `day`, moved to the same weekday: meetings keep their habit."""
    due = scheduling.following(review.account_id, review.kind, day)
    if due is None:
        return None
    return due + timedelta((day.weekday() - due.weekday() + 3) % 7 - 3)


def proposals(review: Review, days: list[date]) -> list[Proposal]:
    """These days with what stands in their way: one statement."""
    if not days:
        return []
    owner = select(Account.owner_id).where(Account.id == review.account_id).scalar_subquery()
    first, last = min(days), max(days) + timedelta(1)
    zone = zone_of(review)
    rows = (
        select(Account.name, Review.due_on, Review.starts_at)
        .join(Account, Account.id == Review.account_id)
        .where(
            Account.owner_id == owner,
            Account.deleted_at.is_(None),
            Review.deleted_at.is_(None),
            Review.id != review.id,
            Review.account_id != review.account_id,
            Review.state.in_(OPEN_STATES),
            or_(
                Review.due_on.between(first, last),
                Review.starts_at.between(clock.start_of(first, zone), clock.start_of(last, zone)),
            ),
        )
        .order_by(Account.name)
    )
    taken: dict[date, list[str]] = {}
    for row in db.session.execute(rows):
        taken.setdefault(_day(row.starts_at, row.due_on, zone), []).append(row.name)
    return [Proposal(day, tuple(taken.get(day, ())), day.weekday() in WEEKEND) for day in days]


def _day(starts_at: datetime | None, due_on: date, zone: str) -> date:
    return starts_at.astimezone(ZoneInfo(zone)).date() if starts_at else due_on
