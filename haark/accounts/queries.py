"""Reading accounts: who they are, what they pay, who works there. Rows and plain values, no entities but `find`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from haark.access import Owned, owned_by
from haark.accounts import rules
from haark.accounts.chunking import CHUNK, Chosen, chunks, everybody, for_chunk, within
from haark.accounts.models import Account, AccountCard, Attachment, Contact, GoLive, Renewal, Revenue
from haark.extensions import db
from haark.files.models import StoredFile
from haark.formats import fold
from haark.mail import queries as mail
from haark.people.models import User
from haark.settings import queries as settings

__all__ = ["CHUNK", "Chosen", "chunks", "everybody", "for_chunk", "within"]  # where everybody looks for them

Rows = Sequence[Any]  # rows with the columns that each docstring names


class SeveralAccounts(LookupError):
    """More than one account has this name; its external id would tell them apart."""


@dataclass(frozen=True, slots=True)
class Header:
    """The head of an account's page on a date (AC-1). Money in cents of the organisation's currency, None unknown.

    `arr_change` is a fraction, `arr_months` the last twelve in the account’s own currency; `health_*`, `usage_change`,
    `churn` (0-1, at the next renewal), its change in 30 days and `expected_loss_cents` are those of the last judgement,
    `next_review_*` what the cadence says, `tier` the ranking. `lost_on`: since when nothing is paid any more
    (rules.lost_since); `loss_ahead`: the loss is on record for the renewal to come, `notice_date` when that was said.
    """

    id: int
    external_id: str
    name: str
    sector: str
    employees: int | None
    size: str
    segment: str
    seats: int | None
    quota: int | None
    country: str
    language: str
    tags: tuple[str, ...]
    currency: str
    arr_cents: int | None
    mrr_cents: int | None
    arr_before_cents: int | None
    arr_change: float | None
    arr_months: tuple[int | None, ...]
    contract_start: date | None
    tenure_months: int | None
    renewal_date: date | None
    renewal_days: int | None
    owner_id: int | None
    owner_name: str | None
    sales_owner_id: int | None
    sales_owner_name: str | None
    health_score: int | None
    health_band: str
    health_change: int | None
    health_on: date | None
    usage_change: float | None
    churn: float | None
    churn_change: float | None
    expected_loss_cents: int | None
    next_review_on: date | None
    next_review_kind: str
    next_review_late: bool
    next_review_planned: bool
    tier: str
    lost_on: date | None
    loss_ahead: bool
    notice_date: date | None
    version: int
    logo: str  # SHA-256 of its picture, '' without one
    parent_id: int | None
    parent_name: str | None
    subsidiaries: int  # right below


@owned_by("account")
def owner_of(ident: int) -> Owned | None:
    """Who may change an account: its CSM and its sales owner. None when it does not exist."""
    row = db.session.execute(_OWNERS, {"ident": ident}).one_or_none()
    if row is None:
        return None
    return Owned(frozenset(owner for owner in row[:2] if owner is not None), row.deleted_at is not None)


_ACCOUNT = Account.__table__.c
_OWNERS = select(_ACCOUNT.owner_id, _ACCOUNT.sales_owner_id, _ACCOUNT.deleted_at).where(
    _ACCOUNT.id == bindparam("ident")
)


@owned_by("term")
def owner_of_term(ident: int) -> Owned | None:
    """Who may change the end of a contract term: those of its account."""
    account_id = db.session.scalar(select(Renewal.account_id).where(Renewal.id == ident))
    return None if account_id is None else owner_of(account_id)


@owned_by("contact")
def owner_of_contact(ident: int) -> Owned | None:
    """Who may change a contact: those of its account."""
    account_id = db.session.scalar(select(Contact.account_id).where(Contact.id == ident))
    return None if account_id is None else owner_of(account_id)


@owned_by("attachment")
def owner_of_attachment(ident: int) -> Owned | None:
    """Who may change a file kept with an account: those of the account."""
    account_id = db.session.scalar(select(Attachment.account_id).where(Attachment.id == ident))
    return None if account_id is None else owner_of(account_id)


@mail.account_ids_of
def ids_of_owner(user_id: int) -> Select[int]:
    """The accounts that are this user's own, as `owner_of` says it for one: a statement."""
    mine = or_(Account.owner_id == user_id, Account.sales_owner_id == user_id)
    return select(Account.id).where(mine, Account.deleted_at.is_(None))


