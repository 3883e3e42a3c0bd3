"""Comments on the plan, internal unless they are shared on purpose."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import can_change, changes, sees
from haark.comments import domain, inside
from haark.comments.models import Comment
from haark.extensions import db
from haark.hypermedia import flash_error
from haark.plans import pages
from haark.plans.models import Milestone, Objective, Plan
from haark.plans.pages import blueprint

MODELS: dict[str, Any] = {"objective": Objective, "milestone": Milestone}


@blueprint.post("/plans/<int:plan_id>/comments")
@sees("plan", "plan_id")
def comment(plan_id: int) -> Response:
    """Whoever reads the plan may say something to the team; only those who may change it, to the client."""
    plan, text = db.session.get_one(Plan, plan_id), request.form.get("text", "").strip()
    shared = request.form.get("share") == "yes" and can_change("plan", plan_id)
    if not text or len(text) > domain.LONGEST:
        flash_error(_("Écrivez quelque chose.") if not text else _("Ce texte est trop long."))
        return pages.fresh(plan.account_id, "comments", status=422, draft=text)
    hit = inside.found(text, "internal", locale.current()) if shared and not request.form.get("sure") else None
    if hit is not None:
        return pages.fresh(plan.account_id, "comments", status=422, draft=text, hit=hit)
    subject = _subject(plan, request.form.get("subject", ""))
    said = domain.say(plan.account_id, subject, text, at=clock.moment(), user=current_user, internal=not shared)
    word = _("Commentaire interne ajouté") if said.internal else _("Commentaire partagé avec le client")
    undo = url_for("plans.remove_comment", ident=said.id, on="page")
    return pages.saved(plan.account_id, "comments", word, undo)


@blueprint.post("/plan-comments/<int:ident>/removal")
@changes("plan_comment", "ident")
def remove_comment(ident: int) -> Response:
    row = db.session.get_one(Comment, ident)
    domain.remove(row, by=current_user.id, at=clock.moment())
    pages.wake()
    undo = url_for("plans.restore_comment", ident=ident, on="page")
    return pages.saved(row.account_id, "comments", _("Commentaire supprimé"), undo)


@blueprint.post("/plan-comments/<int:ident>/removal/removal")
@changes("removed_plan_comment", "ident")
def restore_comment(ident: int) -> Response:
    row = db.session.get_one(Comment, ident)
    domain.restore(row, by=current_user.id, at=clock.moment())
    pages.wake()
    return pages.saved(row.account_id, "comments", _("Commentaire rétabli"))


def _subject(plan: Plan, chosen: str) -> tuple[str, int | None]:
    """What the comment speaks of: «objective:3», «milestone:5»; the plan itself for anything else."""
    kind, _colon, number = chosen.partition(":")
    if kind in MODELS and number.isdecimal():
        part = db.session.get(MODELS[kind], int(number))
        if part is not None and part.account_id == plan.account_id and part.deleted_at is None:
            return kind, part.id
    return "plan", plan.id
