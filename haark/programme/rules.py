"""How well the review programme is kept (PG-1, XB-9): who counts, what is measured, when it alarms. Pure.

Definitions, over a period of which the part up to today is looked at:
    eligible      a client from before the period's first day until its last (today, while it runs), live by its first
                  day, whose ARR at that last day has a QBR or an EBR (an MBR too when the setting says so)
    coverage      eligible clients with a held review of those kinds in the period / eligible clients; also by ARR
    on time       of the reviews due in the period: held by the due day plus the days of grace. One that was not held
                  counts as late once those days are over; until then it is not counted. Cancelled ones are not.
    sponsor       of the reviews held in the period: an executive sponsor of the client was noted as present
    score         the mean of the clients' answers, 0 to 10, on reviews held in the period
    recap         of those held whose recap has left or is overdue: it left in time
    actions       of what was promised in them and has come due: done
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from haark.reviews.surveying.rules import TARGET as SCORE_TARGET

FIGURES = ("coverage", "on_time", "sponsor", "score", "recap", "actions")
ALWAYS = ("qbr", "ebr")
EXCLUSIONS = ("later", "left", "onboarding", "unknown", "small")


@dataclass(frozen=True, slots=True)
class Target:
    """PG-1: below `alert` it alarms; above `target` it is met, at it too when `reachable` (nothing lies above)."""

    target: Fraction
    alert: Fraction
    reachable: bool = False

    def level(self, value: Fraction | None) -> str:
        """`alert`, `below`, `met`, or '' while unknown. Exact: 89.9 % alarms, 90 % does not.

        >>> TARGETS["coverage"].level(Fraction(899, 1000)), TARGETS["coverage"].level(Fraction(9, 10))
        ('alert', 'below')
        >>> TARGETS["score"].level(Fraction(79, 10)), TARGETS["score"].level(Fraction(8))
        ('alert', 'below')
        """
        if value is None:
            return ""
        if value < self.alert:
            return "alert"
        return "met" if value > self.target or (self.reachable and value == self.target) else "below"


TARGETS = {
    "coverage": Target(Fraction(1), Fraction(90, 100), reachable=True),
    "on_time": Target(Fraction(95, 100), Fraction(85, 100)),
    "sponsor": Target(Fraction(70, 100), Fraction(50, 100)),
    "score": Target(SCORE_TARGET, Fraction(8)),
}


@dataclass(frozen=True, slots=True)
class Client:
    """An account as the programme sees it. `since`: client from this day, None: from before all records; `lost`: from
    this day on no more; `live`: its first go-live, None: nothing is known of its onboarding, which counts as past."""

    id: int
    name: str
    owner_id: int | None
    owner: str
    segment: str
    since: date | None
    lost: date | None
    live: date | None
    arr_at: Callable[[date], int | None]  # cents of the organisation's currency
    waits: bool = False  # its next review is late, and nobody has planned it


@dataclass(frozen=True, slots=True)
class Session:
    """A review that was held, or has a day by which it should be. `sponsor`: was noted as present; `attendance`: who
    was there is known at all. `recap_hours`: from the end to the recap, None: not sent; `recap_late`: and overdue."""

    id: int
    client: Client
    kind: str
    state: str
    due_on: date | None
    held_on: date | None
    sponsor: bool = False
    attendance: bool = False
    scores: tuple[int, ...] = ()
    recap_hours: float | None = None
    recap_late: bool = False
    promised: int = 0  # actions of it that have come due
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One account, or one of its reviews, behind a figure: `good` parts of `whole` (a score: the sum and the count)."""

    client: Client
    session: Session | None
    good: Fraction
    whole: int = 1

    @property
    def full(self) -> bool:
        return self.good >= self.whole


