"""What the meeting page shows, in the order it stands there. A constant number of statements; read only."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from haark.access import Owned, owned_by
from haark.accounts.models import Account, Contact
from haark.cadence import queries as cadence
from haark.cadence.models import Review
from haark.cadence.rules import agenda
from haark.extensions import db
from haark.people.models import User
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting.models import Capture, Meeting, MeetingNote
from haark.reviews.meeting.people import Person
from haark.reviews.meeting.timing import Clock, ends

ORDER = {"sponsor": 0, "decision_maker": 1, "champion": 2, "day_to_day": 3, "other": 4}


@dataclass(frozen=True)
class Note:
    """What is noted in a field; `version` 0 while nothing is."""

    field: str
    text: str = ""
    author_id: int | None = None
    author: str = ""
    at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class Captured:
    """A decision, an action or a question of the list. `owner`: its name; `side`: `ours` or `theirs`."""

    id: int
    kind: str
    text: str
    owner: str
    side: str
    due_on: Any
    answer: str
    author: str
    at: datetime
    version: int
    action_id: int | None


@dataclass(frozen=True)
class Seat:
    """Somebody who may attend. `key` names them in the form: `participant:3`, `contact:5`, `user:2`."""

    key: str
    name: str
    role: str
    ours: bool
    reply: str
    attended: bool | None


@dataclass(frozen=True)
class View:
    """The clock at an instant. `state`: ready, running, paused or over; `end`: when the whole should end."""

    state: str
    part: int
    minutes: tuple[int, ...]
    taken: tuple[int, ...]
    ends: tuple[datetime | None, ...]

    @property
    def elapsed(self) -> int:
        return sum(self.taken)

    @property
    def total(self) -> int:
        return sum(self.minutes)

    @property
    def end(self) -> datetime | None:
        return self.ends[-1] if self.ends else None


@owned_by("capture")
def owner_of_capture(ident: int) -> Owned | None:
    """A line of a meeting belongs to the account's people; it is gone with the review."""
    return _owned(ident, removed=False)


@owned_by("removed_capture")
def owner_of_removed_capture(ident: int) -> Owned | None:
    """The same for a line that was taken off: only such a one can be put back."""
    return _owned(ident, removed=True)


def minutes_of(review: Review) -> tuple[int, ...]:
    """The minutes of the six parts: those agreed for this meeting, else those of its type. One statement at most."""
    return agenda(review.minutes or cadence.policy().minutes(review.kind))


def meeting_of(review_id: int) -> Meeting | None:
    """How far the meeting is; None before anybody opened it."""
    return db.session.get(Meeting, review_id)


def view(meeting: Meeting | None, minutes: tuple[int, ...], at: datetime, starts_at: datetime | None) -> View:
    """The clock as it stands at an instant; before the start it runs to the agreed hour, where there is one."""
    if meeting is None or not (meeting.spent or meeting.ended_at):
        planned = ends(Clock(), minutes, starts_at) if starts_at else ()
        return View("ready", 0, minutes, Clock().spent, planned)
    clock = Clock.of(meeting.part, meeting.spent or (), meeting.running_since)
    state = "over" if meeting.ended_at else "running" if meeting.running_since else "paused"
    return View(state, meeting.part, minutes, clock.taken(at), ends(clock, minutes, at))


def notes(review_id: int) -> dict[str, Note]:
    """Notes and answers by field."""
    columns = (MeetingNote.field, MeetingNote.text, MeetingNote.author_id, User.name, MeetingNote.at)
    rows = select(*columns, MeetingNote.version).outerjoin(User, User.id == MeetingNote.author_id)
    found = db.session.execute(rows.where(MeetingNote.review_id == review_id))
    return {row.field: Note(row.field, row.text, row.author_id, row.name or "", row.at, row.version) for row in found}


