"""Exporting: a folder for whoever sits at the machine, an archive for administrators."""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import current_app

from haark import clock
from haark.events.domain import record
from haark.extensions import db
from haark.files import domain as files
from haark.intake.export import queries, sinks, writing
from haark.intake.export.writing import Made, Step
from haark.intake.models import ExportRun
from haark.jobs import domain as jobs
from haark.jobs.models import OPEN_STATES, Job

KIND = "intake.export"


def to_folder(target: Path, *, by: int | None, at: datetime, step: Step = writing.silent) -> Made:
    """Writes everything into `target`, which is not there or empty; it appears once it is whole. Adds the event in
    the caller's transaction. Raises sinks.NotEmpty."""
    with sinks.folder(target) as sink:
        made = writing.write(sink, at=at, step=step)
    _record(made, by=by, at=at, run_id=None)
    return made


def ask(*, by: int, at: datetime) -> ExportRun:
    """Asks for an archive; the one that is being made when there is one."""
    under_way = db.select(ExportRun).join(Job, Job.id == ExportRun.job_id).where(Job.state.in_(OPEN_STATES)).limit(1)
    found: ExportRun | None = db.session.scalar(under_way)
    if found is not None:
        return found
    run = ExportRun(created_at=at, created_by_id=by)
    db.session.add(run)
    db.session.flush()
    run.job_id = jobs.enqueue(KIND, args={"run_id": run.id}, key=f"{KIND}:{run.id}", by=by).id
    db.session.flush()
    return run


def make(run_id: int, *, at: datetime, step: Step = writing.silent) -> Made | None:
    """Makes the archive of a run and keeps it; None when the run is gone or has it. Flushes at the end.

    While the archive is written no transaction is open on the session. Raises store.StorageFull.
    """
    waiting = db.session.scalar(db.select(ExportRun.id).where(ExportRun.id == run_id, ExportRun.file_id.is_(None)))
    db.session.rollback()
    if waiting is None:
        return None
    top = f"haark-{clock.day_of(at).isoformat()}"
    draft = _drafts() / f"{run_id}.zip"
    with sinks.archive(draft, top) as sink:
        made = writing.write(sink, at=at, step=step)
    try:
        kept = files.keep_file(draft, f"{top}.zip", "application/zip", at=clock.now())
    finally:
        draft.unlink(missing_ok=True)
    run = db.session.get_one(ExportRun, run_id)
    run.file_id, run.counts = kept.id, made.counts
    _record(made, by=run.created_by_id, at=at, run_id=run_id)
    db.session.flush()
    return made


def purge(on: date) -> list[str]:
    """Lets go of the archives that are older than a week on that day; flushes. Returns the hashes of what nobody needs
    any more: `store.remove` them after the commit."""
    before = clock.start_of(on - timedelta(queries.KEPT_DAYS))
    old = db.session.scalars(db.select(ExportRun).where(ExportRun.file_id.is_not(None), ExportRun.created_at < before))
    gone = []
    for run in old.all():
        gone.append(run.file_id)
        run.file_id = None
    db.session.flush()
    return files.forget([ident for ident in gone if ident is not None])


def clear_drafts() -> None:
    """Removes what killed exports left behind."""
    shutil.rmtree(_drafts(), ignore_errors=True)


def _drafts() -> Path:
    return Path(current_app.config["HAARK_DATA"]) / "exports"


def _record(made: Made, *, by: int | None, at: datetime, run_id: int | None) -> None:
    record("export.made", at=at, by=by, subject=("export", run_id), counts=made.counts, files=made.files)
