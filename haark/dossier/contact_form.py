"""The shape of a contact."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import EmailInput, HiddenInput, TelInput

from haark.accounts.contacts import Person, person_of
from haark.dossier.wording import LANGUAGES, ROLES
from haark.fields import DayField, one_line


class ContactForm(Form):
    """Only the name is required."""

    name = StringField(
        _l("Nom"),
        [DataRequired(_l("Donnez un nom au contact.")), Length(max=200, message=_l("200 caractères au plus."))],
        [one_line],
    )
    email = StringField(
        _l("E-mail"), [Length(max=254, message=_l("254 caractères au plus."))], [one_line], widget=EmailInput()
    )
    role = SelectField(
        _l("Rôle"),
        choices=[SelectChoice(key, label) for key, label in ROLES.items()],
        default="other",
        validate_choice=False,  # the verb says it, in words of ours
    )
    phone = StringField(
        _l("Téléphone"), [Length(max=60, message=_l("60 caractères au plus."))], [one_line], widget=TelInput()
    )
    language = SelectField(
        _l("Langue"),
        choices=[SelectChoice("", _l("Non précisée")), *(SelectChoice(key, label) for key, label in LANGUAGES.items())],
        validate_choice=False,
    )
    profile_url = StringField(
        _l("Lien du profil"), [Length(max=500, message=_l("500 caractères au plus."))], [one_line]
    )
    main = BooleanField(_l("Contact principal"))
    version = IntegerField(widget=HiddenInput(), default=0)

    @classmethod
    def of(cls, contact: Any) -> "ContactForm":
        """The form of a saved contact."""
        values = person_of(contact)
        form = cls(data={**{name: getattr(values, name) for name in values.__slots__}, "version": contact.version})
        if contact.language and contact.language not in LANGUAGES:  # an import may say any
            form.language.choices = [*form.language.choices, SelectChoice(contact.language, contact.language)]
        return form

    @property
    def person(self) -> Person:
        """What was typed, after validation."""
        known = [choice.value for choice in self.language.iter_choices()]
        return Person(
            name=self.name.data or "",
            email=self.email.data or "",
            role=self.role.data,
            main=self.main.data,
            phone=self.phone.data or "",
            language=self.language.data if self.language.data in known else "",
            profile_url=self.profile_url.data or "",
        )


class DepartureForm(Form):
    day = DayField(_l("Parti le"))
