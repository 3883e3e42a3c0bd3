"""The promises of the meeting as the recap tells them: title, owner and day of each action item, and one more."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes
from haark.actions import domain as actions
from haark.actions.domain import Promise
from haark.actions.models import ActionItem
from haark.actions.queries import owner_choices
from haark.cadence.models import Review
from haark.extensions import db
from haark.fields import one_line
from haark.hypermedia import flash_done, is_fragment, reswap, retarget
from haark.reviews.answers import version
from haark.reviews.recap import queries
from haark.reviews.recap.pages import blueprint, changed, desk_of, page, refused

LONGEST = 300


@dataclass(frozen=True)
class Typed:
    """What a form says of an action, and what is wrong with it (a key of wording.ERRORS)."""

    title: str
    owner_key: str
    due: str
    user_id: int | None = None
    contact_id: int | None = None
    due_on: date | None = None
    error: str = ""


@blueprint.post("/recap/actions/<int:action_id>")
@changes("action", "action_id")
def change_action(action_id: int) -> Response:
    """Saved as it is changed; what somebody else saved first is shown beside (409)."""
    item = db.session.get_one(ActionItem, action_id)
    review_id = _review_of(item)
    typed = _read(item.account_id, (item.owner_user_id, item.owner_contact_id))
    if typed.error:
        return _row(review_id, item, 422, typed)
    standing = Promise(item.title, item.owner_user_id, item.owner_contact_id, item.due_on, item.state)
    wanted = replace(
        standing,
        title=typed.title,
        owner_user_id=typed.user_id,
        owner_contact_id=typed.contact_id,
        due_on=typed.due_on,
    )
    if wanted != standing and version() != item.version:
        return _row(review_id, item, 409, typed)
    actions.change(item, wanted, by=current_user.id, at=clock.moment())
    db.session.commit()
    if request.form.get("conflict"):
        return changed(review_id, "actions", f"act-{action_id}")
    return changed(review_id, "act_state", f"act-{action_id}", act=_act(review_id, action_id), saved=True)


@blueprint.post("/reviews/<int:review_id>/recap/actions")
@changes("review", "review_id")
def add_action(review_id: int) -> Response:
    """One that was promised and not noted in the room."""
    review = db.session.get_one(Review, review_id)
    typed = _read(review.account_id, (None, None))
    if typed.error:
        return refused(review_id, typed.error, "actions")
    promise = Promise(typed.title, typed.user_id, typed.contact_id, typed.due_on)
    actions.add(review.account_id, promise, by=current_user.id, at=clock.moment(), source=(queries.SOURCE, review_id))
    db.session.commit()
    return changed(review_id, "actions", "actions")


@blueprint.post("/recap/actions/<int:action_id>/removal")
@changes("action", "action_id")
def remove_action(action_id: int) -> Response:
    """Off the recap and off the lists; undone by the action's own page."""
    item = db.session.get_one(ActionItem, action_id)
    review_id = _review_of(item)
    actions.remove(item, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action retirée"), undo=url_for("actions.restore", action_id=action_id))
    return changed(review_id, "actions", "actions")


def _review_of(item: ActionItem) -> int:
    """The review that an action was promised in; 404 for one that comes from elsewhere."""
    if item.source_kind != queries.SOURCE or item.source_id is None:
        abort(404)
    return item.source_id


def _act(review_id: int, action_id: int) -> queries.Act | None:
    return next((one for one in queries.actions(review_id) if one.id == action_id), None)


def _row(review_id: int, item: ActionItem, status: int, typed: Typed) -> Response:
    """The row with what was typed, and what is wrong or what stands there by now."""
    saved = _act(review_id, item.id)
    db.session.rollback()
    if is_fragment():
        retarget(f"#act-{item.id}")
        reswap("outerHTML")
        return page(desk_of(review_id), status, "act", act=saved, typed=typed, fight=status == 409)
    if status == 409:
        desk = desk_of(review_id)
        return page(desk, 409, typed_act=(item.id, typed))
    return refused(review_id, typed.error, "actions")


def _read(account_id: int, keep: tuple[int | None, int | None]) -> Typed:
    title, owner, due = (one_line(request.form.get(name)) for name in ("title", "owner", "due_on"))
    found: dict[str, Any] = {"title": title[:LONGEST], "owner_key": owner, "due": due}
    ours, theirs = owner_choices(account_id, keep)
    kind, _colon, ident = owner.partition(":")
    number = int(ident) if ident.isdecimal() and len(ident) < 10 else 0
    if kind == "user" and number in dict(ours):
        found["user_id"] = number
    elif kind == "contact" and number in dict(theirs):
        found["contact_id"] = number
    try:
        found["due_on"] = date.fromisoformat(due) if due else None
    except ValueError:
        found["error"] = "day"
    if not title:
        found["error"] = "title"
    return Typed(**found)
