"""Jobs as the pages show them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from haark.extensions import db
from haark.jobs import rules
from haark.jobs.models import Job


@dataclass(frozen=True)
class Status:
    """One job, for its line on a page. `percent` is None until the job said how much there is to do."""

    id: int
    kind: str
    state: str
    is_open: bool
    message: str
    percent: int | None
    attempts: int
    reason: str
    requested_by_id: int | None


def status(job_id: int) -> Status | None:
    """None when there is no such job."""
    job = db.session.get(Job, job_id)
    return None if job is None else status_of(job)


def status_of(job: Job) -> Status:
    percent = min(100, round(100 * job.progress / job.total)) if job.total else None
    return Status(
        id=job.id,
        kind=job.kind,
        state=job.state,
        is_open=job.is_open,
        message=job.message,
        percent=percent,
        attempts=job.attempts,
        reason=reason(job.error),
        requested_by_id=job.requested_by_id,
    )


def reason(error: str) -> str:
    """Why a job failed, in the reader's words where the reason is one of ours."""
    words = {
        rules.INTERRUPTED: _("L’opération a été interrompue trois fois."),
        rules.TOO_LONG: _("L’opération a dépassé le temps prévu."),
        rules.TOO_LARGE: _("L’opération a dépassé la mémoire prévue."),
    }
    return words.get(error, error)