def captures(review_id: int) -> list[Captured]:
    """The lines, the newest first."""
    author, ours = User.__table__.alias("author"), User.__table__.alias("ours")
    rows = (
        select(Capture, author.c.name.label("author"), ours.c.name.label("mine"), Contact.name.label("theirs"))
        .outerjoin(author, author.c.id == Capture.author_id)
        .outerjoin(ours, ours.c.id == Capture.owner_user_id)
        .outerjoin(Contact, Contact.id == Capture.owner_contact_id)
        .where(Capture.review_id == review_id, Capture.deleted_at.is_(None))
        .order_by(Capture.at.desc(), Capture.id.desc())
    )
    return [
        Captured(
            id=row.Capture.id,
            kind=row.Capture.kind,
            text=row.Capture.text,
            owner=row.mine or row.theirs or "",
            side="ours" if row.mine else "theirs" if row.theirs else "",
            due_on=row.Capture.due_on,
            answer=row.Capture.answer,
            author=row.author or "",
            at=row.Capture.at,
            version=row.Capture.version,
            action_id=row.Capture.action_id,
        )
        for row in db.session.execute(rows)
    ]


def people(account_id: int) -> tuple[list[Person], list[Person]]:
    """Who can own a line: our active users, and the client's people who are there. Two statements."""
    users = select(User.id, User.name).where(User.active).order_by(User.name, User.id)
    theirs = select(Contact.id, Contact.name).where(Contact.account_id == account_id, Contact.left_on.is_(None))
    theirs = theirs.order_by(Contact.main.desc(), Contact.name, Contact.id)
    return (
        [Person("user", row.id, row.name) for row in db.session.execute(users)],
        [Person("contact", row.id, row.name) for row in db.session.execute(theirs)],
    )


def seats(review: Review) -> list[Seat]:
    """Who may attend: the participants, then the account's people who are none yet. Three statements."""
    rows = db.session.scalars(
        select(Participant).where(Participant.review_id == review.id).order_by(Participant.ours, Participant.id)
    ).all()
    found = [Seat(f"participant:{row.id}", row.name, row.role, row.ours, row.reply, row.attended) for row in rows]
    known = {("contact", row.contact_id) for row in rows} | {("user", row.user_id) for row in rows}
    contacts = select(Contact.id, Contact.name, Contact.role).where(
        Contact.account_id == review.account_id, Contact.left_on.is_(None)
    )
    others = sorted(db.session.execute(contacts.order_by(Contact.id)), key=lambda row: ORDER.get(row.role, 4))
    found += [
        Seat(f"contact:{row.id}", row.name, row.role, False, "", None)
        for row in others
        if ("contact", row.id) not in known
    ]
    ours = (
        select(User.id, User.name, Account.owner_id)
        .join(Account, (Account.owner_id == User.id) | (Account.sales_owner_id == User.id))
        .where(Account.id == review.account_id)
        .order_by(User.id)
    )
    found += [
        Seat(f"user:{row.id}", row.name, "csm" if row.id == row.owner_id else "sales", True, "", None)
        for row in db.session.execute(ours)
        if ("user", row.id) not in known
    ]
    return found


def stamp(meeting: Meeting | None, noted: dict[str, Note], lines: list[Captured], seated: list[Seat]) -> str:
    """Changes whenever something of the meeting does: what a page that polls has seen (16 hexadecimal digits)."""
    parts = [str(meeting.version) if meeting else "0"]
    parts += [f"{note.field}{note.version}" for _field, note in sorted(noted.items())]
    parts += [f"{line.id}.{line.version}" for line in lines]
    parts += [f"{seat.key}{seat.attended}" for seat in seated]
    return hashlib.sha256("-".join(parts).encode()).hexdigest()[:16]


def _owned(ident: int, removed: bool) -> Owned | None:
    row = db.session.execute(
        select(Account.owner_id, Account.sales_owner_id, Account.deleted_at, Review.deleted_at.label("gone"))
        .select_from(Capture)
        .join(Review, Review.id == Capture.review_id)
        .join(Account, Account.id == Review.account_id)
        .where(Capture.id == ident, Capture.deleted_at.is_not(None) if removed else Capture.deleted_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    owners = frozenset(owner for owner in row[:2] if owner is not None)
    return Owned(owners, row.deleted_at is not None or row.gone is not None)
