"""The shapes of what people type about the list."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from wtforms import Form, IntegerField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from haark.fields import DayField, one_line
from haark.portfolio.bulk import LONGEST_TAG
from haark.portfolio.views import LONGEST_NAME

FOR = (SelectChoice("me", _l("Pour moi")), SelectChoice("team", _l("Pour toute l’équipe")))


class ViewForm(Form):
    """A saved view: its name, and who sees it."""

    name = StringField(
        _l("Nom de la vue"),
        [
            DataRequired(_l("Donnez un nom à la vue.")),
            Length(max=LONGEST_NAME, message=_l("60 caractères au plus.")),
        ],
        [one_line],
    )
    seen_by = RadioField(_l("Visible"), choices=FOR, default="me")
    version = IntegerField(widget=HiddenInput(), default=0)

    @property
    def shared(self) -> bool:
        return bool(self.seen_by.data == "team")


class OwnerForm(Form):
    """Whose the accounts are from now on."""

    owner = SelectField(_l("Nouveau responsable"), default="")

    def offer(self, people: Sequence[tuple[int, str]]) -> "OwnerForm":
        """The users to choose from, (id, name)."""
        self.owner.choices = [
            SelectChoice("", _("Choisissez")),
            SelectChoice("nobody", pgettext("responsable", "Personne")),
            *(SelectChoice(str(ident), name) for ident, name in people),
        ]
        return self

    def validate_owner(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choisissez un responsable."))

    @property
    def wanted(self) -> dict[str, Any]:
        return {"owner_id": None if self.owner.data == "nobody" else int(self.owner.data)}


class TagsForm(Form):
    """A tag to give, one to take away."""

    add = StringField(
        _l("Étiquette à ajouter"), [Length(max=LONGEST_TAG, message=_l("60 caractères au plus."))], [one_line]
    )
    remove = StringField(
        _l("Étiquette à ôter"), [Length(max=LONGEST_TAG, message=_l("60 caractères au plus."))], [one_line]
    )

    def validate_add(self, field: Any) -> None:
        if not field.data and not self.remove.data:
            raise ValidationError(_("Écrivez une étiquette à ajouter ou à ôter."))
        if field.data and field.data == self.remove.data:
            raise ValidationError(_("La même étiquette ne peut être ajoutée et ôtée."))

    @property
    def wanted(self) -> dict[str, Any]:
        return {"add": self.add.data or "", "remove": self.remove.data or ""}


class ActionForm(Form):
    """The same action on each account."""

    title = StringField(
        _l("Action"),
        [DataRequired(_l("Écrivez ce qui est promis.")), Length(max=300, message=_l("300 caractères au plus."))],
        [one_line],
    )
    owner = SelectField(_l("Qui"), default="")
    due_on = DayField(_l("Échéance"))

    def offer(self, people: Sequence[tuple[int, str]]) -> "ActionForm":
        """The users to choose from, (id, name)."""
        own = SelectChoice("", _("Le responsable de chaque compte"))
        self.owner.choices = [own, *(SelectChoice(str(ident), name) for ident, name in people)]
        return self

    @property
    def wanted(self) -> dict[str, Any]:
        return {
            "title": self.title.data or "",
            "due_on": self.due_on.data.isoformat() if isinstance(self.due_on.data, date) else "",
            "owner_user_id": int(self.owner.data) if self.owner.data else None,
        }


class ReviewForm(Form):
    """Nothing to choose: kinds and days are the recommended ones."""

    @property
    def wanted(self) -> dict[str, Any]:
        return {}
