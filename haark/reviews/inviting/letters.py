"""What invitations say, in each recipient's language: subject, text, HTML and the calendar part (RV-8)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from flask_babel import force_locale

from haark.cadence import rules as cadence
from haark.cadence.models import Review
from haark.decks.outline import Agenda
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.mail import calendar, compose
from haark.people.models import User
from haark.reviews import domain as reviews
from haark.reviews import titles
from haark.reviews.assembly import Book
from haark.reviews.content import decisions
from haark.reviews.content.context import Composer, period_label
from haark.reviews.content.opening import LINES
from haark.reviews.inviting import queries, wording
from haark.reviews.inviting.domain import InvitationError, minutes_of
from haark.reviews.inviting.holidays import zone_of
from haark.reviews.inviting.suggesting import first_name
from haark.reviews.wording import Words
from haark.settings import queries as settings

PURPOSES = ("invitation", "update", "reminder", "cancellation")
PAGE = "answers"  # the path of the answer link


@dataclass(frozen=True)
class Programme:
    """The agenda in one language: title and minutes of each part; the decisions sought."""

    title: str
    parts: tuple[tuple[str, int], ...]
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """A mail as it will be sent; `calendar` is the text of its calendar part."""

    subject: str
    text: str
    html: str
    calendar: str


class Occasion:
    """A review to write about: everything that its letters share, gathered once; a language's programme on demand."""

    def __init__(self, review: Review, account: Any = None, starts: datetime | None = None) -> None:
        """`starts`: for a preview, a time that is not chosen yet."""
        account = account or queries.account_of(review.account_id)
        self.review, self.starts = review, review.starts_at or starts
        self.client: str = account.name
        self.vendor = str(settings.get("organisation.name"))
        self.zone = review.zone or str(settings.get("organisation.timezone"))
        self.client_zone = zone_of(account.country, self.zone)
        self.organiser = _organiser(review, account[-2])
        self.minutes = minutes_of(review)
        self._programmes: dict[str, Programme] = {}

    def programme(self, language: str) -> Programme:
        """What is talked about, as the deck says it; the usual parts until there is one."""
        if language not in self._programmes:
            self._programmes[language] = _programme(self.review, self.minutes, language)
        return self._programmes[language]

    def zone_of(self, person: Any) -> str:
        """Where a recipient is, as far as Haark knows: a user says it, a client's country may."""
        if person.user_id is not None:
            user = db.session.get(User, person.user_id)
            return user.timezone if user else self.zone
        return self.zone if person.ours else self.client_zone


@dataclass(frozen=True)
class Organiser:
    """Who invites, and whom answers go to."""

    name: str
    email: str
    language: str


def _organiser(review: Review, owner: User | None) -> Organiser | None:
    """Once people are invited it stays who invited them, or their calendars would take a change for a stranger's."""
    rows = queries.participants(review.id) if review.invite_uid else []
    found: Any = next((row for row in rows if row.role == "csm"), None) or owner
    if found is None and review.created_by_id:
        found = db.session.get(User, review.created_by_id)
    return Organiser(found.name, found.email, found.language) if found else None


def _programme(review: Review, minutes: int, language: str) -> Programme:
    title = titles.title_of(review.kind, review.period, language)
    book = reviews.compose(review, language)
    if book is None:
        return Programme(title, _usual(review, minutes, language), ())
    return Programme(title, _written(book) or _usual(review, minutes, language), _sought(book))


def _written(book: Book) -> tuple[tuple[str, int], ...]:
    """The parts of the agenda slide, a person's words included."""
    try:
        blocks = book.page("agenda").slide.blocks
    except KeyError:
        return ()
    found = next((block for block in blocks if isinstance(block, Agenda)), None)
    return tuple((item.title, item.minutes) for item in found.items) if found else ()


def _sought(book: Book) -> tuple[str, ...]:
    return tuple(decisions.agreed(Composer.of(book.material, "agenda")))


def _usual(review: Review, minutes: int, language: str) -> tuple[tuple[str, int], ...]:
    words, parts = Words(language), cadence.agenda(minutes)
    fiscal = settings.get("fiscal_year_start")
    after = cadence.following(cadence.parse(review.period, fiscal), fiscal)
    told = {"unit": after.unit, "number": after.number, "year": after.year, "start": after.start.isoformat()}
    label = period_label(told, words)
    return tuple((words(f"agenda.{line}", next=label), sum(parts[index] for index in LINES[line])) for line in LINES)


