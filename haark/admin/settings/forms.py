"""The forms of the settings: each reads its part of the settings, and gives it back typed."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from babel.dates import get_month_names
from babel.numbers import get_currency_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from haark import formats, locale
from haark.admin.settings.fields import Between, ColorField, WholeField
from haark.decks.theme import HEX, INK, LEGIBLE, STRONG, contrast
from haark.fields import one_line
from haark.health.rules import COMPONENTS
from haark.people.forms import LANGUAGES, ZONES

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "UAH", "PLN", "CZK", "RON", "SEK", "NOK", "DKK", "CAD", "AUD")
WHITE = "#ffffff"


class SectionForm(Form):
    """`KEYS`: field by setting. `version` is the version of the section when it was read."""

    KEYS: ClassVar[Mapping[str, str]] = {}
    version = IntegerField(widget=HiddenInput(), default=0)

    @classmethod
    def of(cls, values: Mapping[str, Any], version: int = 0) -> Self:
        """The form filled with the settings."""
        return cls(data={**cls.typed(values), "version": version}).offer(values)

    @classmethod
    def typed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Field values from settings."""
        return {field: values[key] for key, field in cls.KEYS.items()}

    def offer(self, _values: Mapping[str, Any]) -> Self:
        """Fills the choices that depend on the language or on what is set now."""
        return self

    @property
    def settings(self) -> dict[str, Any]:
        """The settings as they were typed; of a form that was validated."""
        return {key: self[field].data for key, field in self.KEYS.items()}


class OrganisationForm(SectionForm):
    KEYS = {
        "organisation.name": "name",
        "organisation.currency": "currency",
        "organisation.language": "language",
        "organisation.timezone": "timezone",
        "fiscal_year_start": "fiscal",
        "open_editing": "open_editing",
        "import.max_megabytes": "import_megabytes",
        "attachments.max_megabytes": "file_megabytes",
    }
    name = StringField(
        _l("Nom de l’organisation"),
        [DataRequired(_l("Entrez le nom de l’organisation.")), Length(max=120, message=_l("120 caractères au plus."))],
        [one_line],
    )
    currency = SelectField(_l("Devise"))
    language = SelectField(_l("Langue"), choices=LANGUAGES)
    timezone = SelectField(_l("Fuseau horaire"), choices=ZONES)
    fiscal = SelectField(_l("Premier mois de l’exercice"), coerce=int)
    open_editing = BooleanField(_l("Chacun peut modifier tous les comptes, pas seulement les siens"))
    import_megabytes = WholeField(_l("Taille d’un envoi de fichiers à importer, en Mo au plus"), [Between(1, 2000)])
    file_megabytes = WholeField(_l("Taille d’un fichier joint à un compte, en Mo au plus"), [Between(1, 95)])

    def offer(self, values: Mapping[str, Any]) -> Self:
        language = locale.current()
        codes = dict.fromkeys((*CURRENCIES, values["organisation.currency"]))
        self.currency.choices = [
            SelectChoice(one, f"{one}, {get_currency_name(one, locale=language)}") for one in codes
        ]
        months = get_month_names("wide", context="stand-alone", locale=language)
        self.fiscal.choices = [SelectChoice(number, months[number]) for number in range(1, 13)]
        return self


class HealthForm(SectionForm):
    KEYS = {"health.half_life": "half_life", "rating.valid_days": "valid_days"}
    usage = WholeField(_l("Usage"), [Between(0, 100)])
    engagement = WholeField(_l("Engagement"), [Between(0, 100)])
    satisfaction = WholeField(_l("Satisfaction"), [Between(0, 100)])
    history = WholeField(_l("Historique"), [Between(0, 100)])
    half_life = WholeField(_l("Demi-vie d’une réponse de client, en jours"), [Between(7, 730)])
    valid_days = WholeField(_l("Validité de l’avis d’une personne, en jours"), [Between(7, 365)])

    @classmethod
    def typed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().typed(values), **values["health.weights"]}

    @property
    def weights(self) -> dict[str, int]:
        return {name: self[name].data or 0 for name in COMPONENTS}

    @property
    def total(self) -> int:
        return sum(self.weights.values())

    @property
    def settings(self) -> dict[str, Any]:
        return {"health.weights": self.weights, **super().settings}

    def validate_usage(self, _field: WholeField) -> None:
        if self.total == 0 and not any(self[name].errors for name in COMPONENTS):
            raise ValidationError(_l("Donnez un poids à une composante au moins : sans poids, aucun score."))


class BrandForm(SectionForm):
    KEYS = {"brand.primary": "primary", "brand.secondary": "secondary", "brand.tint": "tint"}
    primary = ColorField(_l("Couleur principale"))
    secondary = ColorField(_l("Couleur d’appui"))
    tint = ColorField(_l("Fond clair"))

    def validate_primary(self, field: ColorField) -> None:
        _legible(field.data, WHITE, _("Sur blanc, le contraste est de %(figure)s. Il en faut au moins %(least)s."))

    def validate_secondary(self, field: ColorField) -> None:
        _legible(field.data, WHITE, _("Sur blanc, le contraste est de %(figure)s. Il en faut au moins %(least)s."))

    def validate_tint(self, field: ColorField) -> None:
        """A ground, not an ink: texts and the main colour must be read on it."""
        words = _("Le texte y a un contraste de %(figure)s. Il en faut au moins %(least)s.")
        _legible(INK, field.data, words, STRONG)
        words = _("La couleur principale y a un contraste de %(figure)s. Il en faut au moins %(least)s.")
        _legible(self.primary.data, field.data, words)


def figure_of(ink: str, ground: str) -> float | None:
    """The contrast as it is shown, with two decimals, rounded down: 4.496 is not 4.5. None for what is no colour."""
    if not (HEX.fullmatch(ink or "") and HEX.fullmatch(ground or "")):
        return None
    return int(contrast(ink, ground) * 100) / 100


def _legible(ink: Any, ground: Any, words: str, least: float = LEGIBLE) -> None:
    measured = figure_of(ink, ground)
    if measured is not None and measured < least:
        language = locale.current()
        figure = formats.number(measured, language, 2)
        raise ValidationError(words % {"figure": figure, "least": formats.number(least, language, 1)})
