"""What a recap is composed from, and what became of it. Each a constant number of statements; read only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from haark import clock
from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem
from haark.cadence.models import OPEN_STATES, Review
from haark.extensions import db
from haark.mail.models import Mail, MailPart
from haark.people.models import User
from haark.plans.models import Objective, Plan
from haark.reviews.meeting.models import Capture, Meeting
from haark.reviews.recap.models import Recap, RecapRecipient
from haark.settings import queries as settings

SOURCE = "review"
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Act:
    """A promise of the meeting. `side`: ours, theirs or '' without an owner; `owner_key` names it in a form."""

    id: int
    title: str
    owner: str
    side: str
    owner_key: str
    due_on: date | None
    version: int


@dataclass(frozen=True)
class Decision:
    """A decision taken in the room; `id` is its line of the meeting."""

    id: int
    text: str


def recap_of(review_id: int) -> Recap:
    """The recap as it stands; one that nobody touched is as new, and in no table yet."""
    kept = db.session.get(Recap, review_id)
    if kept is not None:
        return kept
    told: dict[str, Any] = {"with_pdf": True, "with_pptx": False, "with_invite": True, "survey": True}
    return Recap(review_id=review_id, texts={}, plan_link=True, version=0, **told)


def recipients(review_id: int) -> list[RecapRecipient]:
    """Those whom a person chose, left out or added, and those to whom it was sent."""
    rows = select(RecapRecipient).where(RecapRecipient.review_id == review_id).order_by(RecapRecipient.id)
    return list(db.session.scalars(rows))


def account_of(account_id: int) -> Any:
    """`id name language currency owner_id` of an account."""
    columns = (Account.id, Account.name, Account.language, Account.currency, Account.owner_id)
    return db.session.execute(select(*columns).where(Account.id == account_id)).one()


def contacts(account_id: int, on: date) -> list[Any]:
    """The client's people who are there: `id name email language role main`, the main one first."""
    columns = (Contact.id, Contact.name, Contact.email, Contact.language, Contact.role, Contact.main)
    rows = select(*columns).where(Contact.account_id == account_id)
    rows = rows.where(Contact.left_on.is_(None) | (Contact.left_on > on))
    return list(db.session.execute(rows.order_by(Contact.main.desc(), Contact.name, Contact.id)))


def colleagues(account_id: int) -> list[Any]:
    """Ours of an account, its owner first: `id name email language`."""
    rows = (
        select(User.id, User.name, User.email, User.language)
        .join(Account, (Account.owner_id == User.id) | (Account.sales_owner_id == User.id))
        .where(Account.id == account_id, User.active)
        .order_by(Account.owner_id != User.id, User.id)
    )
    return list(db.session.execute(rows))


def decisions(review_id: int) -> tuple[Decision, ...]:
    """The decisions taken, in the order in which they were (XB-5)."""
    rows = select(Capture.id, Capture.text).where(
        Capture.review_id == review_id, Capture.kind == "decision", Capture.deleted_at.is_(None)
    )
    return tuple(Decision(row.id, row.text) for row in db.session.execute(rows.order_by(Capture.at, Capture.id)))


def actions(review_id: int) -> tuple[Act, ...]:
    """What was promised in the review and not given up, the soonest due first."""
    rows = (
        select(ActionItem.id, ActionItem.title, ActionItem.due_on, ActionItem.version)
        .add_columns(ActionItem.owner_user_id, ActionItem.owner_contact_id)
        .add_columns(User.name.label("ours"), Contact.name.label("theirs"))
        .outerjoin(User, User.id == ActionItem.owner_user_id)
        .outerjoin(Contact, Contact.id == ActionItem.owner_contact_id)
        .where(
            ActionItem.source_kind == SOURCE,
            ActionItem.source_id == review_id,
            ActionItem.deleted_at.is_(None),
            ActionItem.state != "cancelled",
        )
        .order_by(ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
    )
    return tuple(_act(row) for row in db.session.execute(rows))


def _act(row: Any) -> Act:
    key = f"contact:{row.owner_contact_id}" if row.theirs else f"user:{row.owner_user_id}" if row.ours else ""
    side = "theirs" if row.theirs else "ours" if row.ours else ""
    return Act(row.id, row.title, row.theirs or row.ours or "", side, key, row.due_on, row.version)


def coming(review: Review) -> Review | None:
    """The next review of the account that somebody planned; None while none is."""
    day = review.held_on or review.period_end
    rows = select(Review).where(
        Review.account_id == review.account_id,
        Review.id != review.id,
        Review.deleted_at.is_(None),
        Review.held_on.is_(None),
        Review.state.in_(OPEN_STATES),
        Review.due_on > day,
    )
    return db.session.scalars(rows.order_by(Review.due_on, Review.id).limit(1)).first()


def has_plan(account_id: int) -> bool:
    """Whether there is a success plan to lead to."""
    aims = select(Objective.id).where(Objective.account_id == account_id, Objective.deleted_at.is_(None))
    written = select(Plan.id).where(Plan.account_id == account_id)
    return bool(db.session.scalar(select(aims.exists() | written.exists())))


def mails(ids: Sequence[int]) -> Mapping[int, Any]:
    """What became of these mails: `id state error sent_at`, by id."""
    if not ids:
        return {}
    rows = select(Mail.id, Mail.state, Mail.error, Mail.sent_at, Mail.created_at).where(Mail.id.in_(ids))
    return {row.id: row for row in db.session.execute(rows)}


def sent_files(review_id: int) -> list[tuple[str, str, int]]:
    """Name, media type and file of what went along with the first recap of a review, for those who get it later."""
    first = select(func.min(Mail.id)).where(
        Mail.about_kind == "review", Mail.about_id == review_id, Mail.kind == "recap.review"
    )
    rows = select(MailPart.name, MailPart.media_type, MailPart.file_id).where(
        MailPart.mail_id == first.scalar_subquery(), MailPart.file_id.is_not(None)
    )
    return [(row.name, row.media_type, int(row.file_id or 0)) for row in db.session.execute(rows.order_by(MailPart.id))]


def mean_delay(user_id: int, at: datetime) -> timedelta | None:
    """From the meeting's end to the sending, the mean of what a person sent in the year before; None without any."""
    zone = str(settings.get("organisation.timezone"))
    rows = (
        select(Recap.sent_at, Review.held_on, Meeting.ended_at)
        .join(Review, Review.id == Recap.review_id)
        .outerjoin(Meeting, Meeting.review_id == Review.id)
        .where(Recap.sent_by_id == user_id, Recap.sent_at > at - YEAR, Review.held_on.is_not(None))
    )
    waits = []
    for row in db.session.execute(rows):
        ended = row.ended_at or clock.start_of(row.held_on + timedelta(1), zone)
        waits.append(max(row.sent_at - ended, timedelta(0)))
    return sum(waits, timedelta(0)) / len(waits) if waits else None
