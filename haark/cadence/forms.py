"""The shapes of what people type about the next review."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from haark.cadence import wording
from haark.cadence.models import KINDS
from haark.fields import DayField, one_line

DAY = InputRequired(_l("Choisissez un jour."))
WHY = [
    InputRequired(_l("Dites pourquoi en une phrase.")),
    Length(max=400, message=_l("400 caractères au plus : gardez l’essentiel.")),
]


def day_in(field: DayField) -> date:
    """The day of a field that was found valid."""
    assert isinstance(field.data, date)
    return field.data


def _kinds() -> list[SelectChoice]:
    return [SelectChoice(kind, wording.LONG_KINDS[kind]) for kind in KINDS]


class PlanForm(Form):
    """A review to come: the day by which it is held, and its kind."""

    due_on = DayField(_l("À tenir le"), [DAY])
    kind = SelectField(_l("Type de revue"), choices=_kinds)


class OverrideForm(Form):
    """A person's own day in place of the computed one."""

    due_on = DayField(_l("Votre date"), [DAY])
    kind = SelectField(_l("Type de revue"), choices=_kinds)
    reason = StringField(_l("Pourquoi cette date"), WHY, [one_line])


class HeldForm(Form):
    """A review that took place and that Haark knows nothing of."""

    held_on = DayField(_l("Tenue le"), [DAY])
    kind = SelectField(_l("Type de revue"), choices=_kinds)


class MoveForm(Form):
    due_on = DayField(_l("À tenir le"), [DAY])
    version = IntegerField(widget=HiddenInput(), default=0)


class HoldingForm(Form):
    held_on = DayField(_l("Tenue le"), [DAY])
    version = IntegerField(widget=HiddenInput(), default=0)


class CancellationForm(Form):
    reason = StringField(_l("Pourquoi elle n’aura pas lieu"), WHY, [one_line])
    version = IntegerField(widget=HiddenInput(), default=0)
