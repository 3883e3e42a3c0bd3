"""Holding a review: its clock, who was there, what was agreed for the next one, its end.

Verbs are told who (`by`), when (`at` an instant, `on` a day); they flush and record their event, the caller commits.
Notes are in noting.py, decisions, actions and questions in capturing.py, what an end brings about in ending.py.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.exc import IntegrityError

from haark.cadence.models import OPEN_STATES, Review
from haark.events.domain import record
from haark.extensions import db
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting.ending import MeetingError, end, reopen
from haark.reviews.meeting.models import Meeting
from haark.reviews.meeting.timing import Clock

__all__ = ["MeetingError", "end", "reopen"]

LONGEST_PLACE = 300
USEFUL = range(11)


@dataclass(frozen=True)
class Agreed:
    """The next review as agreed in the room."""

    on: date | None = None
    hour: time | None = None
    place: str = ""
    invite: bool = True

    @classmethod
    def of(cls, meeting: Meeting | None) -> "Agreed":
        if meeting is None:
            return cls()
        return cls(meeting.next_on, meeting.next_time, meeting.next_place, meeting.next_invite)


class Overtaken(Exception):
    """Somebody else agreed something in between; it stands."""


def start(review: Review, *, by: int | None, at: datetime) -> Meeting:
    """The meeting begins now, with its first part; one that has begun goes on as it is. MeetingError: state."""
    meeting = db.session.get(Meeting, review.id)
    if meeting is None:
        meeting = _open(review, at)
    if not meeting.spent and meeting.ended_at is None:
        meeting.started_at = at
        _write(meeting, Clock.of(0, (), at))
        record("review.meeting_started", at=at, by=by, account_id=review.account_id, subject=("review", review.id))
    return meeting


def pause(meeting: Meeting, *, at: datetime) -> None:
    """The clock stands still."""
    _must_run(meeting)
    _write(meeting, clock_of(meeting).pause(at))


def resume(meeting: Meeting, *, at: datetime) -> None:
    """The clock goes on."""
    _must_run(meeting)
    _write(meeting, clock_of(meeting).resume(at))


def go(meeting: Meeting, part: int, seen: int, *, at: datetime) -> None:
    """Another part. `seen`: the part on the screen of who asks; when somebody else moved on already, nothing happens,
    so that two people who press «next» at once move one part. MeetingError: over, part."""
    _must_run(meeting)
    if meeting.part != seen:
        return
    try:
        _write(meeting, clock_of(meeting).go(part, at))
    except ValueError as fault:
        raise MeetingError("part") from fault


def attend(review: Review, person: Participant, there: bool, *, by: int | None, at: datetime) -> Participant:
    """Somebody was there, or was not. A contact or one of ours who was not invited becomes a participant."""
    known = person
    if person.id is None:
        try:
            with db.session.begin_nested():
                db.session.add(person)
        except IntegrityError as fault:
            raise Overtaken from fault
    known.attended = there
    db.session.flush()
    what = "review.attended" if there else "review.absent"
    record(what, at=at, by=by, account_id=review.account_id, subject=("participant", known.id), what=known.name)
    return known


def rate_use(review: Review, useful: int | None, *, at: datetime) -> None:
    """How useful the client found it, 0-10; None takes it back. ValueError outside."""
    if useful is not None and useful not in USEFUL:
        raise ValueError(f"usefulness goes from 0 to 10, not {useful}")
    _meeting_of(review, at).useful = useful
    db.session.flush()


def agree(review: Review, agreed: Agreed, was: Agreed, *, on: date, at: datetime) -> None:
    """What was agreed for the next review. `was`: what the form had shown; Overtaken when that is no longer so and the
    new one differs. MeetingError: past."""
    meeting = _meeting_of(review, at)
    present = Agreed.of(meeting)
    if present not in (was, agreed):
        raise Overtaken
    if agreed.on is not None and agreed.on <= on:
        raise MeetingError("past")
    meeting.next_on, meeting.next_time = agreed.on, agreed.hour
    meeting.next_place, meeting.next_invite = agreed.place.strip()[:LONGEST_PLACE], agreed.invite
    db.session.flush()


def clock_of(meeting: Meeting) -> Clock:
    """The stored columns as the clock that counts."""
    return Clock.of(meeting.part, meeting.spent or (), meeting.running_since)


def _meeting_of(review: Review, at: datetime) -> Meeting:
    """The meeting's row; what is noted before the start waits in one that has not begun to run."""
    return db.session.get(Meeting, review.id) or _open(review, at)


def _open(review: Review, at: datetime) -> Meeting:
    if review.state not in OPEN_STATES:
        raise MeetingError("state")
    meeting = Meeting(review_id=review.id, started_at=at, spent=[])
    try:
        with db.session.begin_nested():
            db.session.add(meeting)
    except IntegrityError:
        # Somebody opened it in the same instant.
        return db.session.get_one(Meeting, review.id, populate_existing=True)
    return meeting


def _must_run(meeting: Meeting) -> None:
    if meeting.ended_at is not None:
        raise MeetingError("over")


def _write(meeting: Meeting, clock: Clock) -> None:
    meeting.part, meeting.spent, meeting.running_since = clock.part, list(clock.spent), clock.running_since
    db.session.flush()
