"""The shape of an action item."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from haark.actions.domain import Promise
from haark.actions.models import ActionItem
from haark.fields import DayField, one_line

STATES = {"open": _l("À faire"), "in_progress": _l("En cours"), "done": _l("Faite"), "cancelled": _l("Abandonnée")}
Choices = tuple[list[tuple[int, str]], ...]


class ActionForm(Form):
    title = StringField(
        _l("Action"),
        [DataRequired(_l("Écrivez ce qui est promis.")), Length(max=300, message=_l("300 caractères au plus."))],
        [one_line],
    )
    owner = SelectField(_l("Qui"), default="")
    due_on = DayField(_l("Échéance"))
    state = SelectField(_l("État"), choices=[SelectChoice(key, label) for key, label in STATES.items()], default="open")
    version = IntegerField(widget=HiddenInput(), default=0)

    def offer(self, choices: Choices) -> "ActionForm":
        """Who can be chosen: (id, name) of ours, then of the client's contacts."""
        ours, theirs = choices
        groups = {_("Chez nous"): ("user", ours), _("Chez le client"): ("contact", theirs)}
        self.owner.choices = [
            SelectChoice("", _("Personne encore")),
            *(
                SelectChoice(f"{kind}:{ident}", name, optgroup=group)
                for group, (kind, people) in groups.items()
                for ident, name in people
            ),
        ]
        return self

    @property
    def promise(self) -> Promise:
        """What was typed, after validation."""
        kind, _colon, ident = (self.owner.data or "").partition(":")
        return Promise(
            title=self.title.data or "",
            owner_user_id=int(ident) if kind == "user" else None,
            owner_contact_id=int(ident) if kind == "contact" else None,
            due_on=self.due_on.data,
            state=self.state.data,
        )


def values_of(item: ActionItem) -> dict[str, object]:
    """The form's values for a saved action."""
    owner = f"user:{item.owner_user_id}" if item.owner_user_id else ""
    if item.owner_contact_id:
        owner = f"contact:{item.owner_contact_id}"
    return {
        "title": item.title,
        "owner": owner,
        "due_on": item.due_on,
        "state": item.state,
        "version": item.version,
    }
