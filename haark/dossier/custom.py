"""The custom fields of an account, each edited where it stands (AC-10)."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import can_change, changes, sees
from haark.accounts import custom
from haark.accounts import queries as accounts
from haark.accounts.custom import Field, Value
from haark.extensions import db
from haark.hypermedia import flash_done, go, is_fragment, respond

blueprint = Blueprint("custom", __name__, url_prefix="/accounts/<int:account_id>/fields/<int:field_id>")


@blueprint.get("")
@changes("account", "account_id")
def edit(account_id: int, field_id: int) -> Response:
    field = _field(field_id)
    held = custom.values_of(account_id).get(field.key)
    return _form(account_id, field, held, custom.typed(held, locale.current()))


@blueprint.get("/value")
@sees("account", "account_id")
def value(account_id: int, field_id: int) -> Response:
    """The value as it is: what a form that is given up becomes again."""
    return _value(account_id, _field(field_id), focus=True)


@blueprint.post("")
@changes("account", "account_id")
def change(account_id: int, field_id: int) -> Response:
    field, text = _field(field_id), request.form.get("value", "")
    held = custom.values_of(account_id).get(field.key)
    try:
        wanted = held if text and text == custom.typed(held, locale.current()) else _parsed(field, text)
        seen = request.form.get("was", "")
        if seen != custom.written(held) and wanted != held:
            raise custom.ValueChanged(held)
        # What stands there may be no choice any more: it is what was seen all the same.
        custom.set_value(account_id, field, wanted, by=current_user.id, at=clock.moment(), seen=(held,))
    except custom.CustomError as error:
        return _form(account_id, field, held, text, 422, error=error.reason)
    except custom.ValueChanged as late:
        db.session.rollback()
        theirs = [(field.name, text, custom.shown(field, late.present, locale.current()))]
        return _form(account_id, field, late.present, text, 409, theirs=theirs)
    db.session.commit()
    if wanted != held:
        flash_done(_("Enregistré : %(field)s", field=field.name))
    return _value(account_id, field, focus=True)


def _parsed(field: Field, text: str) -> Value | None:
    return custom.parse(field, text, locale.current())


def _field(field_id: int) -> Field:
    return next((one for one in custom.fields() if one.id == field_id), None) or abort(404)


def _value(account_id: int, field: Field, *, focus: bool) -> Response:
    if not is_fragment():
        return go(url_for("dossier.tab", account_id=account_id, key="facts"))
    context = {"one": field, "values": custom.values_of(account_id), "focus": focus, **words()}
    may = can_change("account", account_id)
    return respond("", "dossier/_custom_value.html", account_id=account_id, changeable=may, **context)


def _form(account_id: int, field: Field, held: Value | None, text: str, status: int = 200, **extra: Any) -> Response:
    head = accounts.header(account_id, clock.today(locale.timezone()))
    page = {"title": field.name, "part": "dossier/_custom_form.html", "head": head, "account_id": account_id}
    context = {"one": field, "typed": text, "was": custom.written(held), "held": held, **page, **extra}
    return respond("dossier/part.html", "dossier/_custom_form.html", status, **context)


def words() -> dict[str, Any]:
    """What the templates of a value need."""
    return {"custom_shown": lambda field, held: custom.shown(field, held, locale.current())}
