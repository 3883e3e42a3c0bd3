"""The success plan: its vision, its objectives, its milestones."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from haark import clock
from haark.access import changes, sees
from haark.accounts import queries as accounts
from haark.extensions import db
from haark.fields import disagreements
from haark.hypermedia import flash_done, go, is_fragment, respond, reswap, retarget
from haark.locale import timezone
from haark.plans import domain, parts, queries, served
from haark.plans.forms import MilestoneForm, ObjectiveForm, VisionForm
from haark.plans.models import Milestone, Objective, Plan

__all__ = ["blueprint", "served"]  # what actions know of plans is registered when it is imported

blueprint = Blueprint("plans", __name__)
OBJECTIVE = parts.Kind(
    "objective",
    Objective,
    ObjectiveForm,
    "plans/_objective_form.html",
    added=_l("Objectif ajouté"),
    changed=_l("Objectif enregistré"),
    removed=_l("Objectif supprimé"),
    restored=_l("Objectif rétabli"),
)
MILESTONE = parts.Kind(
    "milestone",
    Milestone,
    MilestoneForm,
    "plans/_milestone_form.html",
    added=_l("Jalon ajouté"),
    changed=_l("Jalon enregistré"),
    removed=_l("Jalon supprimé"),
    restored=_l("Jalon rétabli"),
)


@blueprint.get("/plans/<int:plan_id>")
@sees("plan", "plan_id")
def show(plan_id: int) -> Response:
    """The plan on a page of its own."""
    account_id = db.session.get_one(Plan, plan_id).account_id
    on = clock.today(timezone())
    name = accounts.header(account_id, on).name
    return respond("plans/show.html", "plans/_tab.html", plan=queries.tab(account_id, on), name=name)


@blueprint.get("/accounts/<int:account_id>/plan/fragment")
@sees("account", "account_id")
def fragment(account_id: int) -> AnyResponse:
    """The plan, for a page that shows it already and heard of a change."""
    return parts.fresh(account_id) if is_fragment() else redirect(f"/accounts/{account_id}/plan")


@blueprint.get("/accounts/<int:account_id>/plan/vision")
@changes("account", "account_id")
def vision(account_id: int) -> Response:
    plan = queries.tab(account_id, clock.today(timezone()))
    return _vision_form(VisionForm(data={"vision": plan.vision, "version": plan.version}), account_id)


@blueprint.post("/accounts/<int:account_id>/plan/vision")
@changes("account", "account_id")
def change_vision(account_id: int) -> Response:
    form = VisionForm(request.form)
    if not form.validate():
        return _vision_form(form, account_id, 422)
    now = queries.tab(account_id, clock.today(timezone()))
    if form.version.data != now.version:
        theirs = disagreements(form, VisionForm(data={"vision": now.vision}))
        form.version.raw_data, form.version.data = None, now.version
        return _vision_form(form, account_id, 409, theirs)
    domain.set_vision(domain.plan_of(account_id), form.vision.data or "", by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Vision enregistrée"))
    return parts.fresh(account_id) if is_fragment() else go(f"/accounts/{account_id}/plan")


@blueprint.get("/accounts/<int:account_id>/objectives/new")
@changes("account", "account_id")
def new_objective(account_id: int) -> Response:
    return parts.new(OBJECTIVE, account_id)


@blueprint.post("/accounts/<int:account_id>/objectives")
@changes("account", "account_id")
def create_objective(account_id: int) -> Response:
    return parts.create(OBJECTIVE, account_id)


@blueprint.get("/objectives/<int:ident>")
@changes("objective", "ident")
def edit_objective(ident: int) -> Response:
    return parts.edit(OBJECTIVE, ident)


@blueprint.post("/objectives/<int:ident>")
@changes("objective", "ident")
def change_objective(ident: int) -> Response:
    return parts.change(OBJECTIVE, ident)


@blueprint.post("/objectives/<int:ident>/removal")
@changes("objective", "ident")
def remove_objective(ident: int) -> Response:
    return parts.remove(OBJECTIVE, ident)


@blueprint.post("/objectives/<int:ident>/removal/removal")
@changes("removed_objective", "ident")
def restore_objective(ident: int) -> Response:
    return parts.restore(OBJECTIVE, ident)


@blueprint.get("/accounts/<int:account_id>/milestones/new")
@changes("account", "account_id")
def new_milestone(account_id: int) -> Response:
    return parts.new(MILESTONE, account_id)


@blueprint.post("/accounts/<int:account_id>/milestones")
@changes("account", "account_id")
def create_milestone(account_id: int) -> Response:
    return parts.create(MILESTONE, account_id)


@blueprint.get("/milestones/<int:ident>")
@changes("milestone", "ident")
def edit_milestone(ident: int) -> Response:
    return parts.edit(MILESTONE, ident)


@blueprint.post("/milestones/<int:ident>")
@changes("milestone", "ident")
def change_milestone(ident: int) -> Response:
    return parts.change(MILESTONE, ident)


@blueprint.post("/milestones/<int:ident>/removal")
@changes("milestone", "ident")
def remove_milestone(ident: int) -> Response:
    return parts.remove(MILESTONE, ident)


@blueprint.post("/milestones/<int:ident>/removal/removal")
@changes("removed_milestone", "ident")
def restore_milestone(ident: int) -> Response:
    return parts.restore(MILESTONE, ident)


def _vision_form(
    form: VisionForm, account_id: int, status: int = 200, theirs: list[tuple[str, str, str]] | None = None
) -> Response:
    if status != 200 and is_fragment():
        retarget("#vision-form")
        reswap("outerHTML")
    inner = "plans/_vision_form.html"
    return respond(
        "plans/edit.html", inner, status=status, form=form, account_id=account_id, theirs=theirs, inner=inner
    )