@dataclass(frozen=True, slots=True)
class Span:
    """A period as far as it has come: `last` is its end, or today while it runs. `grace`: days; `kinds` that count."""

    start: date
    end: date
    on: date
    grace: int
    kinds: tuple[str, ...] = ALWAYS

    @property
    def last(self) -> date:
        return min(self.end, self.on)

    def holds(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.last


def exclusion(client: Client, span: Span, kinds_of: Callable[[int], Sequence[str]]) -> str:
    """Why a client does not count, '' when it does: `later` (not yet a client on the first day), `left`, `onboarding`,
    `unknown` (ARR), `small` (the policy asks for no such review). `kinds_of`: the policy's kinds of an ARR in cents."""
    if client.since is not None and client.since > span.start:
        return "later"
    if client.lost is not None and client.lost <= span.last:
        return "left"
    if client.live is not None and client.live > span.start:
        return "onboarding"
    arr = client.arr_at(span.last)
    if arr is None:
        return "unknown"
    return "" if set(kinds_of(arr)) & set(span.kinds) else "small"


def covered(clients: Iterable[Client], sessions: Iterable[Session], span: Span) -> list[Line]:
    """One line for each eligible client, with its last held review of the period."""
    held = {one.client.id: one for one in _held(sessions, span)}
    return [Line(client, held.get(client.id), Fraction(client.id in held)) for client in clients]


def punctual(sessions: Iterable[Session], span: Span) -> list[Line]:
    """One line for each review due in the period that can be judged."""
    found = []
    for one in sessions:
        if one.due_on is None or not span.start <= one.due_on <= span.end or not _counts(one, span):
            continue
        if one.held_on is not None or one.due_on + timedelta(span.grace) < span.on:
            found.append(Line(one.client, one, Fraction(one.held_on is not None and not _late(one, span))))
    return found


def with_sponsor(sessions: Iterable[Session], span: Span) -> list[Line]:
    """One line for each held review; where nobody noted who was there, nobody can say that a sponsor was."""
    return [Line(one.client, one, Fraction(one.sponsor)) for one in _held(sessions, span)]


def scored(sessions: Iterable[Session], span: Span) -> list[Line]:
    """One line for each held review that the client answered on."""
    return [
        Line(one.client, one, Fraction(sum(one.scores)), len(one.scores)) for one in _held(sessions, span) if one.scores
    ]


def recapped(sessions: Iterable[Session], span: Span, hours: float) -> list[Line]:
    """One line for each held review whose recap has left or should have."""
    return [
        Line(one.client, one, Fraction(one.recap_hours is not None and one.recap_hours <= hours))
        for one in _held(sessions, span)
        if one.recap_hours is not None or one.recap_late
    ]


def kept(sessions: Iterable[Session], span: Span) -> list[Line]:
    """One line for each held review with actions that have come due."""
    return [Line(one.client, one, Fraction(one.kept), one.promised) for one in _held(sessions, span) if one.promised]


def share(lines: Iterable[Line]) -> Fraction | None:
    """The figure of its lines: a fraction, or the mean of a score. None where there is nothing to measure."""
    rows = list(lines)
    whole = sum(line.whole for line in rows)
    return sum((line.good for line in rows), Fraction()) / whole if whole else None


def share_of_arr(lines: Iterable[Line], on: date) -> Fraction | None:
    """Coverage by ARR: what the covered clients pay of what the eligible ones do."""
    amounts = [(line.client.arr_at(on) or 0, line.full) for line in lines]
    whole = sum(amount for amount, _full in amounts)
    return Fraction(sum(amount for amount, full in amounts if full), whole) if whole else None


def cut(value: Fraction, places: int) -> float:
    """A figure as it may be written: cut, never rounded up, so that 89.96 % is not written as the 90 % it missed.

    >>> cut(Fraction(8996, 10000) * 100, 1), cut(Fraction(2, 3) * 100, 1), cut(Fraction(9), 1)
    (89.9, 66.6, 9.0)
    """
    return float(int(value * 10**places) / 10**places)


def _held(sessions: Iterable[Session], span: Span) -> list[Session]:
    """Those held in the period, in the order of their days."""
    found = [one for one in sessions if span.holds(one.held_on) and _counts(one, span)]
    return sorted(found, key=lambda one: (one.held_on or date.min, one.id))


def _counts(one: Session, span: Span) -> bool:
    return one.kind in span.kinds and one.state != "cancelled"


@dataclass(frozen=True, slots=True)
class Cell:
    """One quarter of a client. `held`, `late` (held after its time, or overdue), `missed` (the quarter is over),
    `planned` (for `day`), `open` (nothing planned yet), `none` (not eligible)."""

    state: str
    day: date | None = None
    review_id: int | None = None


def cell(sessions: Sequence[Session], span: Span, eligible: bool) -> Cell:
    """What a quarter shows of a client, from its reviews."""
    held = _held(sessions, span)
    if held:
        last = held[-1]
        late = _late(last, span)
        return Cell("late" if late else "held", last.held_on, last.id)
    if not eligible:
        return Cell("none")
    if span.end < span.on:
        return Cell("missed")
    coming = sorted(
        (one.due_on, one.id)
        for one in sessions
        if _counts(one, span) and one.held_on is None and one.due_on and span.start <= one.due_on <= span.end
    )
    if not coming:
        return Cell("open")
    day, ident = coming[0]
    return Cell("late" if day < span.on else "planned", day, ident)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A review that is to be held: planned (`session`, by `day`), or late and not even planned."""

    client: Client
    session: Session | None = None
    day: date | None = None


def wanted(clients: Iterable[Client], sessions: Iterable[Session], span: Span) -> tuple[list[Wanted], list[Wanted]]:
    """(late, coming): who waits for a review without a date comes first, then by day."""
    planned = sorted(
        (Wanted(one.client, one, one.due_on) for one in sessions if one.held_on is None and _counts(one, span)),
        key=lambda one: (one.day or date.max, one.client.name),
    )
    waiting = [Wanted(client) for client in clients if client.waits]
    late = [one for one in planned if one.day is not None and one.day < span.on]
    return [*waiting, *late], [one for one in planned if one.day is not None and one.day >= span.on]


def _late(one: Session, span: Span) -> bool:
    return one.held_on is not None and one.due_on is not None and one.held_on > one.due_on + timedelta(span.grace)
