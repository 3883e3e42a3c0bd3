"""Proposals of the client, or drawn from decisions, on the plan's page: one by one, never in bulk."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes
from haark.extensions import db
from haark.hypermedia import flash_error, go, is_fragment, respond
from haark.plans import pages, proposals, wording
from haark.plans.forms import MilestoneForm, ObjectiveForm, RiskForm
from haark.plans.models import Proposal
from haark.plans.pages import blueprint
from haark.plans.proposals import ProposalError

FORMS: dict[str, Any] = {"objective": ObjectiveForm, "milestone": MilestoneForm, "risk": RiskForm}
CHANGED = ("objectives", "milestones", "risks")


@blueprint.get("/proposals/<int:ident>/words")
@changes("proposal", "ident")
def reword(ident: int) -> Response:
    """The proposed words in a form, to accept others."""
    proposal = db.session.get_one(Proposal, ident)
    return _form(proposal, _limited(proposal, data=proposals.after(proposal)))


@blueprint.post("/proposals/<int:ident>/acceptance")
@changes("proposal", "ident")
def accept(ident: int) -> Response:
    """The plan follows the proposal, or a person's own words for it (`own`)."""
    proposal, values = db.session.get_one(Proposal, ident), None
    if request.form.get("own"):
        form = _limited(proposal, request.form)
        if not form.validate():
            return _form(proposal, form, 422)
        values = form.values
    seen = request.form.get("seen", 0, type=int)
    if proposal.state == "open" and proposals.version_of(proposal) not in (seen, None):
        return _moved(proposal, values)
    answer = request.form.get("answer", "")
    try:
        proposals.accept(proposal, by=current_user.id, at=clock.moment(), answer=answer, values=values)
    except ProposalError as error:
        return _refused(proposal, error)
    text = _("Proposition acceptée, le plan est à jour")
    return pages.saved(proposal.account_id, "proposals", text, None, *CHANGED)


@blueprint.post("/proposals/<int:ident>/refusal")
@changes("proposal", "ident")
def decline(ident: int) -> Response:
    """The plan stays as it is; the word goes to whoever proposed."""
    proposal = db.session.get_one(Proposal, ident)
    try:
        proposals.decline(proposal, by=current_user.id, at=clock.moment(), answer=request.form.get("answer", ""))
    except ProposalError as error:
        return _refused(proposal, error)
    return pages.saved(proposal.account_id, "proposals", _("Proposition déclinée, le plan reste tel quel"))


def _limited(proposal: Proposal, formdata: Any = None, **given: Any) -> Any:
    """The form of the thing with the proposed fields only."""
    form = FORMS[proposal.subject_kind](formdata, **given)
    for name in [field.short_name for field in form]:
        if name not in proposal.changes and name != "version":
            del form[name]
    return form


def _form(proposal: Proposal, form: Any, status: int = 200, moved: bool = False) -> Response:
    ident = f"proposal-form-{proposal.id}"
    for field in form:
        field.id = f"{ident}-{field.short_name}"
    back = url_for("plans.card", account_id=proposal.account_id, name="proposals", on="page")
    inner = "plans/_proposal_form.html"
    context: dict[str, Any] = {
        "form": form,
        "proposal": proposal,
        "ident": ident,
        "back": back,
        "target": "#plan-proposals",
    }
    context |= {"seen": proposals.version_of(proposal) or 0, "moved": moved, "now": proposals.now(proposal)}
    context |= {"inner": inner, "account_id": proposal.account_id, "wording": wording}
    if status != 200 and is_fragment():
        pages.instead(f"#proposal-{proposal.id}")
    return respond("plans/edit.html", inner, status, **context)


def _moved(proposal: Proposal, values: Any) -> Response:
    """The thing is not what the page showed any more: both texts, and nothing is written."""
    data = values if values is not None else proposals.after(proposal)
    return _form(proposal, _limited(proposal, data=data), 409, moved=True)


def _refused(proposal: Proposal, error: ProposalError) -> Response:
    db.session.rollback()
    flash_error(wording.REFUSALS[error.kind])
    if not is_fragment():
        return go(pages.back_of(proposal.account_id))
    return pages.fresh(proposal.account_id, "proposals", *CHANGED, status=409)
