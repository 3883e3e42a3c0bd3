"""Reading who takes part in a review, what is known about whom to invite, and what else our people hold."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from haark.accounts.models import Account, AccountCard, Contact
from haark.cadence.models import OPEN_STATES, Review
from haark.cadence.queries import policy
from haark.extensions import db
from haark.mail.models import Mail
from haark.measures.models import Interaction
from haark.people.models import User
from haark.reviews.inviting.models import Participant
from haark.reviews.inviting.slots import Busy
from haark.reviews.inviting.suggesting import Colleague, Facts, Known

# Their order in every list: ours who organises, then the client's by what they decide, then the rest.
ORDER = {
    "csm": 0,
    "sponsor": 1,
    "decision_maker": 2,
    "champion": 3,
    "day_to_day": 4,
    "sales": 5,
    "executive": 6,
    "guest": 7,
}


def participants(review_id: int, *, chosen: bool = True) -> list[Participant]:
    """Those who are to take part in a review, in order; with `chosen` False those who were left out too, and those who
    left the client before they were invited."""
    rows = select(Participant).where(Participant.review_id == review_id)
    if chosen:
        gone = select(Contact.id).where(Contact.left_on.is_not(None))
        here = or_(
            Participant.contact_id.is_(None), Participant.contact_id.not_in(gone), Participant.invited_at.is_not(None)
        )
        rows = rows.where(Participant.chosen, here)
    place = case(ORDER, value=Participant.role, else_=len(ORDER))
    return list(db.session.scalars(rows.order_by(place, Participant.id)))


def account_of(account_id: int) -> Any:
    """`id name country language renewal_date contract_start executive_email` of an account, and the users who own it
    and who sold it."""
    owner, seller = aliased(User), aliased(User)
    columns = (
        Account.id,
        Account.name,
        Account.country,
        Account.language,
        Account.renewal_date,
        Account.contract_start,
        Account.executive_email,
        AccountCard.arr_cents,
    )
    rows = (
        select(*columns, owner, seller)
        .outerjoin(AccountCard, AccountCard.account_id == Account.id)
        .outerjoin(owner, owner.id == Account.owner_id)
        .outerjoin(seller, seller.id == Account.sales_owner_id)
    )
    return db.session.execute(rows.where(Account.id == account_id)).one()


def facts(review: Review, account: Any, on: date) -> Facts:
    """What suggestions are made from. `account`: as account_of gives it. Three statements, four with an executive."""
    owner, seller = account[-2:]
    held = (
        select(func.count())
        .select_from(Review)
        .where(
            Review.account_id == review.account_id,
            Review.id != review.id,
            Review.held_on.is_not(None),
            Review.deleted_at.is_(None),
        )
    )
    if review.held_on is not None:
        held = held.where(Review.held_on < review.held_on)
    executive = account.executive_email.strip()
    user = db.session.scalar(select(User).where(User.email == executive.lower())) if executive else None
    return Facts(
        on=on,
        held=db.session.scalar(held) or 0,
        contacts=_contacts(review.account_id, account.language, on),
        csm=_colleague(owner),
        sales=_colleague(seller),
        executive=executive,
        executive_user=_colleague(user),
        renewal_on=account.renewal_date,
        since=account.contract_start,
    )


def _colleague(user: User | None) -> Colleague | None:
    return Colleague(user.id, user.name, user.email, user.language) if user and user.active else None


def _contacts(account_id: int, language: str, on: date) -> list[Known]:
    """The contacts who are still there, with the last day on which something came from each."""
    rows = db.session.execute(
        select(
            Contact.id, Contact.name, Contact.email, Contact.role, Contact.main, Contact.language, Contact.left_on
        ).where(Contact.account_id == account_id)
    )
    heard = _heard(account_id)
    return [
        Known(
            row.id,
            row.name,
            row.email,
            row.role,
            row.main,
            row.language or language,
            heard.get(row.email.lower()) if row.email else None,
        )
        for row in rows
        if row.left_on is None or row.left_on > on
    ]


def _heard(account_id: int) -> Mapping[str, date]:
    """The last exchange in which a person of the client spoke, by address."""
    address = func.lower(Interaction.contact_email)
    rows = (
        select(address, func.max(Interaction.at))
        .where(
            Interaction.account_id == account_id,
            Interaction.direction.in_(("in", "both")),
            Interaction.contact_email != "",
        )
        .group_by(address)
    )
    return {row[0]: row[1].date() for row in db.session.execute(rows)}


def busy(user_ids: Sequence[int], start: datetime, end: datetime, except_id: int) -> list[Busy]:
    """The other reviews with an hour that these users organise or take part in, from start to end. One statement."""
    if not user_ids:
        return []
    minutes = policy()
    takes_part = select(Participant.review_id).where(Participant.user_id.in_(user_ids), Participant.chosen)
    rows = (
        select(
            Review.id,
            Review.starts_at,
            Review.minutes,
            Review.kind,
            Account.name,
            Account.owner_id,
            Participant.user_id,
        )
        .join(Account, Account.id == Review.account_id)
        .outerjoin(
            Participant,
            (Participant.review_id == Review.id) & Participant.user_id.in_(user_ids) & Participant.chosen,
        )
        .where(
            *_open(),
            Review.id != except_id,
            Review.starts_at >= start - timedelta(hours=8),
            Review.starts_at < end,
            or_(Account.owner_id.in_(user_ids), Review.id.in_(takes_part)),
        )
        .order_by(Review.starts_at, Review.id)
    )
    found: dict[tuple[int, int], Busy] = {}
    for row in db.session.execute(rows):
        ends = row.starts_at + timedelta(minutes=row.minutes or minutes.minutes(row.kind))
        for who in {row.owner_id, row.user_id} & set(user_ids):
            found[who, row.id] = Busy(who, row.name, row.starts_at, ends)
    return list(found.values())


def to_come(owner_id: int | None, start: date, end: date) -> list[tuple[str, date]]:
    """Kind and day of every review that an owner has to hold from `start` to `end`, planned or due: as the agenda
    says, from the cards. One statement."""
    card = AccountCard
    rows = (
        select(card.next_review_kind, card.next_review_on)
        .join(Account, Account.id == card.account_id)
        .where(
            card.owner_id == owner_id,
            card.next_review_late.in_((False, True)),
            card.next_review_on.between(start, end),
            Account.deleted_at.is_(None),
        )
    )
    return [(str(row[0]), row[1]) for row in db.session.execute(rows) if row[1] is not None]


def sent(review_id: int) -> Mapping[str, Any]:
    """The last mail about the review to each address: `id state error`, by address. One statement."""
    rows = (
        select(Mail.to_address, Mail.id, Mail.state, Mail.error, Mail.requested_by_id)
        .where(Mail.about_kind == "review", Mail.about_id == review_id, Mail.kind.startswith("invitation."))
        .order_by(Mail.id)
    )
    return {row.to_address: row for row in db.session.execute(rows)}


def by_reply_hash(digest: str) -> tuple[Participant, Review, str] | None:
    """The participant of an answer link with their review and the client's name, while the review is to be held."""
    rows = (
        select(Participant, Review, Account.name)
        .join(Review, Review.id == Participant.review_id)
        .join(Account, Account.id == Review.account_id)
        .where(Participant.reply_hash == digest, Participant.chosen, Participant.invited_at.is_not(None), *_open())
    )
    row = db.session.execute(rows).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def silent(at: datetime, until: datetime) -> list[tuple[Participant, Review]]:
    """Invited people who did not answer, of reviews with an agreed date that begin after `at` and before `until`."""
    rows = (
        select(Participant, Review)
        .join(Review, Review.id == Participant.review_id)
        .join(Account, Account.id == Review.account_id)
        .where(
            Participant.chosen,
            Participant.invited_at.is_not(None),
            Participant.reply == "",
            Participant.reminded_at.is_(None),
            Review.state == "scheduled",
            Review.starts_at > at,
            Review.starts_at < until,
            *_open(),
        )
        .order_by(Review.starts_at, Participant.id)
    )
    found: list[Any] = list(db.session.execute(rows))
    return [(row[0], row[1]) for row in found]


def called_off(account_id: int) -> list[Review]:
    """Reviews of an account that will not take place although people are invited."""
    invited = select(Participant.review_id).where(Participant.invited_at.is_not(None))
    gone = or_(Review.state == "cancelled", Review.deleted_at.is_not(None))
    rows = select(Review).where(Review.account_id == account_id, gone, Review.held_on.is_(None), Review.id.in_(invited))
    return list(db.session.scalars(rows.order_by(Review.id)))


def planned_of(account_id: int) -> list[Review]:
    """The reviews of an account that are to be held."""
    return list(db.session.scalars(select(Review).where(Review.account_id == account_id, *_open())))


def _open() -> list[ColumnElement[bool]]:
    # Reviews of a deleted account are gone with it.
    alive = select(Account.id).where(Account.deleted_at.is_(None))
    return [
        Review.deleted_at.is_(None),
        Review.held_on.is_(None),
        Review.state.in_(OPEN_STATES),
        Review.account_id.in_(alive),
    ]
