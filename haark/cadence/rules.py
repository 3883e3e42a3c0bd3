"""Periods and the minutes of the agenda (RV-3, MT-1). Pure; who gets which review is in policy.py, when in due.py.

A period is written `2026-Q3`, `2026-H1`, `2026` or `2026-11`. Quarters, halves and years follow the fiscal year, which
is named after the calendar year in which it ends (with a start in April, `2026` runs from April 2025 to March 2026);
months are those of the calendar.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

UNITS = ("quarter", "half", "year", "month")
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>0[1-9]|1[0-2])))?")

# MT-1: introduction, objectives, value, challenges, plan, recap.
PARTS = ("introduction", "objectives", "value", "challenges", "plan", "recap")
SHARES = (5, 5, 15, 10, 10, 5)


class PeriodRefused(ValueError):
    """`reason`: `unreadable`, `future` or `before_account`; `start` is when the account began, for the last."""

    def __init__(self, reason: str, written: str, start: date | None = None) -> None:
        super().__init__(f"{written}: {reason}")
        self.reason, self.written, self.start = reason, written, start


@dataclass(frozen=True)
class Period:
    """`start` and `end` (both included); `unit` is one of UNITS, `number` the quarter, half or month, 0 for a year."""

    code: str
    unit: str
    year: int
    number: int
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Window:
    """What is looked at of a period: all of it, or up to the day it is looked at. Both days included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def months(self) -> float:
        """Length in months; whole calendar months count as exactly one each."""
        whole = month_index(self.end) - month_index(self.start)
        last = (self.end - self.end.replace(day=1)).days + 1
        skipped = self.start.day - 1
        return whole + last / _month_days(self.end) - skipped / _month_days(self.start)


def parse(written: str, fiscal_start: int = 1) -> Period:
    """The period that `written` names. `fiscal_start`: month, 1-12. Raises PeriodRefused when it is none."""
    found = WRITTEN.fullmatch(written.strip().upper())
    if not found or not 1900 <= int(found["year"]) <= 9000:
        raise PeriodRefused("unreadable", written)
    year = int(found["year"])
    for unit in ("quarter", "half", "month"):
        if found[unit]:
            return _period(unit, year, int(found[unit]), fiscal_start)
    return _period("year", year, 0, fiscal_start)


def containing(on: date, unit: str, fiscal_start: int = 1) -> Period:
    """The period of that unit which holds day `on`."""
    if unit == "month":
        return _period(unit, on.year, on.month, fiscal_start)
    since = (on.month - fiscal_start) % 12
    first_year = on.year if on.month >= fiscal_start else on.year - 1
    year = first_year + (1 if fiscal_start > 1 else 0)
    return _period(unit, year, 0 if unit == "year" else since // MONTHS[unit] + 1, fiscal_start)


def previous(period: Period, fiscal_start: int = 1) -> Period:
    """The period of equal length just before."""
    return containing(period.start - timedelta(days=1), period.unit, fiscal_start)


def following(period: Period, fiscal_start: int = 1) -> Period:
    """The period of equal length just after."""
    return containing(period.end + timedelta(days=1), period.unit, fiscal_start)


def trail(period: Period, count: int, fiscal_start: int = 1) -> tuple[Period, ...]:
    """The `count` periods that end with this one, oldest first."""
    found = [period]
    while len(found) < count:
        found.insert(0, previous(found[0], fiscal_start))
    return tuple(found)


def choices(on: date, fiscal_start: int = 1) -> tuple[Period, ...]:
    """What the form offers: the running and the last four quarters, two halves, two years, newest first."""
    offered: list[Period] = []
    for unit, count in (("quarter", 5), ("half", 3), ("year", 2)):
        offered += reversed(trail(containing(on, unit, fiscal_start), count, fiscal_start))
    return tuple(offered)


def admit(period: Period, on: date, account_start: date | None) -> None:
    """Raises PeriodRefused when the period has not begun on day `on`, or ended before the account began."""
    if period.start > on:
        raise PeriodRefused("future", period.code)
    if account_start is not None and period.end < account_start:
        raise PeriodRefused("before_account", period.code, account_start)


def observed(period: Period, on: date) -> Window:
    """The part of the period gone by at the end of day `on` (its start at least)."""
    return Window(period.start, max(period.start, min(period.end, on)))


def comparable(period: Period, before: Period, on: date) -> Window:
    """What the observed part is compared with: the whole period before, or as many days of it while this one runs."""
    seen = observed(period, on)
    if seen.end == period.end:
        return Window(before.start, before.end)
    return Window(before.start, min(before.end, before.start + timedelta(days=seen.days - 1)))


def agenda(total: int, shares: tuple[int, ...] = SHARES) -> tuple[int, ...]:
    """`total` minutes in proportion to `shares`, by largest remainder (ties: the earlier part): they add up exactly."""
    whole = sum(shares)
    exact = [Fraction(total * share, whole) for share in shares]
    given = [int(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda index: (given[index] - exact[index], index))
    for index in order[: total - sum(given)]:
        given[index] += 1
    return tuple(given)


def month_index(day: date) -> int:
    """Months since year 0: consecutive months have consecutive numbers."""
    return day.year * 12 + day.month - 1


def month_start(index: int) -> date:
    """The first day of the month with that `month_index`."""
    return date(index // 12, index % 12 + 1, 1)


def _period(unit: str, year: int, number: int, fiscal_start: int) -> Period:
    if unit == "month":
        first = year * 12 + number - 1
        code = f"{year}-{number:02d}"
    else:
        opening = (year - (1 if fiscal_start > 1 else 0)) * 12 + fiscal_start - 1
        first = opening + MONTHS[unit] * (max(number, 1) - 1)
        code = {"quarter": f"{year}-Q{number}", "half": f"{year}-H{number}", "year": str(year)}[unit]
    last = month_start(first + MONTHS[unit]) - timedelta(days=1)
    return Period(code, unit, year, number, month_start(first), last)


def _month_days(day: date) -> int:
    return (month_start(month_index(day) + 1) - day.replace(day=1)).days
