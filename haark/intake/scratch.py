"""The scratch file of one import: parsed rows wait in a SQLite file of their own until they are applied together.

Nothing of an import touches the product's database before all of its files were read and judged, and the memory used
does not grow with the files. A scratch file left behind by a killed process is worth nothing unless a job names it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from haark.intake.kinds import KINDS, Kind
from haark.intake.wording import N_, Sentence, sentence_of

BATCH = 5_000
VALUES = 5_000  # in one statement; SQLite takes 32 766
ROW_BITS = 40
ROW_MASK = (1 << ROW_BITS) - 1
# Where the number of a staged row tells apart the rows that one row of a file stands for: above 1 024 files.
COPY_BITS = ROW_BITS + 10


@dataclass
class Stage:
    """One staging table. `columns` are the database columns it fills, in order; `with_ids`: usage rows with own ids."""

    name: str
    kind: Kind
    columns: tuple[str, ...]
    source: str
    with_ids: bool = False
    levels: bool = False
    rows: int = 0
    extra: tuple[str, ...] = field(default=())

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns that are filled when a row is staged."""
        return ("no", *self.columns, *self.extra)

    @classmethod
    def of_usage(cls, name: str, columns: list[str], source: str, with_ids: bool) -> "Stage":
        """A stage of usage as a job's arguments describe it."""
        return cls(name, KINDS["usage"], tuple(columns), source, with_ids)


def number_of(file: int, row: int) -> int:
    """Where a staged row comes from, as one number that also keeps the order."""
    return (file << ROW_BITS) + row


