"""Decisions, actions and questions: captured, changed, taken off, put back. The caller commits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.reviews.meeting.models import CAPTURES, Capture, Meeting
from haark.reviews.meeting.people import Person

LONGEST = 300


class CaptureError(ValueError):
    """`kind`: `empty`, `long` (over 300 characters), `past` (the day is over), `kind` (none of the three), `over` (the
    meeting has ended)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Said:
    """What a capture says. `answer`: to a question."""

    kind: str
    text: str
    owner: Person | None = None
    due_on: date | None = None
    answer: str = ""


def add(review: Review, said: Said, token: str, *, by: int | None, at: datetime, on: date) -> tuple[Capture, bool]:
    """Keeps a line; the same `token` again gives the line that is there already (False). CaptureError."""
    kept = db.session.scalar(select(Capture).where(Capture.review_id == review.id, Capture.token == token))
    if kept is not None:
        return kept, False
    meeting = db.session.get(Meeting, review.id)
    if meeting is not None and meeting.ended_at is not None:
        raise CaptureError("over")
    _check(said, on, None)
    row = Capture(review_id=review.id, token=token, part=meeting.part if meeting else 0, author_id=by, at=at)
    _write(row, said)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return db.session.scalars(
            select(Capture).where(Capture.review_id == review.id, Capture.token == token)
        ).one(), False
    _record(review, row, "review.captured", by, at)
    return row, True


def change(review: Review, row: Capture, said: Said, *, by: int | None, at: datetime, on: date) -> None:
    """Rewrites a line; who captured it and when stays. A day that it had before may be past. CaptureError."""
    _check(said, on, row.due_on)
    _write(row, said)
    db.session.flush()
    _record(review, row, "review.capture_changed", by, at)


def remove(review: Review, row: Capture, *, by: int | None, at: datetime) -> None:
    """Takes it off the list; `restore` brings it back."""
    if row.deleted_at is None:
        row.deleted_at = at
        db.session.flush()
        _record(review, row, "review.capture_removed", by, at)


def restore(review: Review, row: Capture, *, by: int | None, at: datetime) -> None:
    """Back on the list."""
    if row.deleted_at is not None:
        row.deleted_at = None
        db.session.flush()
        _record(review, row, "review.capture_restored", by, at)


def _check(said: Said, on: date, before: date | None) -> None:
    if said.kind not in CAPTURES:
        raise CaptureError("kind")
    if not said.text:
        raise CaptureError("empty")
    if len(said.text) > LONGEST:
        raise CaptureError("long")
    if said.due_on is not None and said.due_on < on and said.due_on != before:
        raise CaptureError("past")


def _write(row: Capture, said: Said) -> None:
    row.kind, row.text, row.due_on, row.answer = said.kind, said.text, said.due_on, said.answer
    owner = said.owner
    row.owner_user_id = owner.id if owner and owner.side == "user" else None
    row.owner_contact_id = owner.id if owner and owner.side == "contact" else None


def _record(review: Review, row: Capture, kind: str, by: int | None, at: datetime) -> None:
    subject = ("capture", row.id)
    record(kind, at=at, by=by, account_id=review.account_id, subject=subject, what=row.kind, title=row.text)
