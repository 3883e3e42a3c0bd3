"""One action beside the list: everything about it, changed in place; its steps, and what was said about it."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, hypermedia
from haark.access import can_change, changes, sees, signed_in
from haark.actions import desk, desk_queries, domain, listing, queries, sources, steps
from haark.actions.forms import NewForm, values_of
from haark.actions.models import ActionItem
from haark.comments import domain as comments
from haark.comments import queries as comment_queries
from haark.extensions import db
from haark.fields import disagreements
from haark.hypermedia import announce, flash_done, flash_error, go, next_or, respond, reswap, retarget
from haark.locale import timezone

blueprint = Blueprint("panel", __name__)


@blueprint.get("/actions/<int:action_id>/panel")
@sees("action", "action_id")
def show(action_id: int) -> Response:
    """The panel; without htmx the list with the panel open."""
    return answer(action_id, push=True)


@blueprint.get("/actions/panel")
@signed_in
def close() -> Response:
    """The list without the panel."""
    return answer(None, push=True)


@blueprint.post("/actions/<int:action_id>/panel")
@changes("action", "action_id")
def save(action_id: int) -> Response:
    item = db.session.get_one(ActionItem, action_id)
    form, saved = _form(item, request.form), _form(item)
    if not form.validate():
        return answer(action_id, 422, form=form)
    if form.version.data != item.version:
        theirs = disagreements(form, saved)
        form.version.raw_data, form.version.data = None, item.version
        return answer(action_id, 409, form=form, theirs=theirs)
    domain.change(item, form.promise, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action enregistrée"))
    return _changed(action_id)


@blueprint.post("/actions/<int:action_id>/served")
@changes("action", "action_id")
def finish_served(action_id: int) -> Response:
    """What a done action moved forward is done too: one click, for who may change it."""
    item = db.session.get_one(ActionItem, action_id)
    kind, ident = item.serves_kind, item.serves_id
    if ident is None or not sources.finishes(kind) or item.state != "done":
        abort(400)
    if not can_change(kind, ident):
        abort(403)
    if sources.finish(kind, ident, by=current_user.id, at=clock.moment()):
        db.session.commit()
        flash_done(_("Marqué comme fait dans le plan de succès"))
    return _changed(action_id)


@blueprint.post("/actions/<int:action_id>/steps")
@changes("action", "action_id")
def add_step(action_id: int) -> Response:
    item = db.session.get_one(ActionItem, action_id)
    try:
        steps.add(item, request.values.get("title", ""), request.values.get("position", type=int), **_now())
    except ValueError:
        flash_error(_("Écrivez l’étape, en 200 caractères au plus."))
    else:
        db.session.commit()
    return _changed(action_id)


@blueprint.post("/actions/<int:action_id>/steps/<int:step_id>/<any(tick, up, down, removal):verb>")
@changes("action", "action_id")
def change_step(action_id: int, step_id: int, verb: str) -> Response:
    """Ticks a step off or not, moves it, takes it away."""
    item = db.session.get_one(ActionItem, action_id)
    step = steps.of(item, step_id)
    if step is None:
        abort(404)
    if verb == "tick":
        steps.tick(item, step, **_now())
    elif verb == "removal":
        back = url_for(".add_step", action_id=action_id, title=step.title, position=step.position)
        steps.remove(item, step, **_now())
        flash_done(_("Étape retirée"), undo=back)
    else:
        steps.move(item, step, -1 if verb == "up" else 1)
    db.session.commit()
    return _changed(action_id)


@blueprint.post("/actions/<int:action_id>/comments")
@sees("action", "action_id")
def comment(action_id: int) -> Response:
    """Whoever sees an action may say something about it: to the team, or to the client as well."""
    item = db.session.get_one(ActionItem, action_id)
    internal = request.form.get("shared") != "1"
    text, at = request.form.get("text", ""), clock.moment()
    if not internal and not can_change("action", action_id):
        abort(403)
    if not text.strip() or len(text) > comments.LONGEST:
        flash_error(_("Écrivez un commentaire, en 4 000 caractères au plus."))
        return answer(action_id, 422, said=text)
    said = comments.say(item.account_id, ("action", item.id), text, user=current_user, internal=internal, at=at)
    db.session.commit()
    flash_done(
        _("Commentaire ajouté"), undo=url_for(".uncomment", action_id=action_id, comment_id=said.id, verb="removal")
    )
    return _changed(action_id)


@blueprint.post("/actions/<int:action_id>/comments/<int:comment_id>/<any(removal, restoration):verb>")
@sees("action", "action_id")
def uncomment(action_id: int, comment_id: int, verb: str) -> Response:
    """One's own word is taken back, or put back; a manager does it for everybody."""
    found = queries.comment_of(action_id, comment_id)
    if found is None:
        abort(404)
    if found.author_user_id != current_user.id and not current_user.runs_all:
        abort(403)
    back = url_for(".uncomment", action_id=action_id, comment_id=comment_id, verb="restoration")
    if verb == "removal":
        comments.remove(found, **_now())
        flash_done(_("Commentaire retiré"), undo=back)
    else:
        comments.restore(found, **_now())
        flash_done(_("Commentaire remis"))
    db.session.commit()
    return _changed(action_id)


def contents(action_id: int, on: date, **extra: Any) -> dict[str, Any]:
    """What the panel shows; `look` None when the action is not there."""
    row = desk_queries.row(action_id)
    item = db.session.get(ActionItem, action_id)
    if row is None or item is None or item.deleted_at is not None:
        return {"look": None}
    return {
        "look": row,
        "mine": desk.may(row),
        "form": _form(item),
        "steps": steps.listed(action_id),
        "said_before": comment_queries.on(("action", action_id)),
        "finishable": sources.finishes(row.serves_kind),
        "look_things": desk.things([row]),
        **extra,
    }


def answer(action_id: int | None, status: int = 200, push: bool = False, **extra: Any) -> Response:
    """The panel alone for htmx; else the list that it stands beside, or the panel's own page for a form with errors."""
    on, around = clock.today(timezone()), hypermedia.here()
    view = view_of(around)
    if not hypermedia.is_fragment() and status == 200:
        back = next_or(request.form.get("next"), "") or desk.Links(listing.View()).look(action_id)
        return go(back)
    if push:
        hypermedia.replace_url(desk.Links(view).look(action_id))
    context = {**desk.words(view.to(after=view.after, look=action_id), on)}
    context |= contents(action_id, on, **extra) if action_id else {"look": None}
    if status != 200 and hypermedia.is_fragment():
        retarget("#apercu")
        reswap("outerHTML")
    return respond("actions/panel.html", "actions/_panel.html", status=status, **context)


def view_of(url: str) -> listing.View:
    """The list's state in an address of its page."""
    from urllib.parse import parse_qs, urlsplit

    asked = parse_qs(urlsplit(url).query) if urlsplit(url).path == url_for("actions.desk.show") else {}
    return listing.read(lambda name: (asked.get(name) or [None])[0])


def _changed(action_id: int) -> Response:
    announce("actions-changed")
    return answer(action_id)


def _form(item: ActionItem, typed: Any = None) -> NewForm:
    form = NewForm(typed) if typed is not None else NewForm(data=values_of(item))
    form.offer(queries.owner_choices(item.account_id, (item.owner_user_id, item.owner_contact_id)))
    form.serving(item.account_id, (item.serves_kind, item.serves_id))
    for field in form:
        field.id = f"look-{field.short_name}"
    return form


def _now() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.moment()}
