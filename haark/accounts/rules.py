"""What follows from an account's facts: size, segment, ARR on a date, tenure. Pure; money is in cents."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

# key: the fewest employees that belong to it (PF-2)
SIZES: dict[str, int] = {"1-49": 1, "50-249": 50, "250-999": 250, "1000+": 1000}
SEGMENTS = ("standard", "growth", "strategic", "enterprise")
GROWTH_FROM, STRATEGIC_FROM, STRATEGIC_TO = 5_000_00, 20_000_00, 100_000_00
YEAR = 12
SPARK_MONTHS = 12

# ARR levels by date, oldest first: each holds until the next one.
Levels = Sequence[tuple[date, int]]
Rates = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Arr:
    """ARR on a date, a year before, and its twelve months; None is unknown (before the first level, no rate)."""

    now: int | None
    before: int | None
    change: float | None
    months: tuple[int | None, ...]


def size_of(employees: int | None) -> str:
    """'1-49', '50-249', '250-999' or '1000+'; '' when the number is unknown or below one."""
    found = ""
    for size, fewest in SIZES.items():
        if employees is not None and employees >= fewest:
            found = size
    return found


def segment_of(arr_cents: int | None) -> str:
    """Segment by ARR in euro cents: standard below 5 000 EUR, growth below 20 000, strategic up to and with 100 000,
    enterprise above (PF-2); '' when ARR is unknown."""
    if arr_cents is None:
        return ""
    if arr_cents > STRATEGIC_TO:
        return "enterprise"
    if arr_cents >= STRATEGIC_FROM:
        return "strategic"
    return "growth" if arr_cents >= GROWTH_FROM else "standard"


def mrr_cents(arr_cents: int | None) -> int | None:
    """A twelfth of the ARR, rounded half up to the cent (AC-1); None stays None."""
    return None if arr_cents is None else (arr_cents * 2 + YEAR) // (2 * YEAR)


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier), or the last of its month: 31 Jan + 1 -> 28 Feb."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def arr_at(history: Levels, declared: int | None, on: date) -> int | None:
    """ARR on a date: the last level that started by then; None before the first one.

    Without any history the declared ARR holds, whatever the date.
    """
    if not history:
        return declared
    found = None
    for start, level in history:
        if start > on:
            break
        found = level
    return found


def evolution(now: int | None, before: int | None) -> float | None:
    """Change of ARR as a fraction (0.11 is +11 %); None for a new logo (nothing before) and where unknown."""
    return None if now is None or not before else now / before - 1


def arr_over_year(history: Levels, declared: int | None, on: date) -> Arr:
    """ARR on `on`, twelve months earlier, its evolution, and twelve monthly values ending on `on`, oldest first.

    A declared ARR without history is only known for today: nothing is said of the year before.
    """
    now = arr_at(history, declared, on)
    before = arr_at(history, None, add_months(on, -YEAR))
    return Arr(now, before, evolution(now, before), tuple(arr_at(history, None, day) for day in _months_to(on)))


@lru_cache(maxsize=8)
def _months_to(on: date) -> tuple[date, ...]:
    """The days of the twelve values, the same for all accounts."""
    return tuple(add_months(on, -back) for back in reversed(range(SPARK_MONTHS)))


def contractions(history: Levels, after: date, on: date) -> int | None:
    """How often the ARR fell on a day with after < day <= on; None without history."""
    if not history:
        return None
    pairs = pairwise(history)
    return sum(1 for (_, level), (start, lower) in pairs if after < start <= on and lower < level)


def lost_since(history: Levels) -> date | None:
    """Since when a client pays nothing any more: the first day of the zero level that ends the history.

    None while something is paid, and where nothing ever was (a pilot is no loss). A lost client stays in the portfolio
    with its history until somebody deletes it; its ARR of zero weighs nothing in sums, and there is no renewal to come.
    """
    found = None
    for start, level in history:
        found = None if level > 0 else found or start
    return found if any(level > 0 for _, level in history) else None


def tenure_months(start: date | None, on: date) -> int | None:
    """Whole months as a client; None when the start is unknown or still to come."""
    if start is None or start > on:
        return None
    months = (on.year - start.year) * 12 + on.month - start.month
    return months - (add_months(start, months) > on)


def term_end(terms: Sequence[tuple[date, str]], renewal_date: date | None, on: date) -> date | None:
    """The end of the contract term that runs on a date; None when none is known, or when the client had left by then.

    `terms` are the ends on record, oldest first: (date, outcome). As of a past date the first of them after it was the
    renewal to come; otherwise it is the `renewal_date` of the account while that is today or still to come.
    """
    ended = [outcome for day, outcome in terms if day <= on]
    if ended and ended[-1] == "lost":
        return None
    to_come = next((day for day, _ in terms if day > on), None)
    if to_come is not None:
        return to_come
    settled = bool(terms) and renewal_date == terms[-1][0]
    return renewal_date if renewal_date is not None and renewal_date >= on and not settled else None


def days_left(renewal: date | None, on: date) -> int | None:
    """Days until the renewal, negative once it has passed; None when there is no date."""
    return None if renewal is None else (renewal - on).days


def rate_of(currency: str, house: str, rates: Rates, on: date) -> float | None:
    """Value of one unit of `currency` in the organisation's, in the month of `on`.

    Rates are by month ('2026-11'); a month without its own takes the latest earlier one. None: no rate by then.
    """
    if currency == house:
        return 1.0
    known = rates.get(currency, {})
    earlier = [month for month in known if month <= f"{on:%Y-%m}"]
    return known[max(earlier)] if earlier else None


def converted(cents: int | None, rate: float | None) -> int | None:
    """Cents in the organisation's currency, rounded; None where amount or rate is unknown."""
    return None if cents is None or rate is None else round(cents * rate)
