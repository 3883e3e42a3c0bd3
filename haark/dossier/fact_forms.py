"""The facts of an account that are edited where they stand: one small form each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from flask_babel.speaklater import LazyString
from wtforms import Form, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from haark import formats, locale
from haark.dossier import wording
from haark.dossier.forms import SHORT, listed, not_negative, whole
from haark.fields import DayField, MoneyField, NumberField, one_line

People = list[tuple[int, str]]


def _own_currency(form: "ArrForm", given: MoneyField) -> None:
    """An amount typed with another currency's sign is a misunderstanding."""
    typed = str((given.raw_data or [""])[0]).upper()
    other = [sign for code, sign in formats.SYMBOLS.items() if code != form.currency for sign in (code, sign)]
    own = (form.currency, formats.SYMBOLS.get(form.currency, form.currency))
    if form.currency and not any(sign in typed for sign in own) and any(sign.upper() in typed for sign in other):
        raise ValidationError(
            _("Ce compte est en %(currency)s : entrez le montant dans cette devise.", currency=form.currency)
        )


class FactForm(Form):
    """`version` is the account's, `was` the fact as it stood when the form was opened: a change of another fact
    meanwhile is no conflict."""

    version = IntegerField(widget=HiddenInput(), default=0)
    was = HiddenField()
    value: Any

    def offer(self, row: Any, people: People) -> "FactForm":
        """Fills what depends on the account; returns itself."""
        return self

    def fill(self, row: Any) -> Any:
        """The fact of this row, as the field takes it."""
        return getattr(row, self.column)

    column = ""

    @property
    def written(self) -> str:
        """The fact as text, to tell whether it changed."""
        data = self.value.data
        if data is None:
            return ""
        return str(self.value.write(data) if hasattr(self.value, "write") else data)

    def facts(self) -> dict[str, Any]:
        """What was typed, as `accounts.domain.change` takes it."""
        data = self.value.data
        return {self.column: int(data) if isinstance(self.value, NumberField) and data is not None else data}


class ArrForm(FactForm):
    """The ARR in the account's currency, from a day on and for a reason (the latter two with a history only)."""

    column = "declared_arr_cents"
    currency = ""
    value = MoneyField(_l("ARR"), [Optional(), not_negative, _own_currency])
    start = DayField(_l("À partir du"), [Optional()])
    reason = SelectField(
        _l("Raison"),
        choices=[
            SelectChoice("", _l("Selon le montant")),
            SelectChoice("expansion", _l("Expansion")),
            SelectChoice("contraction", _l("Contraction")),
            SelectChoice("price", _l("Changement de prix")),
            SelectChoice("other", _l("Autre")),
        ],
        validate_choice=False,
    )

    def offer(self, row: Any, people: People) -> FactForm:
        self.currency = row.currency
        if not row.levels:
            del self.start, self.reason
        return self

    def fill(self, row: Any) -> int | None:
        return row.arr


class OwnerForm(FactForm):
    column = "owner_id"
    value = SelectField(_l("Responsable"), [Optional(), listed], coerce=str, validate_choice=False)

    def offer(self, row: Any, people: People) -> FactForm:
        """Everybody who can own an account, and whoever owns it now."""
        held, name = getattr(row, self.column), row.owner_name if self.column == "owner_id" else row.sales_name
        known = {str(ident): one for ident, one in ([(held, name)] if held else []) + people}
        self.value.choices = [
            ("", pgettext("responsable", "Personne")),
            *sorted(known.items(), key=lambda one: one[1].casefold()),
        ]
        return self

    def fill(self, row: Any) -> str:
        return str(getattr(row, self.column) or "")

    def facts(self) -> dict[str, Any]:
        return {self.column: int(self.value.data) if self.value.data else None}


class SalesForm(OwnerForm):
    column = "sales_owner_id"
    value = SelectField(_l("Commercial"), [Optional(), listed], coerce=str, validate_choice=False)


class ParentForm(FactForm):
    """The parent by its name or external id; the route looks it up."""

    column = "parent_id"
    value = StringField(_l("Société mère"), [Optional(), Length(max=400)], [one_line])

    def fill(self, row: Any) -> str:
        return row.parent_name or ""


