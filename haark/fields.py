"""Form fields that read what people type in their own language, and give it back as typed when it is wrong.

Dates arrive as a date field of the browser sends them (2026-11-12). Numbers may be written «1 234,5», «1,234.5» or
«1234.5»; money becomes whole cents.
"""

import re
from datetime import date, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.widgets import DateInput, TextInput, TimeInput

from haark import formats, locale

SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
PLAIN = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")
HIGHEST = Decimal(10) ** 12


def read_number(text: str, language: str) -> Decimal:
    """A number as typed by a reader of `language`. ValueError when it is none, or of more than twelve digits."""
    plain = SPACES.sub("", text).replace(formats.MINUS, "-").strip("%€$£₴")
    last = max(plain.rfind(","), plain.rfind("."))
    several = plain.count(",") + plain.count(".") > 1
    if "," in plain and "." in plain:
        plain = plain[:last].replace(",", "").replace(".", "") + "." + plain[last + 1 :]
    elif several or (language == "en" and GROUPED.fullmatch(plain.lstrip("+-"))):
        plain = plain.replace(",", "").replace(".", "")
    plain = plain.replace(",", ".")
    if not PLAIN.fullmatch(plain) or abs(Decimal(plain)) > HIGHEST:
        raise ValueError(text)
    return Decimal(plain)


THOUSANDS = {"k": 3, "m": 6, "тис": 3, "тис.": 3, "млн": 6}
MONEY = re.compile(r"(?P<number>.*?\d)(?P<unit>k|m|тис\.?|млн)?", re.IGNORECASE)
SIGNS = re.compile(r"ca\$|[€$£₴]|(?<![a-z])(eur|usd|gbp|uah|chf)(?![a-z])|\b(грн)\b", re.IGNORECASE)


def read_money(text: str, language: str) -> int:
    """An amount in whole cents as people type it: «120 000 €», «120k», «1,2 M€», «EUR 120.000,50». Rounded half up.

    >>> [read_money(one, "fr") for one in ("120 000 €", "120k", "1,2 M€", "EUR 35,505")]
    [12000000, 12000000, 120000000, 3551]
    """
    plain = SIGNS.sub("", SPACES.sub("", text))
    found = MONEY.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    times = Decimal(10) ** THOUSANDS.get((found["unit"] or "").lower(), 0)
    cents = read_number(found["number"], language) * times * 100
    if abs(cents) > HIGHEST * 100:
        raise ValueError(text)
    return int(cents.to_integral_value("ROUND_HALF_UP"))


def write_number(value: float | Decimal, language: str) -> str:
    """A number as it stands in a field: the reader's decimal sign, no groups, nothing rounded away."""
    digits = format(Decimal(str(value)).normalize(), "f")
    return digits if language == "en" else digits.replace(".", ",")


class _Typed(StringField):
    """A field whose text is read by `read` and shown by `write`; an empty one is None."""

    widget = TextInput()
    complaint = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            self.data = self.read(text)
        except ValueError as fault:
            raise ValueError(self.explain()) from fault

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def write(self, value: Any) -> str:
        raise NotImplementedError

    def explain(self) -> str:
        raise NotImplementedError


class NumberField(_Typed):
    """A float, or None. `unit` is for the label's side; bounds are validators' work."""

    def read(self, text: str) -> float:
        return float(read_number(text, locale.current()))

    def write(self, value: Any) -> str:
        return write_number(value, locale.current())

    def explain(self) -> str:
        return str(_("Entrez un nombre, par exemple 12,5."))


class MoneyField(_Typed):
    """Whole cents, or None; typed in units («35,50», «120 000 €», «120k»), rounded half up to the cent."""

    def read(self, text: str) -> int:
        return read_money(text, locale.current())

    def write(self, value: Any) -> str:
        return formats.number(value / 100, locale.current(), 2 if value % 100 else 0)

    def explain(self) -> str:
        return str(_("Entrez un montant, par exemple 24 000."))


class DayField(_Typed):
    """A date, or None, between 1900 and 2200."""

    widget = DateInput()

    def read(self, text: str) -> date:
        day = date.fromisoformat(text)
        if not 1900 <= day.year <= 2200:
            raise ValueError(text)
        return day

    def write(self, value: Any) -> str:
        return str(value.isoformat())

    def explain(self) -> str:
        return str(_("Cette date n’existe pas. Écrivez-la ainsi : 2026-11-12."))


def read_day(text: str) -> date | None:
    """A day in an address, between 1900 and 2200; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


class HourField(_Typed):
    """A time of day as a time field of the browser sends it («10:00»), or None."""

    widget = TimeInput()

    def read(self, text: str) -> time:
        return time.fromisoformat(text).replace(tzinfo=None, microsecond=0)

    def write(self, value: Any) -> str:
        return str(value.strftime("%H:%M"))

    def explain(self) -> str:
        return str(_("Écrivez l’heure ainsi : 10:00."))


def one_line(text: str | None) -> str:
    """A filter: one line, nothing invisible that a database refuses, no doubled spaces."""
    return " ".join((text or "").replace("\x00", "").split())


def paragraphs(text: str | None) -> str:
    """A filter for longer texts: line ends as one sign, nothing around."""
    return (text or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def disagreements(mine: Form, saved: Form) -> list[tuple[str, str, str]]:
    """Where two forms of one thing differ, `version` aside: (label, typed, saved), as people read them."""
    return [
        (str(field.label.text), _shown(field), _shown(saved[field.name]))
        for field in mine
        if field.name != "version" and field.data != saved[field.name].data
    ]


def _shown(field: Any) -> str:
    if isinstance(field, SelectField):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected)
    if isinstance(field, BooleanField):
        return str(_("oui") if field.data else _("non"))
    return str(field._value())
