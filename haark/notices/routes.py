"""What a person was told: the list, what they have seen, and which kinds they do not want (TD-3)."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import signed_in
from haark.extensions import db
from haark.hypermedia import flash_done, go, next_or, respond
from haark.notices import domain, queries, wording
from haark.notices.models import KINDS

blueprint = Blueprint("notices", __name__)
blueprint.add_app_template_global(lambda: wording.KINDS, "notice_kinds")  # for the card of the profile


@blueprint.get("/notices")
@signed_in
def index() -> Response:
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    listing = queries.page(current_user.id, kind, request.args.get("before", 0, type=int))
    zone = locale.timezone()
    return respond("notices/index.html", listing=listing, kind=kind, words=wording, on=clock.today(zone), zone=zone)


@blueprint.post("/notices/<int:notice_id>/reading")
@signed_in
def read(notice_id: int) -> Response:
    """Seen, and on to what it speaks of; somebody else's notice is not there."""
    notice = queries.own(current_user.id, notice_id)
    if notice is None:
        abort(404)
    domain.read(current_user.id, at=clock.moment(), ident=notice.id)
    db.session.commit()
    return go(wording.url(notice) or url_for(".index"))


@blueprint.post("/notices/reading")
@signed_in
def read_all() -> Response:
    domain.read(current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Tout est marqué comme lu"))
    return go(next_or(request.form.get("next"), url_for(".index")))


@blueprint.post("/notices/kinds")
@signed_in
def choose() -> Response:
    """Which kinds of notices the person wants: those that are ticked."""
    wanted = [kind for kind in KINDS if kind in request.form.getlist("kind")]
    domain.mute(current_user, [kind for kind in KINDS if kind not in wanted], at=clock.now())
    db.session.commit()
    flash_done(_("Choix enregistré"))
    return go(url_for("people.profile.show") + "#notifications")