def find_account(key: str) -> Account | None:
    """The account with this external id, else with this exact name, else with this name but for case and accents.

    Raises SeveralAccounts when a name is shared.
    """
    for condition in (Account.external_id == key, Account.name == key, Account.name_folded == fold(key)):
        found = db.session.scalars(select(Account).where(condition, Account.deleted_at.is_(None)).limit(2)).all()
        if len(found) > 1:
            raise SeveralAccounts(key)
        if found:
            return found[0]
    return None


@cache
def _head() -> Select[Any]:
    """Made once: putting the statement together takes longer than asking it."""
    sales, ended = aliased(User), Renewal.account_id == Account.id
    parent, child = aliased(Account), aliased(Account)
    below = select(func.count()).where(child.parent_id == Account.id, child.deleted_at.is_(None))
    return (
        select(
            Account,
            AccountCard,
            User.name.label("owner_name"),
            sales.name.label("sales_name"),
            Renewal.id.label("lost_term"),
            Renewal.notice_date,
            StoredFile.sha256.label("logo"),
            parent.id.label("parent_id"),
            parent.name.label("parent_name"),
            below.correlate(Account).scalar_subquery().label("subsidiaries"),
        )
        .outerjoin(parent, and_(parent.id == Account.parent_id, parent.deleted_at.is_(None)))
        .outerjoin(StoredFile, StoredFile.id == Account.logo_file_id)
        .outerjoin(AccountCard, AccountCard.account_id == Account.id)
        .outerjoin(User, User.id == Account.owner_id)
        .outerjoin(sales, sales.id == Account.sales_owner_id)
        .outerjoin(Renewal, and_(ended, Renewal.date == Account.renewal_date, Renewal.outcome == "lost"))
        .where(Account.id == bindparam("account", type_=Account.id.type))
        .limit(1)
    )


def header(account_id: int, on: date) -> Header:
    """Everything the head of the page shows: two statements. NoResultFound when there is no such account."""
    row = db.session.execute(_head(), {"account": account_id}).one()
    account, card = row.Account, row.AccountCard
    levels = revenue_levels([account_id], on)[account_id]
    house = settings.get("organisation.currency")
    rate = rules.rate_of(account.currency, house, settings.get("currency.rates"), on)
    arr = rules.arr_over_year(levels, account.declared_arr_cents, on)
    now = rules.converted(arr.now, rate)
    start = account.contract_start or (levels[0][0] if levels else None)
    lost = rules.lost_since(levels)
    renewal = None if lost else account.renewal_date
    return Header(
        id=account.id,
        external_id=account.external_id or "",
        name=account.name,
        sector=account.sector,
        employees=account.employees,
        size=rules.size_of(account.employees),
        segment=rules.segment_of(now),
        seats=account.seats,
        quota=account.quota,
        country=account.country,
        language=account.language,
        tags=tuple(account.tags),
        currency=house,
        arr_cents=now,
        mrr_cents=rules.mrr_cents(now),
        arr_before_cents=rules.converted(arr.before, rate),
        arr_change=None if rate is None else arr.change,
        arr_months=arr.months,
        contract_start=account.contract_start,
        tenure_months=rules.tenure_months(start, on),
        renewal_date=renewal,
        renewal_days=rules.days_left(renewal, on),
        owner_id=account.owner_id,
        owner_name=row.owner_name,
        sales_owner_id=account.sales_owner_id,
        sales_owner_name=row.sales_name,
        health_score=card.health_score if card else None,
        health_band=card.health_band if card else "",
        health_change=card.health_change if card else None,
        health_on=card.health_on if card else None,
        usage_change=card.usage_change if card else None,
        churn=card.churn if card else None,
        churn_change=card.churn_change if card else None,
        expected_loss_cents=card.expected_loss_cents if card else None,
        next_review_on=card.next_review_on if card else None,
        next_review_kind=card.next_review_kind if card else "",
        next_review_late=card.next_review_late if card else False,
        next_review_planned=card.next_review_planned if card else False,
        tier=card.tier if card else "",
        lost_on=lost,
        loss_ahead=row.lost_term is not None and renewal is not None and renewal > on,
        notice_date=row.notice_date,
        version=account.version,
        logo=row.logo or "",
        parent_id=row.parent_id,
        parent_name=row.parent_name,
        subsidiaries=row.subsidiaries,
    )


