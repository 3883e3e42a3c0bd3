"""The shape of a new account."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from haark.fields import DayField, MoneyField, NumberField, one_line

SHORT = Length(max=120, message=_l("120 caractères au plus."))


def _whole(form: Form, field: NumberField) -> None:
    if field.data is not None and (field.data < 0 or field.data != int(field.data) or field.data > 100_000_000):
        raise ValidationError(_("Entrez un nombre entier, par exemple 250."))


def _not_negative(form: Form, field: MoneyField) -> None:
    if field.data is not None and field.data < 0:
        raise ValidationError(_("Un montant ne peut pas être négatif."))


def _listed(form: Form, field: SelectField) -> None:
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
    employees = NumberField(_l("Salariés"), [Optional(), _whole])
    arr = MoneyField(_l("ARR"), [Optional(), _not_negative])
    seats = NumberField(_l("Licences"), [Optional(), _whole])
    contract_start = DayField(_l("Début du contrat"), [Optional()])
    renewal_date = DayField(_l("Renouvellement"), [Optional()])
    owner = SelectField(_l("Responsable"), [Optional(), _listed], coerce=str, validate_choice=False)
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
