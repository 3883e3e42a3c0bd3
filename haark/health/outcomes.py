"""Who left and who stayed: what predictions are held against. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from haark.accounts import queries as accounts
from haark.accounts import rules as account_rules
from haark.accounts.models import Account, Renewal
from haark.extensions import db
from haark.health.backtest import FEWEST


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a client, and the day it showed. `ended`: a contract term ended on that day, renewed or lost;
    else the client was simply still there when the horizon was over, or its revenue had ended."""

    account_id: int
    left: bool
    on: date
    ended: bool
    renewal_id: int | None = None


def after(as_of: date, end: date, today: date) -> list[Outcome]:
    """The outcomes in as_of < day <= end of those who were clients on `as_of`, one each, by account.

    The first term to end in that time decides. Without one, a client whose ARR is zero at the end has left on the day
    it fell to zero. The others are still there; they count as such only where fewer than 30 renewals are recorded in
    that time (some sources tell losses alone), and once the time is over: who had no occasion to leave proves little.
    Three statements for each 500 accounts.
    """
    found: list[Outcome] = []
    for ids in accounts.chunks(None):
        found += _of_chunk(ids, as_of, end)
    renewed = sum(1 for one in found if one.ended and not one.left)
    others = renewed < FEWEST and end <= today
    return [one for one in found if one.ended or one.left or others]


def terms(until: date) -> list[Outcome]:
    """Every contract term that ended by a day, oldest first within each account: what a fit learns from."""
    rows = (
        select(Renewal.id, Renewal.account_id, Renewal.date, Renewal.outcome)
        .join(Account, Account.id == Renewal.account_id)
        .where(Account.deleted_at.is_(None), Renewal.date <= until)
        .order_by(Renewal.account_id, Renewal.date, Renewal.id)
    )
    return [Outcome(row.account_id, row.outcome == "lost", row.date, True, row.id) for row in db.session.execute(rows)]


def _of_chunk(ids: Sequence[int], as_of: date, end: date) -> list[Outcome]:
    columns = (Account.id, Account.contract_start, Account.declared_arr_cents)
    rows = db.session.execute(select(*columns).where(accounts.within(Account.id, ids)).order_by(Account.id)).all()
    levels = accounts.revenue_levels(ids, end)
    ended = select(Renewal.id, Renewal.account_id, Renewal.date, Renewal.outcome).where(
        accounts.within(Renewal.account_id, ids), Renewal.date <= end
    )
    by_account: dict[int, list[Any]] = {}
    for term in db.session.execute(ended.order_by(Renewal.date, Renewal.id)):
        by_account.setdefault(term.account_id, []).append(term)
    found = []
    for row in rows:
        outcome = _outcome(row, levels[row.id], by_account.get(row.id, []), as_of, end)
        if outcome is not None:
            found.append(outcome)
    return found


def _outcome(row: Any, levels: list[tuple[date, int]], ended: list[Any], as_of: date, end: date) -> Outcome | None:
    """None for an account that was no client on `as_of`: not yet, or not any more."""
    start = row.contract_start or (levels[0][0] if levels else None)
    paid = account_rules.arr_at(levels, row.declared_arr_cents, as_of)
    earlier = [term for term in ended if term.date <= as_of]
    gone = paid == 0 if levels else bool(earlier) and earlier[-1].outcome == "lost"
    if gone or (start is not None and start > as_of):
        return None
    term = next((term for term in ended if term.date > as_of), None)
    if term is not None:
        return Outcome(row.id, term.outcome == "lost", term.date, True, term.id)
    if levels and levels[-1][1] == 0:
        return Outcome(row.id, True, levels[-1][0], False)
    return Outcome(row.id, False, end, False)
