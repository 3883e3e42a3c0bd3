"""The account's own columns of its card, computed for many accounts at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from haark import charts
from haark.accounts import queries, rules
from haark.accounts.models import Account, AccountCard, AccountTag
from haark.extensions import db
from haark.settings import domain as settings

COLUMNS = (
    "external_id",
    "name",
    "name_folded",
    "sector",
    "size",
    "segment",
    "owner_id",
    "currency",
    "arr_cents",
    "arr_before_cents",
    "arr_change",
    "arr_spark",
    "renewal_date",
)


@dataclass(frozen=True, slots=True)
class Cards:
    """What to write: `new` and `changed` rows (by column), tags that came and went (account, tag); and how many ARR
    were left out for want of a rate."""

    new: list[dict[str, Any]]
    changed: list[dict[str, Any]]
    tagged: list[dict[str, Any]]
    untagged: list[tuple[int, str]]
    without_rate: int


def due(ids: Sequence[int], on: date) -> Cards:
    """Compares what the cards of these accounts should say with what they say: four statements."""
    facts = select(Account).where(queries.within(Account.id, ids), Account.deleted_at.is_(None))
    accounts = db.session.execute(facts.with_only_columns(*Account.__table__.c)).all()
    levels = queries.revenue_levels(ids, on)
    table = AccountCard.__table__
    columns = [table.c.account_id, table.c.refreshed_on, *(table.c[name] for name in COLUMNS)]
    present = {
        row.account_id: dict(row._mapping)
        for row in db.session.execute(select(*columns).where(queries.within(table.c.account_id, ids)))
    }
    house, rates = settings.get("organisation.currency"), settings.get("currency.rates")
    new, changed, without_rate = [], [], 0
    for account in accounts:
        rate = rules.rate_of(account.currency, house, rates, on)
        arr = rules.arr_over_year(levels[account.id], account.declared_arr_cents, on)
        without_rate += rate is None and arr.now is not None
        card = _card(account, arr, rate, house) | {"refreshed_on": on}
        if rules.lost_since(levels[account.id]):
            card["renewal_date"] = None  # a client who left has no renewal to come
        if account.id not in present:
            new.append(card)
        elif any(present[account.id][name] != card[name] for name in COLUMNS):
            changed.append(card)
    tagged, untagged = _tags(accounts, ids)
    return Cards(new, changed, tagged, untagged, without_rate)


def tags_of(tags: Sequence[str]) -> set[str]:
    """The tags of an account as its rows of `account_tag` say them: at most 60 characters, none empty."""
    return {one for one in (str(tag).strip()[:60].strip() for tag in tags or ()) if one}


def _tags(accounts: Sequence[Any], ids: Sequence[int]) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    wanted = {(account.id, tag) for account in accounts for tag in tags_of(account.tags)}
    table = AccountTag.__table__.c
    rows = select(table.account_id, table.tag).where(queries.within(table.account_id, ids))
    present = {(row.account_id, row.tag) for row in db.session.execute(rows)}
    tagged = [{"account_id": ident, "tag": tag} for ident, tag in sorted(wanted - present)]
    return tagged, sorted(present - wanted)


def _card(account: Any, arr: rules.Arr, rate: float | None, house: str) -> dict[str, Any]:
    now = rules.converted(arr.now, rate)
    return {
        "account_id": account.id,
        "external_id": account.external_id or "",
        "name": account.name,
        "name_folded": account.name_folded,
        "sector": account.sector,
        "size": rules.size_of(account.employees),
        "segment": rules.segment_of(now),
        "owner_id": account.owner_id,
        "currency": house,
        "arr_cents": now,
        "arr_before_cents": rules.converted(arr.before, rate),
        "arr_change": None if rate is None else arr.change,
        "arr_spark": "" if rate is None else charts.spark([None if one is None else one / 100 for one in arr.months]),
        "renewal_date": account.renewal_date,
    }
