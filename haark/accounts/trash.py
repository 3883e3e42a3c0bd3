"""The trash (AC-8): what somebody deleted, whole, for thirty days.

`put_away` works for any row, from the foreign keys alone: it keeps the row, every row that goes with it (ON DELETE
CASCADE) and the references that are emptied (SET NULL), then deletes. `restore` puts all of it back with the same ids.
A number that another row took meanwhile (SQLite gives the last one again) is replaced, and what points to it follows.

Whoever calls `put_away` records the event; accounts themselves are deleted by haark.accounts.removal.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, delete, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.sqltypes import Integer

from haark import clock
from haark.accounts import dependants, keeping
from haark.accounts.models import Trashed
from haark.events.domain import record
from haark.extensions import db
from haark.files import domain as files
from haark.files import store
from haark.jobs import domain as jobs
from haark.people.models import User

DAYS = 30  # in the trash
SHOWN = 200  # the newest of them, on a page


class TrashError(ValueError):
    """What was asked cannot be; `kind`: `held` (something that stays needs it), `taken` (its place is taken: another
    row has what only one may have), `missing` (what it belonged to is gone), `gone` (no longer in the trash). `what`
    names the table and the columns."""

    def __init__(self, kind: str, what: str = "") -> None:
        super().__init__(f"{kind} {what}".strip())
        self.kind, self.what = kind, what


def put_away(row: Any, kind: str, name: str, *, by: int | None, at: datetime) -> Trashed:
    """Deletes an object of the session and all that goes with it, and keeps it for thirty days.

    `kind` and `name` are for those who read the trash. Raises TrashError("held").
    """
    db.session.flush()
    table: Table = inspect(row).mapper.local_table
    key = [getattr(row, column.key) for column in table.primary_key]
    root = dependants.rows_of(table, list(table.primary_key), [tuple(key)])
    found = dependants.with_dependants(table, root)
    try:
        links = list(dependants.emptied(found))
    except dependants.Held as held:
        raise TrashError("held", str(held)) from held
    account_id = key[0] if table.name == "account" else getattr(row, "account_id", None)
    subject_id = key[0] if isinstance(key[0], int) else 0
    kept = Trashed(kind=kind, subject_id=subject_id, account_id=account_id, name=name, at=at, by_id=by)
    kept.rows = {
        other: [keeping.plain(db.metadata.tables[other], one) for one in rows] for other, rows in found.items()
    }
    kept.links = links
    db.session.add(kept)
    dependants.erase(found)
    db.session.expunge(row)
    db.session.flush()
    db.session.expire_all()  # what went with it, or pointed to it
    return kept


def restore(trashed_id: int, *, by: int | None, at: datetime) -> Trashed:
    """Puts back what `put_away` took, records `KIND.restored` and takes it off the list.

    A reference that was set to something else meanwhile stays as it is. Raises TrashError.
    """
    kept = db.session.get(Trashed, trashed_id, with_for_update=True)
    if kept is None:
        raise TrashError("gone")
    db.session.flush()
    try:
        with db.session.begin_nested():
            moved = _put_back(kept)
    except IntegrityError as error:  # a rule of the database that only holds for some rows
        raise TrashError("taken", str(error.orig)[:120]) from error
    table_name = next(iter(kept.rows), "")
    subject_id = moved.get(table_name, {}).get(kept.subject_id, kept.subject_id)
    subject = (kept.kind, subject_id)
    jobs.ring_for(
        record(f"{kept.kind}.restored", at=at, by=by, account_id=kept.account_id, subject=subject, name=kept.name)
    )
    db.session.delete(kept)
    db.session.flush()
    db.session.expire_all()
    return kept


def _put_back(kept: Trashed) -> dict[str, dict[Any, Any]]:
    """Inserts the rows and points the references; answers with the numbers that had to change, by table."""
    moved: dict[str, dict[Any, Any]] = {}
    for table in dependants.tables():
        _insert(table, [keeping.read(table, one) for one in kept.rows.get(table.name, ())], moved)
    for name, column, pairs in kept.links:
        _point(db.metadata.tables[name], column, pairs, moved)
    return moved


def listed(account_id: int | None = None, *, by: int | None = None, limit: int = SHOWN) -> Sequence[Any]:
    """What lies in the trash, newest first: id, kind, name, account_id, at, by_id, who. Of one account, or of all; with
    `by`, what that person deleted. One statement."""
    columns = (
        Trashed.id,
        Trashed.kind,
        Trashed.subject_id,
        Trashed.name,
        Trashed.account_id,
        Trashed.at,
        Trashed.by_id,
    )
    rows = select(*columns, User.name.label("who")).outerjoin(User, User.id == Trashed.by_id)
    if account_id is not None:
        rows = rows.where(Trashed.account_id == account_id)
    if by is not None:
        rows = rows.where(Trashed.by_id == by)
    return db.session.execute(rows.order_by(Trashed.at.desc(), Trashed.id.desc()).limit(limit)).all()


def ends_on(at: datetime, zone: str = clock.DEFAULT_ZONE) -> date:
    """The last day on which what was deleted at `at` can be restored."""
    return clock.day_of(at, zone) + timedelta(DAYS)


def purge(on: date, step: Callable[[], None]) -> int:
    """Forgets for good what was deleted more than thirty days before, with the bytes of the files that nobody needs any
    more; the number forgotten. `step` after each one: it commits, and the bytes go after it."""
    before = clock.start_of(on - timedelta(DAYS))
    old = select(Trashed.id, Trashed.kind, Trashed.subject_id).where(Trashed.at < before).order_by(Trashed.id)
    number = 0
    for ident, kind, subject_id in db.session.execute(old).all():
        going = _files_of(db.session.scalar(select(Trashed.rows).where(Trashed.id == ident)))
        if kind == "account":
            more, forgotten = _forget_account(subject_id)
            going, number = going | more, number + forgotten
        db.session.execute(delete(Trashed).where(Trashed.id == ident))
        number += 1
        freed = files.forget(sorted(going))
        step()
        for digest in freed:
            store.remove(digest)
    return number


def _forget_account(account_id: int) -> tuple[set[int], int]:
    """Its rows go with it; what lay in the trash of it can return nowhere. The files that went, and how much of the
    trash."""
    account = db.metadata.tables["account"]
    gone = dependants.rows_of(account, [account.c.id], [(account_id,)])
    gone = [row for row in gone if row["deleted_at"] is not None]
    lying = and_(Trashed.account_id == account_id, Trashed.kind != "account")
    going = _files_of(dependants.with_dependants(account, gone))
    for rows in db.session.scalars(select(Trashed.rows).where(lying)):
        going |= _files_of(rows)
    db.session.execute(delete(account).where(account.c.id == account_id, account.c.deleted_at.is_not(None)))
    return going, db.session.execute(delete(Trashed).where(lying)).rowcount  # type: ignore[attr-defined]  # a delete has one


@files.holder
def _lies_here(file_id: int) -> bool:
    """What is in the trash keeps its files: it may come back."""
    return any(file_id in _files_of(rows) for rows in db.session.scalars(select(Trashed.rows)))


def _files_of(found: Mapping[str, Sequence[Mapping[str, Any]]] | None) -> set[int]:
    """The files that these rows, by table, refer to."""
    named = [
        (table.name, column.name) for table, column, target, _rule in dependants.references()
        if target.table.name == "stored_file"
    ]  # fmt: skip
    found = found or {}
    return {row[name] for table, name in named for row in found.get(table, ()) if row.get(name) is not None}


def _insert(table: Table, rows: list[dict[str, Any]], moved: dict[str, dict[Any, Any]]) -> None:
    """Rows of one table, after those that they point to. References to their own table are set once all are there."""
    later: list[tuple[dict[str, Any], str, Any]] = []
    for row in rows:
        for key in table.foreign_keys:
            name, target = key.parent.name, key.column.table
            if row[name] is None:
                continue
            if target is table:
                later.append((row, name, row[name]))
                row[name] = None
                continue
            row[name] = moved.get(target.name, {}).get(row[name], row[name])
            if not _there(key.column, row[name]):
                if not key.parent.nullable or (key.ondelete or "").upper() == "CASCADE":
                    raise TrashError("missing", f"{table.name}.{name}")
                row[name] = None
        _renumber(table, row, moved)
        if holder := _in_the_way(table, row):
            raise TrashError("taken", holder)
        db.session.execute(insert(table).values(keeping.writable(table, row)))
    for row, name, value in later:
        value = moved.get(table.name, {}).get(value, value)
        if _there(next(iter(table.c[name].foreign_keys)).column, value):
            db.session.execute(
                update(table).where(dependants.is_row(table, dependants.key_of(table, row))).values({name: value})
            )


def _renumber(table: Table, row: dict[str, Any], moved: dict[str, dict[Any, Any]]) -> None:
    """A number of its own that is taken: the next free one instead."""
    key = list(table.primary_key)
    if len(key) > 1 or key[0].foreign_keys or not isinstance(key[0].type, Integer):
        return
    column = key[0]
    if _there(column, row[column.name]):
        free = int(db.session.scalar(select(column).order_by(column.desc()).limit(1)) or 0) + 1
        moved.setdefault(table.name, {})[row[column.name]] = free
        row[column.name] = free


def _in_the_way(table: Table, row: dict[str, Any]) -> str:
    """The table and columns in which another row has what only one may have; '' when nothing is in the way."""
    for columns in keeping.alone(table):
        values = [row[column.name] for column in columns]
        if None in values:
            continue
        same = and_(*(column == value for column, value in zip(columns, values, strict=True)))
        if db.session.execute(select(columns[0]).where(same).limit(1)).first() is not None:
            return f"{table.name}.{'+'.join(column.name for column in columns)}"
    return ""


def _there(column: Any, value: Any) -> bool:
    return db.session.execute(select(column).where(column == value).limit(1)).first() is not None


def _point(table: Table, name: str, pairs: list[Any], moved: dict[str, dict[Any, Any]]) -> None:
    """Points rows that stayed to what is back, where they still point to nothing."""
    column = table.c[name]
    target = next(iter(column.foreign_keys)).column
    for key, value in pairs:
        value = moved.get(target.table.name, {}).get(value, value)
        values = {name: value}
        here = dependants.is_row(table, keeping.read_key(table, key))
        db.session.execute(update(table).where(here, column.is_(None)).values(values))
