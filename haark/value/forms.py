"""The shape of a value calculation: costs, and any number of gains of three kinds."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from haark import clock
from haark.fields import DayField, MoneyField, NumberField, one_line
from haark.locale import timezone
from haark.value.queries import Calculation
from haark.value.rules import FACTORS, Line

# What each way of describing a gain is made of, besides its words.
METHODS = {
    "time": (*FACTORS, "saved_percent_low", "saved_percent_high"),
    "amount": ("amount_cents", "amount_low_cents", "amount_high_cents"),
    "words": (),
}
WORDS = ("label", "baseline", "present", "source", "note")
MOST_LINES = 40
CATEGORIES = {
    "time_saved": _l("Temps gagné"),
    "cost_saved": _l("Coûts évités"),
    "revenue_gained": _l("Revenus gagnés"),
    "strategic": _l("Valeur stratégique"),
}


class Between:
    """Refuses a number outside its range; nothing typed is no number, and fine."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def __call__(self, form: Form, field: NumberField) -> None:
        if field.data is not None and not self.low <= field.data <= self.high:
            raise ValidationError(_("Entrez un nombre de %(low)s à %(high)s.", low=self.low, high=f"{self.high:,}"))


class AtLeastNothing:
    """Refuses a negative amount."""

    def __call__(self, form: Form, field: MoneyField) -> None:
        if field.data is not None and field.data < 0:
            raise ValidationError(_("Entrez un montant positif, ou 0."))


class LineForm(Form):
    method = HiddenField(default="amount", validators=[AnyOf(METHODS)])
    category = SelectField(
        _l("Catégorie"),
        choices=[SelectChoice(key, label) for key, label in CATEGORIES.items()],
        default="time_saved",
    )
    label = StringField(_l("Intitulé"), [Length(max=200, message=_l("200 caractères au plus."))], [one_line])
    people = NumberField(_l("Personnes"), [Between(0, 1_000_000)])
    hours_per_day = NumberField(_l("Heures par jour"), [Between(0, 24)])
    days_per_year = NumberField(_l("Jours par an"), [Between(0, 366)])
    hourly_cost_cents = MoneyField(_l("Coût horaire"), [AtLeastNothing()])
    saved_percent = NumberField(_l("Part gagnée, en %"), [Between(0, 100)])
    amount_cents = MoneyField(_l("Montant par an"), [AtLeastNothing()])
    saved_percent_low = NumberField(_l("Prudente, en %"), [Between(0, 100)])
    saved_percent_high = NumberField(_l("Optimiste, en %"), [Between(0, 100)])
    amount_low_cents = MoneyField(_l("Montant prudent"), [AtLeastNothing()])
    amount_high_cents = MoneyField(_l("Montant optimiste"), [AtLeastNothing()])
    baseline = StringField(_l("Avant"), [Length(max=200, message=_l("200 caractères au plus."))], [one_line])
    present = StringField(_l("Aujourd’hui"), [Length(max=200, message=_l("200 caractères au plus."))], [one_line])
    source = StringField(_l("Source"), [Length(max=200, message=_l("200 caractères au plus."))], [one_line])
    note = StringField(_l("Hypothèse"), [Length(max=500, message=_l("500 caractères au plus."))], [one_line])
    ident = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @property
    def line(self) -> Line:
        """What was typed; the fields of another method are left out."""
        method = self.method.data
        typed: dict[str, Any] = {name: self[name].data for name in METHODS.get(method, ())}
        typed |= {name: self[name].data or "" for name in WORDS}
        category = "strategic" if method == "words" else self.category.data
        return replace(Line(category, id=self.ident.data), **typed)

    def validate_saved_percent_low(self, field: NumberField) -> None:
        self._in_order(field, self.saved_percent_low, self.saved_percent, self.saved_percent_high)

    def validate_amount_low_cents(self, field: MoneyField) -> None:
        self._in_order(field, self.amount_low_cents, self.amount_cents, self.amount_high_cents)

    def _in_order(self, field: NumberField, *cases: NumberField) -> None:
        known = [case.data for case in cases if case.data is not None]
        if known != sorted(known):
            raise ValidationError(_("Le cas prudent est au plus l’attendu, et l’optimiste au moins l’attendu."))

    def validate_category(self, field: SelectField) -> None:
        if field.data == "strategic" and self.method.data != "words":
            raise ValidationError(_("La valeur stratégique se décrit en mots, sans montant."))


class ConfirmationForm(Form):
    """Who of the client said that a claim of value is right, and when."""

    who = StringField(
        _l("Confirmé par"),
        [DataRequired(_l("Dites qui l’a confirmé.")), Length(max=200, message=_l("200 caractères au plus."))],
        [one_line],
    )
    on = DayField(_l("Confirmé le"), [InputRequired(_l("Choisissez un jour."))])

    def validate_on(self, field: DayField) -> None:
        if field.data is not None and field.data > clock.today(timezone()):
            raise ValidationError(_("Ce jour n’est pas encore venu."))


class RoiForm(Form):
    version = IntegerField(widget=HiddenInput(), default=0)
    licence_cents = MoneyField(_l("Licence par an"), [AtLeastNothing()])
    one_time_cents = MoneyField(_l("Mise en place et formation"), [AtLeastNothing()])
    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES)

    @property
    def calculation(self) -> Calculation:
        """What was typed; a field that could not be read counts as unknown."""
        lines = tuple(entry.form.line for entry in self.lines)
        return Calculation(lines, self.licence_cents.data, self.one_time_cents.data, self.version.data or 0)

    def add(self, method: str) -> None:
        """One more empty gain, where there is room."""
        if len(self.lines) < MOST_LINES and method in METHODS:
            category = {"words": "strategic", "amount": "cost_saved"}.get(method, "time_saved")
            self.lines.append_entry({"method": method, "category": category})

    def drop(self, name: str) -> None:
        """Takes out the gain whose fields are called `name`-…; the others keep their names."""
        self.lines.entries = [entry for entry in self.lines.entries if entry.name != name]


def form_of(saved: Calculation) -> RoiForm:
    """The form that shows a calculation; an empty one starts with a line of time."""
    lines = [{**vars(line), "ident": line.id, "method": _method(line)} for line in saved.lines] or [{"method": "time"}]
    return RoiForm(
        data={
            "version": saved.version,
            "licence_cents": saved.licence_cents,
            "one_time_cents": saved.one_time_cents,
            "lines": lines,
        }
    )


def confirmation_form(line_id: int, typed: ConfirmationForm | None = None) -> ConfirmationForm:
    """The form of one claim, or what was `typed` in it; several stand on one page, so each has ids of its own."""
    form = typed or ConfirmationForm(data={"on": clock.today(timezone())})
    for field in form:
        field.id = f"{field.short_name}-{line_id}"
    return form


def _method(line: Line) -> str:
    return line.kind if line.kind != "blank" else "time" if line.category == "time_saved" else "amount"
