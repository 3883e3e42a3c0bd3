"""What an import changes, kept while it lands so that it can be undone: the undo file, a SQLite file of its own.

Changed and removed rows are written into it by a connection of its own, and are safe before the import becomes true.
The values that usage had are read into it before each part is written, while nobody is locked out. On SQLite what was
created is worked out afterwards from the scratch file (`seal`); on PostgreSQL all of it happens in the one transaction,
in temporary tables that are copied into the file at its end. A file that no import came to name is worth nothing.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text, update

from haark.extensions import db
from haark.files import domain as files
from haark.intake.models import ImportRun
from haark.intake.target import Target
from haark.measures.models import MEASURES

MEDIA_TYPE = "application/vnd.sqlite3"
TRIES = 3
LATER = 1_000  # the number of the first part of usage that lands after the transaction
BLOCK = 1 << 20  # bytes of PostgreSQL's text kept in one row
_BEFORE = tuple(f"b_{name}" for name in MEASURES)
_AFTER = tuple(f"a_{name}" for name in MEASURES)
_SUMS = tuple(f"l_{name}" for name in MEASURES)
_DAY, _FEATURE = ("account_id", "day"), ("account_id", "day", "feature_id")
ENTRY = ("account_id", "day", "feature_id", *MEASURES)
# Usage before and after, by part: its days (u_), rows with ids (u_entry), and the days that those are summed into (l_),
# with what the rows of each day came to before.
USAGE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "u_day": (("part", *_DAY), ("existed", *_BEFORE, *_AFTER)),
    "u_feature": (("part", *_FEATURE), ("existed", *_BEFORE, *_AFTER)),
    "u_entry": (
        ("part", "source", "entry"),
        ("existed", *(f"b_{name}" for name in ENTRY), *(f"a_{name}" for name in ENTRY)),
    ),
    "l_day": (("part", *_DAY), ("existed", *_BEFORE, "l_rows", *_SUMS)),
    "l_feature": (("part", *_FEATURE), ("existed", *_BEFORE, "l_rows", *_SUMS)),
}
_SIDE = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value);"
    "CREATE TABLE changed (seq INTEGER PRIMARY KEY, tbl TEXT, id INTEGER, account_id INTEGER, fields TEXT);"
    "CREATE TABLE removed (seq INTEGER PRIMARY KEY, tbl TEXT, id INTEGER, account_id INTEGER, row TEXT);"
    "CREATE TABLE created (tbl TEXT, id INTEGER, account_id INTEGER, row TEXT, PRIMARY KEY (tbl, id)) WITHOUT ROWID;"
    "CREATE TABLE ref (ref INTEGER PRIMARY KEY, id INTEGER);"
    "CREATE TABLE feature_ref (ref INTEGER PRIMARY KEY, id INTEGER);"
    "CREATE TABLE pending (seq INTEGER PRIMARY KEY, turn INTEGER, statement TEXT);"
    "CREATE TABLE copied (tbl TEXT, seq INTEGER PRIMARY KEY, data BLOB);"
)


def typed(name: str) -> str:
    """The type of a column of the usage tables, on both databases."""
    return {"day": "date", "source": "text", "entry": "text"}.get(name.removeprefix("b_").removeprefix("a_"), "bigint")


def usage_columns(table: str) -> tuple[str, ...]:
    key, others = USAGE[table]
    return (*key, *others)


class Recorder:
    """The undo file of one import while it lands."""

    def __init__(self, path: Path, target: Target) -> None:
        path.unlink(missing_ok=True)
        self.path, self.target = path, target
        self.own = sqlite3.connect(path, isolation_level=None)
        self.own.executescript("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;" + _SIDE)
        for table in USAGE:
            self.own.execute(f"CREATE TABLE {table} ({_definition(table)}) WITHOUT ROWID")
            if not target.sqlite:
                target.run(f"CREATE TEMPORARY TABLE {table} ({_definition(table)}) ON COMMIT DROP")
        self.own.execute("BEGIN")
        self.owner_id: int | None = None  # whose new accounts without an owner become, on SQLite
        self.fresh: dict[str, list[int]] = {}  # on PostgreSQL: the ids of what was created, by table

    def close(self) -> None:
        self.own.close()

    def settle(self) -> None:
        """Before the import becomes true: what is known so far is safe on the disk."""
        if not self.target.sqlite:
            self._gather()
        self.own.execute("COMMIT")
        _sync(self.path)

    def before_usage(self, record: Callable[[str], None]) -> None:
        """On SQLite, before anything is written: `record` keeps the usage of the part that lands at once."""
        self.own.execute("COMMIT")
        unchanged_since(self.target, record, self.path)
        self.own.execute("BEGIN")

    def changed(self, table: str, changes: Iterable[tuple[int, int | None, dict[str, Any]]]) -> None:
        """(id, account, {field: [before, after]}) of rows that are about to change."""
        self.own.executemany(
            "INSERT INTO changed (tbl, id, account_id, fields) VALUES (?, ?, ?, ?)",
            ((table, ident, account, json.dumps(fields)) for ident, account, fields in changes if fields),
        )

    def removed(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """Rows that were just taken away."""
        self.own.executemany(
            "INSERT INTO removed (tbl, id, account_id, row) VALUES (?, ?, ?, ?)",
            ((table, row["id"], row.get("account_id"), json.dumps(row, default=str)) for row in rows),
        )

    def added(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """A few rows that were just written besides those of a stage."""
        self.own.executemany(
            "INSERT OR REPLACE INTO created VALUES (?, ?, ?, ?)",
            ((table, row["id"], row.get("account_id"), json.dumps(row, default=str)) for row in rows),
        )

    def created(self, table: str, ids: Sequence[int]) -> None:
        """On PostgreSQL: rows that were just written, by their ids."""
        self.fresh.setdefault(table, []).extend(ids)

    def features(self, refs: Iterable[tuple[int, int]]) -> None:
        self.own.executemany("INSERT OR REPLACE INTO feature_ref VALUES (?, ?)", refs)

    def later(self, turn: int, statement: str) -> None:
        """On SQLite: a statement for `seal`, from the scratch file (`staged`) into this one."""
        self.own.execute("INSERT INTO pending (turn, statement) VALUES (?, ?)", (turn, statement))

    def _gather(self) -> None:
        for table, ids in self.fresh.items():
            account = "id" if table == "account" else "account_id" if _has_account(table) else "NULL"
            for start in range(0, len(ids), 5_000):
                found = self.target.rows(
                    f"SELECT '{table}', id, {account}, CAST(to_jsonb(t) AS text) FROM {table} t WHERE id = ANY(:ids)",
                    ids=ids[start : start + 5_000],
                )
                self.own.executemany("INSERT OR REPLACE INTO created VALUES (?, ?, ?, ?)", found)
        cursor: Any = self.target.connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        for table in USAGE:
            for block in _blocks(cursor, f"COPY pg_temp.{table} ({', '.join(usage_columns(table))}) TO STDOUT"):
                self.own.execute("INSERT INTO copied (tbl, data) VALUES (?, ?)", (table, block))


def _blocks(cursor: Any, statement: str) -> Iterator[bytes]:
    with cursor.copy(statement) as copy:
        held = bytearray()
        for data in copy:
            held += data
            if len(held) >= BLOCK:
                yield bytes(held)
                held.clear()
        if held:
            yield bytes(held)


def _has_account(table: str) -> bool:
    return "account_id" in db.metadata.tables[table].columns


@contextmanager
def beside(target: Target, path: Path) -> Iterator[None]:
    """The undo file in reach of a SQLite connection as `undo`; outside of its transactions."""
    driver: Any = target.connection.connection.driver_connection
    driver.execute("ATTACH DATABASE ? AS undo", (str(path),))
    try:
        driver.execute("PRAGMA undo.synchronous=OFF")
        yield
    finally:
        if target.connection.in_transaction():
            target.connection.rollback()
        driver.execute("DETACH DATABASE undo")


def unchanged_since(target: Target, record: Callable[[str], None], path: Path) -> None:
    """Records what is there, then takes SQLite's write lock: what was recorded is still true under it.

    `record` (told where its tables are) reads without the lock; when somebody wrote meanwhile it is done again, the
    last time under the lock.
    """
    driver: Any = target.connection.connection.driver_connection
    for _attempt in range(TRIES):
        _mode(target, readonly=True)
        seen = driver.execute("PRAGMA data_version").fetchone()
        with beside(target, path):
            record("undo")
            target.connection.commit()
        _sync(path)
        _mode(target, readonly=False)
        target.run("SELECT 1")  # begins
        if driver.execute("PRAGMA data_version").fetchone() == seen:
            return
        target.connection.rollback()
    target.run("SELECT 1")
    for table in USAGE:
        target.run(f"CREATE TEMPORARY TABLE {table} ({_definition(table)}) WITHOUT ROWID")
    record("temp")
    own = sqlite3.connect(path)
    with own:
        for table in USAGE:
            marks = ", ".join("?" * len(usage_columns(table)))
            own.executemany(
                f"INSERT OR REPLACE INTO {table} VALUES ({marks})", driver.execute(f"SELECT * FROM temp.{table}")
            )
            target.run(f"DROP TABLE temp.{table}")
    own.close()
    _sync(path)


def _definition(table: str) -> str:
    columns = ", ".join(f"{name} {typed(name)}" for name in usage_columns(table))
    return f"{columns}, PRIMARY KEY ({', '.join(USAGE[table][0])})"


def _mode(target: Target, readonly: bool) -> None:
    if target.connection.in_transaction():
        target.connection.commit()
    target.connection.execution_options(readonly=readonly)


def _sync(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def seal(path: Path, scratch: Path) -> None:
    """After the import became true on SQLite: what it created, worked out from the scratch file. Once, or again."""
    own = sqlite3.connect(path, isolation_level=None)
    try:
        pending = own.execute("SELECT statement FROM pending ORDER BY turn, seq").fetchall()
        own.execute("ATTACH DATABASE ? AS staged", (str(scratch),))
        own.execute("BEGIN")
        for (statement,) in pending:
            own.execute(statement)
        for table in ("u_day", "u_feature", "l_day", "l_feature"):
            _resolve(own, table, "account_id", "ref")
        for table in ("u_feature", "l_feature"):
            _resolve(own, table, "feature_id", "feature_ref")
        for name in ("b_", "a_"):
            _resolve(own, "u_entry", f"{name}account_id", "ref")
            _resolve(own, "u_entry", f"{name}feature_id", "feature_ref")
        own.execute("DELETE FROM pending")
        own.execute("COMMIT")
    finally:
        own.close()


def _resolve(own: sqlite3.Connection, table: str, column: str, refs: str) -> None:
    own.execute(
        f"UPDATE {table} SET {column} = (SELECT r.id FROM {refs} r WHERE r.ref = {table}.{column}) WHERE {column} < 0"
    )


def hand_over(path: Path, run_id: int, at: datetime, step: Callable[[], None]) -> None:
    """Gives the undo file to its run; `step` commits. Doing it again changes nothing."""
    if not path.is_file():
        return
    stored = files.keep_file(path, f"import-{run_id}.undo", MEDIA_TYPE, at=at)
    given = update(ImportRun).where(ImportRun.id == run_id).values(undo_file_id=stored.id)
    db.session.execute(given, execution_options={"synchronize_session": False})
    step()
    path.unlink(missing_ok=True)


def load(target: Target, own: sqlite3.Connection) -> None:
    """On PostgreSQL: the usage tables of an undo file as temporary tables of this transaction."""
    cursor: Any = target.connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
    for table in USAGE:
        target.run(f"CREATE TEMPORARY TABLE {table} ({_definition(table)}) ON COMMIT DROP")
        with cursor.copy(f"COPY pg_temp.{table} ({', '.join(usage_columns(table))}) FROM STDIN") as copy:
            for (block,) in own.execute("SELECT data FROM copied WHERE tbl = ? ORDER BY seq", (table,)):
                copy.write(block)
        target.connection.execute(text(f"ANALYZE pg_temp.{table}"))