def label_of(review: Review, participant_id: int) -> str:
    """What the secret of an answer link is made from: the UID of the invitation cannot be guessed."""
    return f"{review.invite_uid}.{participant_id}"


def letter(
    occasion: Occasion,
    person: Any,
    purpose: str,
    *,
    at: datetime,
    guests: tuple[calendar.Guest, ...] = (),
    sequence: int = 0,
    language: str = "",
) -> Letter:
    """A mail to one participant (a row, or a Person for the preview), in their language or the one asked for.

    InvitationError `nobody`: the review has no organiser.
    """
    review, language = occasion.review, language or person.language
    language = language if language in LANGUAGES else review.language
    with force_locale(language):
        told = contents(occasion, person, purpose, language)
        subject = wording.subject(
            purpose, told["title"], occasion.client, occasion.vendor, occasion.starts, occasion.zone
        )
        text = render_template("emails/invitation.txt", **told)
        html = render_template("emails/invitation.html", subject=subject, **told)
        meeting = meeting_of(occasion, told, at=at, guests=guests, sequence=sequence)
    write = calendar.cancellation if purpose == "cancellation" else calendar.invitation
    return Letter(subject, text, html, write(meeting))


def contents(occasion: Occasion, person: Any, purpose: str, language: str) -> dict[str, Any]:
    """What the templates of a letter need; wording is in the language in force, which is `language`."""
    review, programme = occasion.review, occasion.programme(language)
    if occasion.organiser is None or occasion.starts is None:
        raise InvitationError("nobody" if occasion.organiser is None else "past")
    theirs = occasion.zone_of(person)
    elsewhere = theirs if _differs(occasion.starts, occasion.zone, theirs) else ""
    answerable = purpose != "cancellation" and review.invite_uid and person.id is not None
    return {
        "purpose": purpose,
        "title": programme.title,
        "client": occasion.client,
        "organisation": occasion.vendor or "Haark",
        "color": settings.get("brand.primary"),
        "who": first_name(person.name),
        "email": person.email,
        "sender": occasion.organiser,
        "minutes": occasion.minutes,
        "kind": review.kind,
        "when": wording.when(occasion.starts, occasion.minutes, occasion.zone, language),
        "there": wording.when(occasion.starts, occasion.minutes, elsewhere, language) if elsewhere else "",
        "place": review.place,
        "goals": review.goals,
        "parts": programme.parts,
        "decisions": programme.decisions,
        "link": compose.sealed(PAGE, label_of(review, person.id)) if answerable else "",
        "unsubscribe": compose.UNSUBSCRIBE if purpose == "reminder" else "",
    }


def _differs(starts: datetime, zone: str, other: str) -> bool:
    return starts.astimezone(ZoneInfo(zone)).utcoffset() != starts.astimezone(ZoneInfo(other)).utcoffset()


def meeting_of(
    occasion: Occasion, told: dict[str, Any], *, at: datetime, guests: tuple[calendar.Guest, ...], sequence: int
) -> calendar.Meeting:
    """The calendar's view. Wording is in the language in force."""
    review, sender = occasion.review, occasion.organiser
    assert occasion.starts is not None
    assert sender is not None
    return calendar.Meeting(
        uid=review.invite_uid or "preview",
        sequence=sequence,
        starts=occasion.starts,
        minutes=occasion.minutes,
        zone=occasion.zone,
        summary=wording.summary(told["title"], occasion.client, occasion.vendor),
        organizer=calendar.Guest(sender.email, sender.name),
        stamp=at,
        guests=guests,
        description=render_template("emails/invitation_notes.txt", **told),
        location=review.place,
    )


def own_copy(occasion: Occasion, *, at: datetime, guests: tuple[calendar.Guest, ...]) -> str:
    """The meeting for the organiser's own calendar, in their language."""
    review, sender = occasion.review, occasion.organiser
    if sender is None:
        raise InvitationError("nobody")
    language = sender.language if sender.language in LANGUAGES else review.language
    with force_locale(language):
        programme = occasion.programme(language)
        told = {"title": programme.title, "parts": programme.parts, "decisions": programme.decisions}
        told |= {"goals": review.goals}
        found = meeting_of(occasion, told, at=at, guests=guests, sequence=review.invite_sequence)
    return calendar.copy(found)