@dataclass(frozen=True)
class Fact:
    """`name`: in addresses; `column`: of Account; `shown` writes its value, '' unknown; `attributes`: of the field."""

    name: str
    form: type[FactForm]
    shown: Callable[[Any], str]
    hint: LazyString | str = ""
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def column(self) -> str:
        return self.form.column

    @property
    def label(self) -> Any:
        return self.form.value.args[0]  # of the field, which WTForms makes when the form is

    def form_of(self, row: Any, people: People) -> FactForm:
        """The form with the fact as it is."""
        made = self.form().offer(row, people)
        made.value.data = made.fill(row)
        made.version.data = row.version
        made.was.data = made.written
        if "start" in made:
            made["start"].data = row.on
        return made

    def typed(self, given: Any, row: Any, people: People) -> FactForm:
        """The form as it was sent."""
        return self.form(given).offer(row, people)


def _form(column: str, made: Any) -> type[FactForm]:
    return type(f"{column.title()}Form", (FactForm,), {"column": column, "value": made})


def _text(column: str) -> Callable[[Any], str]:
    return lambda row: str(getattr(row, column) or "")


def _number(column: str) -> Callable[[Any], str]:
    def shown(row: Any) -> str:
        value = getattr(row, column)
        return "" if value is None else formats.number(value, locale.current())

    return shown


def _day(column: str) -> Callable[[Any], str]:
    def shown(row: Any) -> str:
        value: date | None = getattr(row, column)
        return "" if value is None else formats.day(value, locale.current())

    return shown


def _arr(row: Any) -> str:
    return "" if row.arr is None else formats.money(row.arr, locale.current(), row.currency)


WHOLE = {"inputmode": "numeric"}
LONG = Length(max=400, message=_l("400 caractères au plus."))
COUNTRY = Length(max=80, message=_l("80 caractères au plus."))
ADDRESS = Length(max=254, message=_l("254 caractères au plus."))
LANGUAGES = [SelectChoice(code, label) for code, label in wording.LANGUAGES.items()]
FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact("name", _form("name", StringField(_l("Nom"), [LONG], [one_line])), _text("name"), "", {"maxlength": 400}),
        Fact("sector", _form("sector", StringField(_l("Secteur"), [SHORT], [one_line])), _text("sector")),
        Fact(
            "employees",
            _form("employees", NumberField(_l("Salariés"), [Optional(), whole])),
            _number("employees"),
            "",
            WHOLE,
        ),
        Fact("arr", ArrForm, _arr, _l("Par an, dans la devise du compte : 120 000 ou 120k."), {"inputmode": "text"}),
        Fact("contract_start", _form("contract_start", DayField(_l("Début du contrat"))), _day("contract_start")),
        Fact("renewal_date", _form("renewal_date", DayField(_l("Renouvellement"))), _day("renewal_date")),
        Fact("seats", _form("seats", NumberField(_l("Licences"), [Optional(), whole])), _number("seats"), "", WHOLE),
        Fact("quota", _form("quota", NumberField(_l("Quota"), [Optional(), whole])), _number("quota"), "", WHOLE),
        Fact("country", _form("country", StringField(_l("Pays"), [COUNTRY], [one_line])), _text("country")),
        Fact(
            "language",
            _form("language", SelectField(_l("Langue"), choices=LANGUAGES, validate_choice=False)),
            lambda row: str(wording.LANGUAGES.get(row.language, row.language)),
        ),
        Fact("owner", OwnerForm, lambda row: row.owner_name or ""),
        Fact("sales_owner", SalesForm, lambda row: row.sales_name or ""),
        Fact(
            "executive_email",
            _form("executive_email", StringField(_l("E-mail du dirigeant"), [ADDRESS], [one_line])),
            _text("executive_email"),
            "",
            {"type": "email", "autocomplete": "off"},
        ),
        Fact(
            "external_id",
            _form("external_id", StringField(_l("Identifiant externe"), [SHORT], [one_line])),
            _text("external_id"),
            _l("Celui de votre CRM : un import retrouvera ce compte."),
        ),
        Fact(
            "parent",
            ParentForm,
            lambda row: row.parent_name or "",
            _l("Le début de son nom, ou son identifiant externe. Vide : aucune."),
        ),
    )
}
