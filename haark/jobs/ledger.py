"""What happens to a running job, each in a short transaction of its own: it holds when the work is rolled back.

An attempt's number is its fence: whoever lost a job (killed, lease over, taken by another) can no longer write to it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, Update, and_, or_, select, update
from sqlalchemy.exc import OperationalError

from haark.extensions import db
from haark.jobs import rules
from haark.jobs.models import Job

JOBS: Table = Job.__table__


@dataclass(frozen=True)
class Attempt:
    """One run of one job."""

    job_id: int
    number: int
    kind: str
    queue: str
    args: dict[str, Any]


def claim(job_id: int, at: datetime, lease: timedelta) -> Attempt | None:
    """Takes the job and counts the attempt, committed before any work. None when it is done, taken, or unknown."""
    free = or_(JOBS.c.state == "queued", and_(JOBS.c.state == "running", JOBS.c.lease_until < at))
    with db.engine.begin() as connection:
        taken = connection.execute(
            update(JOBS)
            .where(JOBS.c.id == job_id, free, JOBS.c.attempts < rules.MOST_ATTEMPTS)
            .values(
                state="running",
                attempts=JOBS.c.attempts + 1,
                lease_until=at + lease,
                next_at=None,
                started_at=at,
                progress=0,
                error="",
            )
        )
        if not taken.rowcount:
            return None
        row = connection.execute(select(JOBS).where(JOBS.c.id == job_id)).one()
    return Attempt(row.id, row.attempts, row.kind, row.queue, dict(row.args or {}))


def _mine(attempt: Attempt) -> Update:
    return update(JOBS).where(JOBS.c.id == attempt.job_id, JOBS.c.attempts == attempt.number, JOBS.c.state == "running")


def renew(attempt: Attempt, until: datetime) -> bool:
    """Keeps the job. False when it is no longer ours."""
    with db.engine.begin() as connection:
        return bool(connection.execute(_mine(attempt).values(lease_until=until)).rowcount)


def progress(attempt: Attempt, done: int, total: int, message: str) -> bool:
    """Says how far it is. On SQLite a write lock held by the work itself drops the message."""
    values = {"progress": done, "total": total, "message": message[:200]}
    try:
        with _impatient() as connection, connection.begin():
            return bool(connection.execute(_mine(attempt).values(**values)).rowcount)
    except OperationalError:
        return False


@contextmanager
def _impatient() -> Iterator[Connection]:
    """A connection that waits 50 ms for SQLite's write lock instead of 8 s."""
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        if db.engine.dialect.name != "sqlite" or raw is None:
            yield connection
            return
        raw.cursor().execute("PRAGMA busy_timeout=50")
        try:
            yield connection
        finally:
            raw.cursor().execute("PRAGMA busy_timeout=8000")


def finish(connection: Connection, attempt: Attempt, at: datetime, result: dict[str, Any]) -> bool:
    """Done, in the transaction of the work itself. False when the job was lost meanwhile: the work must be undone."""
    values = {"state": "done", "finished_at": at, "lease_until": None, "result": result, "error": ""}
    return bool(connection.execute(_mine(attempt).values(**values)).rowcount)


def fault(attempt: Attempt, at: datetime, reason: str, final: bool = False) -> str:
    """Writes what went wrong and returns the new state: `queued`, `failed`, or `` when the job was no longer ours."""
    verdict = rules.after_fault(attempt.number, at, final)
    with db.engine.begin() as connection:
        held = connection.execute(_mine(attempt).values(**_after(verdict, at, reason))).rowcount
    return verdict.state if held else ""


def _after(verdict: rules.Verdict, at: datetime, reason: str) -> dict[str, Any]:
    return {
        "state": verdict.state,
        "next_at": verdict.next_at,
        "lease_until": None,
        "error": reason,
        "finished_at": at if verdict.state == "failed" else None,
    }


def kind_of(job_id: int) -> str:
    """The kind of a job, `` when there is no such row."""
    with db.engine.execution_options(readonly=True).connect() as connection:
        return connection.execute(select(JOBS.c.kind).where(JOBS.c.id == job_id)).scalar() or ""


def give_back(job_id: int, at: datetime) -> None:
    """Stopped by us, not by its own fault: queued again, and the attempt does not count."""
    with db.engine.begin() as connection:
        connection.execute(
            update(JOBS)
            .where(JOBS.c.id == job_id, JOBS.c.state == "running")
            .values(state="queued", attempts=JOBS.c.attempts - 1, lease_until=None, next_at=at)
        )


def lose(job_id: int, at: datetime, reason: str = rules.INTERRUPTED) -> str:
    """Its process died. Returns the new state, `` when it was not running."""
    return _release(at, reason, JOBS.c.id == job_id).get(job_id, "")


def release_expired(at: datetime) -> dict[int, str]:
    """Jobs whose lease ran out: id -> new state."""
    return _release(at, rules.INTERRUPTED, JOBS.c.lease_until < at)


def release_queue(queue: str, at: datetime) -> dict[int, str]:
    """Every running job of a queue: only for a process that is sure to be its only worker."""
    return _release(at, rules.INTERRUPTED, JOBS.c.queue == queue)


def _release(at: datetime, reason: str, condition: Any) -> dict[int, str]:
    found = select(JOBS.c.id, JOBS.c.attempts).where(JOBS.c.state == "running", condition)
    with db.engine.execution_options(readonly=True).connect() as connection:
        lost = connection.execute(found).all()
    states: dict[int, str] = {}
    if not lost:
        return states
    with db.engine.begin() as connection:
        for job_id, attempts in lost:
            verdict = rules.after_fault(attempts, at)
            held = (JOBS.c.id == job_id, JOBS.c.attempts == attempts, JOBS.c.state == "running", condition)
            if connection.execute(update(JOBS).where(*held).values(**_after(verdict, at, reason))).rowcount:
                states[job_id] = verdict.state
    return states


def waiting(at: datetime | None) -> list[tuple[int, str, str, int]]:
    """Queued jobs to announce: id, kind, queue, attempts. `at` None: all of them, else those whose time has come."""
    due = [JOBS.c.state == "queued"]
    if at is not None:
        due.append(or_(JOBS.c.next_at.is_(None), JOBS.c.next_at <= at))
    columns = select(JOBS.c.id, JOBS.c.kind, JOBS.c.queue, JOBS.c.attempts)
    with db.engine.execution_options(readonly=True).connect() as connection:
        return [tuple(row) for row in connection.execute(columns.where(*due).order_by(JOBS.c.id).limit(1000))]


def rung(job_ids: list[int], at: datetime, again: datetime) -> None:
    """They were announced; the next announcement is due at `again` when they still wait then."""
    if job_ids:
        with db.engine.begin() as connection:
            held = update(JOBS).where(JOBS.c.id.in_(job_ids), JOBS.c.state == "queued")
            connection.execute(held.values(rung_at=at, next_at=again))
