"""The shapes of what a client proposes: today's values to begin with, only what may be proposed."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from haark.extensions import db
from haark.fields import DayField, NumberField, one_line, paragraphs
from haark.plans.models import Milestone, Objective

LONG = _l("Ce texte est trop long.")


class _Proposal(Form):
    starts_on = DayField(_l("Début"))
    due_on = DayField(_l("Échéance"))
    reason = TextAreaField(_l("Pourquoi ce changement"), [Length(max=1000, message=LONG)], [paragraphs])

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name != "reason"}

    def validate_due_on(self, field: DayField) -> None:
        start = self["starts_on"].data
        if start and field.data and field.data <= start:
            raise ValidationError(_l("L’échéance vient après le début."))


class ObjectiveProposal(_Proposal):
    title = StringField(
        _l("Objectif"), [DataRequired(_l("Écrivez l’objectif.")), Length(max=200, message=LONG)], [one_line]
    )
    why = StringField(_l("Pourquoi il compte pour vous"), [Length(max=400, message=LONG)], [one_line])
    kpi = StringField(_l("Indicateur"), [Length(max=200, message=LONG)], [one_line])
    baseline = NumberField(_l("Valeur de départ"))
    target = NumberField(_l("Cible"))
    unit = StringField(_l("Unité"), [Length(max=20, message=LONG)], [one_line])
    quote = StringField(_l("Vos propres mots"), [Length(max=400, message=LONG)], [one_line])


class MilestoneProposal(_Proposal):
    title = StringField(_l("Jalon"), [DataRequired(_l("Écrivez le jalon.")), Length(max=200, message=LONG)], [one_line])
    phase = StringField(_l("Phase"), [Length(max=80, message=LONG)], [one_line])
    detail = StringField(_l("Précisions"), [Length(max=400, message=LONG)], [one_line])


MODELS: dict[str, Any] = {"objective": Objective, "milestone": Milestone}
FORMS: dict[str, type[_Proposal]] = {"objective": ObjectiveProposal, "milestone": MilestoneProposal}


def subject_of(account_id: int, kind: str, ident: int) -> Any:
    """The objective or milestone that a proposal speaks of; None for one that is gone or another account's."""
    row = db.session.get(MODELS[kind], ident) if ident else None
    return row if row is not None and row.account_id == account_id and row.deleted_at is None else None
