"""The parts of undoing an import, in the order that takes back what came last first; see undoing.py.

Each part is a transaction on SQLite (all of them are one on PostgreSQL), and `ImportRun.kept` says in the same
transaction how many parts are done: [["", parts, "", ""], …].
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from haark.extensions import db
from haark.intake import leaving, recording, rewriting, unusing
from haark.intake.models import ImportRun
from haark.intake.target import Target

CHUNK = 1_000  # rows of one part
ACCOUNTS = 200  # accounts of one part: their scores and cards go with them
NAMED = 500  # rows named at most; the others are counted
Kept = list[list[Any]]
Part = Callable[[Target], Kept]
_RUN = ImportRun.__table__


class Restorer:
    """One undoing, from a copy of the undo file that it may write into."""

    def __init__(self, run_id: int, path: Path) -> None:
        self.run_id, self.path = run_id, path
        self.own = sqlite3.connect(path, isolation_level=None)
        self.own.executescript(
            "CREATE TABLE IF NOT EXISTS stay (tbl TEXT, id INTEGER, account_id INTEGER, field TEXT,"
            " PRIMARY KEY (tbl, id)) WITHOUT ROWID;"
            "CREATE TABLE IF NOT EXISTS fresh (account_id INTEGER PRIMARY KEY);"
            "CREATE TABLE IF NOT EXISTS staying (account_id INTEGER PRIMARY KEY);"
            "CREATE INDEX IF NOT EXISTS changed_row ON changed (tbl, id);"
            "INSERT OR IGNORE INTO fresh SELECT id FROM created WHERE tbl = 'account';"
        )
        self.undo = leaving.Undo(self.own)

    def close(self) -> None:
        self.own.close()

    def touched(self) -> list[int]:
        """The accounts that were there before the import and whose facts it moved."""
        found = self.own.execute(
            "SELECT account_id FROM changed UNION SELECT account_id FROM created UNION SELECT account_id FROM removed"
        )
        return [row[0] for row in found if row[0] is not None]

    def run(self) -> Kept:
        """All parts that are not done yet. Returns what was left alone, as far as it is named."""
        with self._reach() as target:
            self._decide(target)
            if not target.sqlite:
                self._copy_side(target)
            done, kept = self._progress(target)
            if target.sqlite:
                target.connection.commit()
            for number, part in enumerate(self._parts(), start=1):
                if number > done:
                    kept = _bounded([*kept, *part(target)])
                    self._mark(target, number, kept)
                    if target.sqlite:
                        target.connection.commit()
            return kept

    @contextmanager
    def _reach(self) -> Iterator[Target]:
        with db.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                target = Target(connection, sqlite=True)
                with recording.beside(target, self.path):
                    yield target
            else:
                with connection.begin():
                    target = Target(connection, sqlite=False)
                    target.run("SET LOCAL timezone = 'UTC'")
                    recording.load(target, self.own)
                    yield target

    def _decide(self, target: Target) -> None:
        """What stays: found once, before anything moves."""
        if self.own.execute("SELECT 1 FROM meta WHERE key = 'decided'").fetchone():
            return
        if self.undo.has_accounts and target.sqlite:
            for table in ("u_day", "u_feature", "l_day", "l_feature"):
                self.own.execute(f"CREATE INDEX IF NOT EXISTS {table}_account ON {table} (account_id, day)")
        if target.sqlite:
            target.connection.execution_options(readonly=True)
        else:
            self._copy_side(target)
        stay = self.undo.staying(target, CHUNK)
        if target.sqlite:
            target.connection.commit()
            target.connection.execution_options(readonly=False)
        self.own.execute("BEGIN")
        self.own.executemany("INSERT OR REPLACE INTO stay VALUES (?, ?, ?, ?)", stay)
        self.own.execute("INSERT OR IGNORE INTO staying SELECT id FROM stay WHERE tbl = 'account'")
        self.own.execute("INSERT INTO meta VALUES ('decided', 1)")
        self.own.execute("COMMIT")

    def _copy_side(self, target: Target) -> None:
        for table in ("fresh", "staying"):
            target.run(f"DROP TABLE IF EXISTS pg_temp.{table}")
            target.run(f"CREATE TEMPORARY TABLE {table} (account_id bigint PRIMARY KEY) ON COMMIT DROP")
            ids = [row[0] for row in self.own.execute(f"SELECT account_id FROM {table}")]
            target.run(f"INSERT INTO pg_temp.{table} SELECT unnest(CAST(:ids AS bigint[]))", ids=ids)

    def _progress(self, target: Target) -> tuple[int, Kept]:
        kept: Kept = target.connection.execute(select(_RUN.c.kept).where(_RUN.c.id == self.run_id)).scalar_one() or []
        if kept and kept[0][0] == "" and kept[0][2] == "part":
            return int(kept[0][1]), kept[1:]
        return 0, []

    def _mark(self, target: Target, number: int, kept: Kept) -> None:
        marked = [["", number, "part", ""], *kept]
        target.connection.execute(update(_RUN).where(_RUN.c.id == self.run_id).values(kept=marked))

    def _parts(self) -> Iterator[Part]:
        """In the reverse order of the import; the same parts each time."""
        yield self.undo.named_staying
        parts: set[int] = set()
        for table in recording.USAGE:
            parts |= {row[0] for row in self.own.execute(f"SELECT DISTINCT part FROM {table}")}
            parts |= set(self._copied_parts(table))
        for number in sorted(parts, reverse=True):
            yield partial(unusing.take_back, number=number)
        for table in self.undo.created_tables():
            for ids in self._pages("created", table, CHUNK):
                yield partial(self.undo.remove, table=table, ids=ids)
        for table in [row[0] for row in self.own.execute("SELECT DISTINCT tbl FROM changed ORDER BY tbl DESC")]:
            for ids in self._pages("changed", table, CHUNK):
                yield partial(rewriting.set_back, own=self.own, table=table, ids=ids)
        yield partial(rewriting.put_back, own=self.own)
        for ids in self._pages("created", "account", ACCOUNTS):
            yield partial(self.undo.remove, table="account", ids=ids)
        for ids in self._pages("created", "feature", 20):
            yield partial(self.undo.remove, table="feature", ids=ids)

    def _copied_parts(self, table: str) -> Iterator[int]:
        """The parts of usage in PostgreSQL's text: the first field of each line."""
        rest = b""
        for (block,) in self.own.execute("SELECT data FROM copied WHERE tbl = ? ORDER BY seq", (table,)):
            lines = (rest + block).split(b"\n")
            rest = lines.pop()
            yield from {int(line.split(b"\t", 1)[0]) for line in lines}

    def _pages(self, source: str, table: str, size: int) -> Iterator[list[int]]:
        last = -1
        while True:
            found = self.own.execute(
                f"SELECT DISTINCT id FROM {source} WHERE tbl = ? AND id > ? ORDER BY id LIMIT ?", (table, last, size)
            ).fetchall()
            if not found:
                return
            yield [row[0] for row in found]
            last = found[-1][0]


def _bounded(kept: Sequence[list[Any]]) -> Kept:
    """The first rows that are named, and how many more there are."""
    more = sum(row[1] for row in kept if row[0] == "")
    named = [row for row in kept if row[0] != ""]
    more += max(0, len(named) - NAMED)
    return [*named[:NAMED], *([["", more, "more", ""]] if more else [])]
