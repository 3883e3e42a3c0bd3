"""The shape of an action item."""

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from haark.actions import sources
from haark.actions.domain import Promise
from haark.actions.many import Change
from haark.actions.models import ActionItem
from haark.actions.wording import SERVES
from haark.fields import DayField, one_line, paragraphs

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


class NewForm(ActionForm):
    """With what the panel and the page of actions add: a note, and what the action moves forward."""

    note = TextAreaField(_l("Note"), [Length(max=4000, message=_l("4 000 caractères au plus."))], [paragraphs])
    serves = SelectField(_l("Fait avancer"), default="")

    def serving(self, account_id: int, keep: tuple[str, int | None] = ("", None)) -> "NewForm":
        """Offers the objectives and milestones of the account, and what the action serves already (`keep`)."""
        offered = sources.choices(account_id)
        named = [("", _("Rien de précis"), None)]
        for kind, things in offered.items():
            group = str(SERVES[kind].label) if kind in SERVES else kind
            named += [(f"{kind}:{ident}", title, group) for ident, title in things]
        kept = f"{keep[0]}:{keep[1]}" if keep[1] else ""
        if kept and kept not in [value for value, _title, _group in named]:
            named.append((kept, _("Retiré du plan"), None))
        self.serves.choices = [SelectChoice(value, title, optgroup=group) for value, title, group in named]
        return self

    @property
    def promise(self) -> Promise:
        kind, _colon, ident = (self.serves.data or "").partition(":")
        serves = (kind, int(ident)) if ident else ("", None)
        return replace(super().promise, note=self.note.data or "", serves=serves)


class BulkForm(Form):
    """What becomes of the ticked actions; an empty field leaves it as it is."""

    ids = SelectMultipleField(validate_choice=False)
    owner = SelectField(_l("Responsable"), default="")
    due_on = DayField(_l("Échéance"))
    state = SelectField(_l("État"), default="")

    def offer(self, people: list[tuple[int, str]]) -> "BulkForm":
        self.owner.choices = [("", _("Responsable…")), *((str(ident), name) for ident, name in people)]
        self.state.choices = [("", _("État…")), *STATES.items()]
        return self

    @property
    def idents(self) -> list[int]:
        return [int(one) for one in self.ids.data or () if one.isascii() and one.isdigit() and len(one) < 10]

    @property
    def change(self) -> Change:
        owner = int(self.owner.data) if self.owner.data else None
        return Change(owner, self.due_on.data, self.state.data or None)


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
        "note": item.note,
        "serves": f"{item.serves_kind}:{item.serves_id}" if item.serves_id else "",
        "version": item.version,
    }
