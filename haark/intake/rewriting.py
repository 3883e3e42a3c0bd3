"""Rows that an import changed or took away: set back, unless somebody changed them since."""

import json
import sqlite3
from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from haark.formats import fold
from haark.intake import custom
from haark.intake.comparing import KIND_OF, current, name_of, parsed, table_of
from haark.intake.target import Target

Kept = list[list[Any]]


def set_back(target: Target, own: sqlite3.Connection, table: str, ids: list[int]) -> Kept:
    """The fields that the import changed become what they were. Returns the rows left alone."""
    there, kept, waiting = table_of(table), [], []
    rows = current(target, there, ids)
    for ident, fields in _merged(own, table, ids).items():
        row = rows.get(ident)
        if row is None:
            kept.append([KIND_OF[table], ident, _told_name(fields), ""])
            continue
        values: dict[str, Any] = {}
        for name, (before, after) in fields.items():
            if custom.is_custom(name):
                continue
            old, new = parsed(there.c[name], before), parsed(there.c[name], after)
            if row[name] == new:
                values[name] = old
            elif row[name] != old:
                kept.append([KIND_OF[table], ident, name_of(there, row), name])
                break
        else:
            if values:
                waiting.append((ident, values))
            left = custom.set_back(target, ident, {name: pair for name, pair in fields.items() if name not in there.c})
            kept += [[KIND_OF[table], ident, name_of(there, row), name] for name in left]
    refused = _write(target, table, waiting)
    if refused:  # two rows may have exchanged what is unique
        refused = _write(target, table, refused)
    return kept + [
        [KIND_OF[table], ident, name_of(there, rows[ident]), next(iter(values))] for ident, values in refused
    ]


def put_back(target: Target, own: sqlite3.Connection) -> Kept:
    """Rows that the import removed are there again, with their ids."""
    kept: Kept = []
    for table, ident, text in own.execute("SELECT tbl, id, row FROM removed ORDER BY seq").fetchall():
        there = table_of(table)
        row = {name: parsed(there.c[name], value) for name, value in json.loads(text).items()}
        if row == dict(target.connection.execute(select(there).where(there.c.id == ident)).mappings().first() or {}):
            continue
        taken = target.connection.execute(select(there.c.id).where(there.c.id == ident)).first()
        if taken:
            del row["id"]
        try:
            with target.connection.begin_nested():
                target.connection.execute(insert(there).values(**row))
        except IntegrityError:
            kept.append([KIND_OF[table], ident, name_of(there, row), ""])
    return kept


def _merged(own: sqlite3.Connection, table: str, ids: list[int]) -> dict[int, dict[str, list[Any]]]:
    """{id: {field: [before all, after all]}}: several tables of one import may have changed the same row."""
    merged: dict[int, dict[str, list[Any]]] = defaultdict(dict)
    marks = ", ".join("?" * len(ids))
    found = own.execute(f"SELECT id, fields FROM changed WHERE tbl = ? AND id IN ({marks}) ORDER BY seq", (table, *ids))
    for ident, text in found.fetchall():
        for name, (before, after) in json.loads(text).items():
            first = merged[ident].get(name)
            merged[ident][name] = [first[0] if first else before, after]
    return merged


def _told_name(fields: dict[str, list[Any]]) -> str:
    return str(fields["name"][1]) if "name" in fields else ""


def _write(target: Target, table: str, rows: list[tuple[int, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
    """Writes the rows, those of the same fields together. Returns those that a unique column refuses."""
    refused: list[tuple[int, dict[str, Any]]] = []
    groups: dict[tuple[str, ...], list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for ident, values in rows:
        groups[tuple(sorted(values))].append((ident, values))
    for group in groups.values():
        try:
            with target.connection.begin_nested():
                _update(target, table, group)
        except IntegrityError:
            for one in group:
                try:
                    with target.connection.begin_nested():
                        _update(target, table, [one])
                except IntegrityError:
                    refused.append(one)
    return refused


def _update(target: Target, table: str, group: list[tuple[int, dict[str, Any]]]) -> None:
    there = table_of(table)
    names = list(group[0][1])
    sets: dict[str, Any] = {name: bindparam(f"v_{name}", type_=there.c[name].type) for name in names}
    if "name" in names and "name_folded" in there.c:
        sets["name_folded"] = bindparam("v_name_folded")
    if "version" in there.c:
        sets["version"] = there.c.version + 1
    given = [
        {
            "row_to_set": ident,
            **{f"v_{name}": value for name, value in values.items()},
            **({"v_name_folded": fold(values["name"])} if "name_folded" in sets else {}),
        }
        for ident, values in group
    ]
    target.connection.execute(update(there).where(there.c.id == bindparam("row_to_set")).values(**sets), given)
