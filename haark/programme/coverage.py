"""The figures of the programme over a period, for everybody, a CSM or a segment (PG-1, PG-3, XB-9)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from haark.accounts.rules import SEGMENTS, add_months
from haark.cadence import queries as cadence
from haark.cadence import rules as periods
from haark.cadence.rules import Period
from haark.programme import queries, rules
from haark.programme.queries import Ground
from haark.programme.rules import Cell, Client, Line, Session, Span, Wanted
from haark.settings import queries as settings

YEAR = "12m"
QUARTERS = 8


@dataclass(frozen=True)
class Figure:
    """One figure with everything behind it. `level`: alert, below, met, '' unknown or without a target."""

    name: str
    lines: Sequence[Line]

    @cached_property
    def value(self) -> Fraction | None:
        return rules.share(self.lines)

    @property
    def level(self) -> str:
        target = rules.TARGETS.get(self.name)
        return target.level(self.value) if target else ""

    @property
    def whole(self) -> int:
        return sum(line.whole for line in self.lines)

    @property
    def good(self) -> int:
        return int(sum(line.good for line in self.lines))

    def of(self, keep: Callable[[Client], bool]) -> "Figure":
        """The same figure over some of the clients."""
        return Figure(self.name, [line for line in self.lines if keep(line.client)])


@dataclass(frozen=True)
class Programme:
    """A period measured. `excluded`: who does not count, and why."""

    code: str
    span: Span
    figures: dict[str, Figure]
    by_arr: Fraction | None
    excluded: Sequence[tuple[Client, str]]

    @property
    def eligible(self) -> int:
        return len(self.figures["coverage"].lines)


def window(code: str, on: date) -> tuple[str, Span]:
    """(code, span) of a period: `2026-Q4`, `2026-H1`, `2026`, `2026-11`, or `12m`, the twelve months until `on`.

    Raises PeriodRefused for what cannot be read or has not begun.
    """
    if code == YEAR:
        return YEAR, _span(add_months(on, -12) + timedelta(1), on, on)
    period = periods.parse(code, settings.get("fiscal_year_start"))
    periods.admit(period, on, None)
    return period.code, _span(period.start, period.end, on)


def current(on: date) -> Period:
    """The running quarter."""
    return periods.containing(on, "quarter", settings.get("fiscal_year_start"))


def before(code: str, span: Span) -> tuple[str, Span]:
    """The period before, of the same length; of a running one, as it stood after as many days."""
    if code == YEAR:
        end = span.start - timedelta(1)
        return YEAR, _span(add_months(end, -12) + timedelta(1), end, span.on)
    fiscal = settings.get("fiscal_year_start")
    period = periods.previous(periods.parse(code, fiscal), fiscal)
    runs = span.end > span.on
    return period.code, _span(period.start, period.end, period.start + (span.on - span.start) if runs else span.on)


def read(code: str, span: Span) -> Ground:
    """What a page about this period needs: the period before it and the quarters of the table too."""
    quarters = trail(span)
    return queries.ground(span.on, min(before(code, span)[1].start, quarters[0][1].start), span.kinds)


def measure(ground: Ground, code: str, span: Span) -> Programme:
    """Every figure of a period."""
    kinds_of = cadence.policy().kinds
    reasons = [(client, rules.exclusion(client, span, kinds_of)) for client in ground.clients]
    eligible = [client for client, reason in reasons if not reason]
    lines = {
        "coverage": rules.covered(eligible, ground.sessions, span),
        "on_time": rules.punctual(ground.sessions, span),
        "sponsor": rules.with_sponsor(ground.sessions, span),
        "score": rules.scored(ground.sessions, span),
        "recap": rules.recapped(ground.sessions, span, settings.get("recap.hours")),
        "actions": rules.kept(ground.sessions, span),
    }
    return Programme(
        code=code,
        span=span,
        figures={name: Figure(name, rows) for name, rows in lines.items()},
        by_arr=rules.share_of_arr(lines["coverage"], span.last),
        excluded=[(client, reason) for client, reason in reasons if reason],
    )


@dataclass(frozen=True)
class Group:
    """The figures of a CSM's clients, or of a segment. `late`: reviews that are overdue today."""

    key: str
    name: str
    figures: dict[str, Figure]
    late: int

    @property
    def eligible(self) -> int:
        return len(self.figures["coverage"].lines)


