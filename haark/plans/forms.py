"""The shapes of a plan's parts."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from haark.fields import DayField, NumberField, one_line, paragraphs

LONG = _l("Ce texte est trop long.")


class _Part(Form):
    """Everything but the version is a column of the part."""

    version = IntegerField(widget=HiddenInput(), default=0)

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name != "version"}

    def validate_due_on(self, field: DayField) -> None:
        start = self["starts_on"].data
        if start and field.data and field.data <= start:
            raise ValidationError(_l("L’échéance vient après le début."))


class VisionForm(Form):
    vision = TextAreaField(_l("Vision, écrite avec le client"), [Length(max=2000, message=LONG)], [paragraphs])
    version = IntegerField(widget=HiddenInput(), default=0)


class ObjectiveForm(_Part):
    title = StringField(
        _l("Objectif"), [DataRequired(_l("Écrivez l’objectif.")), Length(max=200, message=LONG)], [one_line]
    )
    why = StringField(_l("Pourquoi il compte pour le client"), [Length(max=400, message=LONG)], [one_line])
    kpi = StringField(_l("Indicateur"), [Length(max=200, message=LONG)], [one_line])
    unit = StringField(_l("Unité"), [Length(max=20, message=LONG)], [one_line])
    comparator = SelectField(
        _l("Cible atteinte"),
        choices=[SelectChoice("ge", _l("au moins la cible")), SelectChoice("le", _l("au plus la cible"))],
        default="ge",
    )
    baseline = NumberField(_l("Valeur de départ"))
    target = NumberField(_l("Cible"))
    current = NumberField(_l("Actuel"))
    current_on = DayField(_l("Mesuré le"))
    starts_on = DayField(_l("Début"))
    due_on = DayField(_l("Échéance"))
    agreed_on = DayField(_l("Convenu le"))
    agreed_by = StringField(_l("Convenu avec"), [Length(max=200, message=LONG)], [one_line])


class MilestoneForm(_Part):
    title = StringField(_l("Jalon"), [DataRequired(_l("Écrivez le jalon.")), Length(max=200, message=LONG)], [one_line])
    phase = StringField(_l("Phase"), [Length(max=80, message=LONG)], [one_line])
    starts_on = DayField(_l("Début"))
    due_on = DayField(_l("Échéance"))
    state = SelectField(
        _l("État"),
        choices=[
            SelectChoice("todo", _l("À faire")),
            SelectChoice("in_progress", _l("En cours")),
            SelectChoice("done", _l("Fait")),
        ],
        default="todo",
    )
