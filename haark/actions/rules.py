"""Which digest is due when, what it says, when a client is reminded, when a manager is told (AX-4). Pure.

Everything is said in local days and wall clock hours: a change of clocks moves no digest to another day and makes none
come twice, since there is one for each local date.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

WEEK = 7  # days: «this week», and how often an overdue client is reminded


class Dated(Protocol):
    """What has a due date, perhaps."""

    @property
    def due_on(self) -> date | None: ...


Row = TypeVar("Row", bound=Dated)


def digest_day(at: datetime, zone: str, hour: int) -> date | None:
    """The local date whose digest is due at the instant `at`, once; None before `hour` (0-23) on the local clock.

    An hour that the wall does not show (clocks go forward) is due right after the gap; one that it shows twice is due
    at the first. After a stop, only the present day's digest is due: what it says tells what became late meanwhile.
    """
    local = at.astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= time(hour) else None


@dataclass(frozen=True)
class Parts(Generic[Row]):
    """The actions of a digest, each in one part, the soonest first: overdue, due today, within seven days, and those
    further away of which the setting wants an early reminder."""

    late: tuple[Row, ...] = ()
    today: tuple[Row, ...] = ()
    week: tuple[Row, ...] = ()
    soon: tuple[Row, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.late or self.today or self.week or self.soon)


def parts(rows: list[Row], on: date, remind_days: int) -> Parts[Row]:
    """What a digest says on a day; actions without a due date or further away are left out."""
    dated = sorted((row for row in rows if row.due_on is not None), key=lambda row: row.due_on or on)

    def between(first: date, last: date) -> tuple[Row, ...]:
        return tuple(row for row in dated if row.due_on is not None and first <= row.due_on <= last)

    return Parts(
        late=between(date.min, on - timedelta(1)),
        today=between(on, on),
        week=between(on + timedelta(1), on + timedelta(WEEK)),
        soon=between(on + timedelta(WEEK + 1), on + timedelta(max(remind_days, 0))),
    )


def newly_late(due_on: date, on: date, last: date | None) -> bool:
    """Whether an overdue action was not yet late in the digest before (of day `last`, None: there was none)."""
    return due_on < on and (due_on == on - timedelta(1) if last is None else due_on >= last)


def reminder_days(due_on: date, until: date, remind_days: int) -> list[date]:
    """The days up to `until` on which a client is reminded: so many before the due date, the day after it, and then
    every seven days."""
    found = [due_on - timedelta(remind_days)]
    day = due_on + timedelta(1)
    while day <= until:
        found.append(day)
        day += timedelta(WEEK)
    return [one for one in found if one <= until]


def client_due(due_on: date, on: date, remind_days: int, last: date | None) -> bool:
    """Whether a client is reminded of an action on a day: a reminder day has come since the `last` reminder (None:
    there was none). Several that were missed make one; a moved due date has days of its own."""
    return any(last is None or day > last for day in reminder_days(due_on, on, remind_days))
