"""What happens to the reviews of an account before and after they are made: planned, moved, held, cancelled.

Verbs are told who (`by`, a user's id, None for Haark itself), when (`at` an instant, `on` a day). They flush and record
their event, and leave the account's next review up to date; the caller commits.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from haark import clock
from haark.cadence import placing
from haark.cadence.models import KINDS, OPEN_STATES, ProjectState, Review, ReviewOverride
from haark.cadence.scheduling import schedule
from haark.events.domain import record
from haark.extensions import db
from haark.jobs import domain as jobs

__all__ = ["schedule"]

RATINGS = (1, 2, 3, 4, 5)


class CadenceError(ValueError):
    """What was asked cannot be; `kind`: `past` (a day to come is needed), `future` (it cannot have been held yet),
    `reason` (say why), `state` (a review in this state cannot do that), `time` (choose one first), `unknown` (no such
    kind of review)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Meeting:
    """When, where and for how long: `starts_at` an aware instant, said in `zone`; `minutes` None: those of the type."""

    starts_at: datetime
    zone: str
    minutes: int | None = None
    place: str = ""
    goals: str = ""


def plan_review(
    account_id: int,
    kind: str,
    due_on: date,
    *,
    by: int | None,
    at: datetime,
    on: date,
    urgent: bool = False,
    source: tuple[str, int | None] = ("", None),
) -> Review:
    """Plans a review by `due_on`; `source` names what asked for it (`("advice", 7)`).

    One that stands for the same period and was not held yet is taken, its day pulled to the earlier one unless its
    hour was chosen already; a cancelled one is planned anew. Where the period's review was held already, the month gets
    one. CadenceError: unknown, past.
    """
    if kind not in KINDS:
        raise CadenceError("unknown")
    if due_on < on:
        raise CadenceError("past")
    period, review = placing.free(account_id, kind, due_on)
    if review is None:
        review = placing.insert(account_id, kind, period, by, at)
    before = review.due_on if review.state in OPEN_STATES else None
    if review.state == "cancelled":
        review.state, review.cancel_reason = _unheld(review), ""
    moved = before is None or (due_on < before and review.starts_at is None)
    if moved:
        review.due_on = due_on
    if urgent and not review.urgent:
        review.urgent = moved = True
    if moved:
        review.source_kind, review.source_id = source
        db.session.flush()
        _record(review, "review.planned", at, by, due_on=due_on.isoformat(), urgent=review.urgent)
    schedule([account_id], on)
    return review


def move(review: Review, due_on: date, *, by: int | None, at: datetime, on: date) -> None:
    """Another day for a review that was not held yet. CadenceError: past, state."""
    must(review.state in OPEN_STATES, "state")
    must(due_on >= on, "past")
    if review.due_on == due_on:
        return
    before, review.due_on = review.due_on, due_on
    if review.starts_at is not None:
        # The same hour of that day, also where clocks change in between.
        here = ZoneInfo(review.zone)
        hour = review.starts_at.astimezone(here).time()
        review.starts_at = datetime.combine(due_on, hour, here).astimezone(UTC)
        _changed(review)
    db.session.flush()
    moved = {"due_on": due_on.isoformat(), "before": before.isoformat() if before else None}
    _record(review, "review.moved", at, by, **moved)
    schedule([review.account_id], on)


def choose_time(review: Review, meeting: Meeting, *, by: int | None, at: datetime, on: date) -> bool:
    """The meeting as it is proposed to the client; the review is to be held on that day. False: nothing changes.

    People who were invited are invited to something else then: SEQUENCE rises. CadenceError: past, state.
    """
    must(review.state in OPEN_STATES, "state")
    told = {name: getattr(meeting, name) for name in ("starts_at", "zone", "minutes", "place", "goals")}
    if all(getattr(review, name) == value for name, value in told.items()):
        return False
    must(meeting.starts_at > at or meeting.starts_at == review.starts_at, "past")
    for name, value in told.items():
        setattr(review, name, value)
    review.due_on = meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date()
    _changed(review)
    db.session.flush()
    _record(review, "review.time_chosen", at, by, starts_at=meeting.starts_at.isoformat(), zone=meeting.zone)
    schedule([review.account_id], on)
    return True


