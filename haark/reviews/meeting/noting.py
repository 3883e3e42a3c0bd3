"""Notes of the parts and answers to the six questions: saved as they are typed, never over somebody else's words."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from haark.cadence.models import Review
from haark.extensions import db
from haark.reviews.meeting import parts
from haark.reviews.meeting.models import MeetingNote

LONGEST = 8_000


class Overtaken(Exception):
    """Somebody saved first: what stands there, and its version."""

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__()
        self.theirs, self.version = theirs, version


class UnknownField(LookupError):
    """Neither a part of the agenda nor one of the six questions."""


def write(review: Review, field: str, text: str, version: int, *, by: int | None, at: datetime) -> MeetingNote:
    """Keeps a note as it stands now; `version` is the one that was read, 0 for none. The same text again changes
    nothing, so that a note sent twice after a lost connection is no conflict. Overtaken, UnknownField."""
    if field not in parts.FIELDS:
        raise UnknownField(field)
    row = note_of(review.id, field)
    if row is not None and row.text == text:
        return row
    if version != (row.version if row else 0):
        raise Overtaken(row.text if row else "", row.version if row else 0)
    row = row or MeetingNote(review_id=review.id, field=field, version=1)
    row.text, row.author_id, row.at = text[:LONGEST], by, at
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except (IntegrityError, StaleDataError) as fault:
        late = note_of(review.id, field)
        raise Overtaken(late.text if late else "", late.version if late else 0) from fault
    return row


def both(theirs: str, mine: str) -> str:
    """Two notes as one, theirs first; one that holds the other already is enough."""
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{theirs}\n\n{mine}"


def note_of(review_id: int, field: str) -> MeetingNote | None:
    """What was noted there; None for nothing."""
    found: MeetingNote | None = db.session.scalar(
        select(MeetingNote)
        .where(MeetingNote.review_id == review_id, MeetingNote.field == field)
        .execution_options(populate_existing=True)
    )
    return found
