"""Arithmetic of observations: working days, NPS, satisfaction, what counts as an exchange. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

WINDOW = 30  # days of the present, and of what it is compared with (SG-1)
WORKING = 5  # Monday to Friday
# Fewer working days than these before the present window say nothing of what was usual.
FEWEST_BEFORE = 10
PROMOTER, DETRACTOR = 9, 6
KINDS = ("call", "email", "meeting", "note")
CRITICAL = ("urgent",)
# Days without any usage after which it is unknown; a file a month leaves gaps of up to 31.
FEED_STALE = 45
# A feed goes on while a tenth of the accounts that report do: one row too late is not a feed.
FEED_SHARE = 0.1
# Where so many accounts, and a tenth of all, fall silent on the same day, their feed stopped, not they.
FEED_STOPS = 3


@dataclass(frozen=True, slots=True)
class Windows:
    """Two stretches of 30 complete days, both ends included: `before` precedes `now`."""

    now: tuple[date, date]
    before: tuple[date, date]


@dataclass(frozen=True, slots=True)
class Desk:
    """Tickets on a date. `critical` is how many of the open ones are urgent; `hours` the mean time from opening to
    closing of those closed in the period, None when none was."""

    open: int
    critical: int
    opened: int
    closed: int
    hours: float | None


def windows(until: date) -> Windows:
    """The 30 days up to the last that usage was reported for (`Feeds.until`), and the 30 before them."""
    middle = until - timedelta(WINDOW - 1)
    return Windows((middle, until), (middle - timedelta(WINDOW), middle - timedelta(1)))


@dataclass(frozen=True, slots=True)
class Feeds:
    """How far usage was reported on a date. `newest`: the day that a tenth of the accounts have reached, None where
    nobody reports; `stops`: working days after which many accounts at once said nothing more."""

    on: date
    newest: date | None
    stops: frozenset[date]

    def until(self, last: date) -> date:
        """The last day for which the usage of an account is known, when its own newest row is of the day `last`.

        Who falls silent while others report is known not to use the product. Who falls silent together with many
        others is not: there the data end. The date itself is never known, for it is not over; weekends without a row
        change nothing.
        """
        eve = self.on - timedelta(1)
        mine = min(last, eve)
        known = self.newest is None or mine >= self.newest or workday(mine) in self.stops
        found = mine if known or self.newest is None else self.newest
        return found if working_days(found + timedelta(1), eve) else eve


def feeds(lasts: Iterable[date], on: date) -> Feeds:
    """From the newest reported days of accounts that report, none later than `on`."""
    known = sorted([min(day, on - timedelta(1)) for day in lasts], reverse=True)
    if not known:
        return Feeds(on, None, frozenset())
    few = ceil(FEED_SHARE * len(known))
    silent = Counter(workday(day) for day in known)
    stops = frozenset([day for day, count in silent.items() if count >= max(few, FEED_STOPS)])
    return Feeds(on, known[few - 1], stops)


def workday(day: date) -> date:
    """The day, or for a weekend the Friday before it."""
    return day - timedelta(max(day.weekday() - WORKING + 1, 0))


def is_stale(until: date, on: date) -> bool:
    """Usage that ends so long before the date says nothing of it."""
    return (on - until).days > FEED_STALE


def weekends(start: date, end: date) -> list[date]:
    """Saturdays and Sundays of a stretch, both ends included."""
    days = (start + timedelta(n) for n in range((end - start).days + 1))
    return [day for day in days if day.weekday() >= WORKING]


def work_weeks(start: date, end: date) -> list[tuple[date, date]]:
    """The stretches from Monday to Friday within a longer one, both ends included; the outer ones may be cut short."""
    monday = start - timedelta(start.weekday())
    weeks = [monday + timedelta(n) for n in range(0, (end - monday).days + 1, 7)]
    found = [(max(start, day), min(end, day + timedelta(WORKING - 1))) for day in weeks]
    return [week for week in found if week[0] <= week[1]]


def is_lone(first: date, last: date, on: date) -> bool:
    """Usage was reported on a single day within 30 days, and not on a complete working day: no mean could hold it.

    A table of accounts seen at one date is such a report; the level of that day then stands for the present.
    """
    return first == last and (on - last).days <= WINDOW and (last == on or last.weekday() >= WORKING)


@lru_cache(maxsize=4096)
def working_days(start: date, end: date) -> int:
    """Mondays to Fridays of a stretch, both ends included; 0 when it is empty. Public holidays count as working."""
    length = (end - start).days + 1
    if length <= 0:
        return 0
    weeks, rest = divmod(length, 7)
    return weeks * WORKING + sum(1 for n in range(rest) if (start.weekday() + n) % 7 < WORKING)


def mean_per_working_day(total: float | None, window: tuple[date, date], first: date | None) -> float | None:
    """A sum over the working days of a window as a mean; days before the first report (`first`) are not counted.

    None when the sum is unknown or no working day of the window has been reported yet.
    """
    return None if first is None else mean_over(total, working_days(max(window[0], first), window[1]))


def mean_over(total: float | None, days: int) -> float | None:
    """A sum as a mean over so many days; None when it is unknown or there are none."""
    return None if total is None or not days else total / days


@lru_cache(maxsize=4096)
def covered(first: date, until: date) -> tuple[int, int]:
    """Working days of both windows that means are taken over, when usage is reported from `first` to `until`: (now,
    before).

    Days before the first report are not counted; fewer than 10 of the window that the present is compared with say
    nothing, and count as none.
    """
    span = windows(until)
    now, before = (working_days(max(start, first), end) for start, end in (span.now, span.before))
    return now, before if before >= FEWEST_BEFORE else 0


def nps(scores: Iterable[float]) -> float | None:
    """Net promoter score, -100..100: share of promoters (9-10) less share of detractors (0-6), in points. None: empty.

    Bain & Company's definition; passives (7-8) only count in the total.
    """
    answers = list(scores)
    if not answers:
        return None
    promoters = sum(1 for score in answers if score >= PROMOTER)
    detractors = sum(1 for score in answers if score <= DETRACTOR)
    return 100 * (promoters - detractors) / len(answers)


def mean(values: Iterable[float]) -> float | None:
    """Arithmetic mean; None of nothing."""
    known = list(values)
    return sum(known) / len(known) if known else None


def is_two_way(kind: str, direction: str) -> bool:
    """The client took part: they wrote, it went both ways, or it was a call or meeting of unstated direction.

    A note is ours alone. `aggregates.two_way_clause` is the same in SQL.
    """
    if kind == "note":
        return False
    return direction in ("in", "both") or (direction == "" and kind in ("call", "meeting"))


def desk(tickets: Sequence[tuple[datetime, datetime | None, str]], start: datetime, end: datetime) -> Desk:
    """Tickets (opened, closed, priority) seen from the instant `end`, for start <= instant < end.

    What was closed later than `end` was open then.
    """
    known = [ticket for ticket in tickets if ticket[0] < end]
    waiting = [priority for _, closed, priority in known if closed is None or closed >= end]
    critical = sum(1 for priority in waiting if priority in CRITICAL)
    opened = sum(1 for ticket in known if ticket[0] >= start)
    return Desk(len(waiting), critical, opened, *resolution(known, start, end))


def resolution(tickets: Iterable[Sequence[Any]], start: datetime, end: datetime) -> tuple[int, float | None]:
    """How many tickets (opened, closed, …) were closed for start <= instant < end, and the mean hours that took."""
    times = [(one[1] - one[0]).total_seconds() / 3600 for one in tickets if one[1] and start <= one[1] < end]
    return len(times), mean(times)
