"""A person's own day for the next review of an account, in place of the computed one. Same rules as domain.py."""

from datetime import date, datetime

from haark.cadence.domain import must, override_of
from haark.cadence.models import KINDS, ReviewOverride
from haark.cadence.scheduling import schedule
from haark.events.domain import record
from haark.extensions import db
from haark.jobs import domain as jobs


def override(
    account_id: int, kind: str, due_on: date, reason: str, *, by: int | None, at: datetime, on: date
) -> ReviewOverride:
    """A person's own day for the next review, in place of the computed one. CadenceError: unknown, past, reason."""
    must(kind in KINDS, "unknown")
    must(due_on >= on, "past")
    must(bool(reason.strip()), "reason")
    earlier = override_of(account_id)
    if earlier is not None:
        earlier.ended_at = at
        db.session.flush()
    own = ReviewOverride(account_id=account_id, kind=kind, due_on=due_on, reason=reason.strip()[:400], by_id=by, at=at)
    db.session.add(own)
    db.session.flush()
    told = {"due_on": due_on.isoformat(), "what": kind, "reason": own.reason}
    subject = ("account", account_id)
    jobs.ring_for(record("next_review.overridden", at=at, by=by, account_id=account_id, subject=subject, **told))
    schedule([account_id], on)
    return own


def end_override(account_id: int, *, by: int | None, at: datetime, on: date) -> None:
    """The computed day counts again. Nothing happens where no person's day holds."""
    own = override_of(account_id)
    if own is None:
        return
    own.ended_at = at
    db.session.flush()
    subject = ("account", account_id)
    jobs.ring_for(record("next_review.computed", at=at, by=by, account_id=account_id, subject=subject))
    schedule([account_id], on)
