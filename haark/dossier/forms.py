"""The shapes of a new account and of the end of a contract term."""

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from haark.accounts.terms import Ending
from haark.fields import DayField, MoneyField, NumberField, one_line

SHORT = Length(max=120, message=_l("120 caractères au plus."))


def whole(form: Form, field: NumberField) -> None:
    if field.data is not None and (field.data < 0 or field.data != int(field.data) or field.data > 100_000_000):
        raise ValidationError(_("Entrez un nombre entier, par exemple 250."))


def not_negative(form: Form, field: MoneyField) -> None:
    if field.data is not None and field.data < 0:
        raise ValidationError(_("Un montant ne peut pas être négatif."))


def listed(form: Form, field: SelectField) -> None:
    if field.data not in dict(field.choices or ()):
        raise ValidationError(_("Choisissez une personne de la liste."))


class AccountForm(Form):
    """Only the name is required; what is left empty stays unknown."""

    name = StringField(
        _l("Nom"),
        [DataRequired(_l("Donnez un nom au compte.")), Length(max=400, message=_l("400 caractères au plus."))],
        [one_line],
    )
    external_id = StringField(_l("Identifiant externe"), [Optional(), SHORT], [one_line])
    sector = StringField(_l("Secteur"), [Optional(), SHORT], [one_line])
    employees = NumberField(_l("Salariés"), [Optional(), whole])
    arr = MoneyField(_l("ARR"), [Optional(), not_negative])
    seats = NumberField(_l("Licences"), [Optional(), whole])
    contract_start = DayField(_l("Début du contrat"), [Optional()])
    renewal_date = DayField(_l("Renouvellement"), [Optional()])
    owner = SelectField(_l("Responsable"), [Optional(), listed], coerce=str, validate_choice=False)
    confirmed = BooleanField(_l("C’est un autre compte : l’ajouter quand même"))

    def offer(self, people: list[tuple[int, str]]) -> "AccountForm":
        """Fills the choice of owners; returns itself."""
        self.owner.choices = [("", str(_("Sans responsable"))), *((str(ident), name) for ident, name in people)]
        return self

    def facts(self) -> dict[str, object]:
        """What was typed, as `accounts.domain.create` takes it."""
        return {
            "external_id": self.external_id.data or None,
            "sector": self.sector.data,
            "employees": None if self.employees.data is None else int(self.employees.data),
            "declared_arr_cents": self.arr.data,
            "seats": None if self.seats.data is None else int(self.seats.data),
            "contract_start": self.contract_start.data,
            "renewal_date": self.renewal_date.data,
            "owner_id": int(self.owner.data) if self.owner.data else None,
        }


class TermForm(Form):
    """How a contract term ended. What only concerns a renewal is not read for a loss."""

    version = HiddenField()
    outcome = RadioField(
        _l("Issue"),
        choices=[SelectChoice("renewed", _l("Renouvelé")), SelectChoice("lost", _l("Perdu"))],
        default="renewed",
        validate_choice=False,
    )
    ended_on = DayField(_l("Date"), [InputRequired(_l("Indiquez le jour."))])
    reason = StringField(_l("Raison"), [Optional(), Length(max=400, message=_l("400 caractères au plus."))], [one_line])
    notice_date = DayField(_l("Préavis reçu le"), [Optional()])
    next_on = DayField(_l("Prochaine échéance"), [Optional()])
    arr = MoneyField(_l("Nouvel ARR"), [Optional(), not_negative])
    arr_reason = SelectField(
        _l("Raison du changement d’ARR"),
        choices=[
            SelectChoice("", _l("Selon le montant")),
            SelectChoice("price", _l("Changement de prix")),
            SelectChoice("other", _l("Autre")),
        ],
        validate_choice=False,
    )

    def ending(self) -> Ending:
        """What was typed, as `accounts.terms.end_term` takes it."""
        assert self.ended_on.data is not None  # required
        told = Ending(self.outcome.data or "", self.ended_on.data, self.reason.data or "", self.notice_date.data)
        if told.outcome != "renewed":
            return told
        reason = self.arr_reason.data if self.arr_reason.data in ("price", "other") else ""
        return replace(told, next_on=self.next_on.data, arr_cents=self.arr.data, arr_reason=reason)
