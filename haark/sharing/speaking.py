"""What a client sends from their shared plan. Every route asks for the visit first (doors.visit): 404, 403, 429."""

from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from haark import clock
from haark.access import with_secret
from haark.extensions import db
from haark.plans.proposals import ProposalError
from haark.sharing import domain, doors, exchanges, wording
from haark.sharing.answering import done, page, speaking
from haark.sharing.domain import SharingError
from haark.sharing.doors import Visit, blueprint
from haark.sharing.forms import FORMS, subject_of

HOME = "/s/p/<int:link_id>"


@blueprint.post(f"{HOME}/comments")
@with_secret
def comment(link_id: int) -> Response:
    visit = doors.visit(link_id)
    about, text = request.form.get("about", "plan"), request.form.get("text", "")
    with speaking(visit) as plan:
        known = {"plan": ("plan", plan.plan_id)} | {f"{kind}:{ident}": (kind, ident) for kind, ident in plan.titles}
        typed = {"about": about, "text": text}
        if not text.strip():
            error = str(wording.PROBLEMS["empty"])
            return page(plan, visit.token, 422, typed={**typed, "error": error})
        if about not in known:
            return page(plan, visit.token, 409, problem="gone", typed=typed)
        domain.comment(visit.guest, known[about], text, at=clock.moment())
    db.session.commit()
    return done(link_id, "comment", "remarques")


@blueprint.post(f"{HOME}/agenda")
@with_secret
def remark(link_id: int) -> Response:
    """A topic, a correction or a remark on the draft agenda of the coming review."""
    visit = doors.visit(link_id)
    kind, text = request.form.get("remark", ""), request.form.get("text", "")
    with speaking(visit) as plan:
        typed = {"remark": kind, "agenda_text": text}
        if not text.strip():
            typed["agenda_error"] = str(wording.PROBLEMS["empty"])
            return page(plan, visit.token, 422, typed=typed)
        review_id = request.form.get("review", 0, type=int)
        if exchanges.coming(plan.account.id, review_id) is None:
            return page(plan, visit.token, 409, problem="gone", typed={"text": text})
        domain.comment(visit.guest, ("review", review_id), wording.remark(kind, text), at=clock.moment())
    db.session.commit()
    return done(link_id, "comment", "revue")


@blueprint.get(f"{HOME}/proposals/<any(objective, milestone):kind>/<int:ident>")
@with_secret
def proposing(link_id: int, kind: str, ident: int) -> Response:
    """The values of today to change; `ident` 0: a new one."""
    visit = doors.visit(link_id)
    subject = subject_of(visit.guest.account.id, kind, ident)
    if subject is None and ident:
        doors.refuse(404)
    with speaking(visit):
        return _form(visit, kind, ident, FORMS[kind](obj=subject))


@blueprint.post(f"{HOME}/proposals/<any(objective, milestone):kind>/<int:ident>")
@with_secret
def propose(link_id: int, kind: str, ident: int) -> Response:
    visit = doors.visit(link_id)
    with speaking(visit) as plan:
        form = FORMS[kind](request.form)
        if not form.validate():
            return _form(visit, kind, ident, form, 422)
        try:
            domain.propose(visit.guest, kind, ident or None, form.values, form.reason.data or "", at=clock.moment())
        except ProposalError as error:
            if error.kind == "nothing":
                return _form(visit, kind, ident, form, 422, str(wording.PROBLEMS["nothing"]))
            return page(plan, visit.token, 409, problem="gone")
    db.session.commit()
    return done(link_id, "proposal", "propositions")


@blueprint.post(f"{HOME}/actions/<int:action_id>/completion")
@with_secret
def finish(link_id: int, action_id: int) -> Response:
    visit = doors.visit(link_id)
    return _act(visit, "finished", f"action-{action_id}", domain.finish, action_id, at=clock.moment())


@blueprint.post(f"{HOME}/actions/<int:action_id>/reopening")
@with_secret
def reopen(link_id: int, action_id: int) -> Response:
    visit = doors.visit(link_id)
    return _act(visit, "reopened", f"action-{action_id}", domain.reopen, action_id, at=clock.moment())


@blueprint.post(f"{HOME}/values/<int:line_id>/confirmation")
@with_secret
def confirm(link_id: int, line_id: int) -> Response:
    """The claim is true as they read it: its seal must still be the one of the page."""
    visit, seal = doors.visit(link_id), request.form.get("seal", "")
    told: dict[str, Any] = {"at": clock.moment(), "on": doors.today()}
    return _act(visit, "confirmed", "valeur", domain.confirm, line_id, seal, **told)


@blueprint.post(f"{HOME}/values/<int:line_id>/confirmation/removal")
@with_secret
def unconfirm(link_id: int, line_id: int) -> Response:
    visit = doors.visit(link_id)
    return _act(visit, "unconfirmed", "valeur", domain.unconfirm, line_id, at=clock.moment())


@blueprint.post(f"{HOME}/signature")
@with_secret
def sign(link_id: int) -> Response:
    """The latest published version, which must be the one that the button named."""
    visit, number = doors.visit(link_id), request.form.get("number", 0, type=int)
    told: dict[str, Any] = {"at": clock.moment(), "on": doors.today()}
    return _act(visit, "signed", "accord", domain.sign, number, **told)


@blueprint.post(f"{HOME}/meeting")
@with_secret
def meeting(link_id: int) -> Response:
    visit = doors.visit(link_id)
    guest, text = visit.guest, request.form.get("text", "").strip()
    owner = guest.account.owner
    with force_locale(owner.language if owner else "fr"):
        title = _("Fixer la réunion demandée par %(name)s", name=guest.contact.name)
    domain.ask_meeting(guest, title, text, at=clock.moment(), on=doors.today())
    db.session.commit()
    return done(link_id, "meeting", "reunion")


def _act(visit: Visit, what: str, place: str, verb: Any, *args: Any, **told: Any) -> Response:
    """One verb, committed; what changed or went meanwhile is shown as it is now (409)."""
    try:
        verb(visit.guest, *args, **told)
    except SharingError as error:
        db.session.rollback()
        with speaking(visit) as plan:
            return page(plan, visit.token, 409, problem=error.kind)
    db.session.commit()
    return done(visit.guest.link.id, what, place)


def _form(visit: Visit, kind: str, ident: int, form: Any, status: int = 200, problem: str = "") -> Response:
    with speaking(visit) as plan:
        told = {"plan": plan, "token": visit.token, "live": True, "form": form, "problem": problem}
        return make_response(render_template("sharing/propose.html", kind=kind, ident=ident, **told), status)
