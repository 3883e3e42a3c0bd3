"""What the pages of duplicates show, and what finding them reads."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from haark import access
from haark.access import Owned, owned_by
from haark.accounts import queries as accounts
from haark.accounts.models import Account, AccountCard, Contact
from haark.extensions import db, reading
from haark.formats import fold
from haark.intake.merging.rules import Client, domain_of
from haark.intake.models import Duplicate, Merge
from haark.people.models import User

PAGE = 25
FOUND = 20


@dataclass(frozen=True, slots=True)
class Side:
    """One of two accounts, as a pair shows it."""

    id: int
    name: str
    external_id: str
    sector: str
    country: str
    owner: str
    owners: frozenset[int]
    arr_cents: int | None
    currency: str
    contacts: int


@dataclass(frozen=True, slots=True)
class Pair:
    id: int
    likeness: float
    reasons: list[list[str]]
    sides: tuple[Side, Side]


def clients() -> list[Client]:
    """Every account that is there, with what is compared of it: two statements that lock nothing."""
    domains: dict[int, set[str]] = defaultdict(set)
    with reading():
        addresses = select(Contact.account_id, Contact.email).where(Contact.email != "")
        for account_id, address in db.session.execute(addresses):
            if domain := domain_of(address):
                domains[account_id].add(domain)
        columns = select(Account.id, Account.name, Account.country, Account.sector, Account.parent_id)
        return [
            Client(*row, domains=frozenset(domains.get(row.id, ())))
            for row in db.session.execute(columns.where(Account.deleted_at.is_(None)).order_by(Account.id))
        ]


def open_pairs(owner_id: int | None, page: int) -> tuple[list[Pair], int]:
    """Pairs to decide, the likeliest first, and how many there are; with an `owner_id` those with an account of theirs.
    Three statements."""
    first, second = aliased(Account), aliased(Account)
    wanted = [Duplicate.state == "open", first.deleted_at.is_(None), second.deleted_at.is_(None)]
    if owner_id is not None:
        wanted.append(or_(*(side.owner_id == owner_id for side in (first, second))))
    base = (
        select(Duplicate)
        .join(first, first.id == Duplicate.first_id)
        .join(second, second.id == Duplicate.second_id)
        .where(*wanted)
    )
    total = db.session.scalar(select(func.count()).select_from(base.subquery())) or 0
    order = (Duplicate.likeness.desc(), Duplicate.id)
    rows = db.session.scalars(base.order_by(*order).limit(PAGE).offset(max(page - 1, 0) * PAGE)).all()
    known = sides({row.first_id for row in rows} | {row.second_id for row in rows})
    return [Pair(row.id, row.likeness, row.reasons, (known[row.first_id], known[row.second_id])) for row in rows], total


def sides(ids: set[int]) -> dict[int, Side]:
    """These accounts by id: one statement."""
    people = select(func.count()).select_from(Contact).where(Contact.account_id == Account.id).scalar_subquery()
    found = db.session.execute(
        select(Account, AccountCard.arr_cents, AccountCard.currency, User.name.label("owner"), people.label("people"))
        .outerjoin(AccountCard, AccountCard.account_id == Account.id)
        .outerjoin(User, User.id == Account.owner_id)
        .where(Account.id.in_(ids))
    )
    return {
        row.Account.id: Side(
            row.Account.id,
            row.Account.name,
            row.Account.external_id or "",
            row.Account.sector,
            row.Account.country,
            row.owner or "",
            frozenset(one for one in (row.Account.owner_id, row.Account.sales_owner_id) if one is not None),
            row.arr_cents,
            row.currency or row.Account.currency,
            row.people,
        )
        for row in found
    }


def search(typed: str, account_id: int) -> Sequence[Any]:
    """Other accounts whose name or external id holds what was typed; the likeliest to be meant first."""
    folded = fold(typed)
    if not folded:
        return []
    pattern = "%" + folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    named = or_(Account.name_folded.like(pattern, escape="\\"), Account.external_id == typed.strip())
    return db.session.execute(
        select(Account.id, Account.name, Account.external_id, Account.sector, Account.country)
        .where(named, Account.id != account_id, Account.deleted_at.is_(None))
        .order_by(func.length(Account.name_folded), Account.name_folded, Account.id)
        .limit(FOUND)
    ).all()


def alike(account_id: int) -> Sequence[Any]:
    """Accounts that are proposed as the same one as this."""
    other = or_(
        and_(Duplicate.first_id == account_id, Duplicate.second_id == Account.id),
        and_(Duplicate.second_id == account_id, Duplicate.first_id == Account.id),
    )
    return db.session.execute(
        select(Account.id, Account.name, Account.external_id, Account.sector, Account.country)
        .join(Duplicate, other)
        .where(Duplicate.state == "open", Account.deleted_at.is_(None))
        .order_by(Duplicate.likeness.desc())
        .limit(FOUND)
    ).all()


def merges_of(account_id: int) -> Sequence[Any]:
    """What was taken into this account and can be parted from it, the latest first."""
    return db.session.execute(
        select(Merge.id, Merge.at, Account.name, User.name.label("by"))
        .join(Account, Account.id == Merge.gone_id)
        .outerjoin(User, User.id == Merge.by_id)
        .where(Merge.kept_id == account_id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
    ).all()


def names(model: Any, ids: set[int | None]) -> dict[int, str]:
    """{id: name} of users or accounts."""
    wanted = {ident for ident in ids if ident is not None}
    return dict(db.session.execute(select(model.id, model.name).where(model.id.in_(wanted))).all())


def now_at(account_id: int) -> int | None:
    """The account that this one was taken into, at the end of the way; None where it was not."""
    seen, at = {account_id}, account_id
    while True:
        to = db.session.scalar(
            select(Merge.kept_id)
            .where(Merge.gone_id == at, Merge.undone_at.is_(None))
            .order_by(Merge.id.desc())
            .limit(1)
        )
        if to is None or to in seen:
            return None if at == account_id else at
        seen.add(to)
        at = to


access.FOLLOWERS["account"] = now_at


@owned_by("duplicate")
def owner_of_pair(ident: int) -> Owned | None:
    """Who may say that two accounts are two: whoever may change one of them."""
    row = db.session.execute(select(Duplicate.first_id, Duplicate.second_id).where(Duplicate.id == ident)).one_or_none()
    if row is None:
        return None
    both = [owned for owned in map(accounts.owner_of, row) if owned is not None]
    return Owned(frozenset().union(*(one.owners for one in both)), any(one.deleted for one in both))


@owned_by("merge")
def owner_of_merge(ident: int) -> Owned | None:
    """Who may part two accounts again: those of the one that was kept."""
    kept_id = db.session.scalar(select(Merge.kept_id).where(Merge.id == ident, Merge.undone_at.is_(None)))
    return None if kept_id is None else accounts.owner_of(kept_id)
