"""The shape of what is asked on the page of the score: a backtest, and a note on a departure."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from haark.fields import DayField, paragraphs
from haark.health.losses import LONGEST

HORIZONS = {90: _l("90 jours"), 180: _l("6 mois"), 365: _l("1 an")}
USUAL = 365
CAUSES = {
    "": _l("Sans motif"),
    "usage": _l("Usage en baisse"),
    "sponsor": _l("Départ du sponsor"),
    "satisfaction": _l("Insatisfaction"),
    "support": _l("Support"),
    "price": _l("Prix ou budget"),
    "competitor": _l("Concurrent"),
    "bought": _l("Rachat du client"),
    "closed": _l("Cessation d’activité"),
    "unseen": _l("Rien ne l’annonçait"),
    "other": _l("Autre"),
}


class TrialForm(Form):
    as_of = DayField(_l("Noter comme au"), [InputRequired(_l("Choisissez une date passée."))])
    horizon = SelectField(
        _l("Départs dans les"),
        choices=[SelectChoice(days, label) for days, label in HORIZONS.items()],
        coerce=int,
        default=USUAL,
    )
    today: date = date.max

    @classmethod
    def of(cls, typed: object, today: date, usual: tuple[date, int] | None) -> "TrialForm":
        """The form as typed; without anything typed the last day and horizon that were asked for, else a year ago."""
        day, horizon = usual or (today - timedelta(USUAL), USUAL)
        form = cls(typed, data={"as_of": day, "horizon": horizon})
        form.today = today
        return form

    @property
    def day(self) -> date:
        """The day, after validation."""
        assert self.as_of.data is not None
        return self.as_of.data

    def validate_as_of(self, field: DayField) -> None:
        if field.data is not None and field.data >= self.today:
            raise ValidationError(_("Choisissez une date passée : personne n’a encore pu partir."))


class LossForm(Form):
    cause = SelectField(_l("Motif"), choices=[SelectChoice(key, label) for key, label in CAUSES.items()], default="")
    note = TextAreaField(
        _l("Quel signal avons-nous manqué ?"),
        [Length(max=LONGEST, message=_l("4 000 caractères au plus."))],
        [paragraphs],
    )
    renewal_id = IntegerField(validators=[Optional()], widget=HiddenInput())
    version = IntegerField(widget=HiddenInput(), default=0)
