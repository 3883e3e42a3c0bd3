"""The archives as the page lists them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from haark import clock
from haark.access import Owned, owned_by
from haark.extensions import db
from haark.files.models import StoredFile
from haark.intake.models import ExportRun
from haark.jobs.models import OPEN_STATES, Job
from haark.jobs.queries import Status, status_of
from haark.people.models import User

KEPT_DAYS = 7
LISTED = 20


@dataclass(frozen=True)
class Row:
    """`state`: open, ready, failed or gone; `until`: the last day on which a ready one can be fetched."""

    id: int
    at: datetime
    by: str
    state: str
    rows: int
    size: int  # bytes
    until: date
    job: Status | None


@owned_by("export")
def _owned(run_id: int) -> Owned | None:
    """An archive that was cleared away, or is not made yet, is not there."""
    run = db.session.get(ExportRun, run_id)
    return None if run is None else Owned(deleted=run.file_id is None)


def listed() -> list[Row]:
    """The newest first. One statement."""
    found = (
        select(ExportRun, User.name, StoredFile.size, Job)
        .outerjoin(User, User.id == ExportRun.created_by_id)
        .outerjoin(StoredFile, StoredFile.id == ExportRun.file_id)
        .outerjoin(Job, Job.id == ExportRun.job_id)
        .order_by(ExportRun.id.desc())
        .limit(LISTED)
    )
    return [_row(run, name or "", size or 0, job) for run, name, size, job in db.session.execute(found)]


def file_of(run_id: int) -> StoredFile | None:
    """The archive itself, None when it is not there."""
    found: StoredFile | None = db.session.scalar(
        select(StoredFile).join(ExportRun, ExportRun.file_id == StoredFile.id).where(ExportRun.id == run_id)
    )
    return found


def _row(run: ExportRun, by: str, size: int, job: Job | None) -> Row:
    if run.file_id is not None:
        state = "ready"
    elif job is not None and job.state in (*OPEN_STATES, "failed"):
        state = "failed" if job.state == "failed" else "open"
    else:
        state = "gone"
    rows = sum(count for name, count in run.counts.items() if name.endswith(".csv"))
    until = clock.day_of(run.created_at) + timedelta(KEPT_DAYS)
    return Row(run.id, run.created_at, by, state, rows, size, until, None if job is None else status_of(job))