def set_date(review: Review, *, by: int | None, at: datetime, on: date) -> None:
    """The chosen time was sent to the client or agreed with them otherwise. Nothing happens to one that stands already.

    CadenceError: state; time where none was chosen.
    """
    must(review.state in OPEN_STATES, "state")
    must(review.starts_at is not None, "time")
    if review.state == "scheduled":
        return
    review.state = "scheduled"
    db.session.flush()
    assert review.starts_at is not None
    _record(review, "review.scheduled", at, by, starts_at=review.starts_at.isoformat(), due_on=str(review.due_on))
    schedule([review.account_id], on)


def hold(review: Review, held_on: date, *, by: int | None, at: datetime, on: date) -> None:
    """The review took place on that day; a person's own date for the next one ends. CadenceError: future, state."""
    must(review.state in OPEN_STATES, "state")
    must(held_on <= on, "future")
    review.state, review.held_on = "held", held_on
    own = override_of(review.account_id)
    if own is not None and clock.day_of(own.at) <= held_on:
        own.ended_at = at
    db.session.flush()
    _record(review, "review.held", at, by, held_on=held_on.isoformat())
    schedule([review.account_id], on)


def keep(account_id: int, kind: str, held_on: date, *, by: int | None, at: datetime, on: date) -> Review:
    """A review that took place without having been planned here. CadenceError: unknown, future."""
    must(kind in KINDS, "unknown")
    must(held_on <= on, "future")
    period, review = placing.free(account_id, kind, held_on)
    if review is None:
        review = placing.insert(account_id, kind, period, by, at)
    elif review.state == "cancelled":
        review.state, review.cancel_reason = _unheld(review), ""
    hold(review, held_on, by=by, at=at, on=on)
    return review


def unhold(review: Review, *, by: int | None, at: datetime, on: date) -> None:
    """It did not take place after all. Nothing happens to one that is not held."""
    if review.state != "held":
        return
    # Its time was agreed, and stays so.
    review.state, review.held_on = ("scheduled" if review.starts_at else _unheld(review)), None
    db.session.flush()
    _record(review, "review.holding_removed", at, by)
    schedule([review.account_id], on)


def cancel(review: Review, reason: str, *, by: int | None, at: datetime, on: date) -> None:
    """It will not take place; `reason` up to 400 characters. CadenceError: reason, state."""
    must(review.state in OPEN_STATES, "state")
    must(bool(reason.strip()), "reason")
    review.state, review.cancel_reason = "cancelled", reason.strip()[:400]
    db.session.flush()
    _record(review, "review.cancelled", at, by, reason=review.cancel_reason)
    schedule([review.account_id], on)


def reinstate(review: Review, *, by: int | None, at: datetime, on: date) -> None:
    """A cancelled review stands again. Nothing happens to another one."""
    if review.state != "cancelled":
        return
    review.state, review.cancel_reason = _unheld(review), ""
    db.session.flush()
    _record(review, "review.reinstated", at, by)
    schedule([review.account_id], on)


def rate(account_id: int, rating: int, comment: str, *, by: int | None, at: datetime) -> ProjectState:
    """Adds a person's rating of the project (RV-11), 1 (badly) to 5 (very well), kept beside the computed health;
    earlier ones stay in the history. ValueError outside of 1-5."""
    if rating not in RATINGS:
        raise ValueError(f"a rating goes from 1 to 5, not {rating}")
    row = ProjectState(account_id=account_id, rating=rating, comment=comment.strip()[:400], author_id=by, at=at)
    db.session.add(row)
    db.session.flush()
    record("project.rated", at=at, by=by, account_id=account_id, subject=("project_state", row.id), rating=rating)
    return row


def _unheld(review: Review) -> str:
    """The state of a review that is neither held nor cancelled: it has its slides, or only a day.

    Nobody is invited to one that was cancelled: it is scheduled again once they are.
    """
    return "preparing" if review.sections else "planned"


def _changed(review: Review) -> None:
    """What people were invited to has changed."""
    if review.invite_uid:
        review.invite_sequence += 1


def override_of(account_id: int) -> ReviewOverride | None:
    """A person's own day for the next review, while it holds."""
    rows = select(ReviewOverride).where(ReviewOverride.account_id == account_id, ReviewOverride.ended_at.is_(None))
    return db.session.scalars(rows).one_or_none()


def must(holds: bool, kind: str) -> None:
    """Raises CadenceError of that kind where it does not hold."""
    if not holds:
        raise CadenceError(kind)


def _record(review: Review, kind: str, at: datetime, by: int | None, **data: Any) -> None:
    subject = ("review", review.id)
    told = {"what": review.kind, "period": review.period, **data}
    jobs.ring_for(record(kind, at=at, by=by, account_id=review.account_id, subject=subject, **told))