class Scratch:
    @classmethod
    def reopen(cls, path: Path) -> "Scratch":
        """A scratch file that an earlier process left for a job. Raises FileNotFoundError."""
        if not path.is_file():
            raise FileNotFoundError(path)
        scratch = cls.__new__(cls)
        scratch.path, scratch.stages = path, []
        scratch.connection = sqlite3.connect(path, isolation_level=None)
        return scratch

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        # Worthless after a crash, until `settle` made it durable: no journal, no waiting for the disk.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-16384", "temp_store=FILE"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(
            "CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT, headers TEXT);"
            "CREATE TABLE refused (kind TEXT, file INTEGER, row INTEGER, reason TEXT, cells TEXT);"
            "CREATE TABLE refs (ref INTEGER PRIMARY KEY, id INTEGER);"
            "CREATE TABLE new_feature (ref INTEGER PRIMARY KEY, key TEXT UNIQUE, id INTEGER);"
            "CREATE TABLE new_user (ref INTEGER PRIMARY KEY, data TEXT, id INTEGER);"
            "CREATE TABLE new_field (ref INTEGER PRIMARY KEY, data TEXT);"
            "CREATE TABLE delta (source TEXT, ref INTEGER, day TEXT, cents INTEGER, who TEXT);"
            "CREATE TABLE spoken (ref INTEGER PRIMARY KEY);"
            "BEGIN;"
        )
        self.stages: list[Stage] = []
        self.refusals: dict[str, int] = {}
        self.twice: dict[str, int] = {}

    def close(self, remove: bool) -> None:
        self.connection.close()
        if remove:
            self.path.unlink(missing_ok=True)

    def commit(self) -> None:
        """Makes what was written visible to the connection that will apply it."""
        self.connection.execute("COMMIT")

    def add_file(self, name: str, headers: Sequence[str]) -> int:
        cursor = self.connection.execute("INSERT INTO file (name, headers) VALUES (?, ?)", (name, json.dumps(headers)))
        return int(cursor.lastrowid or 0)

    def stage(self, kind: Kind, columns: tuple[str, ...], source: str, extra: tuple[str, ...], levels: bool) -> Stage:
        """The stage for rows of one kind with these columns; made when there is none yet."""
        with_ids = kind.known_by == "usage" and "external_id" in columns
        for stage in self.stages:
            if (stage.kind, stage.columns, stage.levels, stage.source) == (kind, columns, levels, source):
                return stage
        stage = Stage(f"s{len(self.stages)}", kind, columns, source, with_ids, levels, extra=extra)
        self.connection.execute(_create(stage))
        for index, key in enumerate(_keys(stage)):
            if kind.known_by != "usage":
                self.connection.execute(f"CREATE UNIQUE INDEX {stage.name}_k{index} ON {stage.name} ({', '.join(key)})")
        self.stages.append(stage)
        return stage

    def add(self, stage: Stage, rows: Sequence[tuple[Any, ...]], cells: Sequence[Sequence[Any]]) -> None:
        """Adds parsed rows, each beginning with its number; `cells` are what they were made of.

        Of rows with one identity the first stays: an equal one is counted, another refused.
        """
        added, width = 0, len(stage.all_columns)
        most = VALUES // width
        marks = f"({', '.join('?' * width)})"
        into = f"INSERT OR IGNORE INTO {stage.name} ({', '.join(stage.all_columns)}) VALUES "
        for start in range(0, len(rows), most):  # many rows a statement: a third faster than one
            part = rows[start : start + most]
            values = list(chain.from_iterable(part))
            added += self.connection.execute(into + ", ".join([marks] * len(part)), values).rowcount
        stage.rows += len(rows)
        if added != len(rows):
            for at, row in enumerate(rows):
                self._judge_twice(stage, row, cells[at] if cells else ())

    def refuse(self, kind: str, file: int, row: int, reason: Sentence, cells: Sequence[Any]) -> None:
        self.refusals[kind] = self.refusals.get(kind, 0) + 1
        shown = json.dumps([cell if isinstance(cell, str) else str(cell) for cell in cells])
        told = json.dumps(reason.as_data())
        self.connection.execute("INSERT INTO refused VALUES (?, ?, ?, ?, ?)", (kind, file, row, told, shown))

    def refused(self, file: int | None = None) -> Iterator[tuple[str, list[str], int, Sentence, list[str]]]:
        """(file, its headers, row, reason, cells) of every refused row, in the order of the files; of one `file`."""
        found = self.connection.execute(
            "SELECT f.name, f.headers, r.row, r.reason, r.cells FROM refused r JOIN file f ON f.id = r.file"
            " WHERE ? IS NULL OR r.file = ? ORDER BY r.file, r.row",
            (file, file),
        )
        for name, headers, row, reason, cells in found:
            yield name, json.loads(headers), row, sentence_of(json.loads(reason)), json.loads(cells)

    def _judge_twice(self, stage: Stage, row: tuple[Any, ...], cells: Sequence[Any]) -> None:
        given = dict(zip(stage.all_columns, row, strict=True))
        for key in _keys(stage):
            wanted = [given[name] for name in key]
            if any(value is None for value in wanted):
                continue
            kept = self.connection.execute(
                f"SELECT {', '.join('s.' + name for name in stage.all_columns)}, f.name"
                f" FROM {stage.name} s JOIN file f ON f.id = s.no >> {ROW_BITS} WHERE "
                + " AND ".join(f"s.{name} = ?" for name in key),
                wanted,
            ).fetchone()
            if kept is None or kept[0] == row[0]:
                continue
            if tuple(kept[1:-1]) == tuple(map(_plain, row[1:])):
                self.twice[stage.kind.name] = self.twice.get(stage.kind.name, 0) + 1
            else:
                reason = _twice(stage, key, given, kept[-1], kept[0] & ROW_MASK)
                self.refuse(stage.kind.name, row[0] >> ROW_BITS, row[0] & ROW_MASK, reason, cells)
            return


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _twice(stage: Stage, key: Sequence[str], given: dict[str, Any], file: str, row: int) -> Sentence:
    shown = given.get("external_id") or given.get("key") or str(given.get("identity", "")).partition(":")[2]
    if shown and key[0] in ("external_id", "key", "identity"):
        return Sentence(
            N_("l’identifiant « %(id)s » existe déjà à la ligne %(row)s de « %(file)s », avec un autre contenu"),
            id=shown,
            row=row,
            file=file,
        )
    return Sentence(
        N_("la même ligne existe déjà à la ligne %(row)s de « %(file)s », avec un autre contenu"), row=row, file=file
    )


def _keys(stage: Stage) -> Iterable[tuple[str, ...]]:
    """What identifies a row of the stage; a key with a NULL in it identifies nothing."""
    known_by = stage.kind.known_by
    if known_by == "usage":
        yield ("external_id",) if stage.with_ids else ("account_id", "day", "feature_id")
    elif known_by == "identity":
        yield ("identity",)
    elif known_by == "key":
        yield ("key",)
    else:
        if "external_id" in stage.columns:
            yield ("external_id",)
        if known_by == "account":
            yield ("likeness",)
        elif known_by != "deal":  # deals without an id of their own are given one
            yield ("account_id", "likeness")


def _create(stage: Stage) -> str:
    columns = ", ".join((*stage.columns, *stage.extra))
    if stage.kind.known_by == "usage":
        key = ", ".join(next(iter(_keys(stage))))
        body = f"no INTEGER, {columns}, PRIMARY KEY ({key})"
        return f"CREATE TABLE {stage.name} ({body}) WITHOUT ROWID"
    # `target`: the id of the row it is about, when there is one; `state`: n(ew), c(hanged), u(nchanged); `place`: that
    # of a new account among the new ones.
    return f"CREATE TABLE {stage.name} (no INTEGER PRIMARY KEY, {columns}, target, state, place)"
