"""The shapes of a plan's parts."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from haark.fields import DayField, NumberField, one_line, paragraphs

LONG = _l("Ce texte est trop long.")
ROLES = {
    "sponsor": _l("Sponsor exécutif"),
    "champion": _l("Champion"),
    "day_to_day": _l("Quotidien"),
    "csm": _l("CSM"),
    "other": _l("Autre"),
}
DUTIES = {
    "sponsor": _l("validation stratégique"),
    "champion": _l("adoption interne"),
    "day_to_day": _l("opérations"),
    "csm": _l("succès et support"),
    "other": "",
}
IMPACTS = {"high": _l("Élevé"), "medium": _l("Moyen"), "low": _l("Faible")}
People = tuple[list[tuple[int, str]], list[tuple[int, str]]]  # ours, theirs: (id, name)


def ident(value: Any) -> int | None:
    """The id that a choice stands for; «nobody» is None. ValueError for anything else."""
    return int(value) if value else None


def line(label: Any, most: int, *validators: Any) -> StringField:
    return StringField(label, [*validators, Length(max=most, message=LONG)], [one_line])


def text(label: Any, most: int) -> TextAreaField:
    return TextAreaField(label, [Length(max=most, message=LONG)], [paragraphs])


class _Versioned(Form):
    version = IntegerField(widget=HiddenInput(), default=0)

    @property
    def values(self) -> dict[str, Any]:
        """Columns of the part, as typed."""
        return {name: value for name, value in self.data.items() if name != "version"}

    def offer(self, people: People) -> "_Versioned":
        """Who can be chosen."""
        return self


class _Part(_Versioned):
    """Everything but the version is a column of the part."""

    owner_user_id = SelectField(_l("Responsable chez nous"), coerce=ident)
    owner_contact_id = SelectField(_l("Responsable chez le client"), coerce=ident)
    internal_note = text(_l("Note interne, jamais montrée au client"), 4000)

    def offer(self, people: People) -> "_Part":
        for field, rows in ((self.owner_user_id, people[0]), (self.owner_contact_id, people[1])):
            nobody = SelectChoice("", _("Personne encore"))
            field.choices = [nobody, *(SelectChoice(str(number), name) for number, name in rows)]
        return self

    def validate_due_on(self, field: DayField) -> None:
        start = self._fields["starts_on"].data if "starts_on" in self._fields else None
        if start and field.data and field.data <= start:
            raise ValidationError(_l("L’échéance vient après le début."))


class VisionForm(_Versioned):
    title = line(_l("Titre du plan"), 200)
    vision = text(_l("Vision, écrite avec le client"), 2000)
    internal_note = text(_l("Note interne, jamais montrée au client"), 4000)


class ObjectiveForm(_Part):
    title = line(_l("Objectif"), 200, DataRequired(_l("Écrivez l’objectif.")))
    why = line(_l("Pourquoi il compte pour le client"), 400)
    quote = line(_l("Dans les mots du client"), 400)
    kpi = line(_l("Indicateur"), 200)
    unit = line(_l("Unité"), 20)
    comparator = SelectField(
        _l("Cible atteinte"),
        choices=[SelectChoice("ge", _l("au moins la cible")), SelectChoice("le", _l("au plus la cible"))],
        default="ge",
    )
    baseline = NumberField(_l("Valeur de départ"))
    target = NumberField(_l("Cible"))
    current = NumberField(_l("Actuel"))
    current_on = DayField(_l("Mesuré le"))
    source = line(_l("Source des valeurs"), 200)
    starts_on = DayField(_l("Début"))
    due_on = DayField(_l("Échéance"))
    agreed_on = DayField(_l("Convenu le"))
    agreed_by = line(_l("Convenu avec"), 200)


class ObjectiveEdit(ObjectiveForm):
    """An objective that is there: its current value comes from its values, one by one."""

    current = None  # type: ignore[assignment]  # so WTForms leaves a field of the class above out
    current_on = None  # type: ignore[assignment]


class ValueForm(Form):
    """A value measured on a day."""

    value = NumberField(lazy_pgettext("mesure", "Valeur"), [InputRequired(_l("Entrez un nombre, par exemple 12,5."))])
    on_day = DayField(_l("Mesuré le"), [InputRequired(_l("Dites quel jour."))])
    source = line(_l("Source"), 200)


class MilestoneForm(_Part):
    title = line(_l("Jalon"), 200, DataRequired(_l("Écrivez le jalon.")))
    phase = line(_l("Phase"), 80)
    detail = line(_l("Détail"), 400)
    starts_on = DayField(_l("Début"))
    due_on = DayField(_l("Échéance"))
    state = SelectField(
        _l("État"),
        choices=[
            SelectChoice("todo", _l("À faire")),
            SelectChoice("in_progress", _l("En cours")),
            SelectChoice("done", _l("Fait")),
        ],
        default="todo",
    )


class RiskForm(_Part):
    title = line(_l("Risque"), 200, DataRequired(_l("Écrivez le risque.")))
    impact = SelectField(
        _l("Impact"), choices=[SelectChoice(key, label) for key, label in IMPACTS.items()], default="medium"
    )
    mitigation = line(_l("Parade"), 400)


class MemberForm(_Versioned):
    role = SelectField(
        _l("Rôle"), choices=[SelectChoice(key, label) for key, label in ROLES.items()], default="sponsor"
    )
    person = SelectField(_l("Qui"), default="")
    name = line(_l("Nom, pour une autre personne"), 200)
    duty = line(_l("Ce que la personne fait"), 200)

    def __init__(self, formdata: Any = None, obj: Any = None, **given: Any) -> None:
        if obj is not None:
            person = f"user:{obj.user_id}" if obj.user_id else f"contact:{obj.contact_id}" if obj.contact_id else ""
            named = "" if person else obj.name
            given["data"] = {
                "person": person,
                "name": named,
                "role": obj.role,
                "duty": obj.duty,
                "version": obj.version,
            }
        super().__init__(formdata, **given)

    def offer(self, people: People) -> "MemberForm":
        groups = {_("Chez le client"): ("contact", people[1]), _("Chez nous"): ("user", people[0])}
        self.person.choices = [
            SelectChoice("", _("Une autre personne")),
            *(
                SelectChoice(f"{kind}:{number}", name, optgroup=group)
                for group, (kind, rows) in groups.items()
                for number, name in rows
            ),
        ]
        return self

    def validate_name(self, field: StringField) -> None:
        if not self.person.data and not field.data:
            raise ValidationError(_l("Choisissez une personne ou écrivez un nom."))

    @property
    def values(self) -> dict[str, Any]:
        kind, _colon, number = (self.person.data or "").partition(":")
        known = {str(choice.value): str(choice.label) for choice in self.person.choices or ()}
        return {
            "role": self.role.data,
            "user_id": int(number) if kind == "user" else None,
            "contact_id": int(number) if kind == "contact" else None,
            "name": known[self.person.data] if number else self.name.data,
            "duty": self.duty.data,
        }
