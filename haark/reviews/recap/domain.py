"""What people change of a recap before it is sent: its words, who gets it, what goes along.

Verbs are told who (`by`) and when (`at`); they flush, the caller commits. A text that somebody else changed since it
was read is never overwritten (Overtaken); what was sent stays as it was sent (RecapError `sent`).
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.mail import rules as mail_rules
from haark.mail.rules import MailRefused
from haark.reviews.recap import texts
from haark.reviews.recap.models import Recap, RecapRecipient
from haark.reviews.recap.people import Person
from haark.reviews.recap.story import Story
from haark.reviews.recap.texts import FIELDS, LONGEST, MOST_POINTS

OPTIONS = ("with_pdf", "with_pptx", "with_invite", "survey", "plan_link")
TOLD = ("held", "recapped", "closed")


class RecapError(ValueError):
    """What was asked cannot be; `kind`: `state` (the review was not held), `sent` (it went out already), `nobody` (no
    recipient), `address`, `name`, `many` (enough points), `field` (no such text), `deck` (it is not drawn yet)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Overtaken(Exception):
    """Somebody else changed the text first: what stands there."""

    def __init__(self, theirs: str) -> None:
        super().__init__()
        self.theirs = theirs


def write(story: Story, language: str, field: str, text: str, version: int) -> None:
    """A person's words for the subject, the opening or a point (`point.2`); an empty subject or opening is composed
    again. `version`: of the text that was read (texts.version_of). RecapError: state, sent, field. Overtaken."""
    _must_wait(story)
    standing = texts.of(story, _known(language))
    before = standing.field(field)
    if before is None:
        raise RecapError("field")
    if before == text:
        return
    if texts.version_of(before) != version:
        raise Overtaken(before)
    if field in FIELDS:
        _put(story, language, field, text[: LONGEST[field]])
        return
    points = list(standing.points)
    points[int(field.partition(".")[2])] = text[: LONGEST["point"]]
    _put(story, language, "points", points)


def add_point(story: Story, language: str, text: str) -> None:
    """One more point, the last. RecapError: state, sent, many."""
    points = list(texts.of(story, _known(language)).points)
    if len(points) >= MOST_POINTS:
        raise RecapError("many")
    _put(story, language, "points", [*points, text[: LONGEST["point"]]])


def remove_point(story: Story, language: str, number: int, version: int) -> None:
    """Takes a point off. RecapError: state, sent, field. Overtaken when another one stands there by now."""
    points = _points(story, language, number, version)
    del points[number]
    _put(story, language, "points", points)


def raise_point(story: Story, language: str, number: int, version: int) -> None:
    """A point goes one place up; the first stays. As remove_point."""
    points = _points(story, language, number, version)
    if number:
        points[number - 1], points[number] = points[number], points[number - 1]
        _put(story, language, "points", points)


def _points(story: Story, language: str, number: int, version: int) -> list[str]:
    _must_wait(story)
    points = list(texts.of(story, _known(language)).points)
    if not 0 <= number < len(points):
        raise RecapError("field")
    if texts.version_of(points[number]) != version:
        raise Overtaken(points[number])
    return points


def give_back(story: Story, language: str) -> None:
    """The language is composed from the meeting again. RecapError: state, sent."""
    _change(story, lambda found: found.pop(_known(language), None))


def _put(story: Story, language: str, name: str, value: Any) -> None:
    def write(found: dict[str, Any]) -> None:
        mine = found.setdefault(language, {})
        if value == "":
            mine.pop(name, None)
        else:
            mine[name] = value
        if not mine:
            del found[language]

    _change(story, write)


def _change(story: Story, how: Callable[[dict[str, Any]], Any]) -> None:
    recap = opened(story)
    found = deepcopy(dict(recap.texts or {}))  # JSON columns notice a new value only
    how(found)
    recap.texts = found
    db.session.flush()


def set_option(story: Story, name: str, value: bool) -> None:
    """Whether something goes along. RecapError: state, sent, field."""
    if name not in OPTIONS:
        raise RecapError("field")
    setattr(opened(story), name, value)
    db.session.flush()


def opened(story: Story) -> Recap:
    """The row of the recap, made now if nobody touched it, while it can be changed. RecapError: state, sent."""
    _must_wait(story)
    return kept(story)


def _must_wait(story: Story) -> None:
    if story.recap.sent_at is not None:
        raise RecapError("sent")


def kept(story: Story) -> Recap:
    """The row of the recap, whatever became of it. RecapError: state."""
    if story.review.state not in TOLD:
        raise RecapError("state")
    if story.recap.version:
        return story.recap
    story.recap.version = 1
    try:
        with db.session.begin_nested():
            db.session.add(story.recap)
    except IntegrityError:
        story.recap = db.session.get_one(Recap, story.review.id)  # somebody touched it in the same instant
    return story.recap


def choose(story: Story, person: Person, chosen: bool, language: str = "") -> RecapRecipient:
    """Somebody gets it, or does not, in a language; nothing happens to one to whom it was sent. RecapError: state."""
    kept(story)
    row = _row(story, person)
    if row.mail_id is None:
        row.chosen = chosen
        row.language = language if language in LANGUAGES else row.language
    db.session.flush()
    return row


def add_person(story: Story, name: str, email: str, language: str) -> RecapRecipient:
    """Somebody else, by an address. RecapError: state, name, address."""
    if not name.strip():
        raise RecapError("name")
    try:
        address = mail_rules.address(email)
    except MailRefused as fault:
        raise RecapError("address") from fault
    known = story.roster.find(address)
    return choose(story, known or Person(address, name.strip()[:200], _known(language)), True, language)


def _row(story: Story, person: Person) -> RecapRecipient:
    review_id = story.review.id
    found = db.select(RecapRecipient).where(
        RecapRecipient.review_id == review_id, db.func.lower(RecapRecipient.email) == person.email.lower()
    )
    row: RecapRecipient | None = db.session.scalar(found)
    if row is not None:
        return row
    row = RecapRecipient(review_id=review_id, contact_id=person.contact_id, user_id=person.user_id)
    row.name, row.email, row.language = person.name[:200], person.email.lower(), person.language
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        standing: RecapRecipient = db.session.scalars(found).one()
        return standing
    return row


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise RecapError("field")
    return language


def note(review: Review, kind: str, *, by: int | None, at: datetime, **data: Any) -> None:
    """Its event, in the words of every review's."""
    told = {"what": review.kind, "period": review.period, **data}
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **told)
