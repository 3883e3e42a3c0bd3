"""Fiscal quarters, in which a plan's milestones stand (SP-3). Pure.

A fiscal year is named after the calendar year in which it ends, as everywhere in Haark: with a start in April, Q1 2027
runs from April to June 2026.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of the fiscal year; both days included."""

    start: date
    end: date
    year: int
    number: int

    @property
    def label(self) -> str:
        """«Q3 2026», in every language."""
        return f"Q{self.number} {self.year}"


def containing(on: date, fiscal_start: int = 1) -> Quarter:
    """The quarter that holds a day. `fiscal_start`: the month in which the fiscal year begins, 1-12."""
    since = (on.month - fiscal_start) % 12
    begins = on.year if on.month >= fiscal_start else on.year - 1
    first = _month(begins, fiscal_start + since // 3 * 3)
    after = _month(begins, fiscal_start + since // 3 * 3 + 3)
    return Quarter(first, after - timedelta(days=1), begins + (1 if fiscal_start > 1 else 0), since // 3 + 1)


def ahead(on: date, count: int, fiscal_start: int = 1) -> Quarter:
    """The quarter that many after the one of day `on`; 0 is that one itself, negative numbers go back."""
    here = containing(on, fiscal_start)
    return containing(_month(here.start.year, here.start.month + 3 * count), fiscal_start)


def distance(on: date, day: date, fiscal_start: int = 1) -> int:
    """How many quarters a day lies after the quarter of day `on`: 0 in the same one, negative before it."""
    here, there = containing(on, fiscal_start).start, containing(day, fiscal_start).start
    return ((there.year - here.year) * 12 + there.month - here.month) // 3


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
