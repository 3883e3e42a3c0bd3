"""Promises on an account: written, changed, done, taken back."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form

from haark import clock, formats, locale
from haark.access import changes, sees
from haark.actions import desk, domain, lines, panel, queries
from haark.actions.forms import ActionForm, values_of
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.fields import DayField, disagreements
from haark.hypermedia import announce, done, flash_done, go, is_fragment, next_or, respond, reswap, retarget
from haark.locale import timezone

blueprint = Blueprint("actions", __name__)
blueprint.register_blueprint(desk.blueprint)
blueprint.register_blueprint(panel.blueprint)


@blueprint.get("/accounts/<int:account_id>/actions")
@sees("account", "account_id")
def index(account_id: int) -> AnyResponse:
    """The list, for a page that shows it already and heard of a change."""
    return _fresh(account_id) if is_fragment() else redirect(f"/accounts/{account_id}")


@blueprint.get("/accounts/<int:account_id>/actions/new")
@changes("account", "account_id")
def new(account_id: int) -> Response:
    """The form of a new action: in the list for htmx, else a page."""
    form = ActionForm(data={"owner": f"user:{current_user.id}"}).offer(queries.owner_choices(account_id, (None, None)))
    return _form(form, account_id)


@blueprint.post("/accounts/<int:account_id>/actions")
@changes("account", "account_id")
def create(account_id: int) -> Response:
    form = ActionForm(request.form).offer(queries.owner_choices(account_id, (None, None)))
    if not form.validate():
        return _form(form, account_id, status=422)
    item = domain.add(account_id, form.promise, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action ajoutée"))
    return _list(item)


@blueprint.get("/actions/<int:action_id>")
@changes("action", "action_id")
def edit(action_id: int) -> Response:
    item = _item(action_id)
    return _form(_saved(item), item.account_id, item)


@blueprint.post("/actions/<int:action_id>")
@changes("action", "action_id")
def change(action_id: int) -> Response:
    item = _item(action_id)
    form, saved = ActionForm(request.form).offer(_choices(item)), _saved(item)
    if not form.validate():
        return _form(form, item.account_id, item, status=422)
    if form.version.data != item.version:
        theirs = disagreements(form, saved)
        form.version.raw_data, form.version.data = None, item.version
        return _form(form, item.account_id, item, status=409, theirs=theirs)
    domain.change(item, form.promise, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action enregistrée"))
    return _list(item)


@blueprint.post("/actions/<int:action_id>/completion")
@changes("action", "action_id")
def complete(action_id: int) -> Response:
    item = _item(action_id)
    domain.complete(item, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action terminée"), undo=url_for("actions.reopen", action_id=item.id))
    return _list(item)


@blueprint.post("/actions/<int:action_id>/completion/removal")
@changes("action", "action_id")
def reopen(action_id: int) -> Response:
    item = _item(action_id)
    domain.reopen(item, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action rouverte"))
    return _list(item, elsewhere=True)


@blueprint.post("/actions/<int:action_id>/postponement")
@changes("action", "action_id")
def postpone(action_id: int) -> Response:
    """Another due date; the undo carries the one it had."""
    item, day = _item(action_id), DayField().bind(Form(), "due_on")
    day.process(request.values)
    if day.process_errors or (day.data is None and "due_on" not in request.values):
        abort(400, str(day.explain()))
    before = domain.postpone(item, day.data, by=current_user.id, at=clock.moment())
    db.session.commit()
    back = url_for(".postpone", action_id=item.id, due_on=before.isoformat() if before else "", back=1)
    if request.args.get("back"):
        flash_done(_("Échéance rétablie"))
    elif before != day.data:
        flash_done(_("Reportée au %(day)s", day=formats.day(day.data, locale.current())), undo=back)
    return _list(item, elsewhere=bool(request.args.get("back")))


@blueprint.post("/actions/<int:action_id>/removal")
@changes("action", "action_id")
def remove(action_id: int) -> Response:
    item = _item(action_id)
    domain.remove(item, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action supprimée"), undo=url_for("actions.restore", action_id=item.id))
    return _list(item, elsewhere=bool(request.args.get("back")))


@blueprint.post("/actions/<int:action_id>/removal/removal")
@changes("removed_action", "action_id")
def restore(action_id: int) -> Response:
    item = _item(action_id)
    domain.restore(item, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action rétablie"))
    return _list(item, elsewhere=True)


def _item(action_id: int) -> ActionItem:
    return db.session.get_one(ActionItem, action_id)


def _choices(item: ActionItem) -> tuple[list[tuple[int, str]], ...]:
    return queries.owner_choices(item.account_id, (item.owner_user_id, item.owner_contact_id))


def _saved(item: ActionItem) -> ActionForm:
    return ActionForm(data=values_of(item)).offer(_choices(item))


def _list(item: ActionItem, elsewhere: bool = False) -> Response:
    """The list again, for htmx; else the page that the form names, or the account's. `elsewhere`: asked for outside the
    list, which is told so. On the page of all actions, whose forms say `place=desk`, only the line is drawn again."""
    if elsewhere:
        announce("actions-changed")
    if not is_fragment():
        return go(next_or(request.values.get("next"), f"/accounts/{item.account_id}"))
    if request.form.get("place") == "desk":
        return lines.changed(item.id)
    return _fresh(item.account_id)


def _fresh(account_id: int) -> Response:
    return done("actions/_list.html", actions=queries.of_account(account_id, clock.today(timezone())))


def _form(
    form: ActionForm, account_id: int, item: ActionItem | None = None, status: int = 200, **extra: Any
) -> Response:
    """The form, in place of the line or above the list; a refused one replaces itself, not the list."""
    ident = f"action-{item.id if item else 'new'}"
    for field in form:
        field.id = f"{ident}-{field.short_name}"
    if status != 200 and is_fragment():
        retarget(f"#{ident}")
        reswap("outerHTML")
    url = url_for(".change", action_id=item.id) if item else url_for(".create", account_id=account_id)
    context: dict[str, Any] = {"form": form, "account_id": account_id, "item": item, "url": url, "ident": ident}
    return respond("actions/show.html", "actions/_form.html", status=status, **context, **extra)
