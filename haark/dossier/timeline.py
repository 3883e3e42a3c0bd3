"""The history of an account as one list: every slice's facts by date, newest first, a page at a time (AC-2)."""

import base64
import binascii
import functools
import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Select, and_, bindparam, false, literal, or_, select, union_all

from haark import clock
from haark.dossier.sources import EMPTY, GROUPS, RANKS, SOURCES
from haark.extensions import UTCDateTime, db
from haark.people.models import User

PAGE_SIZE = 20


class BadPlace(ValueError):
    """The place in the history that an address names does not exist."""


@dataclass(frozen=True)
class Entry:
    """One line. `source` says which rows it comes from; `at` is an instant, or the day where only that is known.

    `kind`, `title`, `detail`, `number`, `before`, `until` and `data` mean what `dossier/_entry.html` says by source.
    """

    source: str
    id: int
    at: datetime | date
    kind: str
    title: str
    detail: str
    number: int | None
    before: int | None
    until: datetime | None
    data: Any
    who: str
    author_id: int | None = None


@dataclass(frozen=True)
class History:
    """A page of entries and the place where the next one starts, '' at the end."""

    entries: list[Entry]
    after: str


@dataclass(frozen=True)
class Place:
    """Where a page ended: the instant of its last entry, the rank of its source, its id."""

    at: datetime
    rank: int
    ident: int

    @property
    def day(self) -> date:
        return clock.day_of(self.at)


def page(account_id: int, on: date, only: str = "", after: str = "") -> History:
    """The entries up to the end of `on`, of one group of sources (`GROUPS`) or all. One statement.

    Raises BadPlace for an `after` that cannot be.
    """
    place = _parse(after) if after else Place(clock.start_of(on + timedelta(1)), -1, 0)
    wanted = tuple(name for name in SOURCES if not only or name in GROUPS[only])
    statement = _newest(wanted, place.rank, clock.start_of(place.day) < place.at)
    given = {"account": account_id, "at": place.at, "day": place.day, "ident": place.ident}
    found = list(db.session.execute(statement, given))
    found.sort(key=lambda row: (_instant(row), -RANKS[row.source], row.id), reverse=True)
    shown = found[:PAGE_SIZE]
    more = _cursor(shown[-1]) if len(found) > PAGE_SIZE else ""
    return History(_gathered([_entry(row) for row in shown]), more)


def _entry(row: Any) -> Entry:
    at = row.at if row.at is not None else row.day
    named = str((row.data or {}).get("name") or "") if row.source == "event" else row.title
    words = (row.kind or "", named or "", row.detail or "")
    return Entry(row.source, row.id, at, *words, row.number, row.before, row.until, row.data, row.author or "", row.who)


def _gathered(entries: list[Entry]) -> list[Entry]:
    """Events of one kind and one instant as one entry: an import adds a team's worth of contacts at once."""
    kept: list[Entry] = []
    for entry in entries:
        last = kept[-1] if kept else None
        if last and entry.source == "event" and (last.source, last.kind, last.at) == ("event", entry.kind, entry.at):
            names = [title for title in (last.title, entry.title) if title]
            kept[-1] = replace(last, title=", ".join(names))
        else:
            kept.append(entry)
    return kept


def _instant(row: Any) -> datetime:
    found: datetime = row.at if row.at is not None else clock.start_of(row.day)
    return found


@functools.cache
def _newest(names: tuple[str, ...], rank: int, day_counts: bool) -> Select[Any]:
    """The newest rows of these sources before a place of that `rank`; `day_counts`: its day began before it.

    Kept, because making the statement takes longer than asking it.
    """
    every = union_all(*(_part(name, rank, day_counts) for name in names)).subquery()
    return select(*every.c, User.name.label("author")).outerjoin(User, User.id == every.c.who)


def _part(name: str, rank: int, day_counts: bool) -> Select[Any]:
    """The newest rows of one source before a place; its window function sees all of the account's rows."""
    source = SOURCES[name]
    when = "at" if isinstance(source.when.type, UTCDateTime) else "day"
    columns = {**EMPTY, **source.columns, when: source.when}
    mine = select(
        literal(name).label("source"), source.ident.label("id"), *(columns[key].label(key) for key in EMPTY)
    ).where(source.account == bindparam("account", type_=BigInteger), source.when.is_not(None))
    if source.where is not None:
        mine = mine.where(source.where())
    rows = mine.subquery().c
    tie = _later_in_tie(rows, rank, RANKS[name])
    before = _before_instant(rows, tie) if when == "at" else _before_day(rows, tie, day_counts)
    newest = select(*rows).where(before).order_by(rows[when].desc(), rows.id.desc()).limit(PAGE_SIZE + 1)
    return select(*newest.subquery().c)


def _before_instant(rows: Any, tie: ColumnElement[bool]) -> ColumnElement[bool]:
    at = bindparam("at", type_=UTCDateTime)
    return or_(rows.at < at, and_(rows.at == at, tie))


def _before_day(rows: Any, tie: ColumnElement[bool], day_counts: bool) -> ColumnElement[bool]:
    """A day stands at its first instant."""
    day = bindparam("day", type_=Date)
    if day_counts:
        condition: ColumnElement[bool] = rows.day <= day
        return condition
    return or_(rows.day < day, and_(rows.day == day, tie))


def _later_in_tie(rows: Any, last: int, rank: int) -> ColumnElement[bool]:
    """Among entries of one instant: sources in their order, then the newer id first."""
    if rank != last:
        return literal(True) if rank > last >= 0 else false()
    condition: ColumnElement[bool] = rows.id < bindparam("ident", type_=BigInteger)
    return condition


def _cursor(row: Any) -> str:
    packed = json.dumps([_instant(row).isoformat(), RANKS[row.source], row.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _parse(after: str) -> Place:
    try:
        packed = base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True)
        at, rank, ident = json.loads(packed)
        place = Place(datetime.fromisoformat(at), rank, ident)
        known = all(type(number) is int for number in (rank, ident)) and 0 <= rank < len(RANKS) and 0 <= ident < 2**63
        if place.at.tzinfo is None or not known or not 1970 <= place.at.year <= 9000:
            raise ValueError("not a place in a history")
    except (ValueError, TypeError, RecursionError, OverflowError, binascii.Error) as error:
        raise BadPlace(str(error)) from error
    return place
