"""The plan's PDF: asked for by POST, shown while it is made, downloaded. No GET makes a file."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from haark import clock, formats
from haark.access import sees
from haark.accounts.models import Account
from haark.extensions import db
from haark.files import domain as files
from haark.hypermedia import go, is_fragment, respond
from haark.jobs import queries as jobs
from haark.locale import timezone
from haark.plans import prints
from haark.plans.models import Plan
from haark.plans.pages import blueprint


@blueprint.post("/plans/<int:plan_id>/pdf")
@sees("plan", "plan_id")
def ask_pdf(plan_id: int) -> Response:
    """Asks for the PDF of the plan as it is today, in the client's language or the one that is named."""
    account, language = _account(plan_id), _language(plan_id)
    job = prints.ask(account.id, language, clock.today(timezone()), by=current_user.id)
    db.session.commit()
    if prints.file_of(job) is not None:
        return go(url_for("plans.pdf", plan_id=plan_id, language=language))
    return go(url_for("plans.print_state", plan_id=plan_id, language=language))


@blueprint.get("/plans/<int:plan_id>/pdf")
@sees("plan", "plan_id")
def print_state(plan_id: int) -> Response:
    """What is made, what is under way. While it is being made the region asks again by itself."""
    account, language = _account(plan_id), _language(plan_id)
    job = prints.job_of(account.id, language, clock.today(timezone()))
    made = prints.file_of(job)
    status = jobs.status_of(job) if job is not None and made is None and job.state != "done" else None
    context: dict[str, Any] = {"plan_id": plan_id, "account": account, "language_of": language}
    context |= {"job": status, "made": made, "names": formats.LANGUAGES}
    answer = respond("plans/print.html", "plans/_print.html", **context)
    if status is not None and status.is_open and not is_fragment():
        answer.headers["Refresh"] = "2"
    return answer


@blueprint.get("/plans/<int:plan_id>/plan.pdf")
@sees("plan", "plan_id")
def pdf(plan_id: int) -> AnyResponse:
    """The file of the present content; where it was not made yet, the page that makes it."""
    account, language = _account(plan_id), _language(plan_id)
    file = prints.file_of(prints.job_of(account.id, language, clock.today(timezone())))
    page = url_for("plans.print_state", plan_id=plan_id, language=language)
    if file is None:
        return redirect(page, 302)
    try:
        made = files.read(file)
    except FileNotFoundError:
        return redirect(page, 302)
    answer = Response(made, content_type=file.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _account(plan_id: int) -> Account:
    return db.session.get_one(Account, db.session.get_one(Plan, plan_id).account_id)


def _language(plan_id: int) -> str:
    """The one that is asked for, else the client's."""
    wanted = request.values.get("language", "") or _account(plan_id).language
    return wanted if wanted in formats.LANGUAGES else "fr"
