"""Rows of any table as plain JSON and back, with their types: what the trash keeps."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Column, Date, Table, Time, UniqueConstraint, null

from haark.extensions import UTCDateTime

Row = dict[str, Any]


def plain(table: Table, row: Row) -> Row:
    """A row in JSON values: days, times and instants as ISO text."""
    return {column.name: _plain(row[column.name]) for column in table.columns}


def read(table: Table, row: Row) -> Row:
    """A row as it was before `plain`. Columns that came since are left out, those that went are forgotten."""
    return {column.name: _read(column, row[column.name]) for column in table.columns if column.name in row}


def writable(table: Table, row: Row) -> Row:
    """A row for an insert: where JSON is missing it is NULL, not the word null."""
    return {
        name: null() if value is None and isinstance(table.c[name].type, JSON) else value for name, value in row.items()
    }


def plain_key(table: Table, key: Sequence[Any]) -> list[Any]:
    """A primary key in JSON values."""
    return [_plain(value) for value in key]


def read_key(table: Table, key: Sequence[Any]) -> list[Any]:
    """A primary key as it was before `plain_key`."""
    return [_read(column, value) for column, value in zip(table.primary_key, key, strict=True)]


def alone(table: Table) -> Iterator[list[Column[Any]]]:
    """The sets of columns whose values only one row may have, the primary key first; not those of partial indexes."""
    yield list(table.primary_key)
    for constraint in sorted(table.constraints, key=lambda one: str(one.name)):
        if isinstance(constraint, UniqueConstraint):
            yield list(constraint.columns)
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        if index.unique and index.dialect_options["sqlite"]["where"] is None:
            yield list(index.columns)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value


def _read(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Time):
        return time.fromisoformat(value)
    return value
