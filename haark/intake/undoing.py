"""Undoing an import: what was there before comes back, and what somebody changed since is left alone and named.

`landing.land(..., run_id=…)` keeps what was before in an undo file (recording.py); `undo` reads a copy of it. What is
left alone is found before anything is taken back, then parts of a second or less follow, each a transaction that also
says how far the undoing is: a kill loses nothing. See docs/import.md.
"""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import or_, select, update

from haark.accounts import domain as accounts
from haark.events.domain import record
from haark.extensions import db
from haark.files import domain as files
from haark.files import store
from haark.files.models import StoredFile
from haark.intake.models import ImportRun
from haark.intake.restoring import Restorer
from haark.jobs import domain as jobs

Step = Callable[[], None]
JOB = "intake.undo"
# Days after which the undo file of an import is cleared away.
UNDOABLE_DAYS = 30


class CannotUndo(ValueError):
    """`kind`: `state` (it is not done, or undone already), `late` (more than 30 days ago, or nothing was kept)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def undoable(run: ImportRun, at: datetime) -> bool:
    """Whether the page may offer it."""
    return run.state == "done" and run.undo_file_id is not None and not _late(run, at)


def ask(run_id: int, *, by: int | None, at: datetime, on: date) -> int:
    """A person wants this import undone: the run is `undoing`, the job `intake.undo` does it. Returns the job's id.

    Raises CannotUndo. Twice is once: while it is at work the same job is returned, and a failed one is tried again.
    """
    run = db.session.get_one(ImportRun, run_id)
    key = f"{JOB}:{run_id}"
    if run.state == "undoing" and (job := jobs.by_key(key)) is not None:
        if job.state == "failed":
            jobs.retry(job, by=by)
        return job.id
    if run.state != "done":
        raise CannotUndo("state")
    if not undoable(run, at):
        raise CannotUndo("late")
    run.state = "undoing"
    args = {"run_id": run_id, "by": by, "at": at.isoformat(), "on": on.isoformat()}
    job = jobs.enqueue(JOB, args={"args": args}, key=key, by=by)
    run.job_id = job.id
    db.session.flush()
    return job.id


def undo(run_id: int, by: int | None, at: datetime, on: date, step: Step) -> list[list[Any]]:
    """Brings back what was before the import. Returns the rows left alone, as ImportRun.kept: [kind, id, name, field].

    Commits between short parts (`step` commits the session's own part); doing it again from anywhere ends the same.
    Raises FileNotFoundError when the undo file is gone. Must not be called inside an open transaction.
    """
    run = db.session.get_one(ImportRun, run_id)
    if run.state == "undone":
        return run.kept
    stored = db.session.get(StoredFile, run.undo_file_id) if run.undo_file_id else None
    if stored is None:
        raise FileNotFoundError(f"the undo file of import {run_id}")
    path = Path(current_app.config["HAARK_DATA"]) / "imports" / f"undo-{run_id}.work"
    if not path.is_file():
        draft = path.with_suffix(".draft")
        draft.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files.path_of(stored), draft)
        draft.replace(path)
    db.session.rollback()
    restorer = Restorer(run_id, path)
    try:
        kept = restorer.run()
        touched = restorer.touched()
    finally:
        restorer.close()
    accounts.refresh_cards(touched, on=on, step=step)
    db.session.expire_all()
    run = db.session.get_one(ImportRun, run_id)
    run.state, run.undone_at, run.undone_by_id, run.kept = "undone", at, by, kept
    event = record("import.undone", at=at, by=by, subject=("import", run_id), counts=run.counts, kept=len(kept))
    jobs.ring_for(event)
    step()
    path.unlink(missing_ok=True)
    return kept


def purge(at: datetime, step: Step) -> int:
    """Clears away undo files older than 30 days, and those of imports that are undone. Returns how many."""
    old = or_(ImportRun.applied_at < at - timedelta(UNDOABLE_DAYS), ImportRun.state == "undone")
    found = db.session.execute(
        select(ImportRun.id, ImportRun.undo_file_id).where(
            ImportRun.undo_file_id.is_not(None), ImportRun.state != "undoing", old
        )
    ).all()
    db.session.execute(
        update(ImportRun).where(ImportRun.id.in_([row.id for row in found])).values(undo_file_id=None),
        execution_options={"synchronize_session": False},
    )
    freed = files.forget([row.undo_file_id for row in found])
    step()
    for digest in freed:
        store.remove(digest)
    return len(found)


def _late(run: ImportRun, at: datetime) -> bool:
    return run.applied_at is None or run.applied_at < at - timedelta(UNDOABLE_DAYS)
