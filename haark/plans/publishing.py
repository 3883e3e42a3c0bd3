"""Versions of a plan: published with what changed, compared, signed."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes, sees
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, respond
from haark.locale import timezone
from haark.plans import comparing, reading, versions, wording
from haark.plans.models import Plan, PlanVersion
from haark.plans.pages import blueprint

LONGEST_NOTE = 200


@blueprint.get("/plans/<int:plan_id>/publication")
@changes("plan", "plan_id")
def publication(plan_id: int) -> Response:
    """What the next version changes, before it is published."""
    return _publication(plan_id)


@blueprint.post("/plans/<int:plan_id>/publication")
@changes("plan", "plan_id")
def publish(plan_id: int) -> Response:
    plan, note = db.session.get_one(Plan, plan_id), request.form.get("note", "")
    try:
        version = versions.publish(
            plan, seen=request.form.get("seen", ""), note=note, by=current_user.id, at=clock.moment()
        )
    except versions.NotNow as error:
        db.session.rollback()
        if error.kind == "nothing":
            flash_error(_("Rien n’a changé depuis la dernière version : il n’y a rien à publier."))
            return go(url_for("plans.show", plan_id=plan_id))
        return _publication(plan_id, 409, note)
    if request.form.get("sign"):
        versions.sign(version, at=clock.moment(), on=clock.today(timezone()), user=current_user)
    db.session.commit()
    flash_done(_("Version %(number)s publiée", number=version.number))
    return go(url_for("plans.show", plan_id=plan_id))


@blueprint.get("/plans/<int:plan_id>/versions")
@sees("plan", "plan_id")
def compare(plan_id: int) -> Response:
    """Two versions field by field: `from` and `to` are numbers; 0 as `to` is the draft, as `from` nothing yet."""
    desk = reading.page(plan_id, clock.today(timezone()))
    older = request.args.get("from", desk.latest.number if desk.latest else 0, type=int)
    newer = request.args.get("to", 0, type=int)
    known = {version.number: version for version in desk.published}
    if (older and older not in known) or (newer and newer not in known):
        abort(404)
    before = known[older].content if older else {}
    after = known[newer].content if newer else versions.content(desk.plan)
    found = comparing.compare(before, after, measured=True)
    context: dict[str, Any] = {"desk": desk, "changes": found, "older": older, "newer": newer, "wording": wording}
    return respond("plans/compare.html", **context)


@blueprint.post("/plan-versions/<int:ident>/signature")
@changes("plan_version", "ident")
def sign(ident: int) -> Response:
    """We agree to a published version."""
    version = db.session.get_one(PlanVersion, ident)
    versions.sign(version, at=clock.moment(), on=clock.today(timezone()), user=current_user)
    db.session.commit()
    flash_done(_("Vous avez signé la version %(number)s", number=version.number))
    return go(url_for("plans.show", plan_id=version.plan_id))


def _publication(plan_id: int, status: int = 200, note: str = "") -> Response:
    desk = reading.page(plan_id, clock.today(timezone()))
    context: dict[str, Any] = {
        "desk": desk,
        "wording": wording,
        "note": note,
        "moved": status == 409,
        "most": LONGEST_NOTE,
    }
    return respond("plans/publication.html", status=status, **context)
