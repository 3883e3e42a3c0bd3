"""The shapes of what people type about a review."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from haark import locale
from haark.cadence import rules as cadence
from haark.cadence.domain import RATINGS
from haark.cadence.models import KINDS
from haark.cadence.queries import policy
from haark.fields import one_line
from haark.reviews.content.context import period_label
from haark.reviews.wording import Words

SECTIONS = {
    "results": _l("Résultats de la période"),
    "usage": _l("Usage et santé"),
    "opportunities": _l("Opportunités et risques"),
    "actions": _l("Plan d’action"),
}
LANGUAGES = [SelectChoice("fr", "Français"), SelectChoice("en", "English"), SelectChoice("uk", "Українська")]


class Boxes(SelectMultipleField):
    """Several choices, each a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReviewForm(Form):
    period = SelectField(_l("Période"))
    sections = Boxes(_l("Contenu"), [DataRequired(_l("Choisissez au moins une partie."))])
    kind = SelectField(_l("Type de revue"))
    language = SelectField(_l("Langue du client"), choices=LANGUAGES)

    def offer(self, on: date, fiscal_start: int, account: Any, arr_cents: int | None) -> "ReviewForm":
        """What can be chosen for an account; an empty form starts with the running quarter and everything."""
        words = Words(locale.current())
        groups = {"quarter": _("Trimestre"), "half": _("Semestre"), "year": _("Année")}
        periods = cadence.choices(on, fiscal_start)
        self.period.choices = [
            SelectChoice(
                period.code,
                period_label({"unit": period.unit, "number": period.number, "year": period.year}, words),
                optgroup=groups[period.unit],
            )
            for period in periods
        ]
        self.sections.choices = [SelectChoice(key, label) for key, label in SECTIONS.items()]
        suggested = policy().suggested(arr_cents, "quarter")
        self.kind.choices = [
            SelectChoice("", _("Selon la politique : %(kind)s au trimestre", kind=words(f"kind.{suggested}"))),
            *(SelectChoice(kind, words(f"kind.{kind}")) for kind in KINDS),
        ]
        if self.period.data is None:
            self.period.data = periods[0].code
            self.sections.data = list(SECTIONS)
            self.kind.data = ""
            self.language.data = account.language
        return self

    def ask(self, period: str, kind: str) -> None:
        """Takes the period and kind of a planned review, offered besides where they are none of the usual ones."""
        if period and period not in [choice.value for choice in self.period.choices]:
            try:
                found = cadence.parse(period)
            except cadence.PeriodRefused:
                return
            described = {"unit": found.unit, "number": found.number, "year": found.year, "start": str(found.start)}
            label = period_label(described, Words(locale.current()))
            self.period.choices = [SelectChoice(period, label, optgroup=_("Revue planifiée")), *self.period.choices]
        self.period.data = period or self.period.data
        self.kind.data = kind if kind in KINDS else self.kind.data


class RatingForm(Form):
    rating = RadioField(
        _l("État du projet"),
        [InputRequired(_l("Choisissez une note de 1 à 5."))],
        choices=[SelectChoice(str(number), str(number)) for number in RATINGS],
    )
    comment = StringField(_l("Commentaire"), [Length(max=400, message=_l("400 caractères au plus."))], [one_line])
