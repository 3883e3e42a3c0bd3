"""The shapes of what people type about a meeting, its participants, and their answer."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import Form, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput, NumberInput

from haark.fields import DayField, HourField, one_line, paragraphs
from haark.people.forms import LANGUAGES, ZONES
from haark.reviews.inviting import wording

OTHER = "other"
MINUTES = NumberRange(5, 480, message=_l("Entre 5 et 480 minutes."))


def instant(day: date, hour: time, zone: str) -> datetime | None:
    """The instant of a day and hour there; None for an hour that a change of clocks skips. Of one that the clocks show
    twice, the first."""
    there = ZoneInfo(zone)
    found = datetime.combine(day, hour, there).astimezone(UTC)
    back = found.astimezone(there)
    return found if (back.date(), back.time()) == (day, hour) else None


class TimeForm(Form):
    """When, where, how long and what for. `slot`: the instant of a proposal in ISO form, or `other`: day and hour."""

    slot = StringField()
    day = DayField(_l("Jour"))
    hour = HourField(_l("Heure"))
    zone = SelectField(_l("Fuseau horaire"), choices=ZONES)
    minutes = IntegerField(_l("Minutes"), [InputRequired(MINUTES.message), MINUTES], widget=NumberInput(min=5, max=480))
    place = StringField(
        _l("Lieu ou lien de visioconférence"),
        [Optional(), Length(max=300, message=_l("300 caractères au plus."))],
        [one_line],
    )
    goals = TextAreaField(
        _l("But de la réunion"), [Optional(), Length(max=2000, message=_l("2 000 caractères au plus."))], [paragraphs]
    )
    version = IntegerField(widget=HiddenInput(), default=0)
    starts_at: datetime | None = None

    def validate_slot(self, field: StringField) -> None:
        if (field.data or OTHER) == OTHER:
            return
        try:
            found = datetime.fromisoformat(field.data or "")
        except ValueError as fault:
            raise ValidationError(_("Ce créneau n’existe pas.")) from fault
        if found.tzinfo is None or not 1900 <= found.year <= 2200:
            raise ValidationError(_("Ce créneau n’existe pas."))
        self.starts_at = found.astimezone(UTC)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.starts_at is not None:
            if self.day.data is not None or self.hour.data is not None:
                self.day.errors = [_("Pour un autre moment, cochez « Un autre moment » ; sinon laissez ceci vide.")]
            return not self.day.errors
        if self.day.data is None or self.hour.data is None:
            self.day.errors = [_("Choisissez un créneau, ou un jour et une heure.")]
            return False
        self.starts_at = instant(self.day.data, self.hour.data, self.zone.data)
        if self.starts_at is None:
            self.hour.errors = [_("Ce jour-là, les horloges sautent cette heure. Choisissez-en une autre.")]
        return self.starts_at is not None


class PersonForm(Form):
    """Somebody of the invitation."""

    name = StringField(
        lazy_pgettext("personne", "Nom"),
        [InputRequired(wording.ERRORS["name"]), Length(max=200, message=_l("200 caractères au plus."))],
        [one_line],
    )
    email = StringField(_l("E-mail"), [Optional(), Length(max=254, message=wording.ERRORS["address"])], [one_line])
    language = SelectField(_l("Langue"), choices=LANGUAGES)


class GuestForm(PersonForm):
    """Somebody whom Haark does not know."""

    side = SelectField(
        _l("De quel côté"),
        choices=[SelectChoice("theirs", _l("Chez le client")), SelectChoice("ours", _l("Chez nous"))],
    )


class AnswerForm(Form):
    """What an invited person answers: with `other`, the moment they propose, in the meeting's zone."""

    reply = RadioField(
        _l("Votre réponse"),
        [AnyOf(list(wording.ANSWERS), message=wording.ERRORS["answer"])],
        validate_choice=False,
        choices=[SelectChoice(key, words) for key, words in wording.ANSWERS.items()],
    )
    day = DayField(_l("Jour proposé"))
    hour = HourField(_l("Heure proposée"))
    note = TextAreaField(
        _l("Un mot, si vous voulez"),
        [Optional(), Length(max=1000, message=_l("1 000 caractères au plus."))],
        [paragraphs],
    )
    zone = ""
    other_at: datetime | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.reply.data != OTHER:
            return True
        if self.day.data is None or self.hour.data is None:
            self.day.errors = [_("Dites quel jour et à quelle heure.")]
            return False
        self.other_at = instant(self.day.data, self.hour.data, self.zone)
        if self.other_at is None:
            self.hour.errors = [_("Ce jour-là, les horloges sautent cette heure. Choisissez-en une autre.")]
        return self.other_at is not None
