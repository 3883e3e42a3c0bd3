"""The success plan: its page, its words, its objectives, milestones, risks and team."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from haark import clock
from haark.access import changes, sees, signed_in
from haark.extensions import db
from haark.fields import disagreements
from haark.hypermedia import is_fragment, respond, reswap, retarget
from haark.locale import timezone
from haark.plans import (
    domain,
    lending,
    listing,
    measuring,
    owners,
    pages,
    parts,
    printing,
    proposing,
    publishing,
    queries,
    reading,
    starting,
    talking,
)
from haark.plans.forms import (
    MemberForm,
    MilestoneForm,
    ObjectiveEdit,
    ObjectiveForm,
    RiskForm,
    VisionForm,
)
from haark.plans.models import Milestone, Objective, Plan, PlanMember, PlanRisk
from haark.plans.pages import CARDS, blueprint

# The other pages of the plan register themselves when they are imported.
__all__ = ["blueprint", "lending", "measuring", "owners", "printing", "proposing", "publishing", "starting", "talking"]

KINDS = (
    parts.Kind(
        "objective",
        "objective",
        "objectives",
        "objectives",
        Objective,
        ObjectiveForm,
        ObjectiveEdit,
        "plans/_objective_form.html",
        added=_l("Objectif ajouté"),
        changed=_l("Objectif enregistré"),
        removed=_l("Objectif supprimé"),
        restored=_l("Objectif rétabli"),
    ),
    parts.Kind(
        "milestone",
        "milestone",
        "milestones",
        "milestones",
        Milestone,
        MilestoneForm,
        MilestoneForm,
        "plans/_milestone_form.html",
        added=_l("Jalon ajouté"),
        changed=_l("Jalon enregistré"),
        removed=_l("Jalon supprimé"),
        restored=_l("Jalon rétabli"),
    ),
    parts.Kind(
        "risk",
        "plan_risk",
        "plan-risks",
        "risks",
        PlanRisk,
        RiskForm,
        RiskForm,
        "plans/_risk_form.html",
        added=_l("Risque ajouté au plan"),
        changed=_l("Risque enregistré"),
        removed=_l("Risque supprimé"),
        restored=_l("Risque rétabli"),
    ),
    parts.Kind(
        "member",
        "plan_member",
        "plan-members",
        "team",
        PlanMember,
        MemberForm,
        MemberForm,
        "plans/_member_form.html",
        added=_l("Ajouté à l’équipe"),
        changed=_l("Membre de l’équipe enregistré"),
        removed=_l("Retiré de l’équipe"),
        restored=_l("Remis dans l’équipe"),
    ),
)
for _kind in KINDS:
    parts.routes_of(_kind)


@blueprint.get("/plans")
@signed_in
def index() -> Response:
    """The plans of one's accounts, or of the team."""
    team = current_user.role in ("manager", "admin")
    view = listing.read(request.args, team=team)
    found = listing.page(view, current_user.id, clock.today(timezone()))
    context: dict[str, Any] = {"view": view, "list": found}
    return respond("plans/index.html", "plans/_list.html", **context)


@blueprint.get("/plans/<int:plan_id>")
@sees("plan", "plan_id")
def show(plan_id: int) -> Response:
    """The plan on a page of its own."""
    return pages.show(reading.page(plan_id, clock.today(timezone())))


@blueprint.get("/accounts/<int:account_id>/plan/fragment")
@sees("account", "account_id")
def fragment(account_id: int) -> AnyResponse:
    """The plan, for a tab that shows it already and heard of a change."""
    if not is_fragment():
        return redirect(f"/accounts/{account_id}/plan")
    return respond("plans/_tab.html", "plans/_tab.html", plan=queries.tab(account_id, clock.today(timezone())))


@blueprint.get(f"/accounts/<int:account_id>/plan/cards/<any({', '.join(CARDS)}):name>")
@sees("account", "account_id")
def card(account_id: int, name: str) -> AnyResponse:
    """One card of the plan's page, again: a form that was given up, a change from elsewhere."""
    plan_id = db.session.scalar(db.select(Plan.id).where(Plan.account_id == account_id))
    if plan_id is None or not is_fragment():
        return redirect(url_for("plans.show", plan_id=plan_id) if plan_id else f"/accounts/{account_id}/plan")
    return pages.show(reading.page(plan_id, clock.today(timezone())), f"plans/_{name}.html")


@blueprint.post("/accounts/<int:account_id>/plan")
@changes("account", "account_id")
def start(account_id: int) -> AnyResponse:
    """The plan's page; of an account without a plan a new one."""
    plan = domain.plan_of(account_id)
    db.session.commit()
    return redirect(url_for("plans.show", plan_id=plan.id), 303)


@blueprint.get("/accounts/<int:account_id>/plan/vision")
@changes("account", "account_id")
def vision(account_id: int) -> Response:
    return _vision_form(_saved_vision(account_id), account_id)


@blueprint.post("/accounts/<int:account_id>/plan/vision")
@changes("account", "account_id")
def change_vision(account_id: int) -> Response:
    form = VisionForm(request.form)
    if not form.validate():
        return _vision_form(form, account_id, 422)
    now = _saved_vision(account_id)
    if form.version.data != now.version.data:
        theirs = disagreements(form, now)
        form.version.raw_data, form.version.data = None, now.version.data
        return _vision_form(form, account_id, 409, theirs)
    domain.describe(domain.plan_of(account_id), form.values, by=current_user.id, at=clock.moment())
    return pages.saved(account_id, "objectives", _("Vision enregistrée"))


def _saved_vision(account_id: int) -> VisionForm:
    plan = queries.tab(account_id, clock.today(timezone()))
    names = ("title", "vision", "internal_note", "version")
    return VisionForm(data={name: getattr(plan, name) for name in names})


def _vision_form(
    form: VisionForm, account_id: int, status: int = 200, theirs: list[tuple[str, str, str]] | None = None
) -> Response:
    if status != 200 and is_fragment():
        retarget("#vision-form")
        reswap("outerHTML")
    here, inner = pages.place(), "plans/_vision_form.html"
    back = url_for("plans.fragment", account_id=account_id)
    if here:
        back = url_for("plans.card", account_id=account_id, name="objectives", **here)
    context: dict[str, Any] = {
        "form": form,
        "account_id": account_id,
        "theirs": theirs,
        "inner": inner,
        "url": url_for("plans.change_vision", account_id=account_id, **here),
        "target": "#plan-objectives" if here else "#plan",
        "back": back,
    }
    return respond("plans/edit.html", inner, status=status, **context)
