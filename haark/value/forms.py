"""The shape of a value calculation: costs, and any number of gains of three kinds."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, Length, ValidationError
from wtforms.widgets import HiddenInput

from haark.fields import MoneyField, NumberField, one_line
from haark.value.queries import Calculation
from haark.value.rules import FACTORS, Line

METHODS = ("time", "amount", "words")
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
    note = StringField(_l("Hypothèse ou source"), [Length(max=500, message=_l("500 caractères au plus."))], [one_line])

    @property
    def line(self) -> Line:
        """What was typed; the fields of another method are left out."""
        method = self.method.data
        kept = {name: self[name].data for name in FACTORS} if method == "time" else {}
        return Line(
            category="strategic" if method == "words" else self.category.data,
            label=self.label.data or "",
            amount_cents=self.amount_cents.data if method == "amount" else None,
            note=self.note.data or "",
            **kept,
        )

    def validate_category(self, field: SelectField) -> None:
        if field.data == "strategic" and self.method.data != "words":
            raise ValidationError(_("La valeur stratégique se décrit en mots, sans montant."))


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
    lines = [{**vars(line), "method": _method(line)} for line in saved.lines] or [{"method": "time"}]
    return RoiForm(
        data={
            "version": saved.version,
            "licence_cents": saved.licence_cents,
            "one_time_cents": saved.one_time_cents,
            "lines": lines,
        }
    )


def _method(line: Line) -> str:
    return line.kind if line.kind != "blank" else "time" if line.category == "time_saved" else "amount"
