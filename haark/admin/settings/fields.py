"""Fields of settings: whole numbers, percentages, colours, and bounds that say themselves."""

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import Form, StringField
from wtforms.validators import StopValidation, ValidationError

from haark import locale
from haark.decks.theme import HEX
from haark.fields import NumberField, read_number, write_number

SHORT_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


class WholeField(NumberField):
    """A whole number, or None."""

    def read(self, text: str) -> int:
        value = read_number(text, locale.current())
        if value != value.to_integral_value():
            raise ValueError(text)
        return int(value)

    def explain(self) -> str:
        return str(_("Entrez un nombre entier, par exemple 30."))


class PercentField(NumberField):
    """A fraction, typed in percent: «20» is 0.2."""

    scale = 100

    def read(self, text: str) -> float:
        return float(read_number(text, locale.current()) / self.scale)

    def write(self, value: Any) -> str:
        return write_number(round(value * self.scale, 6), locale.current())


class ColorField(StringField):
    """A colour as #rrggbb, in small letters; `#abc` and a missing `#` are understood."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        found = SHORT_HEX.fullmatch(typed)
        digits = found[1] if found else ""
        self.data = f"#{digits if len(digits) == 6 else ''.join(2 * digit for digit in digits)}".lower()
        if not HEX.fullmatch(self.data):
            self.data = typed
            raise ValueError(_("Écrivez la couleur ainsi : #0c4a57."))


class Between:
    """A value between two bounds, both allowed, as they are typed; nothing typed is refused by the same sentence."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __call__(self, _form: Form, field: Any) -> None:
        if field.process_errors:
            raise StopValidation
        value = None if field.data is None else field.data * getattr(field, "scale", 1)
        if value is None or not self.low <= value <= self.high:
            bounds = {"low": self.low, "high": self.high}
            raise ValidationError(_("Entrez un nombre entre %(low)s et %(high)s.", **bounds))
