"""What a day holds, in which order, and how much of it is shown at once (TD-1). Pure.

Three groups: what is late, what is for today, what is for this week. Inside a group the line with more points stands
first; docs/today.md tells the same in words:

    lateness    4 points a day late, at most 40
    value       30 x value at stake / the largest one among the lines (expected loss, else ARR)
    renewal     20 x (1 - days left / 90), within 90 days
    recap       60 x (1 - hours left / 24); all 60 once its hour has passed

A day can bear `DAY` lines. Each group keeps its first `LEAST`; what is left of the nine goes to the late ones, then to
those of today, then to the week. The rest waits behind «show the others».
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

GROUPS = ("late", "today", "week")
# In which order lines of equal weight stand.
KINDS = ("recap", "action", "renewal", "alert", "proposal", "comment", "review", "plan")
# What is whose: a salesperson is not asked to hold reviews nor to keep the plan.
DUTIES: Mapping[str, tuple[str, ...]] = {"sales": ("action", "renewal", "alert")}
# What a click ends here; the other lines end by doing what they say.
COMPLETABLE = ("action", "alert")

DAY, LEAST = 9, 2
LATE_POINT, LATE_MOST = 4, 40
VALUE_MOST, RENEWAL_MOST, RECAP_MOST = 30, 20, 60
RENEWAL_DAYS, RECAP_HOURS = 90, 24
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `day`: until when, None: at once; `at`: the very instant, for recaps and meetings.

    `ident` is the id of what it speaks of: an action, a review (recap, review), else the account. `facts` holds what
    its sentence says.
    """

    kind: str
    ident: int
    account_id: int
    account: str
    day: date | None = None
    at: datetime | None = None
    value_cents: int | None = None
    renewal_days: int | None = None
    owner: str = ""
    may_change: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """As a postponement names it: `recap:7`."""
        return f"{self.kind}:{self.ident}"


@dataclass(frozen=True, slots=True)
class Group:
    """A group with all its lines in order; `shown` of them stand on the page."""

    name: str
    lines: Sequence[Line]
    shown: int

    @property
    def head(self) -> Sequence[Line]:
        return self.lines[: self.shown]

    @property
    def rest(self) -> int:
        """How many wait behind «show the others»."""
        return len(self.lines) - self.shown


def duties(role: str, team: bool) -> tuple[str, ...]:
    """The kinds of lines that a person of this role sees of their own; of the whole team everybody sees all."""
    return KINDS if team else DUTIES.get(role, KINDS)


def week_end(on: date) -> date:
    """The last day of «this week»: Sunday; from Friday on the Sunday after, so that a weekend hides no Monday."""
    sunday = on + timedelta(6 - on.weekday())
    return sunday + timedelta(7) if on.weekday() >= FRIDAY else sunday


def next_day(on: date) -> date:
    """The day to which «postpone» moves something: the next one that is not of a weekend."""
    day = on + timedelta(1)
    while day.weekday() > FRIDAY:
        day += timedelta(1)
    return day


def group_of(line: Line, on: date, at: datetime) -> str:
    """Where a line belongs on day `on`, at the instant `at`. A recap is late from its very hour on."""
    if line.kind == "recap" and line.at is not None and line.at <= at:
        return "late"
    if line.day is None or line.day == on:
        return "today"
    return "late" if line.day < on else "week"


def late_days(line: Line, on: date) -> int:
    """Whole days since it was due, 0 for what is not late by the calendar."""
    return max(0, (on - line.day).days) if line.day is not None else 0


def points(line: Line, on: date, at: datetime, largest: int) -> float:
    """The weight of a line, 0 to 150; `largest`: the largest value at stake among the lines, in cents."""
    found = float(min(LATE_MOST, LATE_POINT * late_days(line, on)))
    if line.value_cents and largest > 0:
        found += VALUE_MOST * line.value_cents / largest
    if line.renewal_days is not None and 0 <= line.renewal_days <= RENEWAL_DAYS:
        found += RENEWAL_MOST * (1 - line.renewal_days / RENEWAL_DAYS)
    if line.kind == "recap" and line.at is not None:
        left = (line.at - at).total_seconds() / 3600
        found += RECAP_MOST * (1 - min(1.0, max(0.0, left / RECAP_HOURS)))
    return found


def arrange(lines: Sequence[Line], on: date, at: datetime, opened: Sequence[str] = ()) -> list[Group]:
    """The groups that hold something, their lines in order; `opened` ones are shown whole."""
    largest = max((line.value_cents or 0 for line in lines), default=0)
    held: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for line in sorted(lines, key=lambda one: (-points(one, on, at, largest), KINDS.index(one.kind), one.ident)):
        held[group_of(line, on, at)].append(line)
    # A week is read by its days; the weight decides within a day.
    held["week"].sort(key=lambda one: one.day or on)
    shown = share({name: len(held[name]) for name in GROUPS})
    return [
        Group(name, held[name], len(held[name]) if name in opened else shown[name]) for name in GROUPS if held[name]
    ]


def share(counts: Mapping[str, int]) -> dict[str, int]:
    """How many lines of each group a day can bear."""
    found = {name: min(LEAST, counts[name]) for name in GROUPS}
    left = DAY - sum(found.values())
    for name in GROUPS:
        more = min(max(0, left), counts[name] - found[name])
        found[name] += more
        left -= more
    # «Show the one other» costs a line as well: it is shown instead.
    return {name: counts[name] if counts[name] - number == 1 else number for name, number in found.items()}
