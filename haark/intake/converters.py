"""From a cell to the value that the database keeps, by column type.

Values are plain: text, int, float, ISO dates, and instants as `2024-10-16 08:00:00.000000` in UTC, which SQLite stores
as they are and PostgreSQL reads back.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from haark.formats import fold
from haark.intake.dates import mixed_orders, parse_day, parse_instant, possible_orders
from haark.intake.kinds import Column
from haark.intake.mapping import ColumnRule
from haark.intake.numerals import CURRENCIES, decimal_mark, parse_number
from haark.intake.wording import N_, Refused

MEMO_LIMIT = 20_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
TRUE = {"true", "yes", "oui", "vrai", "1", "x", "так", "y", "o", "t"}
FALSE = {"false", "no", "non", "faux", "0", "ні", "n", "f"}
# What an export put before a cell so that no spreadsheet runs it as a formula (see formats.safe_cell and safe_value).
ESCAPED = re.compile(r"\A'(?='*[=+\-@\t\r])")


@dataclass
class Context:
    """What a column's cells are read with: decided by the whole column, or looked up."""

    zone: tzinfo = UTC
    order: str = "ymd"
    # What settled the order, and where: a date of another order is then the file's fault, not its row's.
    proof: str = ""
    file: str = ""
    column: str = ""
    mark: str = ""
    currency: str = "EUR"
    language: str = "fr"
    exact: bool = False  # Haark's own archive: texts stay as they are, and what was kept once is taken again
    find_account: Callable[[str], int] = field(default=lambda text: 0)
    find_user: Callable[[str], int | None] = field(default=lambda text: None)
    find_feature: Callable[[str], int] = field(default=lambda text: 0)


class Memo(dict[Any, Any]):
    """Remembers what each distinct text became; bounded. Its `__getitem__` is the converter."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, cell: Any) -> Any:
        value = self.convert(cell)
        # Only text: 1, 1.0 and True would be one key.
        if isinstance(cell, str):
            if len(self) >= MEMO_LIMIT:
                self.clear()
            self[cell] = value
        return value


def clean(cell: Any) -> str:
    """A cell as text: trimmed, without control characters; a whole float without its `.0`. Raises Refused for NUL."""
    if isinstance(cell, str):
        text = cell.strip(" \t\r\n\u00a0\u202f\ufeff")
        if text.isprintable() and not text.startswith("'"):
            return text  # nearly always: nothing to take away
        if "\x00" in text:
            raise Refused(N_("la cellule contient un caractère nul"))
        return CONTROL.sub("", ESCAPED.sub("", text))
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)


def untouched(cell: Any) -> str:
    """A text of Haark's own archive: all of it, only the sign that keeps spreadsheets from running it is taken off."""
    if not isinstance(cell, str):
        return clean(cell)
    if "\x00" in cell:
        raise Refused(N_("la cellule contient un caractère nul"))
    return ESCAPED.sub("", cell)


def converter(column: Column, rule: ColumnRule, context: Context) -> Callable[[Any], Any]:
    """The function from a cell of `rule`'s header to the value of `column`. It raises Refused."""
    convert = TYPES[column.type]
    meant = meaning(column, rule)
    read = untouched if context.exact and column.type in TEXTS else clean

    def convert_cell(cell: Any) -> Any:
        raw = read(cell)
        if raw and meant:
            mapped = meant(raw)
            if mapped != raw:
                raw = cell = mapped
        if not raw and rule.const is not None:
            raw = cell = rule.const.strip()
        if not raw:
            if column.required:
                raise Refused(N_("la cellule est vide"))
            return _blank(column, context)
        value = convert(cell if isinstance(cell, int | float | date) else raw, column, rule, context)
        if value is None and column.required:
            raise Refused(N_("la cellule est vide"))
        return value

    return Memo(convert_cell).__getitem__


