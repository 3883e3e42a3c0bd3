"""Which times to propose for a review (RV-8). Pure: what is known in, four to six slots with their reasons out.

A slot is a working day and hour here and at the client's, leaves time to prepare before and to write the recap after,
and overlaps no meeting that Haark knows of. Nobody's other agenda is known: who is not in Haark stays unknown.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(18)
PAUSE = (time(12, 30), time(14))
STEP = timedelta(minutes=30)
MOST = 5  # slots found by Haark; what participants propose is shown besides
MOST_IN_A_WEEK = 3  # while other weeks have room
READY_DAYS = 2  # working days from today before which nothing can be prepared; one when the deck is there
COMFORT_DAYS = 4
RECAP, EASY_RECAP = timedelta(minutes=30), timedelta(minutes=90)  # left of the day after the meeting
NEAR = timedelta(minutes=60)
WINDOW_DAYS = 28  # held earlier than that, a review would speak of another period
LATE_DAYS = 7  # a review that is late, or due at once, is proposed so many days on


@dataclass(frozen=True, slots=True)
class Busy:
    """A meeting of one of ours: who (a user's id), with whom, when."""

    who: int
    what: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """Another time that a participant proposed, and their name."""

    starts: datetime
    who: str


@dataclass(frozen=True)
class Ask:
    """What is known. `zone`: ours, `client_zone`: theirs; `ours`: who of us takes part (user ids); `load`: hours of
    reviews by Monday without this one, which takes `hours`; `cap`: hours of a week; `now`: nothing before it.
    `prepared`: the deck is there. `ours_off` and `theirs_off`: public holidays."""

    on: date
    now: datetime
    due_on: date
    minutes: int
    zone: str
    client_zone: str
    ours: Sequence[int] = ()
    busy: Sequence[Busy] = ()
    wishes: Sequence[Wish] = ()
    load: Mapping[date, float] = field(default_factory=dict)
    hours: float = 0
    cap: float = 12
    late: bool = False
    prepared: bool = False
    ours_off: frozenset[date] = frozenset()
    theirs_off: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Slot:
    """A proposal. `free`: who of ours has nothing in Haark then; `clashes`: what those who have do; `reasons`: name and
    values of each phrase, the most telling first; `by`: the participant who proposed it."""

    starts: datetime
    ends: datetime
    free: tuple[int, ...]
    clashes: tuple[Busy, ...] = ()
    reasons: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    by: str = ""
    advised: bool = False
    score: float = 0


def propose(ask: Ask) -> tuple[Slot, ...]:
    """The slots in the order of time; one is advised where there is any: a participant's wish that suits us, else the
    best. The score is in points against a slot, by the table in docs/invitations.md."""
    wishes = [_judged(ask, wish.starts, wish.who) for wish in ask.wishes if wish.starts > ask.now]
    taken = {slot.starts for slot in wishes}
    found = [slot for slot in _possible(ask) if slot.starts not in taken]
    chosen = _spread(sorted(found, key=lambda slot: (slot.score, slot.starts)))
    suiting = [slot for slot in wishes if not slot.clashes]
    best = min(suiting or chosen or wishes, key=lambda slot: (slot.score, slot.starts), default=None)
    every = sorted((*wishes, *chosen), key=lambda slot: slot.starts)
    return tuple(replace(slot, advised=slot is best) for slot in every)


def limit(ask: Ask) -> date:
    """The last day to propose: the due day, a week from now when that is late or leaves no time."""
    soonest = working_day(ask.on, _lead(ask), ask.ours_off)
    if ask.late or ask.due_on <= soonest:
        return max(ask.due_on, soonest + timedelta(LATE_DAYS))
    return ask.due_on


def working_day(start: date, count: int, off: frozenset[date] = frozenset()) -> date:
    """The `count`-th working day after `start`; before it where negative."""
    day, step = start, 1 if count > 0 else -1
    for _number in range(abs(count)):
        day += timedelta(step)
        while not _works(day, off):
            day += timedelta(step)
    return day


def clashes(busy: Sequence[Busy], starts: datetime, minutes: int) -> tuple[Busy, ...]:
    """What of ours overlaps a meeting of so many minutes."""
    ends = starts + timedelta(minutes=minutes)
    return tuple(one for one in busy if one.starts < ends and starts < one.ends)


def _works(day: date, off: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in off


def _lead(ask: Ask) -> int:
    return 1 if ask.prepared else READY_DAYS


def _possible(ask: Ask) -> Iterator[Slot]:
    """Every half hour that holds all the rules."""
    last = limit(ask)
    day = max(working_day(ask.on, _lead(ask), ask.ours_off), last - timedelta(WINDOW_DAYS))
    while day <= last:
        for starts in _starts(ask, day):
            slot = _judged(ask, starts)
            if not slot.clashes:
                yield slot
        day += timedelta(1)


def _starts(ask: Ask, day: date) -> Iterator[datetime]:
    here = ZoneInfo(ask.zone)
    wall = datetime.combine(day, OPENS)
    while wall.time() < CLOSES:
        starts = wall.replace(tzinfo=here).astimezone(UTC)
        ends = starts + timedelta(minutes=ask.minutes)
        closes = datetime.combine(day, CLOSES, here).astimezone(UTC)
        if (
            starts > ask.now
            and ends + RECAP <= closes
            and within_hours(starts, ends, ask.zone, ask.ours_off)
            and within_hours(starts, ends, ask.client_zone, ask.theirs_off)
        ):
            yield starts
        wall += STEP


def within_hours(starts: datetime, ends: datetime, zone: str, off: frozenset[date] = frozenset()) -> bool:
    """On one working day there, between opening and closing, not during the midday pause."""
    first, last = (one.astimezone(ZoneInfo(zone)) for one in (starts, ends))
    if first.date() != last.date() or not _works(first.date(), off):
        return False
    if first.time() < OPENS or last.time() > CLOSES:
        return False
    return last.time() <= PAUSE[0] or first.time() >= PAUSE[1]


def _judged(ask: Ask, starts: datetime, by: str = "") -> Slot:
    """One time with its points and its reasons, the gravest first."""
    ends = starts + timedelta(minutes=ask.minutes)
    here = starts.astimezone(ZoneInfo(ask.zone))
    hit = clashes(ask.busy, starts, ask.minutes)
    told: list[tuple[float, str, Mapping[str, Any]]] = []
    if by:
        told.append((9, "wish", {"who": by}))
    told += [(8, "clash", {"who": one.who, "what": one.what, "at": one.starts}) for one in hit]
    told += _in_the_week(ask, here.date())
    told += _around(ask, here, starts, ends)
    points = sum(weight for weight, key, _data in told if key not in ("wish", "ready", "light", "margin"))
    points += abs(here.hour + here.minute / 60 - 10) * 0.3 + _distance(ask, here.date()) * 0.4
    points += 2 if (here.weekday(), here.hour < 12) in ((0, True), (4, False)) else 0
    reasons = tuple((key, data) for _weight, key, data in sorted(told, key=lambda one: -one[0]))
    taken = {one.who for one in hit}
    free = tuple(who for who in ask.ours if who not in taken)
    return Slot(starts, ends, free, hit, reasons, by, score=round(points, 3))


def _in_the_week(ask: Ask, day: date) -> Iterator[tuple[float, str, Mapping[str, Any]]]:
    monday = day - timedelta(day.weekday())
    hours = ask.load.get(monday, 0) + ask.hours
    if hours > ask.cap:
        yield 6, "over", {"week": monday, "hours": hours}
    elif len(ask.load) > 1 and ask.load.get(monday, 0) == min(ask.load.values()) < max(ask.load.values()):
        yield 1, "light", {"week": monday, "hours": hours}
    if day > ask.due_on:
        yield 5, "after_due", {"due": ask.due_on}
    else:
        yield 0.1, "margin", {"days": _distance(ask, day)}
    before = working_day(day, -1, ask.ours_off)
    if day < working_day(ask.on, COMFORT_DAYS, ask.ours_off) and not ask.prepared:
        yield 4, "tight", {"on": before}
    elif not ask.prepared:
        yield 0.5, "ready", {"on": before}


def _around(
    ask: Ask, here: datetime, starts: datetime, ends: datetime
) -> Iterator[tuple[float, str, Mapping[str, Any]]]:
    closes = datetime.combine(here.date(), CLOSES, here.tzinfo).astimezone(UTC)
    if closes - ends < EASY_RECAP:
        yield 3, "evening", {}
    near = [one for one in ask.busy if one.ends <= starts < one.ends + NEAR or one.starts - NEAR < ends <= one.starts]
    yield from ((2, "near", {"who": one.who, "what": one.what, "at": one.starts}) for one in near[:1])
    there = starts.astimezone(ZoneInfo(ask.client_zone))
    if there.utcoffset() != here.utcoffset():
        yield 0.8, "there", {"at": starts, "zone": ask.client_zone}


def _distance(ask: Ask, day: date) -> int:
    """Working days between a day and the due day."""
    first, last = sorted((day, ask.due_on))
    return sum(_works(first + timedelta(number), ask.ours_off) for number in range(1, (last - first).days + 1))


def _spread(ranked: Sequence[Slot]) -> list[Slot]:
    """The best, one a half-day and not all in one week; closer ones only where there are not four otherwise."""
    kept: list[Slot] = []
    for most, apart in ((MOST_IN_A_WEEK, timedelta(hours=20)), (MOST, timedelta(hours=4)), (MOST, timedelta(hours=1))):
        weeks = Counter(_week(slot) for slot in kept)
        for slot in ranked:
            full = len(kept) == MOST or (apart < timedelta(hours=20) and len(kept) >= 4)
            close = any(abs(slot.starts - one.starts) < max(apart, slot.ends - slot.starts) for one in kept)
            if full or close or weeks[_week(slot)] >= most:
                continue
            kept.append(slot)
            weeks[_week(slot)] += 1
    return kept


def _week(slot: Slot) -> date:
    return slot.starts.date() - timedelta(slot.starts.weekday())