def logo(account_id: int) -> StoredFile | None:
    """The picture of the account's logo, None without one."""
    joined = select(StoredFile).join(Account, Account.logo_file_id == StoredFile.id)
    return db.session.scalars(joined.where(Account.id == account_id)).one_or_none()


def has_logo(account_id: int) -> bool:
    """Whether the account has a logo. One statement."""
    found = select(Account.id).where(Account.id == account_id, Account.logo_file_id.is_not(None))
    return db.session.scalar(found) is not None


def contacts(account_id: int) -> Rows:
    """The people at the client: those still there first, then by role (sponsor, champion, …), main contact, name."""
    order = {"sponsor": 0, "champion": 1, "decision_maker": 2, "day_to_day": 3}
    rows = db.session.execute(select(*Contact.__table__.c).where(Contact.account_id == account_id)).all()
    return sorted(
        rows, key=lambda row: (row.left_on is not None, order.get(row.role, 4), not row.main, fold(row.name), row.id)
    )


def revenue_history(account_id: int) -> Rows:
    """Levels of ARR, oldest first: date, arr_cents (in the account's currency), reason."""
    columns = (Revenue.id, Revenue.date, Revenue.arr_cents, Revenue.reason)
    return db.session.execute(select(*columns).where(Revenue.account_id == account_id).order_by(Revenue.date)).all()


def renewals(account_id: int) -> Rows:
    """How the contract terms ended, oldest first: date, outcome, reason, notice_date."""
    columns = (Renewal.id, Renewal.date, Renewal.outcome, Renewal.reason, Renewal.notice_date)
    return db.session.execute(select(*columns).where(Renewal.account_id == account_id).order_by(Renewal.date)).all()


def golives(account_id: int) -> Rows:
    """What started working at the client, oldest first: date, name, major."""
    columns = (GoLive.id, GoLive.date, GoLive.name, GoLive.major)
    return db.session.execute(select(*columns).where(GoLive.account_id == account_id).order_by(GoLive.date)).all()


_REVENUE, _RENEWAL, _CONTACT = (one.__table__.c for one in (Revenue, Renewal, Contact))


@for_chunk
def _levels(chosen: Chosen) -> Select[Any]:
    rows = select(_REVENUE.account_id, _REVENUE.date, _REVENUE.arr_cents)
    begun = rows.where(chosen(_REVENUE.account_id), _REVENUE.date <= bindparam("on"))
    return begun.order_by(_REVENUE.account_id, _REVENUE.date)


@for_chunk
def _terms(chosen: Chosen) -> Select[Any]:
    rows = select(_RENEWAL.account_id, _RENEWAL.date, _RENEWAL.outcome).where(chosen(_RENEWAL.account_id))
    return rows.order_by(_RENEWAL.account_id, _RENEWAL.date)


@for_chunk
def _people(chosen: Chosen) -> Select[Any]:
    held = _CONTACT.role.in_(bindparam("roles", expanding=True))
    return select(_CONTACT.account_id, _CONTACT.role, _CONTACT.left_on).where(chosen(_CONTACT.account_id), held)


def revenue_levels(ids: Sequence[int], on: date) -> defaultdict[int, list[tuple[date, int]]]:
    """ARR levels that started by `on`, oldest first, by account; in the account's currency. One statement."""
    levels: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for account_id, start, level in _levels(ids, on=on):
        levels[account_id].append((start, level))
    return levels


def terms(ids: Sequence[int]) -> defaultdict[int, list[tuple[date, str]]]:
    """How contract terms ended, oldest first, by account: (date, 'renewed' | 'lost'). One statement."""
    ended: defaultdict[int, list[tuple[date, str]]] = defaultdict(list)
    for account_id, day, outcome in _terms(ids):
        ended[account_id].append((day, outcome))
    return ended


def people_of(ids: Sequence[int], roles: Sequence[str]) -> Rows:
    """(account_id, role, left_on) of the contacts that hold one of these roles. One statement."""
    return _people(ids, roles=roles)
