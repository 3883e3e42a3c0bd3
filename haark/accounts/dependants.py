"""What hangs from a row by foreign keys, whatever its table: what a delete takes along, which references it empties."""

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, select, tuple_

from haark.accounts import keeping
from haark.extensions import db

CHUNK = 500

Found = dict[str, list[dict[str, Any]]]


class Held(Exception):
    """Something that stays needs what was to go; the text names its table and column."""


@functools.cache
def tables() -> tuple[Table, ...]:
    """All tables, each after those that it points to."""
    return tuple(db.metadata.sorted_tables)


@functools.cache
def references() -> tuple[tuple[Table, Any, Any, str], ...]:
    """Every foreign key: the table that has it, its column, the column it points to, what happens on delete."""
    keys = [key for table in tables() for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)]
    return tuple((key.parent.table, key.parent, key.column, (key.ondelete or "").upper()) for key in keys)


def with_dependants(table: Table, root: list[dict[str, Any]]) -> Found:
    """The row and everything that a delete would take, by table."""
    found: Found = {table.name: root}
    seen = {(table.name, key_of(table, row)) for row in root}
    fresh: Found = {table.name: root}
    while fresh:
        following: Found = {}
        for child, column, target, rule in references():
            if rule != "CASCADE" or target.table.name not in fresh:
                continue
            values = [(row[target.name],) for row in fresh[target.table.name]]
            for row in rows_of(child, [column], values):
                mark = (child.name, key_of(child, row))
                if mark not in seen:
                    seen.add(mark)
                    found.setdefault(child.name, []).append(row)
                    following.setdefault(child.name, []).append(row)
        fresh = following
    return found


def emptied(found: Found) -> Iterator[list[Any]]:
    """[table, column, [[key, value], ...]] of the references from rows that stay. Raises Held."""
    going = {(name, key_of(db.metadata.tables[name], row)) for name, rows in found.items() for row in rows}
    for table, column, target, rule in references():
        if rule == "CASCADE" or target.table.name not in found:
            continue
        values = [(row[target.name],) for row in found[target.table.name]]
        staying = [row for row in rows_of(table, [column], values) if (table.name, key_of(table, row)) not in going]
        if staying and rule != "SET NULL":
            raise Held(f"{table.name}.{column.name}")
        if staying:
            pairs = [[keeping.plain_key(table, key_of(table, row)), row[column.name]] for row in staying]
            yield [table.name, column.name, pairs]


def erase(found: Found) -> None:
    """What goes, before what it belongs to: a database that cascades by itself stumbles over rows of this transaction
    that lose one reference while another goes with them (PostgreSQL)."""
    for table in reversed(tables()):
        keys = [key_of(table, row) for row in found.get(table.name, ())]
        for start in range(0, len(keys), CHUNK):
            here = _among(list(table.primary_key), keys[start : start + CHUNK])
            db.session.execute(delete(table).where(here), execution_options={"synchronize_session": False})


def rows_of(table: Table, columns: Sequence[Any], values: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The rows in which these columns have one of these values."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(values), CHUNK):
        wanted = select(table).where(_among(columns, values[start : start + CHUNK]))
        found += [dict(row._mapping) for row in db.session.execute(wanted)]
    return found


def _among(columns: Sequence[Any], values: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    return columns[0].in_([value[0] for value in values]) if len(columns) == 1 else tuple_(*columns).in_(values)


def is_row(table: Table, key: Sequence[Any]) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))


def key_of(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)
