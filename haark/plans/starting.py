"""Starting a plan from a template, and making templates of plans."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from haark import clock, formats
from haark.access import changes
from haark.accounts.models import Account
from haark.extensions import db
from haark.fields import one_line
from haark.hypermedia import flash_done, flash_error, go, respond
from haark.locale import timezone
from haark.plans import shipped, starters
from haark.plans.models import Plan, PlanTemplate
from haark.plans.pages import blueprint


@blueprint.get("/plans/<int:plan_id>/templates")
@changes("plan", "plan_id")
def choose_template(plan_id: int) -> Response:
    """What the plan can start from, with what each holds."""
    return _page(plan_id)


@blueprint.post("/plans/<int:plan_id>/templates")
@changes("plan", "plan_id")
def use_template(plan_id: int) -> Response:
    """The plan takes in a template: `shipped:fr`, or the number of one of ours."""
    plan, at, on = db.session.get_one(Plan, plan_id), clock.moment(), clock.today(timezone())
    content, seen = _content(request.form.get("template", "")), request.form.get("version", 0, type=int)
    try:
        counts = starters.use(plan, content, seen=seen, by=current_user.id, at=at, on=on)
    except starters.Used:
        db.session.rollback()
        flash_error(_("Le plan a changé depuis que vous l’avez affiché. Rien n’a été ajouté ; regardez-le d’abord."))
        return go(url_for("plans.show", plan_id=plan_id))
    db.session.commit()
    count = sum(counts.values())
    flash_done(ngettext("%(num)s élément ajouté au plan", "%(num)s éléments ajoutés au plan", count))
    return go(url_for("plans.show", plan_id=plan_id))


@blueprint.post("/plans/<int:plan_id>/template")
@changes("plan", "plan_id")
def save_template(plan_id: int) -> Response:
    plan, name = db.session.get_one(Plan, plan_id), one_line(request.form.get("name"))[:200]
    if not name:
        flash_error(_("Donnez un nom au modèle."))
        return _page(plan_id, 422)
    language = db.session.get_one(Account, plan.account_id).language
    starters.save(plan, name, language, by=current_user.id, at=clock.moment(), on=clock.today(timezone()))
    db.session.commit()
    flash_done(_("Modèle «%(name)s» enregistré, pour toute l’équipe", name=name))
    return go(url_for("plans.choose_template", plan_id=plan_id))


@blueprint.post("/plan-templates/<int:ident>/removal")
@changes("plan_template", "ident")
def remove_template(ident: int) -> Response:
    starters.remove(db.session.get_one(PlanTemplate, ident), by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Modèle supprimé"), undo=url_for("plans.restore_template", ident=ident))
    return go(_back())


@blueprint.post("/plan-templates/<int:ident>/removal/removal")
@changes("removed_plan_template", "ident")
def restore_template(ident: int) -> Response:
    starters.restore(db.session.get_one(PlanTemplate, ident), by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Modèle rétabli"))
    return go(_back())


def _back() -> str:
    plan_id = request.form.get("plan", 0, type=int)
    return url_for("plans.choose_template", plan_id=plan_id) if plan_id else url_for("plans.index")


def _content(chosen: str) -> dict[str, Any]:
    kind, _colon, language = chosen.partition(":")
    if kind == shipped.KEY and language in formats.LANGUAGES:
        return shipped.content(language)
    template = db.session.get(PlanTemplate, int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else None
    if template is None or template.deleted_at is not None:
        abort(404)
    return dict(template.content)


def _page(plan_id: int, status: int = 200) -> Response:
    plan = db.session.get_one(Plan, plan_id)
    account = db.session.get_one(Account, plan.account_id)
    # The client's language first: the plan is theirs.
    languages = sorted(formats.LANGUAGES, key=lambda one: one != account.language)
    ready = [
        (f"{shipped.KEY}:{one}", shipped.name(one), shipped.hint(one), one, shipped.content(one)) for one in languages
    ]
    context: dict[str, Any] = {"plan": plan, "account": account, "ready": ready, "templates": starters.offered()}
    return respond("plans/templates.html", status=status, **context)
