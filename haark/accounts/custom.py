"""Custom fields (AC-10): the facts that an organisation adds to its accounts, their values, and how those are written.

Reading: `fields()`, `values_of(account_id)`, `values_for(ids)`. A value is a str (text, choice), a float
(number) or a date.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, has_app_context
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from haark import formats
from haark.accounts.chunking import within
from haark.accounts.models import Account, CustomField, CustomValue
from haark.events.domain import differences, record
from haark.extensions import db
from haark.fields import one_line, read_number, write_number

LONGEST = 400
PREFIX = "cf_"
Value = str | float | date
REASONS: dict[str, LazyString] = {
    "number": _l("Entrez un nombre, par exemple 12,5."),
    "date": _l("Cette date n’existe pas. Écrivez-la ainsi : 2026-11-12."),
    "choice": _l("Choisissez une valeur de la liste."),
    "long": _l("400 caractères au plus."),
}
DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


class CustomError(ValueError):
    """A text that is no value of its field; `kind` is a key of REASONS, `reason` the sentence for a person."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    @property
    def reason(self) -> LazyString:
        return REASONS[self.kind]


class ValueChanged(Exception):
    """Somebody else wrote the value since it was seen; `present` is what it is now."""

    def __init__(self, present: Value | None) -> None:
        super().__init__("changed meanwhile")
        self.present = present


@dataclass(frozen=True, slots=True)
class Field:
    """A live definition. `column` is its name in files, addresses and the audit trail: `cf_KEY`."""

    id: int
    key: str
    name: str
    kind: str  # models.FIELD_KINDS
    choices: tuple[str, ...]
    version: int

    @property
    def column(self) -> str:
        return PREFIX + self.key


def fields() -> Sequence[Field]:
    """The live definitions in their order; read once per request or command. One statement."""
    if has_app_context() and "custom_fields" in g:
        known: Sequence[Field] = g.custom_fields
        return known
    alive = select(CustomField).where(CustomField.deleted_at.is_(None)).order_by(CustomField.position, CustomField.id)
    columns = (CustomField.id, CustomField.key, CustomField.name, CustomField.kind, CustomField.choices)
    rows = db.session.execute(alive.with_only_columns(*columns, CustomField.version))
    found = [Field(*row[:4], tuple(row[4]), row[5]) for row in rows]
    if has_app_context():
        g.custom_fields = found
    return found


def forget() -> None:
    """The definitions changed: the next `fields()` reads them anew."""
    g.pop("custom_fields", None)


def by_column(name: str) -> Field | None:
    """The live field called `cf_KEY`, None for any other name."""
    if not name.startswith(PREFIX):
        return None
    return next((one for one in fields() if one.column == name), None)


def values_for(account_ids: Sequence[int]) -> dict[int, dict[str, Value]]:
    """Known values of these accounts, by account and key; accounts without any are left out. One statement."""
    keys = {one.id: one.key for one in fields()}
    found: dict[int, dict[str, Value]] = {}
    if not keys or not account_ids:
        return found
    row = CustomValue.__table__.c
    wanted = select(row.account_id, row.field_id, row.text, row.number, row.date)
    for ident, field_id, *held in db.session.execute(wanted.where(within(row.account_id, sorted(set(account_ids))))):
        value = next((one for one in held if one is not None), None)
        if field_id in keys and value is not None:
            found.setdefault(ident, {})[keys[field_id]] = value
    return found


def values_of(account_id: int) -> Mapping[str, Value]:
    """Known values of one account by key. One statement, none without fields."""
    return values_for([account_id]).get(account_id, {})


def set_value(
    account_id: int,
    field: Field,
    value: Value | None,
    *,
    by: int | None,
    at: datetime,
    seen: tuple[Value | None] | None = None,
) -> bool:
    """Writes a parsed value, None empties it; False when it was so already.

    `seen`: the value that the person had before their eyes, in a tuple of one; ValueChanged when it is another by now.
    """
    # The account's row is held, so that of two who write at the same time one sees the other's value.
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    row = db.session.get(CustomValue, (account_id, field.id), populate_existing=True)
    before = held(row)
    if seen is not None and before not in (seen[0], value):
        raise ValueChanged(before)
    if before == value:
        return False
    if value is None:
        db.session.delete(row)
    else:
        row = row or CustomValue(account_id=account_id, field_id=field.id)
        row.text = value if isinstance(value, str) else None
        row.number = value if isinstance(value, float) else None
        row.date = value if isinstance(value, date) else None
        db.session.add(row)
    changes = differences({field.column: before}, {field.column: value})
    record("account.changed", at=at, by=by, account_id=account_id, subject=("account", account_id), changes=changes)
    db.session.flush()
    return True


def held(row: Any) -> Value | None:
    """The value that a row of CustomValue holds; None without a row."""
    if row is None:
        return None
    return next((one for one in (row.text, row.number, row.date) if one is not None), None)


def parse(field: Field, text: str, language: str = "") -> Value | None:
    """The value that a text stands for, None for an empty one. CustomError with the reason when it is none.

    Numbers as a reader of `language` writes them; dates as 2026-11-12, or 12.11.2026 and 12/11/2026 but in English,
    where that is two days. A choice is found whatever its case and accents.
    """
    plain = one_line(text)
    if not plain:
        return None
    if field.kind == "number":
        return _number(plain, language)
    if field.kind == "date":
        return _date(plain, language)
    if field.kind == "choice":
        wanted = formats.fold(plain)
        found = [one for one in field.choices if formats.fold(one) == wanted]
        if not found:
            raise CustomError("choice")
        return plain if plain in found else found[0]
    if len(plain) > LONGEST:
        raise CustomError("long")
    return plain


def _number(text: str, language: str) -> float:
    try:
        found = float(read_number(text, language))
    except ValueError as fault:
        raise CustomError("number") from fault
    if not math.isfinite(found):
        raise CustomError("number")
    return found + 0.0  # no minus zero


def _date(text: str, language: str) -> date:
    try:
        match = None if language == "en" else DAY_FIRST.fullmatch(text)
        found = date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
    except ValueError as fault:
        raise CustomError("date") from fault
    if not 1900 <= found.year <= 2200:
        raise CustomError("date")
    return found


def written(value: Value | None) -> str:
    """A value as files hold it: 12.5, 2026-11-12; `parse` without a language reads it back. '' for None."""
    if isinstance(value, float):
        return write_number(value, "en")
    return "" if value is None else str(value)


def typed(value: Value | None, language: str) -> str:
    """A value as it stands in a field of a form: «12,5», 2026-11-12; `parse` in this language reads it back."""
    return write_number(value, language) if isinstance(value, float) else written(value)


def shown(field: Field, value: Value | None, language: str) -> str:
    """A value as a page shows it: «1 234,5», «12 nov. 2026», «n. d.»."""
    if value is None:
        return formats.UNKNOWN[language]
    if isinstance(value, float):
        _whole, _point, decimals = write_number(value, "en").partition(".")
        return formats.number(value, language, len(decimals))
    return formats.day(value, language) if isinstance(value, date) else str(value)
