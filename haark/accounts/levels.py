"""Correcting the ARR by hand: a new level of the revenue history where there is one, the declared ARR elsewhere."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from haark.accounts import rules
from haark.accounts.domain import ChangedMeanwhile, change, refresh_cards
from haark.accounts.models import REVENUE_REASONS, Account, Revenue
from haark.events.domain import record
from haark.extensions import db
from haark.jobs import domain as jobs


class LevelError(ValueError):
    """`kind`: `negative`, `missing` (a history has no unknown level), `start` (the day precedes the contract),
    `future` (more than a year ahead: a slip), `reason` (none of REVENUE_REASONS)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def set_arr(
    account_id: int,
    version: int,
    arr_cents: int | None,
    reason: str,
    start: date,
    *,
    by: int | None,
    at: datetime,
    on: date,
) -> Account:
    """The ARR is `arr_cents` (the account's currency) from `start` on. `reason` '' for what its sign says.

    With a history the level of that day is written or corrected; without one the declared ARR is, which holds for all
    days (rules.arr_at). `version` is the one the person saw. Raises LevelError, ChangedMeanwhile.
    """
    account = db.session.get_one(Account, account_id)
    rows = list(db.session.scalars(select(Revenue).where(Revenue.account_id == account_id).order_by(Revenue.date)))
    history = [(row.date, row.arr_cents) for row in rows]
    present = rules.arr_at(history, account.declared_arr_cents, start if rows else on)
    if account.version != version:
        raise ChangedMeanwhile({"declared_arr_cents": present})
    _check(account, arr_cents, reason, start, on, bool(rows))
    if not rows:
        return change(account_id, version, by=by, at=at, on=on, declared_arr_cents=arr_cents)
    assert arr_cents is not None  # checked
    if arr_cents == present:
        return account
    level = next((row for row in rows if row.date == start), None)
    if level is None:
        level = Revenue(account_id=account_id, date=start)
        db.session.add(level)
    level.arr_cents, level.reason = arr_cents, reason or _direction(arr_cents, present)
    flag_modified(account, "name")  # two people at once: the second is told
    db.session.flush()
    told: dict[str, Any] = {"start": start.isoformat(), "reason": level.reason}
    changes = {"arr_cents": [present, arr_cents]}
    subject = ("account", account_id)
    jobs.ring_for(
        record("account.arr_changed", at=at, by=by, account_id=account_id, subject=subject, changes=changes, **told)
    )
    refresh_cards([account_id], on=on)
    return account


def _check(account: Account, arr_cents: int | None, reason: str, start: date, on: date, history: bool) -> None:
    if arr_cents is not None and arr_cents < 0:
        raise LevelError("negative")
    if reason and reason not in REVENUE_REASONS:
        raise LevelError("reason")
    if not history:
        return
    if arr_cents is None:
        raise LevelError("missing")
    if account.contract_start is not None and start < account.contract_start:
        raise LevelError("start")
    if start > rules.add_months(on, rules.YEAR):
        raise LevelError("future")


def _direction(level: int, present: int | None) -> str:
    if not present:
        return "new"
    if level == 0:
        return "churn"
    return "expansion" if level > present else "contraction"
