"""Bringing the staged rows within reach of the product's database, whichever it is.

On SQLite the scratch file is attached beside it; on PostgreSQL the rows are copied into temporary tables of the same
names. From there the same statements apply them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from haark.extensions import db
from haark.intake.kinds import KINDS
from haark.intake.scratch import Scratch, Stage

COPY_ROWS = 10_000
# Columns of our own; all others have the type of the column they fill.
OWN_TYPES = {"no": "bigint", "target": "bigint", "state": "text", "ref": "bigint",
             "likeness": "text", "identity": "text", "tags": "text", "name_folded": "text",
             "external_id": "text"}  # fmt: skip
# Of custom fields, which are rows of a table of their own.
EXTRA_TYPES = {"text": "text", "option": "text", "number": "double precision", "date": "date"}
SIDE_TABLES = {
    "refs": ("ref bigint PRIMARY KEY", "id bigint"),
    "spoken": ("ref bigint PRIMARY KEY",),
    "new_feature": ("ref bigint PRIMARY KEY", "key text", "id bigint"),
    "new_user": ("ref bigint PRIMARY KEY", "data text", "id bigint"),
    "new_field": ("ref bigint PRIMARY KEY", "data text"),
}


@dataclass
class Target:
    """One connection to the product's database, from which `name(stage)` is in reach."""

    connection: Connection
    sqlite: bool

    def name(self, table: str) -> str:
        return f"{'staged' if self.sqlite else 'pg_temp'}.{table}"

    def run(self, statement: str, **values: Any) -> int:
        """Runs a statement; returns the number of rows it touched."""
        return int(self.connection.execute(text(statement), values).rowcount)

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.execute(text(statement), values)]


@contextmanager
def reach(scratch: Scratch) -> Iterator[Target]:
    """A target outside of any transaction on SQLite, and inside the only one on PostgreSQL (commit it)."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            with _attached(connection, scratch):
                yield Target(connection, sqlite=True)
        else:
            with connection.begin() as transaction:
                _copy(connection, scratch)
                yield Target(connection, sqlite=False)
                if transaction.is_active:
                    transaction.rollback()


@contextmanager
def _attached(connection: Connection, scratch: Scratch) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    driver.execute("ATTACH DATABASE ? AS staged", (str(scratch.path),))
    try:
        driver.execute("PRAGMA staged.journal_mode=MEMORY")
        driver.execute("PRAGMA staged.synchronous=OFF")
        yield
    finally:
        if connection.in_transaction():
            connection.rollback()
        driver.execute("DETACH DATABASE staged")


def _copy(connection: Connection, scratch: Scratch) -> None:
    connection.execute(text("SET LOCAL timezone = 'UTC'"))
    cursor: Any = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
    for stage in scratch.stages:
        columns = stage.all_columns if stage.kind.known_by == "usage" else (*stage.all_columns, "target", "state")
        typed = [f"{name} {column_type(connection, stage, name)}" for name in columns]
        connection.execute(text(f"CREATE TEMPORARY TABLE {stage.name} ({', '.join(typed)}) ON COMMIT DROP"))
        _fill(cursor, scratch, stage.name, stage.all_columns)
        if stage.kind.known_by != "usage":
            connection.execute(text(f"CREATE INDEX ON pg_temp.{stage.name} (target)"))
        connection.execute(text(f"ANALYZE pg_temp.{stage.name}"))
    for name, side in SIDE_TABLES.items():
        connection.execute(text(f"CREATE TEMPORARY TABLE {name} ({', '.join(side)}) ON COMMIT DROP"))
        _fill(cursor, scratch, name, tuple(column.split()[0] for column in side))


def _fill(cursor: Any, scratch: Scratch, table: str, columns: tuple[str, ...]) -> None:
    named = ", ".join(columns)
    with cursor.copy(f"COPY pg_temp.{table} ({named}) FROM STDIN") as copy:
        found = scratch.connection.execute(f"SELECT {named} FROM {table}")
        while rows := found.fetchmany(COPY_ROWS):
            copy.write("".join(map(_line, rows)))


def _line(row: tuple[Any, ...]) -> str:
    """One row in COPY's text format; building it here is three times as fast as the driver's row by row."""
    return "\t".join([_field(value) for value in row]) + "\n"


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
            value = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
        return value
    return str(value)


def column_type(connection: Connection, stage: Stage, name: str) -> str:
    """The PostgreSQL type of a stage's column."""
    if name in OWN_TYPES:
        return OWN_TYPES[name]
    kept = stage.kind.column(name)
    if kept and name not in db.metadata.tables[KINDS[stage.kind.name].table].c:
        return EXTRA_TYPES[kept.type]
    column = db.metadata.tables[KINDS[stage.kind.name].table].c[name]
    return str(column.type.compile(dialect=connection.dialect))
