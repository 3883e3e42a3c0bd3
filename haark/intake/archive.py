"""Taking back a folder that `haark export` wrote (docs/export.md).

Its manifest says that it is one: its CSV files are then taken to the letter, with the columns that only archives have.
Into a Haark without any account it restores: colleagues and custom fields that its rows name are made, and every row is
a row of its own, whatever others resemble it.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Integer, String, insert

from haark.accounts.models import FIELD_KINDS, CustomField
from haark.extensions import UTCDateTime
from haark.intake import custom
from haark.intake.known import Known
from haark.intake.mapping import TableRule
from haark.intake.scratch import Scratch
from haark.intake.target import Target
from haark.intake.wording import N_, AtFault
from haark.people.models import ROLES, User

FORMAT, VERSION = "haark-export", 1
MANIFEST, PEOPLE, FIELDS = "manifest.json", "users.jsonl", "custom_field.jsonl"
READ = (MANIFEST, PEOPLE, FIELDS)
# What no archive says of a colleague: they come back without a password and with no secret of their own.
NEVER = ("id", "password_hash", "calendar_hash", "version")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

Work = list[tuple[TableRule, Path, str]]


def is_archive(folder: Path) -> bool:
    """Whether `haark export` wrote this folder. Raises AtFault for one of a later Haark."""
    try:
        written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(written, dict) or written.get("format") != FORMAT:
        return False
    if written.get("version") != VERSION:
        raise AtFault(N_("Cette archive vient d’une autre version de Haark (format %(version)s)."),
                      version=str(written.get("version"))[:20])  # fmt: skip
    return True


def prepare(work: Work, known: Known, scratch: Scratch) -> Work:
    """The work with the custom fields that there are; for archives, `known` and the scratch file learn what comes with
    them. Raises AtFault for a file that makes no sense."""
    folders = {path.parent for rule, path, _ in work if rule.exact}
    known.restoring = bool(folders) and known.is_empty
    if known.restoring:
        for folder in sorted(folders):
            for person in _people(folder):
                if known.expect(person["email"]) < 0:
                    _keep(scratch, "new_user", known.expect(person["email"]), person)
            for number, field in enumerate(_definitions(folder), 1):
                if known.add_field(custom.Field(field["key"], field["kind"], tuple(field["choices"]))):
                    _keep(scratch, "new_field", number, field)
    return [(custom.complete(rule, known.fields), path, source) for rule, path, source in work]


def write_people(target: Target) -> None:
    """The colleagues that an archive brought, and their ids for the references to them."""
    table = target.name("new_user")
    for ref, data in target.rows(f"SELECT ref, data FROM {table}"):
        values = _typed(User.__table__.c, json.loads(data))
        ident = target.connection.execute(insert(User).values(**values).returning(User.id)).scalar_one()
        target.run(f"UPDATE {table} SET id = :id WHERE ref = :ref", id=ident, ref=ref)


def write_fields(target: Target, at: datetime) -> None:
    """The definitions of custom fields that an archive brought."""
    for _, data in target.rows(f"SELECT ref, data FROM {target.name('new_field')} ORDER BY ref"):
        values = {"created_at": at, **_typed(CustomField.__table__.c, json.loads(data))}
        target.connection.execute(insert(CustomField).values(**values))


def _keep(scratch: Scratch, table: str, ref: int, row: dict[str, Any]) -> None:
    scratch.connection.execute(f"INSERT OR IGNORE INTO {table} (ref, data) VALUES (?, ?)", (ref, json.dumps(row)))


def _people(folder: Path) -> Iterator[dict[str, Any]]:
    for number, row in _lines(folder / PEOPLE):
        email, name = row.get("email"), row.get("name")
        if not (isinstance(email, str) and email and isinstance(name, str) and row.get("role") in ROLES):
            raise _senseless(PEOPLE, number)
        yield row


def _definitions(folder: Path) -> Iterator[dict[str, Any]]:
    for number, row in _lines(folder / FIELDS):
        choices = row.setdefault("choices", [])
        fits = isinstance(choices, list) and all(isinstance(one, str) for one in choices)
        named = isinstance(row.get("name"), str) and KEY.fullmatch(str(row.get("key")))
        if not (fits and named and row.get("kind") in FIELD_KINDS):
            raise _senseless(FIELDS, number)
        if row.get("deleted_at") is None:
            yield row


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as handle:
        for number, line in enumerate(handle, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise _senseless(path.name, number) from error
            if not isinstance(row, dict):
                raise _senseless(path.name, number)
            yield number, row


def _senseless(file: str, line: int) -> AtFault:
    return AtFault(N_("Archive, « %(file)s », ligne %(line)s : elle ne se comprend pas."), file=file, line=line)


def _typed(columns: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What the row says of these columns, in their types; the rest gets its default."""
    read = {column.name: _value(column, row[column.name]) for column in columns
            if column.name in row and column.name not in NEVER}  # fmt: skip
    return {name: value for name, value in read.items() if value is not None}


def _value(column: Column[Any], value: Any) -> Any:
    """None where the value is not of the column's type."""
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return _instant(value)
    if isinstance(kind, JSON):
        return value if isinstance(value, list) else None
    if isinstance(kind, Boolean):
        return value if isinstance(value, bool) else None
    if isinstance(kind, Integer):
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if isinstance(kind, String):
        return value if isinstance(value, str) and len(value) <= (kind.length or 0) else None
    return value if isinstance(value, date) else None


def _instant(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None
