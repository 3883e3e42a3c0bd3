"""The shapes of what people type about themselves. The CSRF token is checked before any route (haark/access.py)."""

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, EmailField, Form, HiddenField, IntegerField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from haark.fields import one_line
from haark.people import rules

LANGUAGES = [SelectChoice("fr", "Français"), SelectChoice("en", "English"), SelectChoice("uk", "Українська")]
ZONES = [SelectChoice(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name]
HOURS = [SelectChoice(hour, f"{hour:02}:00") for hour in range(24)]
REASONS = {
    "short": _l("Choisissez un mot de passe d’au moins 10 caractères."),
    "long": _l("Ce mot de passe est trop long : 1 024 caractères au plus."),
    "personal": _l("Votre nom ou votre adresse ne peut pas servir de mot de passe."),
    "wrong": _l("Le mot de passe actuel n’est pas le bon."),
    "email": _l("Cette adresse e-mail n’a pas la forme nom@domaine."),
    "taken": _l("Cette adresse e-mail a déjà un compte."),
    "used": _l("Ce code ne fonctionne pas ou plus. Vérifiez qu’il est complet, ou demandez-en un nouveau."),
}


def _is_email(_form: Form, field: EmailField) -> None:
    if not rules.is_email(rules.normal_email(field.data or "")):
        raise ValidationError(REASONS["email"])


SHORT = Length(max=120, message=_l("120 caractères au plus."))


class LoginForm(Form):
    email = EmailField(_l("Adresse e-mail"), [DataRequired(_l("Entrez votre adresse e-mail."))], [one_line])
    password = PasswordField(_l("Mot de passe"), [DataRequired(_l("Entrez votre mot de passe."))])
    remember = BooleanField(_l("Garder ma session ouverte 30 jours"))
    next = HiddenField()


class ForgottenForm(Form):
    email = EmailField(_l("Adresse e-mail"), [DataRequired(_l("Entrez votre adresse e-mail."))], [one_line])


class SetupForm(Form):
    code = StringField(_l("Code affiché au démarrage"), [DataRequired(_l("Entrez le code affiché par bin/run."))])
    organisation = StringField(
        _l("Nom de l’organisation"),
        [DataRequired(_l("Entrez le nom de l’organisation.")), Length(max=120)],
        [one_line],
    )
    name = StringField(_l("Votre nom"), [DataRequired(_l("Entrez votre nom.")), Length(max=120)], [one_line])
    email = EmailField(_l("Adresse e-mail"), [DataRequired(_l("Entrez votre adresse e-mail.")), _is_email], [one_line])
    password = PasswordField(_l("Mot de passe"), [DataRequired(REASONS["short"])])


class WelcomeForm(Form):
    password = PasswordField(_l("Mot de passe"), [DataRequired(REASONS["short"])])


class ProfileForm(Form):
    name = StringField(
        lazy_pgettext("personne", "Nom"),
        [DataRequired(_l("Entrez votre nom.")), Length(max=120, message=_l("120 caractères au plus."))],
        [one_line],
    )
    title = StringField(_l("Votre fonction"), [SHORT], [one_line])
    phone = StringField(_l("Téléphone"), [Length(max=40, message=_l("40 caractères au plus."))], [one_line])
    language = SelectField(_l("Langue"), choices=LANGUAGES)
    timezone = SelectField(_l("Fuseau horaire"), choices=ZONES)
    digest = BooleanField(_l("Recevoir chaque jour un résumé de mes actions par e-mail"))
    digest_hour = SelectField(_l("À quelle heure"), coerce=int, choices=HOURS, default=8)
    shortcuts = BooleanField(_l("Raccourcis clavier d’une lettre"))
    version = IntegerField(widget=HiddenInput(), default=0)


class PasswordForm(Form):
    current = PasswordField(_l("Mot de passe actuel"), [DataRequired(_l("Entrez votre mot de passe actuel."))])
    password = PasswordField(_l("Nouveau mot de passe"), [DataRequired(REASONS["short"])])
