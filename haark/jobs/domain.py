"""Asking for work. The row is written in the caller's transaction; RQ hears of it after the commit."""

import logging
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event as orm_event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from haark import clock, schedule
from haark.events.models import Event
from haark.extensions import ReadsApart, db
from haark.jobs import bell, ledger, runner
from haark.jobs.models import Job
from haark.jobs.pace import pace

log = logging.getLogger(__name__)
RINGS = "haark_rings"


class NotFailed(Exception):
    """Only what failed can be tried again."""


def enqueue(
    kind: str,
    *,
    args: dict[str, Any] | None = None,
    key: str | None = None,
    queue: str | None = None,
    by: int | None = None,
    account_id: int | None = None,
    total: int = 0,
) -> Job:
    """Asks for a job of `kind` (a name in schedule.KINDS, else KeyError); `args` are plain JSON values.

    With a `key` that was used before, the earlier job is returned, whatever became of it: asking twice is asking once.
    `by` is the id of who asked. Nothing runs, and nothing is left behind, when the caller's transaction rolls back.
    """
    wanted = schedule.KINDS[kind]
    if key is not None and (earlier := by_key(key)) is not None:
        return earlier
    now = clock.now()
    job = Job(
        kind=kind,
        queue=queue or wanted.queue,
        key=key,
        args=args or {},
        state="queued",
        total=total,
        account_id=account_id,
        requested_by_id=by,
        created_at=now,
        next_at=now + pace().ring_again,
    )
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:
        # Somebody else asked for the same in the same instant.
        earlier = by_key(key) if key is not None else None
        if earlier is None:
            raise
        return earlier
    _ring_later(job)
    return job


def by_key(key: str) -> Job | None:
    """The job that was asked for under this key."""
    return db.session.execute(db.select(Job).where(Job.key == key)).scalar_one_or_none()


def retry(job: Job, *, by: int | None) -> None:
    """A person has it tried again, with three fresh attempts. Raises NotFailed unless it failed."""
    if job.state != "failed":
        raise NotFailed
    job.state, job.attempts, job.error = "queued", 0, ""
    job.progress, job.message, job.finished_at = 0, "", None
    job.requested_by_id = by or job.requested_by_id
    job.next_at = clock.now() + pace().ring_again
    db.session.flush()
    _ring_later(job)


def ring_for(event: Event) -> Job | None:
    """Asks for what schedule.ON_EVENT says about an event just recorded: the (first) job; None where it is silent."""
    wanted = schedule.ON_EVENT.get(event.kind, ())
    kinds = (wanted,) if isinstance(wanted, str) else wanted
    db.session.flush()
    args = {} if event.account_id is None else {"account_id": event.account_id}
    asked = [
        enqueue(kind, args=args, key=f"{kind}:event-{event.id}", by=event.actor_id, account_id=event.account_id)
        for kind in kinds
    ]
    return asked[0] if asked else None


def fire_timetable(at: datetime, zone: str) -> list[Job]:
    """Asks for what is due on the business day of `at` (an instant) in the organisation's `zone`, once a day each."""
    here = at.astimezone(ZoneInfo(zone))
    asked = []
    for entry in schedule.TIMETABLE:
        key = f"{entry.name}:{here.date()}"
        if here.time() >= entry.at and by_key(key) is None:
            asked.append(enqueue(entry.kind, key=key))
    return asked


def sweep(at: datetime, everything: bool = False) -> dict[str, int]:
    """One turn, at the real instant `at`: takes back what nobody works on any more, rings for what waits too long.

    `everything`: rings for all that waits, which a fresh start does. Each step is its own short transaction, and two
    sweepers at once do no harm. Returns how many were `lost` and `rung`.
    """
    lost = ledger.release_expired(at)
    waiting = ledger.waiting(None if everything else at)
    if bell.inline():
        for job_id, *_rest in waiting:
            runner.run_row(job_id)
        return {"lost": len(lost), "rung": len(waiting)}
    rung = [job_id for job_id, kind, queue, attempts in waiting if bell.ring(job_id, kind, queue, attempts)]
    ledger.rung(rung, at, at + max(pace().ring_again, timedelta(seconds=pace().sweep)))
    return {"lost": len(lost), "rung": len(rung)}


def _ring_later(job: Job) -> None:
    rings: list[tuple[int, str, str]] = db.session.info.setdefault(RINGS, [])
    rings.append((job.id, job.kind, job.queue))


def _after_commit(session: Session) -> None:
    # Also called when a savepoint is released; only the outermost commit makes the rows visible to a worker.
    if session.in_nested_transaction():
        return
    rings: list[tuple[int, str, str]] = session.info.pop(RINGS, [])
    for job_id, kind, queue in rings:
        if bell.inline():
            runner.run_row(job_id)
        else:
            bell.ring(job_id, kind, queue)


def _after_rollback(session: Session) -> None:
    # A savepoint that is undone leaves the others' rings alone: ringing for a row that is not there does nothing.
    if not session.in_nested_transaction():
        session.info.pop(RINGS, None)


orm_event.listen(ReadsApart, "after_commit", _after_commit)
orm_event.listen(ReadsApart, "after_rollback", _after_rollback)
