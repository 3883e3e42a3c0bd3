"""NRR, GRR and logo churn over a fixed cohort: the one place where retention is calculated (AC-9).

The cohort are the accounts active twelve months before a date: their ARR was above zero then (A, against B on the date;
ARR and MRR give the same shares). NRR = sum B / sum A, GRR = sum min(A, B) / sum A. Whoever came later is no part of
it; whoever left counts with B = 0. An account whose ARR is unknown on the date (none recorded, or no rate for its
currency) is left out of both sums and counted. Both amounts are converted at the rate of the date, so that exchange
rates neither gain nor lose anything.

    of(pairs)                figures of (A, B) pairs, whatever set they describe
    sums(), read(row)        the same in SQL, over the account cards: select(*sums()).where(...), then read(row)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func

from haark.accounts.models import AccountCard

# ARR twelve months before and ARR now, in cents of one currency; None is unknown.
Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Retention:
    """What became of a cohort in twelve months. Amounts in cents of ARR.

    `accounts` and `lost` (active then, nothing now) count the cohort; `unknown` were left out because their ARR now is
    not known; `outside` have an ARR now and none then (new logos, or no history that far back).
    """

    accounts: int = 0
    lost: int = 0
    unknown: int = 0
    outside: int = 0
    before_cents: int = 0
    now_cents: int = 0
    kept_cents: int = 0

    @property
    def nrr(self) -> float | None:
        """Net revenue retention, a fraction from 0 (1.08 is 108 %); None without a cohort.

        >>> of([(100_00, 120_00), (100_00, 60_00), (None, 500_00)]).nrr
        0.9
        """
        return self.now_cents / self.before_cents if self.before_cents else None

    @property
    def grr(self) -> float | None:
        """Gross revenue retention, a fraction 0-1: growth does not make up for losses. Never above the NRR.

        >>> of([(100_00, 120_00), (100_00, 60_00), (None, 500_00)]).grr
        0.8
        """
        return self.kept_cents / self.before_cents if self.before_cents else None

    @property
    def logo_churn(self) -> float | None:
        """Share of the cohort's accounts that left, 0-1; None without a cohort.

        >>> of([(10_00, 0), (90_00, 90_00), (50_00, 70_00), (30_00, 1)]).logo_churn
        0.25
        """
        return self.lost / self.accounts if self.accounts else None


def of(pairs: Iterable[Pair]) -> Retention:
    """The retention of accounts given as (ARR then, ARR now), in any order.

    Three clients of 100 000 (grown to 120 000), 60 000 (shrunk to 45 000) and 40 000 (left), one new logo and one in a
    currency without a rate: NRR 165/200, GRR 145/200, one logo of three lost.

    >>> found = of([(100_000, 120_000), (60_000, 45_000), (40_000, 0), (None, 80_000), (70_000, None)])
    >>> found.nrr, found.grr, round(found.logo_churn, 4), found.accounts, found.outside, found.unknown
    (0.825, 0.725, 0.3333, 3, 1, 1)
    >>> of([]).nrr is None
    True
    """
    accounts = lost = unknown = outside = before = now = kept = 0
    for then, level in pairs:
        if level is None:
            unknown += 1
        elif not then or then < 0:
            outside += level > 0
        else:
            accounts, lost = accounts + 1, lost + (level <= 0)
            before, now, kept = before + then, now + max(level, 0), kept + min(then, max(level, 0))
    return Retention(accounts, lost, unknown, outside, before, now, kept)


def sums() -> tuple[ColumnElement[Any], ...]:
    """Aggregate columns over `account_card`, for any filtered or grouped select; `read` makes figures of them."""
    then, level = AccountCard.__table__.c.arr_before_cents, AccountCard.__table__.c.arr_cents
    known = and_(then > 0, level.is_not(None))
    left = case((level > 0, level), else_=0)

    def number(condition: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.count(case((condition, 1)))

    def total(amount: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.coalesce(func.sum(case((known, amount), else_=0)), 0)

    return (
        number(known),
        number(and_(known, level <= 0)),
        number(level.is_(None)),
        number(and_(func.coalesce(then, 0) <= 0, level > 0)),
        total(then),
        total(left),
        total(case((left < then, left), else_=then)),
    )


def read(values: Sequence[Any]) -> Retention:
    """The figures of one row of `sums()`; PostgreSQL gives its sums as decimals."""
    return Retention(*(int(value) for value in values))
