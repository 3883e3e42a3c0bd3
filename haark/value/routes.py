"""The value of the product for an account: calculated while one types, then kept."""

from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes
from haark.accounts import queries as accounts
from haark.extensions import db
from haark.hypermedia import flash_done, go, is_fragment, respond
from haark.locale import timezone
from haark.value import domain, queries
from haark.value.forms import ConfirmationForm, RoiForm, confirmation_form, form_of
from haark.value.queries import Calculation, ValueTab

blueprint = Blueprint("value", __name__)
blueprint.add_app_template_global(form_of, "roi_form_of")
blueprint.add_app_template_global(confirmation_form, "confirmation_form")


@blueprint.post("/accounts/<int:account_id>/roi/draft")
@changes("account", "account_id")
def draft(account_id: int) -> Response:
    """The calculation as typed, with one gain more or less where a button asked for it. Nothing is kept."""
    form = RoiForm(request.form)
    valid = form.validate()
    added, dropped = request.form.get("add", ""), request.form.get("drop", "")
    if added:
        form.add(added)
    elif dropped:
        form.drop(dropped)
    return _page(account_id, form, 200 if valid or added or dropped else 422, focus_last=bool(added))


@blueprint.post("/accounts/<int:account_id>/roi")
@changes("account", "account_id")
def save(account_id: int) -> Response:
    form = RoiForm(request.form)
    if not form.validate():
        return _page(account_id, form, 422)
    saved = queries.calculation(account_id)
    if form.version.data != saved.version:
        form.version.raw_data, form.version.data = None, saved.version
        return _page(account_id, form, 409, saved=saved)
    domain.save(account_id, form.calculation, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Calcul enregistré"))
    if is_fragment():
        return respond("value/show.html", "value/_tab.html", value=queries.tab(account_id))
    return go(f"/accounts/{account_id}/value")


@blueprint.post("/accounts/<int:account_id>/roi/lines/<int:line_id>/confirmation")
@changes("account", "account_id")
def confirm(account_id: int, line_id: int) -> Response:
    """The client confirmed this claim; it prints as a fact from now on."""
    form = ConfirmationForm(request.form)
    if not form.validate():
        return _shown(account_id, 422, refused=confirmation_form(line_id, form), refused_line=line_id)
    _change(domain.confirm, account_id, line_id, form.who.data or "", form.on.data)
    flash_done(_("Valeur confirmée par le client"))
    return go(f"/accounts/{account_id}/value")


@blueprint.post("/accounts/<int:account_id>/roi/lines/<int:line_id>/confirmation/removal")
@changes("account", "account_id")
def unconfirm(account_id: int, line_id: int) -> Response:
    _change(domain.unconfirm, account_id, line_id)
    flash_done(_("C’est de nouveau une estimation"))
    return go(f"/accounts/{account_id}/value")


def _change(verb: Any, *what: Any) -> None:
    try:
        verb(*what, by=current_user.id, at=clock.moment())
    except domain.Unknown:
        abort(404)
    db.session.commit()


def _shown(account_id: int, status: int, **context: Any) -> Response:
    """What is saved, on a page of its own."""
    name = accounts.header(account_id, clock.today(timezone())).name
    value = queries.tab(account_id)
    return respond("value/show.html", "value/_tab.html", status=status, value=value, name=name, **context)


def _page(account_id: int, form: RoiForm, status: int, saved: Calculation | None = None, **extra: Any) -> Response:
    """The form as typed with its result; after a conflict also what is saved."""
    typed = form.calculation
    value = ValueTab(account_id, queries.currency(account_id), typed, typed.result())
    name = accounts.header(account_id, clock.today(timezone())).name
    theirs = ValueTab(account_id, value.currency, saved, saved.result()) if saved else None
    context: dict[str, Any] = {"value": value, "roi_form": form, "name": name, "theirs": theirs}
    return respond("value/show.html", "value/_tab.html", status=status, **context, **extra)
