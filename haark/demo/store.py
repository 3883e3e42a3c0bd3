"""Appending many rows to a table: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Iterable, Sequence
from typing import Any

from haark.extensions import db


def append(model: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Adds rows (values in the order of `columns`) in the running transaction; other columns get their defaults."""
    table = model.__table__
    defaults = {
        column.name: column.default.arg
        for column in table.c
        if column.name not in columns and column.default is not None and column.default.is_scalar
    }
    defaults |= {
        column.name: column.default.arg(None)
        for column in table.c
        if column.name not in columns and column.default is not None and column.default.is_callable
    }
    names = [*columns, *defaults]
    chosen = [table.c[name] for name in names]
    connection = db.session.connection()
    dialect = connection.dialect
    binders = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in chosen]
    fixed = tuple(defaults.values())
    converted = (_bound(binders, (*row, *fixed)) for row in rows)
    if dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in converted:
                copy.write_row(row)
        if "id" in columns:
            # Ids that were given must not be given again.
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
            )
        return
    slots = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({slots})"  # noqa: S608 - names of our own tables
    connection.connection.cursor().executemany(statement, converted)  # type: ignore[arg-type]


def _bound(binders: Sequence[Any], row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value if bind is None else bind(value) for bind, value in zip(binders, row, strict=True))