def groups(programme: Programme, late: Sequence[Wanted], by: str) -> list[Group]:
    """By `owner` (in the order of their names) or by `segment` (the largest first); who has no clients that count is
    left out. A review belongs to whoever runs the account today."""
    names: dict[str, str] = {}
    count: defaultdict[str, int] = defaultdict(int)
    for figure in programme.figures.values():
        names.update({key_of(line.client, by): line.client.owner for line in figure.lines})
    for one in late:
        count[key_of(one.client, by)] += 1
    order = (
        [*reversed(SEGMENTS), ""]
        if by == "segment"
        else sorted(names, key=lambda key: (not key, names[key].casefold()))
    )
    return [_group(programme, key, names[key], count[key], by) for key in order if key in names]


def key_of(client: Client, by: str) -> str:
    """The group that a client belongs to, as addresses write it; '' for nobody's, or an unknown segment."""
    return client.segment if by == "segment" else str(client.owner_id or "")


def _group(programme: Programme, key: str, name: str, late: int, by: str) -> Group:
    figures = programme.figures.items()
    own = {figure: found.of(lambda client: key_of(client, by) == key) for figure, found in figures}
    return Group(key, name if by == "owner" else key, own, late)


def wanted(ground: Ground, span: Span) -> tuple[list[Wanted], list[Wanted]]:
    """(late, coming) as of today, whatever the period."""
    return rules.wanted(ground.clients, ground.sessions, span)


@dataclass(frozen=True)
class Row:
    """A client and its quarters, oldest first."""

    client: Client
    cells: Sequence[Cell]


def trail(span: Span) -> list[tuple[Period, Span]]:
    """The quarters of the table: eight, up to the one that holds the period's last day."""
    fiscal = settings.get("fiscal_year_start")
    quarters = periods.trail(periods.containing(span.last, "quarter", fiscal), QUARTERS, fiscal)
    return [(period, _span(period.start, period.end, span.on)) for period in quarters]


def table(ground: Ground, span: Span) -> list[Row]:
    """Clients by quarter: those whose last quarter is late or missed first, then who has nothing planned, by name."""
    kinds_of = cadence.policy().kinds
    own: defaultdict[int, list[Session]] = defaultdict(list)
    for one in ground.sessions:
        own[one.client.id].append(one)
    rows, quarters = [], [quarter for _period, quarter in trail(span)]
    for client in ground.clients:
        cells = [
            rules.cell(own[client.id], quarter, not rules.exclusion(client, quarter, kinds_of)) for quarter in quarters
        ]
        if any(cell.state != "none" for cell in cells):
            rows.append(Row(client, cells))
    order = {"missed": 0, "late": 0, "open": 1}
    return sorted(rows, key=lambda row: order.get(row.cells[-1].state, 2))


def _span(start: date, end: date, on: date) -> Span:
    kinds: tuple[str, ...] = (*rules.ALWAYS, "mbr") if settings.get("programme.mbr") else rules.ALWAYS
    return Span(start, end, on, int(settings.get("programme.grace_days")), kinds)


def told(programme: Programme) -> dict[str, Any]:
    """The figures as plain JSON: shares as fractions, the score 0-10, counts, exclusions by reason."""
    counts: defaultdict[str, int] = defaultdict(int)
    for _client, reason in programme.excluded:
        counts[reason] += 1
    figures: dict[str, Any] = {}
    for name, figure in programme.figures.items():
        value = None if figure.value is None else float(figure.value)
        figures[name] = {"value": value, "good": figure.good, "whole": figure.whole}
        if name in rules.TARGETS:
            target = rules.TARGETS[name]
            figures[name] |= {"level": figure.level, "target": float(target.target), "alert": float(target.alert)}
    figures["coverage"]["by_arr"] = None if programme.by_arr is None else float(programme.by_arr)
    span = programme.span
    dates = {"start": span.start.isoformat(), "end": span.end.isoformat(), "as_of": span.last.isoformat()}
    return {"period": programme.code, **dates, "eligible": programme.eligible, **figures, "excluded": dict(counts)}
