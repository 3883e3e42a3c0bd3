"""The tags of an account, from its page: one more, one less."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import changes
from haark.accounts import queries as accounts
from haark.accounts import tagging
from haark.dossier import wording
from haark.extensions import db
from haark.hypermedia import flash_done, go, is_fragment, respond

blueprint = Blueprint("tagging", __name__, url_prefix="/accounts/<int:account_id>/tags")


@blueprint.post("")
@changes("account", "account_id")
def add(account_id: int) -> Response:
    on, text = clock.today(locale.timezone()), request.values.get("tag", "")
    try:
        added = tagging.add(account_id, text, by=current_user.id, at=clock.moment(), on=on)
    except tagging.TagError as error:
        return _card(account_id, 422, typed=text, error=wording.TAG_ERRORS[error.kind])
    db.session.commit()
    if added:
        undo = url_for(".remove", account_id=account_id, tag=added)
        flash_done(_("Étiquette ajoutée : %(tag)s", tag=added), undo=undo)
    return _done(account_id)


@blueprint.post("/removal")
@changes("account", "account_id")
def remove(account_id: int) -> Response:
    on, tag = clock.today(locale.timezone()), request.values.get("tag", "")
    if tagging.remove(account_id, tag, by=current_user.id, at=clock.moment(), on=on):
        db.session.commit()
        undo = url_for(".add", account_id=account_id, tag=tag)
        flash_done(_("Étiquette retirée : %(tag)s", tag=tag), undo=undo)
    return _done(account_id)


@blueprint.get("/choices")
@changes("account", "account_id")
def choices(account_id: int) -> Response:
    """Tags of the house that hold what is typed."""
    found = tagging.suggestions(request.args.get("tag", ""))
    return respond("dossier/_choices.html", choices=[(one, "") for one in found])


def _done(account_id: int) -> Response:
    if not is_fragment() or "tag" in request.args:  # a tag in the address: taken back from the message
        return go(url_for("dossier.tab", account_id=account_id, key="facts"))
    return _card(account_id)


def _card(account_id: int, status: int = 200, **extra: Any) -> Response:
    head = accounts.header(account_id, clock.today(locale.timezone()))
    page: dict[str, Any] = {"title": _("Étiquettes"), "part": "dossier/_tags.html"}
    return respond("dossier/part.html", "dossier/_tags.html", status, head=head, changeable=True, **page, **extra)
