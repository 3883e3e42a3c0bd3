"""The shape of an exchange: every part of what a line said, to be corrected."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from haark import clock
from haark.dossier.wording import DIRECTIONS, INTERACTIONS
from haark.fields import DayField, HourField, one_line, paragraphs
from haark.measures.lines.rules import Line, Someone
from haark.measures.models import Interaction

NOON = time(12)


class NoteForm(Form):
    kind = SelectField(
        _l("Sorte"),
        choices=[SelectChoice(key, words) for key, (_drawing, words) in INTERACTIONS.items()],
        default="note",
    )
    day = DayField(_l("Jour"), [InputRequired(_l("Indiquez le jour."))])
    hour = HourField(_l("Heure"))
    contact = SelectField(_l("Avec"), validate_choice=False)
    direction = SelectField(_l("Sens"), choices=[SelectChoice(key, words) for key, words in DIRECTIONS.items()])
    tags = StringField(_l("Étiquettes"), [Length(max=400, message=_l("400 caractères au plus."))], [one_line])
    summary = TextAreaField(
        _l("Ce qui s’est dit"), [Length(max=4000, message=_l("4 000 caractères au plus."))], [paragraphs]
    )
    seen = HiddenField()

    def offer(self, people: Sequence[Someone], kept: str = "") -> "NoteForm":
        """The contacts who have an address can be chosen, and whom the exchange was with, whoever that is."""
        known = {person.email: person.name for person in people if person.email}
        if kept and kept not in known:
            known[kept] = kept
        self.contact.choices = [("", str(_("Personne en particulier"))), *known.items()]
        if self.contact.data not in known:
            self.contact.data = ""
        return self

    @classmethod
    def of_line(cls, line: Line, today: date, people: Sequence[Someone]) -> "NoteForm":
        """What a line was understood to say."""
        hour = None if line.minutes is None else time(line.minutes // 60, line.minutes % 60)
        told = {"kind": line.kind, "day": line.day or today, "hour": hour, "direction": line.direction}
        told |= {"contact": line.person.email if line.person else "", "summary": line.summary}
        return cls(data={**told, "tags": " ".join(f"#{tag}" for tag in line.tags)}).offer(people)

    @classmethod
    def of(cls, kept: Interaction, zone: str, people: Sequence[Someone]) -> "NoteForm":
        """A saved exchange."""
        here = kept.at.astimezone(ZoneInfo(zone))
        known = {person.email.lower(): person.email for person in people}
        email = known.get(kept.contact_email.lower(), kept.contact_email)
        told = {"kind": kept.kind, "day": here.date(), "hour": here.time().replace(second=0, microsecond=0)}
        told |= {"direction": kept.direction, "summary": kept.summary, "contact": email, "seen": mark_of(kept)}
        return cls(data={**told, "tags": " ".join(f"#{tag}" for tag in kept.tags)}).offer(people, email)

    def told(self, zone: str, saved: datetime | None = None) -> dict[str, Any]:
        """What was typed, as the verbs of measures take it. Without an hour: now for today, noon for another day."""
        assert self.day.data is not None  # required
        happened = moment_of(self.day.data, self.hour.data, zone)
        if saved is not None and saved.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0) == happened:
            happened = saved  # the form has no seconds
        return {
            "text": self.summary.data or "",
            "kind": self.kind.data,
            "happened": happened,
            "direction": self.direction.data,
            "contact_email": self.contact.data or "",
            "tags": [tag for tag in (self.tags.data or "").replace(",", " ").split() if tag],
        }


def moment_of(day: date, hour: time | None, zone: str) -> datetime:
    """The instant of an exchange on that day; without an hour now where it is today, else noon."""
    if hour is None and day == clock.today(zone):
        return clock.moment()
    return datetime.combine(day, hour or NOON, ZoneInfo(zone))


def mark_of(kept: Interaction) -> str:
    """Tells one state of an exchange from another: exchanges have no version."""
    told = (kept.kind, kept.at.isoformat(), kept.direction, kept.tags, kept.summary, kept.contact_email)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
