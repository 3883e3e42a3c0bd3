"""Doing something to many accounts: first what will happen and to how many, then it is done, at once or by a job."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from haark import clock, hypermedia
from haark.access import Owned, may_change, owned_by, owns, signed_in
from haark.actions.queries import people
from haark.cadence.pages import business_day
from haark.events.models import Event
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, flash_note, go, respond
from haark.jobs import domain as jobs
from haark.portfolio import bulk, selection, wording
from haark.portfolio.bulk import ACTS, AT_ONCE, UNDONE, Turn
from haark.portfolio.forms import ActionForm, OwnerForm, ReviewForm, TagsForm
from haark.portfolio.pages import Links, blueprint, today, view_of
from haark.portfolio.selection import MOST_TICKED, Selection

BulkForm = OwnerForm | TagsForm | ActionForm | ReviewForm


@owned_by("bulk")
def _owner(ident: int) -> Owned | None:
    event = db.session.get(Event, ident)
    if event is None or event.kind != "account.bulk" or event.actor_id is None:
        return None
    return Owned(frozenset((event.actor_id,)))


@blueprint.post("/portfolio/bulk")
@signed_in
def prepare_bulk() -> Response:
    """What would happen, and to how many. Nothing happens yet."""
    chosen = _chosen()
    if chosen is None:
        flash_error(_("Cochez d’abord des comptes."))
        return go(_list())
    return _ask(chosen, _form())


@blueprint.post("/portfolio/bulk/changes")
@signed_in
def apply_bulk() -> Response:
    """Does it, to exactly as many as were said; asks again where they are others by now."""
    chosen, form, act = _chosen(), _form(request.form), _act()
    if chosen is None:
        return go(_list())
    ids = chosen.changeable_ids()
    if not form.validate():
        return _ask(chosen, form, 422)
    if len(ids) != request.form.get("count", type=int) or not ids:
        return _ask(chosen, form, 409, changed=True)
    now = {"by": current_user.id, "at": clock.moment()}
    batch = bulk.begin(act, len(ids), **now, wanted=form.wanted)
    if len(ids) > AT_ONCE[act]:
        arguments = {"act": act, "ids": ids, "wanted": form.wanted, "batch": batch, "by": current_user.id}
        return _later("portfolio.bulk", arguments, batch, len(ids))
    done = bulk.do(act, ids, form.wanted, Turn(batch, on=business_day(), **now))
    db.session.commit()
    undo = url_for("portfolio.undo_bulk", batch=batch) if done and act in UNDONE else None
    flash_done(wording.done(act, done), undo=undo)
    return go(_list())


@blueprint.get("/portfolio/bulk/<int:batch>")
@owns("bulk", "batch")
def show_bulk(batch: int) -> Response:
    """What a batch did, with the way back."""
    begun = db.session.get_one(Event, batch)
    done = sum(event.data.get("count", 0) for event in bulk.events(batch))
    act = begun.data["act"]
    return respond(
        "portfolio/bulk_done.html",
        None,
        batch=batch,
        act=act,
        said=wording.done(act, done),
        undone=done and act in UNDONE,
    )


@blueprint.post("/portfolio/bulk/<int:batch>/undo")
@owns("bulk", "batch")
def undo_bulk(batch: int) -> Response:
    """Owners and tags as they were before, where nobody changed them since."""
    begun, now = db.session.get_one(Event, batch), {"by": current_user.id, "at": clock.moment()}
    if begun.data["act"] not in UNDONE:
        abort(404)
    count = begun.data["count"]
    own = bulk.begin("undo", count, **now, of=batch)
    if count > AT_ONCE["owner"]:
        return _later("portfolio.undo", {"of": batch, "batch": own, "by": current_user.id, "count": count}, own, count)
    done, kept = bulk.undo(batch, Turn(own, on=business_day(), **now))
    db.session.commit()
    flash_done(wording.done("undo", done))
    if kept:
        flash_note(
            ngettext(
                "%(num)s compte a changé depuis et reste tel qu’il est",
                "%(num)s comptes ont changé depuis et restent tels qu’ils sont",
                kept,
            )
        )
    return go(Links(view_of(hypermedia.here())).here)


def _later(kind: str, arguments: dict[str, Any], batch: int, total: int) -> Response:
    job = jobs.enqueue(kind, args=arguments, key=f"{kind}:{batch}", by=current_user.id, total=total)
    db.session.commit()
    return go(url_for("jobs.show", job_id=job.id, next=url_for("portfolio.show_bulk", batch=batch)))


def _act() -> str:
    act = request.form.get("act", "")
    return act if act in ACTS else abort(400)


def _form(given: Any = None) -> BulkForm:
    act = _act()
    if act == "owner":
        return OwnerForm(given).offer(people())
    if act == "action":
        return ActionForm(given).offer(people())
    return TagsForm(given) if act == "tags" else ReviewForm(given)


def _chosen() -> Selection | None:
    """What the form speaks of; None where nothing is ticked."""
    ids = () if request.form.get("all") else tuple(dict.fromkeys(request.form.getlist("ids", type=int)))[:MOST_TICKED]
    if not ids and not request.form.get("all"):
        return None
    may_all = may_change(current_user, Owned())
    view = view_of("/portfolio?" + request.form.get("query", ""))
    return Selection(view, ids, current_user.id, may_all, today())


def _list() -> str:
    return Links(view_of("/portfolio?" + request.form.get("query", ""))).here


def _ask(chosen: Selection, form: BulkForm, status: int = 200, changed: bool = False) -> Response:
    act, mine = _act(), chosen.changeable_ids()
    others, names = chosen.left_out()
    context: dict[str, Any] = {
        "form": form,
        "act": act,
        "count": len(mine),
        "others": others,
        "names": names,
        "chosen": chosen,
        "changed": changed,
        "query": request.form.get("query", ""),
        "later": len(mine) > AT_ONCE[act],
        "outlook": selection.outlook(chosen) if act == "review" else None,
        "late_days": bulk.LATE_DAYS,
        "wording": wording,
    }
    fragment = "portfolio/_bulk_form.html" if status != 200 else "portfolio/_bulk.html"
    return respond("portfolio/bulk.html", fragment, status, **context)
