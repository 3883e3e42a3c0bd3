"""What the revenue tab shows of an account: the level of ARR over time, why it moved, how its terms ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from haark.accounts import queries as accounts
from haark.accounts import rules

MONTHS = 24
STEPS_A_MONTH = 4  # points of the curve: enough for a change of level to look like a step


@dataclass(frozen=True)
class Level:
    """The ARR from a date on, in cents of the account's currency; `change` against the level before, None at first."""

    on: date
    arr_cents: int
    change_cents: int | None
    reason: str


@dataclass(frozen=True)
class RevenueView:
    """`curve`: (day, ARR in cents or None) over at most 24 months; `levels` and `terms` newest first."""

    curve: Sequence[tuple[date, int | None]]
    levels: Sequence[Level]
    terms: Sequence[Any]


def view(account_id: int, on: date) -> RevenueView:
    """Two statements."""
    rows = accounts.revenue_history(account_id)
    levels = [
        Level(row.date, row.arr_cents, None if before is None else row.arr_cents - before.arr_cents, row.reason)
        for before, row in zip([None, *rows], rows, strict=False)
    ]
    return RevenueView(_curve(rows, on), levels[::-1], accounts.renewals(account_id)[::-1])


def _curve(rows: Sequence[Any], on: date) -> list[tuple[date, int | None]]:
    """The level at even steps from its start, or from 24 months ago, until today."""
    if not rows or rows[0].date > on:
        return []
    history = [(row.date, row.arr_cents) for row in rows]
    start = max(rules.add_months(on, -MONTHS), rows[0].date)
    steps = max(MONTHS * STEPS_A_MONTH * (on - start).days // (MONTHS * 30), 1)
    days = [start + timedelta(days=(on - start).days * step // steps) for step in range(steps + 1)]
    return [(day, rules.arr_at(history, None, day)) for day in days]
