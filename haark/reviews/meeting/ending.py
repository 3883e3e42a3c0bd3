"""What the end of a meeting brings about: the review held, actions promised, answers heard, the next review planned.

Ending twice changes nothing more, and so does ending again after a reopening: what was made stays linked.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from haark import clock
from haark.actions import domain as actions
from haark.actions.domain import Promise
from haark.actions.models import ActionItem
from haark.cadence import domain as cadence
from haark.cadence import queries as cadence_queries
from haark.cadence.models import OPEN_STATES, Review
from haark.events.domain import record
from haark.extensions import db
from haark.measures import domain as measures
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting import answers
from haark.reviews.meeting.models import Capture, Meeting, MeetingNote
from haark.reviews.meeting.timing import Clock

SOURCE = "review"


class MeetingError(ValueError):
    """`kind`: `state` (the review was held, or cancelled), `over` (the meeting has ended), `past` (the next review lies
    behind), `part` (no such part)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def end(
    review: Review,
    *,
    by: int | None,
    at: datetime,
    on: date,
    title: str = "",
    questions: Mapping[str, str] | None = None,
) -> Meeting:
    """The meeting is over: the review is held, its actions are promised, what the client said is an exchange, the next
    review is planned as agreed. `title` and `questions` (field -> words) are how the exchange is written down.

    MeetingError: state, for a cancelled review; past, when the agreed next day has gone by.
    """
    meeting = db.session.get(Meeting, review.id)
    if meeting is not None and meeting.ended_at is not None:
        return meeting
    if review.state == "cancelled":
        raise MeetingError("state")
    if meeting is None:
        meeting = Meeting(review_id=review.id, started_at=at, spent=[])
        db.session.add(meeting)
    _stop(meeting, at)
    if review.state in OPEN_STATES:
        held_on = min(on, clock.day_of(meeting.started_at, zone_of(review)))
        cadence.hold(review, held_on, by=by, at=at, on=on)
    _promise(review, by, at)
    _write_down(review, title, questions or {}, by, meeting.started_at)
    _plan(review, meeting, by, at, on)
    _settle_attendance(review.id)
    db.session.flush()
    record("review.meeting_ended", at=at, by=by, account_id=review.account_id, subject=("review", review.id))
    return meeting


def reopen(review: Review, *, by: int | None, at: datetime, on: date) -> None:
    """The end was too early: the review is to be held again. Actions, the exchange and the next review stay."""
    meeting = db.session.get(Meeting, review.id)
    if meeting is None or meeting.ended_at is None:
        return
    meeting.ended_at = None
    db.session.flush()
    cadence.unhold(review, by=by, at=at, on=on)
    record("review.meeting_reopened", at=at, by=by, account_id=review.account_id, subject=("review", review.id))


def zone_of(review: Review) -> str:
    """The time zone of the meeting."""
    return review.zone or clock.DEFAULT_ZONE


def _stop(meeting: Meeting, at: datetime) -> None:
    stopped = Clock.of(meeting.part, meeting.spent or (), meeting.running_since).pause(at)
    meeting.spent, meeting.running_since, meeting.ended_at = list(stopped.spent), None, at
    db.session.flush()


def _promise(review: Review, by: int | None, at: datetime) -> None:
    """Each captured action becomes an action item once; one changed after a reopening follows while it is open."""
    rows = select(Capture).where(Capture.review_id == review.id, Capture.kind == "action", Capture.deleted_at.is_(None))
    for row in db.session.scalars(rows.order_by(Capture.at, Capture.id)).all():
        promise = Promise(row.text, row.owner_user_id, row.owner_contact_id, row.due_on)
        item = db.session.get(ActionItem, row.action_id) if row.action_id else None
        if item is None:
            row.action_id = actions.add(review.account_id, promise, by=by, at=at, source=(SOURCE, review.id)).id
        elif item.state == "open":
            actions.change(item, promise, by=by, at=at)


def _write_down(review: Review, title: str, questions: Mapping[str, str], by: int | None, at: datetime) -> None:
    """What the client answered goes down as one exchange, where signals read it at their next turn."""
    rows = select(MeetingNote.field, MeetingNote.text).where(MeetingNote.review_id == review.id)
    texts = {row.field: row.text for row in db.session.execute(rows)}
    said = {str(questions[field]): texts[field] for field in questions if texts.get(field, "").strip()}
    measures.note(
        review.account_id,
        answers.summary(title or review.period, said),
        by=by,
        at=at,
        kind="meeting",
        direction="both",
        tags=answers.tags(list(said.values())),
        identity=f"{SOURCE}:{review.id}",
    )


def _plan(review: Review, meeting: Meeting, by: int | None, at: datetime, on: date) -> None:
    """The agreed day wins over an earlier one that stood for the same period."""
    if meeting.next_on is None:
        return
    if meeting.next_on <= on:
        raise MeetingError("past")
    kind = cadence_queries.policy().kind(cadence_queries.account_of(review.account_id).arr_cents)
    source = (SOURCE, review.id)
    following = cadence.plan_review(review.account_id, kind, meeting.next_on, by=by, at=at, on=on, source=source)
    cadence.move(following, meeting.next_on, by=by, at=at, on=on)
    following.zone = following.zone or zone_of(review)
    following.place = meeting.next_place or following.place
    if meeting.next_time is not None:
        following.starts_at = _instant(meeting.next_on, meeting.next_time, following.zone)
    db.session.flush()


def _instant(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone))


def _settle_attendance(review_id: int) -> None:
    """Where somebody said who was there, those who were expected and not named were not."""
    people = db.session.scalars(select(Participant).where(Participant.review_id == review_id)).all()
    if any(person.attended for person in people):
        for person in people:
            if person.attended is None and person.chosen:
                person.attended = False
