"""Whether a row still is what an import made of it: values of the undo file beside those of the database."""

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, RowMapping, Table, select

from haark.extensions import UTCDateTime, db
from haark.intake.kinds import KINDS
from haark.intake.target import Target

# What a reader calls the rows of a table; usage is told by its account and day.
KIND_OF = {kind.table: kind.name for kind in KINDS.values()} | {"contact_change": "contacts"}
IGNORED = frozenset({"id", "version", "created_at"})


def parsed(column: Column[Any], value: Any) -> Any:
    """A value of the undo file as the database gives it."""
    if value is None:
        return None
    kind = column.type
    if isinstance(kind, UTCDateTime):
        told = datetime.fromisoformat(str(value))
        return (told.replace(tzinfo=UTC) if told.tzinfo is None else told).astimezone(UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(str(value)[:10])
    if isinstance(kind, Boolean):
        return bool(value)
    if isinstance(kind, JSON):
        return value if not isinstance(value, str) else json.loads(value)
    if isinstance(kind, Float):
        return float(value)
    return int(value) if isinstance(kind, Integer) else str(value)


def blank(column: Column[Any]) -> Any:
    """What an import leaves in a column that it does not know."""
    default = column.default
    if default is not None:
        if getattr(default, "is_callable", False):
            return default.arg(None)  # type: ignore[attr-defined]  # list or dict
        return default.arg  # type: ignore[attr-defined]
    return None if column.nullable else ""


def current(target: Target, table: Table, ids: list[int]) -> dict[int, RowMapping]:
    """The rows that are still there, by id; on PostgreSQL nobody changes them until the transaction ends."""
    wanted = select(table).where(table.c.id.in_(ids))
    if not target.sqlite:
        wanted = wanted.with_for_update()
    return {row["id"]: row for row in target.connection.execute(wanted).mappings()}


def name_of(table: Table, row: Any) -> str:
    """How a person knows the row."""
    for column in ("name", "subject", "key", "external_id", "identity", "date"):
        if column in table.c and row.get(column):
            return str(row[column])[:120]
    return str(row.get("id", ""))


def table_of(name: str) -> Table:
    return db.metadata.tables[name]
