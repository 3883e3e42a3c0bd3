"""Reading one account for its page: what no slice below shapes for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from haark.accounts import queries as accounts
from haark.accounts import rules
from haark.accounts.models import Account, AccountCard
from haark.extensions import db
from haark.formats import fold
from haark.measures import aggregates
from haark.measures.models import Interaction
from haark.people.models import User

Card = AccountCard.__table__.c


def last_exchanges(account_id: int) -> Mapping[str, tuple[datetime, datetime | None]]:
    """By contact e-mail in lower case, when they last took part in an exchange, and when last both sides did. One
    statement."""
    address = func.lower(Interaction.contact_email)
    two_way = case((aggregates.two_way_clause(), Interaction.at))
    grouped = (
        select(address, func.max(Interaction.at), func.max(two_way))
        .where(Interaction.account_id == account_id, Interaction.contact_email != "", Interaction.kind != "note")
        .group_by(address)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(grouped)}


@dataclass(frozen=True)
class Facts:
    """The facts of an account as they are edited: Account's columns, and the names of those it points to.

    `arr`: in cents of the account's `currency`, None unknown; `levels`: whether it comes from the revenue history.
    """

    account: Account
    owner_name: str | None
    sales_name: str | None
    parent_name: str | None
    arr: int | None
    levels: bool
    on: date

    def __getattr__(self, name: str) -> Any:
        return getattr(self.account, name)


def facts_of(account_id: int, on: date) -> Facts:
    """Two statements. NoResultFound when there is no such account."""
    sales, parent = aliased(User), aliased(Account)
    joined = (
        select(Account, User.name, sales.name, parent.name)
        .outerjoin(User, User.id == Account.owner_id)
        .outerjoin(sales, sales.id == Account.sales_owner_id)
        .outerjoin(parent, (parent.id == Account.parent_id) & parent.deleted_at.is_(None))
    )
    account, owner, seller, above = db.session.execute(joined.where(Account.id == account_id)).one()
    levels = accounts.revenue_levels([account_id], on)[account_id]
    arr = rules.arr_at(levels, account.declared_arr_cents, on)
    return Facts(account, owner, seller, above, arr, bool(levels), on)


def begins_with(typed: str, but: int, limit: int = 8) -> list[tuple[str, str]]:
    """(what to type, how it is shown) of accounts whose name begins so: the name, or the external id of one that shares
    its name. One statement."""
    text = fold(typed)
    if not text:
        return []
    rows = db.session.execute(
        select(Card.name, Card.external_id)
        .where(Card.name_folded.startswith(text, autoescape=True), Card.account_id != but)
        .order_by(Card.name_folded, Card.account_id)
        .limit(limit)
    ).all()
    names = [row.name for row in rows]
    return [(row.external_id if names.count(row.name) > 1 and row.external_id else row.name, row.name) for row in rows]


def same_name(name: str) -> list[tuple[int, str]]:
    """Accounts whose name is the same but for case and accents."""
    wanted = select(Account.id, Account.name).where(Account.name_folded == fold(name), Account.deleted_at.is_(None))
    return [(row.id, row.name) for row in db.session.execute(wanted.limit(3))]


def possible_owners() -> list[tuple[int, str]]:
    """Everybody who can own an account, by name."""
    rows = db.session.execute(select(User.id, User.name).where(User.active.is_(True)).order_by(User.name))
    return [(row.id, row.name) for row in rows]
