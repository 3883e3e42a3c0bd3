"""The logo of a client: shown at the head of its page and on the cover of its decks."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from haark import clock, locale
from haark.access import changes, sees
from haark.accounts import domain as accounts
from haark.accounts import queries
from haark.events.models import Event
from haark.extensions import db
from haark.files import logos, serving
from haark.files.images import ImageRefused
from haark.files.models import StoredFile
from haark.hypermedia import flash_done, go, respond

blueprint = Blueprint("logos", __name__, url_prefix="/accounts/<int:account_id>/logo")


@blueprint.get("")
@sees("account", "account_id")
def picture(account_id: int) -> Response:
    return serving.picture(queries.logo(account_id) or abort(404))


@blueprint.get("/edit")
@changes("account", "account_id")
def edit(account_id: int) -> Response:
    return _page(account_id)


@blueprint.post("")
@changes("account", "account_id")
def change(account_id: int) -> Response:
    file = request.files.get("logo")
    content = file.read(logos.MOST_BYTES + 1) if file else b""
    try:
        kept = logos.keep(content, (file and file.filename) or "logo", at=clock.moment())
    except ImageRefused as refused:
        return _page(account_id, logos.REFUSALS[refused.reason], 422)
    accounts.set_logo(account_id, kept.id, by=current_user.id, at=clock.moment())
    db.session.commit()
    return _done(account_id, _("Logo enregistré"))


@blueprint.post("/removal")
@changes("account", "account_id")
def remove(account_id: int) -> Response:
    accounts.set_logo(account_id, None, by=current_user.id, at=clock.moment())
    db.session.commit()
    return _done(account_id, _("Logo retiré"))


@blueprint.post("/restoration")
@changes("account", "account_id")
def restore(account_id: int) -> Response:
    """Takes the last change of the logo back."""
    kinds = ("account.logo_changed", "account.logo_removed")
    said = select(Event.data).where(Event.account_id == account_id, Event.kind.in_(kinds))
    last = db.session.scalar(said.order_by(Event.id.desc()).limit(1)) or abort(404)
    before = last["files"][0]
    if before is not None and db.session.get(StoredFile, before) is None:
        abort(404)
    accounts.set_logo(account_id, before, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Logo rétabli") if before else _("Logo retiré"))
    return go(url_for("dossier.show", account_id=account_id))


def _done(account_id: int, text: str) -> Response:
    flash_done(text, undo=url_for(".restore", account_id=account_id))
    return go(url_for("dossier.show", account_id=account_id))


def _page(account_id: int, error: object = "", status: int = 200) -> Response:
    head = queries.header(account_id, clock.today(locale.timezone()))
    return respond("dossier/logo.html", "dossier/_logo.html", status, head=head, error=error)
