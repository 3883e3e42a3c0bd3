"""Deleting an account, the bin, and bringing things back within thirty days (AC-8)."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import NotFound

from haark import access, clock, locale
from haark.access import Owned, changes, owned_by, roles, signed_in
from haark.accounts import queries as accounts
from haark.accounts import removal, trash
from haark.accounts.models import Trashed
from haark.dossier import wording
from haark.errors import http_error
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, is_fragment, respond

blueprint = Blueprint("trash", __name__)


@owned_by("removed_account")
def owner_of_removed(ident: int) -> Owned | None:
    """Who may bring a deleted account back: those of the account. None unless it lies in the bin."""
    kept, owned = removal.in_trash(ident), accounts.owner_of(ident)
    return None if kept is None or owned is None else Owned(owned.owners | _by(kept))


@owned_by("trashed")
def owner_of_trashed(ident: int) -> Owned | None:
    """Who may bring something back: who deleted it, and those of its account."""
    kept = db.session.get(Trashed, ident)
    if kept is None:
        return None
    owned = accounts.owner_of(kept.account_id) if kept.account_id is not None else None
    return Owned((owned.owners if owned else frozenset()) | _by(kept))


@blueprint.get("/accounts/<int:account_id>/removal")
@changes("account", "account_id")
def ask(account_id: int) -> Response:
    """What would go with the account, before anything does."""
    on = clock.today(locale.timezone())
    head, held = accounts.header(account_id, on), removal.held(account_id)
    until = trash.ends_on(clock.moment(), locale.timezone())
    return respond("dossier/removal.html", None, head=head, held=held, until=until, wording=wording)


@blueprint.post("/accounts/<int:account_id>/removal")
@changes("account", "account_id")
def remove(account_id: int) -> Response:
    name = accounts.header(account_id, clock.today()).name
    try:
        removal.delete_account(account_id, by=current_user.id, at=clock.moment())
    except NoResultFound:  # pressed twice
        abort(404)
    db.session.commit()
    flash_done(_("%(name)s est dans la corbeille", name=name), undo=url_for(".bring_account", account_id=account_id))
    return go(url_for("portfolio.index"))


@blueprint.post("/accounts/<int:account_id>/removal/removal")
@changes("removed_account", "account_id")
def bring_account(account_id: int) -> Response:
    on = clock.today(locale.timezone())
    try:
        removal.restore_account(account_id, by=current_user.id, at=clock.moment(), on=on)
    except trash.TrashError:  # somebody else did
        abort(404)
    db.session.commit()
    flash_done(_("Compte restauré"))
    return go(url_for("dossier.show", account_id=account_id))


@blueprint.get("/trash")
@signed_in
def mine() -> Response:
    """What one deleted oneself."""
    return _page(trash.listed(by=current_user.id), everybody=False)


@blueprint.get("/settings/trash")
@roles("manager", "admin")
def everything() -> Response:
    return _page(trash.listed(), everybody=True)


@blueprint.post("/trash/<int:trashed_id>/removal")
@changes("trashed", "trashed_id")
def bring_back(trashed_id: int) -> Response:
    on = clock.today(locale.timezone())
    try:
        kept = removal.bring_back(trashed_id, by=current_user.id, at=clock.moment(), on=on)
    except trash.TrashError as error:
        db.session.rollback()
        flash_error(wording.TRASH_ERRORS[error.kind])
        return go(url_for(".everything" if current_user.runs_all else ".mine"))
    db.session.commit()
    flash_done(_("%(name)s : restauré", name=kept.name))
    key = "contacts" if kept.kind == "contact" else "history"
    if kept.account_id is None:
        return go(url_for(".mine"))
    return go(url_for("dossier.tab", account_id=kept.account_id, key=key))


def missing(error: NotFound) -> Any:
    """The address of a deleted account says so to those who may bring it back; to others it does not exist."""
    account_id = (request.view_args or {}).get("account_id")
    if account_id is None or is_fragment() or not current_user.is_authenticated:
        return http_error(error)
    kept = removal.in_trash(account_id)
    owned = owner_of_removed(account_id) if kept is not None else None
    if kept is None or owned is None or not access.may_change(current_user, owned):
        return http_error(error)
    return make_response(render_template("dossier/removed.html", kept=kept, until=_until(kept.at)), 404)


def _until(at: datetime) -> date:
    return trash.ends_on(at, locale.timezone())


def _by(kept: Trashed) -> frozenset[int]:
    return frozenset({kept.by_id} if kept.by_id is not None else ())


def _page(rows: Any, everybody: bool) -> Response:
    names = removal.names_of({row.account_id for row in rows if row.account_id is not None})
    context: dict[str, Any] = {"rows": rows, "names": names, "everybody": everybody, "wording": wording}
    return respond("dossier/trash.html", None, **context, ends_on=_until, days=trash.DAYS, most=trash.SHOWN)
