"""What a page shows of a job while it waits, and whether this installation is well."""

from flask import Blueprint, Response, abort, jsonify, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from haark.access import Owned, changes, owned_by, public, sees
from haark.extensions import db
from haark.hypermedia import flash_error, go, is_fragment, next_or, respond, stop_polling
from haark.jobs import bell, domain, queries
from haark.jobs.models import Job

blueprint = Blueprint("jobs", __name__)


@owned_by("job")
def _owner(job_id: int) -> Owned | None:
    job = db.session.get(Job, job_id)
    if job is None:
        return None
    return Owned(frozenset(() if job.requested_by_id is None else (job.requested_by_id,)))


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 while pages can be served: saving works without the queue server, whose absence is only told."""
    try:
        db.session.execute(text("SELECT 1"))
        database = True
    except SQLAlchemyError:
        database = False
    waiting = "inline" if bell.inline() else "ok" if bell.is_up() else "down"
    return jsonify(database="ok" if database else "down", queue=waiting), 200 if database else 503


@blueprint.get("/jobs/<int:job_id>")
@sees("job", "job_id")
def show(job_id: int) -> Response:
    """The line of a job. While it is open it asks again by itself; `next` is the page to go to when it is done."""
    job = queries.status(job_id)
    if job is None:
        abort(404)
    after = next_or(request.args.get("next"), "")
    if job.state == "done" and after:
        return go(after)
    if not job.is_open:
        return stop_polling("jobs/show.html", "jobs/_status.html", job=job, after=after)
    answer = respond("jobs/show.html", "jobs/_status.html", job=job, after=after)
    if not is_fragment():
        # Without JavaScript the page itself asks again.
        answer.headers["Refresh"] = "2"
    return answer


@blueprint.post("/jobs/<int:job_id>/retry")
@changes("job", "job_id")
def retry(job_id: int) -> Response:
    """Tries a failed job again, for who asked for it and for managers."""
    job = db.session.get_one(Job, job_id)
    try:
        domain.retry(job, by=current_user.id)
        db.session.commit()
    except domain.NotFailed:
        flash_error(_("Cette opération n’a pas échoué : il n’y a rien à relancer."))
    after = next_or(request.args.get("next"), "")
    return go(url_for("jobs.show", job_id=job_id, next=after or None))
