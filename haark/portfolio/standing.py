"""What the whole portfolio adds up to, from the totals that the database keeps: a few hundred short rows at any size.

They carry a number that grows with every change of what a list can show. While a process reads the same number, what it
worked out for it still holds: `remembered` keeps it, so a write shows in the very next answer and a page that nobody
changed is not worked out twice.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar, cast

from flask import current_app, g, has_request_context, request
from sqlalchemy import String, bindparam, case, func, literal_column, select

from haark.extensions import db
from haark.people.models import User
from haark.portfolio import rules
from haark.portfolio.models import AccountStamp, PortfolioCount
from haark.portfolio.rules import NONE, PAST, UNKNOWN
from haark.portfolio.upkeep.facts import CHANGES, PULSE, SUMS
from haark.portfolio.upkeep.stamps import HOUSE

Count = PortfolioCount.__table__.c
Counts = dict[str, dict[str, int]]
Kept = TypeVar("Kept")
MOST_REMEMBERED = 200


@dataclass(frozen=True)
class Standing:
    """`counts`: accounts by facet and mark (marks as in facets.marks, «+» between the values of one); `sums` as in
    upkeep.facts.SUMS; `owners`: the names of all people by id."""

    version: int
    counts: Counts
    sums: dict[str, int]
    owners: dict[int, str]

    @property
    def accounts(self) -> int:
        return self.sums.get("accounts", 0)


@dataclass
class Memory:
    """What one process remembers of one version."""

    version: tuple[int, ...]
    known: dict[Hashable, Any] = field(default_factory=dict)


def version() -> tuple[int, int]:
    """The numbers of the present state: of the portfolio, and of what people have to do. One statement, once for each
    request."""
    if "portfolio_version" in g:
        return cast("tuple[int, int]", g.portfolio_version)
    rows: dict[str, Any] = dict(db.session.execute(_VERSION).all())
    found = (int(rows.get(CHANGES, 0)), int(rows.get(PULSE, 0)))
    if reads_only():
        g.portfolio_version = found
    return found


def state() -> tuple[int, int, int | None]:
    """The same two numbers and the stamp of the house (upkeep.stamps), None without: under these three nothing that a
    page of the list shows can have changed. One statement, which spares that of `version`."""
    row = db.session.execute(_STATE).one()
    tell(int(row.changes or 0), int(row.pulse or 0))
    return int(row.changes or 0), int(row.pulse or 0), row.house


def tell(changes: int, pulse: int) -> None:
    """Spares a request that only reads the statement of `version`, where another one has brought the numbers along."""
    if reads_only():
        g.portfolio_version = (changes, pulse)


def remembered(key: Hashable, work_out: Callable[[], Kept], duties: bool = False) -> Kept:
    """What `work_out` gives for the present state of the portfolio (with `duties` also of what people have to do), from
    memory where it was asked for before. In a request that writes nothing is remembered: what it sees may yet be rolled
    back."""
    if not reads_only():
        return work_out()
    place = "haark_duties" if duties else "haark_portfolio"
    now = version() if duties else version()[:1]
    memory: Memory = current_app.extensions.get(place) or Memory(())
    if memory.version != now:
        memory = current_app.extensions[place] = Memory(now)
    if key not in memory.known:
        found = work_out()
        if len(memory.known) >= MOST_REMEMBERED:
            memory.known.clear()
        memory.known[key] = found
        return found
    return cast("Kept", memory.known[key])


def read(on: date) -> Standing:
    """The totals of all accounts on a day; two statements when something changed since, none otherwise."""
    return remembered(("standing", on), lambda: _read(on))


def read_size() -> int:
    """How many accounts there are."""
    return remembered(("size",), lambda: int(db.session.scalar(_SIZE) or 0))


def reads_only() -> bool:
    """Whether this is a request that only reads, so that what it sees was committed."""
    return has_request_context() and request.method in ("GET", "HEAD")


def sum_of(name: str) -> Any:
    """A select of one of the sums."""
    return select(func.sum(Count.n)).where(Count.facet == "sum", Count.value == name)


_VERSION = (
    select(Count.value, func.sum(Count.n))
    .where(Count.facet == "sum", Count.value.in_([CHANGES, PULSE]))
    .group_by(Count.value)
)
_SIZE = sum_of("accounts")
_STATE = select(
    sum_of(CHANGES).scalar_subquery().label("changes"),
    sum_of(PULSE).scalar_subquery().label("pulse"),
    select(func.sum(AccountStamp.n)).where(AccountStamp.account_id == HOUSE).scalar_subquery().label("house"),
)


def _marked() -> Any:
    """Every count with its mark instead of its day. Days stand as text, which sorts as they do."""
    empty = literal_column("''", String)
    windows = [
        (
            Count.value <= bindparam(f"in_{days}"),
            literal_column(f"'{'+'.join(map(str, rules.WINDOWS[place:]))}'", String),
        )
        for place, days in enumerate(rules.WINDOWS)
    ]
    renewal = case(
        (Count.value == empty, literal_column(f"'{UNKNOWN}'", String)),
        (Count.value < bindparam("on"), literal_column(f"'{PAST}'", String)),
        *windows,
        else_=empty,
    )
    day = func.substr(Count.value, 3)
    state = case(
        (func.substr(Count.value, 1, 1) == "L", literal_column("'late'", String)),
        ((day != empty) & (day <= bindparam("soon")), literal_column("'due'", String)),
        (Count.value == "--", literal_column(f"'{NONE}'", String)),
        else_=empty,
    )
    planned = case((func.substr(Count.value, 2, 1) == "P", literal_column("'+planned'", String)), else_=empty)
    mark = case((Count.facet == "renewal", renewal), (Count.facet == "review", state + planned), else_=Count.value)
    rows = select(Count.facet, mark.label("mark"), Count.n).subquery()
    return select(rows.c.facet, rows.c.mark, func.sum(rows.c.n)).group_by(rows.c.facet, rows.c.mark)


_MARKED = _marked()
_PEOPLE = select(User.id, User.name).order_by(User.name, User.id)


def _read(on: date) -> Standing:
    days = {f"in_{days}": (on + timedelta(days)).isoformat() for days in rules.WINDOWS}
    days |= {"on": on.isoformat(), "soon": (on + timedelta(rules.REVIEW_SOON)).isoformat()}
    counts: Counts = {}
    for facet, mark, n in db.session.execute(_MARKED, days):
        if n or facet == "sum":
            counts.setdefault(facet, {})[mark] = int(n)
    sums = dict.fromkeys((*SUMS, CHANGES), 0) | counts.pop("sum", {})
    return Standing(sums[CHANGES], counts, sums, dict(db.session.execute(_PEOPLE).all()))
