"""The shape of what people say of signals and recommendations."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import HiddenInput

from haark.fields import DayField, one_line, paragraphs
from haark.signals import wording

SHORT = Length(max=400, message=_l("400 caractères au plus."))
DAY = DataRequired(_l("Choisissez un jour."))


class VersionForm(Form):
    """Every form says which version the person saw."""

    version = IntegerField(widget=HiddenInput(), default=0)


class UntilForm(VersionForm):
    """Not before a day."""

    until = DayField(_l("Jusqu’au"), [DAY])


class DismissForm(VersionForm):
    reason = StringField(_l("Pourquoi"), [DataRequired(_l("Dites pourquoi, en quelques mots.")), SHORT], [one_line])


class IgnoreForm(VersionForm):
    reason = SelectField(
        _l("Pourquoi"),
        choices=[SelectChoice(key, label) for key, label in wording.IGNORED_FOR.items()],
        default="not_now",
    )
    comment = StringField(_l("Précision"), [Optional(), SHORT], [one_line])


class NoteForm(Form):
    """A signal that a person saw."""

    account = StringField(_l("Compte"), [DataRequired(_l("Nommez le compte.")), Length(max=400)], [one_line])
    kind = SelectField(_l("Signal"))
    severity = SelectField(
        _l("Gravité"), choices=[SelectChoice(key, label) for key, label in wording.SEVERITIES.items()], default="medium"
    )
    text = TextAreaField(
        _l("Ce que vous avez vu"), [DataRequired(_l("Écrivez ce que vous avez vu.")), SHORT], [paragraphs]
    )

    def offer(self) -> "NoteForm":
        """The kinds to choose from, risks first; returns itself."""
        groups = ((_l("Risques"), wording.RISKS), (_l("Opportunités"), wording.OPPORTUNITIES))
        self.kind.choices = [
            SelectChoice(kind, label, optgroup=str(group))
            for group, kinds in groups
            for kind, (_icon, label) in kinds.items()
        ]
        return self
