"""The shapes of a success story and of a roadmap item."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput

from haark.fields import DayField, one_line, paragraphs
from haark.formats import fold
from haark.library.rules import distinct
from haark.library.wording import LANGUAGES, PERMISSIONS, STAGES

LONG = _l("Ce texte est trop long.")
MOST_TAGS, LONGEST_TAG = 20, 60


class TagsField(SelectMultipleField):
    """Boxes to tick; what is no choice is refused."""

    option_widget = CheckboxInput()


class WordsField(StringField):
    """Free tags, typed with commas between them: a list of distinct ones."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = distinct(one_line(valuelist[0] if valuelist else "").split(","))

    def _value(self) -> str:
        return ", ".join(self.data or ())


class EntryForm(Form):
    """Everything but the version is a column of the entry."""

    version = IntegerField(widget=HiddenInput(), default=0)
    language = SelectField(
        _l("Langue du texte"), choices=[SelectChoice(key, label) for key, label in LANGUAGES.items()], default="fr"
    )
    sectors = TagsField(_l("Secteurs"))
    features = TagsField(_l("Fonctions du produit"))
    needs = WordsField(_l("Besoins"))
    valid_from = DayField(_l("Valide à partir du"), [Optional()])
    valid_until = DayField(_l("Valide jusqu’au"), [Optional()])

    def offer(self, sectors: Iterable[str], features: Mapping[str, str], entry: Any = None) -> Self:
        """The boxes: the sectors and features there are, and what the entry kept of earlier ones."""
        known = dict.fromkeys([*sectors, *(entry.sectors if entry else ())])
        self.sectors.choices = [(one, one) for one in sorted(known, key=fold)]
        kept = {key: key for key in (entry.features if entry else ())}
        self.features.choices = list({**kept, **features}.items())
        return self

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name != "version"}

    def refuse(self, fields: Sequence[str], sentence: Any) -> None:
        """Says at some fields why the domain did not take them."""
        for name in fields:
            self[name].errors = [*self[name].errors, str(sentence)]

    def validate_needs(self, field: WordsField) -> None:
        if len(field.data) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in field.data):
            told = {"most": MOST_TAGS, "longest": LONGEST_TAG}
            raise ValidationError(_("%(most)s besoins au plus, de %(longest)s caractères au plus.", **told))


class StoryForm(EntryForm):
    title = StringField(
        _l("Titre"),
        [DataRequired(_l("Donnez un titre à la réussite.")), Length(max=200, message=LONG)],
        [one_line],
    )
    client = StringField(_l("Client"), [Length(max=200, message=LONG)], [one_line])
    result = StringField(_l("Résultat chiffré"), [Length(max=400, message=LONG)], [one_line])
    quote = TextAreaField(_l("Citation"), [Length(max=1000, message=LONG)], [paragraphs])
    speaker = StringField(_l("Qui le dit"), [Length(max=200, message=LONG)], [one_line])
    permission = RadioField(
        _l("Le client permet de le citer"),
        choices=[SelectChoice(key, label) for key, (_drawing, _tone, label) in PERMISSIONS.items()],
        default="none",
    )
    permission_until = DayField(_l("Permission valable jusqu’au"), [Optional()])

    def validate_quote(self, field: TextAreaField) -> None:
        if not field.data and not self.result.data:
            raise ValidationError(_l("Écrivez un résultat ou une citation : il faut quelque chose à montrer."))


class RoadmapForm(EntryForm):
    title = StringField(
        _l("Titre"),
        [DataRequired(_l("Donnez un titre à cet élément.")), Length(max=200, message=LONG)],
        [one_line],
    )
    benefit = StringField(_l("Ce que le client y gagne"), [Length(max=400, message=LONG)], [one_line])
    stage = SelectField(
        _l("Avancement"),
        choices=[SelectChoice(key, label) for key, (_drawing, _tone, label) in STAGES.items()],
        default="planned",
    )
    available_on = DayField(_l("Disponible le"), [Optional()])
    public = BooleanField(_l("Montrable aux clients"))
