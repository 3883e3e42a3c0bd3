"""Running one job: what RQ calls with a row's id, and what the command line calls in its own process.

A kind's function is called with the row's args (and `job_id` when it has such a parameter) and returns a dict or None,
kept as the row's result. It need not commit: its work and «done» are then one transaction, and its effect in the
database happens once, whatever is killed. A long job may commit between steps; it must then bear to run twice.
"""

import inspect
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from flask import Flask, current_app
from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import SQLAlchemyError

from haark import clock, schedule
from haark.extensions import db
from haark.jobs import bell, ledger, rules
from haark.jobs.beside import PartDied
from haark.jobs.pace import pace

log = logging.getLogger(__name__)
# Seconds between the polite end of a job that takes too long (an exception) and the hard one (SIGKILL).
GRACE = 5
_current: ContextVar[ledger.Attempt | None] = ContextVar("haark_job", default=None)
_app: Flask | None = None


class JobRefused(Exception):
    """The job cannot be done and trying again will not help. Its text is shown to the person who asked."""


class _Lost(Exception):
    """Somebody else has the job now."""


def use(app: Flask) -> None:
    """The application that this process runs jobs with; workers build it once, before they fork."""
    global _app
    _app = app


def run(job_id: int) -> None:
    """RQ's entry point. Harmless when the job is done, running elsewhere, or was never committed."""
    if _app is None:
        from haark import create_app  # only a process that was not handed an application makes one

        use(create_app())
    assert _app is not None
    with _app.app_context():
        _attempt(job_id, in_child=True)


def run_row(job_id: int) -> None:
    """Runs a job here and now, in an application context of its own (its session is not the caller's)."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's target
    with app.app_context():
        _attempt(job_id, in_child=False)


def progress(job_id: int, done: int, total: int, message: str = "") -> None:
    """How far the job is, seen by others at once. Does nothing outside of a job.

    On SQLite it is dropped while the job itself holds a transaction open: commit or roll back between the steps.
    """
    attempt = _current.get()
    if attempt is not None and attempt.job_id == job_id:
        ledger.progress(attempt, done, total, message)


def last_try(job_id: int) -> bool:
    """Whether this job runs for the last time: what may have made it die is better left out now."""
    attempt = _current.get()
    return attempt is not None and attempt.job_id == job_id and attempt.number >= rules.MOST_ATTEMPTS


def _attempt(job_id: int, in_child: bool) -> None:
    attempt = ledger.claim(job_id, clock.now(), pace().lease)
    if attempt is None:
        return
    token = _current.set(attempt)
    try:
        with _kept(attempt, in_child):
            result = _function(attempt.kind)(**_arguments(attempt))
            _finish(attempt, result or {})
    except _Lost:
        db.session.rollback()
        log.warning("job %s was taken by another process; this run changed nothing", job_id)
    except Exception as error:  # noqa: BLE001  # a job may fail in any way, and the row must say how
        db.session.rollback()
        _fault(attempt, error, last=not in_child)
    finally:
        _current.reset(token)


def _finish(attempt: ledger.Attempt, result: dict[str, Any]) -> None:
    if not ledger.finish(db.session.connection(), attempt, clock.now(), result):
        raise _Lost
    db.session.commit()


def _fault(attempt: ledger.Attempt, error: Exception, last: bool) -> None:
    final = last or isinstance(error, JobRefused)
    if isinstance(error, JobRefused):
        reason = str(error)
    else:
        log.exception("job %s (%s), attempt %s", attempt.job_id, attempt.kind, attempt.number, exc_info=error)
        reason = _reason(error)
    state = ledger.fault(attempt, clock.now(), reason, final)
    if state == "queued" and not rules.DELAYS[attempt.number - 1]:
        bell.ring(attempt.job_id, attempt.kind, attempt.queue, attempt.number)


def _reason(error: Exception) -> str:
    if isinstance(error, PartDied):
        return rules.INTERRUPTED
    return rules.TOO_LONG if isinstance(error, JobTimeoutException) else rules.reason_of(error)


def _function(kind: str) -> Callable[..., dict[str, Any] | None]:
    module, _, name = schedule.KINDS[kind].function.partition(":")
    found: Callable[..., dict[str, Any] | None] = getattr(import_module(module), name)
    return found


def _arguments(attempt: ledger.Attempt) -> dict[str, Any]:
    if "job_id" in inspect.signature(_function(attempt.kind)).parameters:
        return {**attempt.args, "job_id": attempt.job_id}
    return attempt.args


@contextmanager
def _kept(attempt: ledger.Attempt, in_child: bool) -> Iterator[None]:
    """Renews the lease while the work goes on; in a worker's child also kills what outlives its time."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's target
    over = threading.Event()
    deadline = time.monotonic() + schedule.KINDS[attempt.kind].timeout + GRACE if in_child else float("inf")
    thread = threading.Thread(target=_beat, args=(app, attempt, over, deadline), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=1)


def _beat(app: Flask, attempt: ledger.Attempt, over: threading.Event, deadline: float) -> None:
    with app.app_context():
        while not over.wait(min(pace().beat, max(deadline - time.monotonic(), 0.05))):
            if time.monotonic() > deadline:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                ledger.renew(attempt, clock.now() + pace().lease)
            except SQLAlchemyError as error:
                log.warning("the lease of job %s could not be renewed: %s", attempt.job_id, error)
