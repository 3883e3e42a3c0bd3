"""Rows that speak of a period, turned into dated ones: pure arithmetic on days."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from haark.accounts.rules import add_months

WEEKEND = 5
# Of a month, for the fraction in «14.5 months».
MONTH = Decimal("30.4375")


def shifted(day: date, unit: str, amount: Decimal) -> date:
    """`day` moved by an amount of `days` or `months`, negative for earlier; days are rounded, months keep their end.

    Raises OverflowError or ValueError outside of the calendar.
    """
    if unit == "days":
        return day + timedelta(_whole(amount))
    months = int(amount)
    return add_months(day, months) + timedelta(_whole((amount - months) * MONTH))


def evenly(count: int, days: int, end: date) -> list[date]:
    """`count` dates over the `days` that end on `end`, newest first: one lies in the middle, two at the quarters."""
    return [end - timedelta((2 * index + 1) * days // (2 * count)) for index in range(count)]


def working_days(days: int, end: date) -> list[date]:
    """Monday to Friday of the `days` that end on `end`; `end` alone where there is none."""
    found = (end - timedelta(back) for back in reversed(range(days)))
    return [day for day in found if day.weekday() < WEEKEND] or [end]


def portions(total: Decimal, parts: int) -> Iterator[int]:
    """Whole numbers as equal as can be that add up to the total, rounded: 5 in 3 parts is 2, 1, 2."""
    given = 0
    for part in range(1, parts + 1):
        due = _whole(total * part / parts)
        yield due - given
        given = due


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
