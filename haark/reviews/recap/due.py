"""Which recaps are still to be sent, since when and until when (AX-1). Read by Today, the programme and the page.

A recap waits from the meeting's end (a review held without the meeting page: the end of its day where the organisation
is) until it is sent, and is late from `recap.hours` hours after that end on, the hour itself included. These are hours
of real time: a change of clocks in between makes none of them longer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from haark import clock
from haark.accounts.models import Account
from haark.cadence.models import Review
from haark.extensions import db
from haark.reviews.meeting.models import Meeting
from haark.reviews.recap.models import Recap
from haark.settings import queries as settings

# A review that was noted long after the fact is not told of any more.
FORGOTTEN = timedelta(days=60)


@dataclass(frozen=True)
class Waiting:
    """A recap to send. `due_at`: from this instant on it is `late`."""

    review_id: int
    account_id: int
    account_name: str
    owner_id: int | None
    kind: str
    period: str
    ended_at: datetime
    due_at: datetime
    late: bool


def waiting(at: datetime, owner_ids: Collection[int] | None = None, review_id: int | None = None) -> list[Waiting]:
    """The recaps to send at the instant `at`, the longest waiting first; of these owners' accounts, None: of all.

    `review_id`: of this review alone. One statement.
    """
    zone = str(settings.get("organisation.timezone"))
    rows = (
        select(Review.id, Review.kind, Review.period, Review.held_on, Meeting.ended_at)
        .add_columns(Account.id.label("account_id"), Account.name, Account.owner_id)
        .join(Account, Account.id == Review.account_id)
        .outerjoin(Meeting, Meeting.review_id == Review.id)
        .outerjoin(Recap, Recap.review_id == Review.id)
        .where(
            Review.state == "held",
            Review.held_on > clock.day_of(at - FORGOTTEN, zone),
            Review.deleted_at.is_(None),
            Account.deleted_at.is_(None),
            Recap.sent_at.is_(None),
        )
    )
    if owner_ids is not None:
        rows = rows.where(Account.owner_id.in_(owner_ids))
    if review_id is not None:
        rows = rows.where(Review.id == review_id)
    hours = timedelta(hours=settings.get("recap.hours"))
    found = []
    for row in db.session.execute(rows):
        ended = row.ended_at or clock.start_of(row.held_on + timedelta(1), zone)
        if ended > at:
            continue  # the day of a meeting that nobody timed is not over
        due = ended + hours
        told = (row.id, row.account_id, row.name, row.owner_id, row.kind, row.period)
        found.append(Waiting(*told, ended_at=ended, due_at=due, late=at >= due))
    return sorted(found, key=lambda one: (one.due_at, one.review_id))


def ended_at(review: Review) -> datetime | None:
    """When the meeting of a review ended; None while it was not held."""
    if review.held_on is None:
        return None
    meeting = db.session.get(Meeting, review.id)
    if meeting is not None and meeting.ended_at is not None:
        return meeting.ended_at
    return clock.start_of(review.held_on + timedelta(1), str(settings.get("organisation.timezone")))
