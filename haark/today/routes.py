"""À faire aujourd’hui: what is due for a person or their team; one click completes, postpones or opens."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import access, clock, formats, locale
from haark.access import Owned, changes, signed_in
from haark.actions import domain as actions
from haark.actions.domain import Promise
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.fields import read_day
from haark.hypermedia import announce, done, flash_done, flash_error, go, is_fragment, next_or, respond
from haark.today import counting, domain, feed, queries, rules, sources, wording
from haark.today.domain import LineError
from haark.today.sources import Scope

blueprint = Blueprint("today", __name__)
blueprint.register_blueprint(feed.blueprint)
REGIONS = ("today/_hello.html", "today/_count.html")


@blueprint.get("/today")
@signed_in
def index() -> Response:
    return _page()


@blueprint.post("/today/actions/<int:action_id>/completion")
@changes("action", "action_id")
def complete(action_id: int) -> Response:
    item = db.session.get_one(ActionItem, action_id)
    actions.complete(item, by=current_user.id, at=clock.moment())
    return _done(_("Action terminée"), undo=url_for(".reopen", action_id=action_id))


@blueprint.post("/today/actions/<int:action_id>/completion/removal")
@changes("action", "action_id")
def reopen(action_id: int) -> Response:
    item = db.session.get_one(ActionItem, action_id)
    actions.reopen(item, by=current_user.id, at=clock.moment())
    return _undone(_("Action rouverte"))


@blueprint.post("/today/actions/<int:action_id>/date")
@changes("action", "action_id")
def move(action_id: int) -> Response:
    """Another due date: the next working day when nobody names one. What takes it back says the day before."""
    item, scope = db.session.get_one(ActionItem, action_id), _scope()
    before, until = item.due_on, _until(scope.on)
    owners = (item.owner_user_id, item.owner_contact_id)
    actions.change(item, Promise(item.title, *owners, until, item.state), by=current_user.id, at=clock.moment())
    said = _("Action remise au %(day)s", day=formats.day(until, locale.current()))
    if request.args.get("back"):
        return _undone(said)
    undo = url_for(".move", action_id=action_id, until=before, back=1) if before else None
    return _done(said, undo=undo)


@blueprint.post("/today/alerts/<int:account_id>/acknowledgement")
@changes("account", "account_id")
def acknowledge(account_id: int) -> Response:
    taken = domain.acknowledge(account_id, side=sources.shape(_scope()).side, **_who())
    return _done(_("Pris en charge"), undo=_undo_alert(account_id, taken))


@blueprint.post("/today/alerts/<int:account_id>/snooze")
@changes("account", "account_id")
def snooze(account_id: int) -> Response:
    until = _until(_scope().on)
    taken = _or_422(lambda: domain.snooze(account_id, until, side=sources.shape(_scope()).side, **_who()))
    said = _("Mis de côté jusqu’au %(day)s", day=formats.day(until, locale.current()))
    return _done(said, undo=_undo_alert(account_id, taken))


@blueprint.post("/today/alerts/<int:account_id>/reopening")
@changes("account", "account_id")
def reopen_alert(account_id: int) -> Response:
    idents = [int(one) for one in request.values.getlist("signal") if one.isdecimal() and len(one) < 10]
    domain.reopen(account_id, idents, **_who())
    return _undone(_("De nouveau à faire"))


@blueprint.post("/today/lines/<line>/postponement")
@signed_in
def postpone(line: str) -> Response:
    """A line of one's own day, until another one; nobody else's changes."""
    scope = _scope()
    until = _until(scope.on)
    _or_422(lambda: domain.postpone(current_user.id, line, until, on=scope.on))
    said = _("Reporté au %(day)s", day=formats.day(until, locale.current()))
    return _done(said, undo=url_for(".bring_back", line=line))


@blueprint.post("/today/lines/<line>/postponement/removal")
@signed_in
def bring_back(line: str) -> Response:
    domain.bring_back(current_user.id, line)
    return _undone(_("De nouveau à faire"))


def _scope() -> Scope:
    """Whose day the address, or the page around a write, shows. Managers and admins start with their team."""
    usual = "team" if current_user.runs_all else "mine"
    asked = request.values.get("scope", usual)
    zone = locale.timezone()
    team = (asked if asked in ("mine", "team") else usual) == "team"
    return Scope(current_user.id, current_user.role, clock.today(zone), clock.moment(zone), team, zone)


def _who() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.moment(), "on": clock.today(locale.timezone())}


def _until(on: date) -> date:
    """The day that was asked for, else the next one that is not of a weekend."""
    return read_day(request.values.get("until", "")) or rules.next_day(on)


def _undo_alert(account_id: int, taken: Sequence[int]) -> str:
    return url_for(".reopen_alert", account_id=account_id, signal=taken)


def _or_422(verb: Callable[[], Any]) -> Any:
    try:
        return verb()
    except LineError as error:
        if error.kind == "unknown":
            abort(404)
        db.session.rollback()
        flash_error(_("Choisissez un jour à venir."))
        return []


def _done(said: str, undo: str | None = None) -> Response:
    """The day again after a write, for htmx; else back to the page."""
    db.session.commit()
    counting.forget()
    flash_done(said, undo=undo)
    return _page() if is_fragment() else go(next_or(request.form.get("next"), url_for(".index")))


def _undone(said: str) -> Response:
    """After what a message took back: it stands outside the list, which is told to ask again."""
    db.session.commit()
    flash_done(said)
    announce("today-changed")
    return done() if is_fragment() else go(next_or(request.form.get("next"), url_for(".index")))


def _page() -> Response:
    scope = _scope()
    opened = [name for name in request.values.getlist("all") if name in rules.GROUPS]
    day = queries.day(scope, access.may_change(current_user, Owned()), opened)
    context: dict[str, Any] = {
        "day": day,
        "scope": scope,
        "words": wording,
        "rules": rules,
        "empty": not day.total and not queries.anything(scope),
        "address": lambda **changed: _address(scope, opened, changed),
    }
    return respond("today/index.html", "today/_day.html", out_of_band=REGIONS, **context)


def _address(scope: Scope, opened: Sequence[str], changed: dict[str, Any]) -> str:
    asked = {"scope": "team" if scope.team else "mine", "all": list(opened), **changed}
    usual = "team" if current_user.runs_all else "mine"
    return url_for("today.index", **{name: value for name, value in asked.items() if value and value != usual})