def meaning(column: Column, rule: ColumnRule) -> Callable[[str], str] | None:
    """What a text of the file stands for, by the rule's `first` and `values`; None when it always is itself."""
    if not rule.values and not rule.first:
        return None
    values = {fold(key): value.strip() for key, value in rule.values.items()}
    exact = {key: value.strip() for key, value in rule.values.items()}
    rest = values.pop("*", None)
    allowed = {*column.choices, *(column.aliases or {})}

    def meant(text: str) -> str:
        if rule.first:
            text = text.split(rule.first, 1)[0].strip()
        mapped = exact.get(text, values.get(fold(text)))
        if mapped is None and rest is not None and not allowed & {fold(text), _plain(text)}:
            return rest
        return text if mapped is None else mapped

    return meant


def _plain(text: str) -> str:
    return fold(text).replace(" ", "_").replace("-", "_")


def _blank(column: Column, context: Context) -> Any:
    if column.type == "currency":
        return context.currency
    if column.type == "language" and column.blank:
        return context.language
    return column.blank if column.type != "tags" else "[]"


def _text(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    text = str(value) if context.exact else clean(value)
    if len(text) > column.limit:
        raise Refused(N_("le texte dépasse %(limit)s caractères"), limit=column.limit)
    return text


def _email(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    if context.exact:
        return _text(value, column, rule, context)
    text = _text(value, column, rule, context).lower()
    if not EMAIL.fullmatch(text):
        raise Refused(N_("« %(value)s » n’est pas une adresse e-mail"), value=text[:60])
    return text


def _decimal(value: Any, column: Column, rule: ColumnRule, context: Context) -> Decimal | None:
    if isinstance(value, bool | date):
        raise Refused(N_("« %(value)s » n’est pas un nombre"), value=clean(value))
    if isinstance(value, int | float):
        number = Decimal(str(value))
        if not number.is_finite():
            raise Refused(N_("« %(value)s » n’est pas un nombre"), value=value)
    elif value.isascii() and value.isdigit():
        number = Decimal(value)
    else:
        mark = rule_mark(rule) or context.mark
        if column.type == "integer" and decimal_mark(value) == "?":
            mark = "." if "," in value else ","  # a count has no decimals: the sign groups thousands
        parsed = parse_number(value, mark)
        if parsed is None:
            return None
        number = parsed
    return number * rule.factor if rule.factor is not None else number


def rule_mark(rule: ColumnRule) -> str:
    """The decimal mark of a number format written by example, such as `1.234,56`."""
    marks = [sign for text in rule.formats for sign in text if sign in ",."]
    return marks[-1] if marks else ""


def _bounded(number: Decimal, column: Column, context: Context) -> Decimal:
    if column.least is not None and number < column.least and not context.exact:
        if column.least == 0:
            raise Refused(N_("la valeur %(value)s est négative"), value=number)
        raise Refused(N_("la valeur %(value)s est inférieure à %(limit)s"), value=number, limit=column.least)
    if column.most is not None and number > column.most:
        raise Refused(N_("la valeur %(value)s dépasse %(limit)s"), value=number, limit=column.most)
    return number


def _integer(value: Any, column: Column, rule: ColumnRule, context: Context) -> int | None:
    number = _decimal(value, column, rule, context)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise Refused(N_("« %(value)s » n’est pas un nombre entier"), value=clean(value)[:60])
    return int(_bounded(number, column, context))


def _money(value: Any, column: Column, rule: ColumnRule, context: Context) -> int | None:
    number = _decimal(value, column, rule, context)
    if number is None:
        return None
    return int((_bounded(number, column, context) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _number(value: Any, column: Column, rule: ColumnRule, context: Context) -> float | None:
    number = _decimal(value, column, rule, context)
    return None if number is None else float(_bounded(number, column, context))


def _date(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if not isinstance(value, str):
        raise Refused(N_("« %(value)s » n’est pas une date"), value=clean(value))
    _check_order(value, context)
    return parse_day(value, context.order, rule.formats).isoformat()


def _check_order(text: str, context: Context) -> None:
    if context.proof and context.order not in possible_orders(text):
        raise mixed_orders(context.file, context.column, context.proof, text)


def _instant(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    if isinstance(value, date):
        value = value.isoformat() if not isinstance(value, datetime) else value.isoformat(sep=" ")
        moment = parse_instant(value, "ymd", context.zone)
    elif isinstance(value, str):
        _check_order(value, context)
        moment = parse_instant(value, context.order, context.zone, rule.formats)
    else:
        raise Refused(N_("« %(value)s » n’est pas une date"), value=clean(value))
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _boolean(value: Any, column: Column, rule: ColumnRule, context: Context) -> bool:
    text = fold(clean(value))
    if text in TRUE or text in FALSE:
        return text in TRUE
    raise Refused(N_("« %(value)s » n’est ni oui ni non"), value=clean(value)[:60])


def _choice(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    text = fold(clean(value))
    plain = _plain(text)
    if text in column.choices or plain in column.choices:
        return text if text in column.choices else plain
    aliases = column.aliases or {}
    if text in aliases:
        return aliases[text]
    raise Refused(
        N_("« %(value)s » n’est pas prévu. Valeurs possibles : %(choices)s"),
        value=clean(value)[:60],
        choices=", ".join(column.choices),
    )


def _tags(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    if context.exact and value.startswith("["):
        return json.dumps(_listed(value))
    text = str(value) if context.exact else clean(value)
    parts = (part.strip() for part in re.split(r"[,;|]", text))
    return json.dumps(list(dict.fromkeys(part[:60] for part in parts if part)))


def _listed(text: str) -> list[str]:
    """Tags that an archive had to write as JSON, because one of them holds a separator."""
    try:
        found = json.loads(text)
    except ValueError:
        return [text]
    return [str(one) for one in found] if isinstance(found, list) else [text]


def _option(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    """A value of a custom field with choices, whatever its case and accents."""
    text = _text(value, column, rule, context)
    if text in column.choices or context.exact:
        return text
    for choice in column.choices:
        if fold(choice) == fold(text):
            return choice
    raise Refused(
        N_("« %(value)s » n’est pas prévu. Valeurs possibles : %(choices)s"),
        value=text[:60],
        choices=", ".join(column.choices),
    )


def _language(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    text = re.split(r"[-_]", clean(value).lower())[0]
    if not (len(text) == 2 and text.isalpha() and text.isascii()):
        raise Refused(N_("« %(value)s » n’est pas un code de langue (fr, en, uk)"), value=clean(value)[:60])
    return text


def _currency(value: Any, column: Column, rule: ColumnRule, context: Context) -> str:
    text = CURRENCIES.get(clean(value), clean(value).upper())
    if not (len(text) == 3 and text.isalpha() and text.isascii()):
        raise Refused(N_("« %(value)s » n’est pas un code de devise (EUR, USD)"), value=clean(value)[:60])
    return text


# Types whose cells are taken to the letter from Haark's own archives.
TEXTS = {"text", "email", "option", "tags", "feature", "account"}
TYPES: Mapping[str, Callable[[Any, Column, ColumnRule, Context], Any]] = {
    "text": _text,
    "email": _email,
    "integer": _integer,
    "money": _money,
    "number": _number,
    "date": _date,
    "instant": _instant,
    "boolean": _boolean,
    "choice": _choice,
    "tags": _tags,
    "option": _option,
    "language": _language,
    "currency": _currency,
    "account": lambda value, column, rule, context: context.find_account(
        value if isinstance(value, str) else str(value) if context.exact else clean(value)  # a text was cleaned before
    ),
    "user": lambda value, column, rule, context: context.find_user(clean(value).lower()),
    "feature": lambda value, column, rule, context: context.find_feature(_text(value, column, rule, context)),
}
