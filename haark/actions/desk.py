"""The page of all actions: one list with its views and filters, a new action, and changes of many at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from haark import clock, hypermedia
from haark.access import Owned, can_change, may_change, signed_in
from haark.actions import desk_queries, domain, listing, many, queries, sources, wording
from haark.actions.desk_queries import Viewer
from haark.actions.forms import BulkForm, NewForm
from haark.actions.listing import View
from haark.extensions import db
from haark.hypermedia import announce, flash_done, flash_error, go, next_or, respond
from haark.locale import timezone

blueprint = Blueprint("desk", __name__)
FOUND = 8  # accounts that a search offers


@dataclass(frozen=True)
class Links:
    """The addresses that the page writes, each with the whole state."""

    view: View

    def to(self, **changes: Any) -> str:
        return self.at(self.view.to(**changes))

    def at(self, view: View) -> str:
        query = view.query()
        return url_for("actions.desk.show") + (f"?{query}" if query else "")

    @property
    def here(self) -> str:
        return self.at(self.view)

    def look(self, ident: int | None) -> str:
        return self.at(self.view.to(after=self.view.after, look=ident))


@blueprint.get("/actions")
@signed_in
def show() -> Response:
    view, who, on = listing.read(request.args.get), viewer(), clock.today(timezone())
    try:
        page = desk_queries.page(view, who, on)
    except listing.BadCursor:
        abort(400, _("Cet endroit de la liste n’existe pas ou plus. Reprenez la liste depuis le début."))
    context = {**words(view, on), "listing": page, "things": things(page.rows), "groups": groups(page.rows, view, on)}
    if view.after and hypermedia.is_fragment():
        return respond("actions/desk.html", "actions/_more.html", **context)
    context |= {"counts": desk_queries.counts(who, on), "facets": desk_queries.facets(view, who, on)}
    context["bulk"] = BulkForm().offer(queries.people())
    context |= {"look": None} if hypermedia.is_fragment() else beside(view.look, on)
    hypermedia.replace_url(Links(view).here)
    return respond("actions/desk.html", "actions/_desk_list.html", out_of_band=("actions/_views.html",), **context)


@blueprint.get("/actions/new")
@signed_in
def new() -> Response:
    """The account first, by search, then the action."""
    return _new(NewForm(data={"owner": f"user:{current_user.id}"}), request.args.get("account", type=int))


@blueprint.post("/actions")
@signed_in
def create() -> Response:
    account_id = request.form.get("account", type=int)
    if account_id is None:
        return _new(NewForm(request.form), None, status=422)
    if not can_change("account", account_id):
        abort(403)
    form = NewForm(request.form).offer(queries.owner_choices(account_id, (None, None))).serving(account_id)
    if not form.validate():
        return _new(form, account_id, status=422)
    item = domain.add(account_id, form.promise, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action ajoutée"), undo=url_for("actions.remove", action_id=item.id, back=1))
    return go(next_or(request.form.get("next"), url_for("actions.desk.show")))


@blueprint.post("/actions/bulk")
@signed_in
def change_many() -> Response:
    """Owner, due date or state of those ticked; each that may not be changed is named with the reason."""
    form = BulkForm(request.form).offer(queries.people())
    if not form.validate():
        flash_error(" ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        done = many.change(form.idents, form.change, may=_may, by=current_user.id, at=clock.moment())
        db.session.commit()
        if done.changed:
            flash_done(ngettext("%(num)s action modifiée", "%(num)s actions modifiées", done.changed))
        for reason, titles in done.refused.items():
            flash_error(wording.refusal(reason, titles))
        if not done.changed and not done.refused:
            flash_error(_("Cochez des actions et choisissez ce qui change."))
    if hypermedia.is_fragment():
        announce("actions-changed")
        return hypermedia.done()
    return go(next_or(request.form.get("next"), url_for("actions.desk.show")))


def viewer() -> Viewer:
    return Viewer(current_user.id, current_user.runs_all)


def _may(owners: frozenset[int]) -> bool:
    return may_change(current_user, Owned(owners))


def may(row: Any) -> bool:
    """Whether the reader may change the action of a row: the account's people, its owner, managers."""
    return _may(frozenset({row.csm_id, row.sales_id, row.owner_user_id} - {None}))


def things(rows: Any) -> dict[tuple[str, int], sources.Thing]:
    """What the rows come from and serve."""
    named = [(row.source_kind, row.source_id) for row in rows] + [(row.serves_kind, row.serves_id) for row in rows]
    return sources.found(named)


@dataclass(frozen=True)
class Group:
    """Rows that stand under one heading."""

    key: str
    label: str
    rows: list[Any]


def groups(rows: Any, view: View, on: date) -> list[Group]:
    """The rows in their order, cut where the heading changes."""
    found: list[Group] = []
    for row in rows:
        key, label = wording.heading(view.by, row, on, view.view)
        if not found or found[-1].key != key:
            found.append(Group(key, label, []))
        found[-1].rows.append(row)
    return found


def words(view: View, on: date) -> dict[str, Any]:
    """What the templates of the page always need."""
    return {"view": view, "links": Links(view), "on": on, "listing_rules": listing, "wording": wording, "may": may}


def beside(action_id: int | None, on: date) -> dict[str, Any]:
    """The panel of one action, if it is there."""
    from haark.actions.panel import contents

    return contents(action_id, on) if action_id else {"look": None}


def _new(form: NewForm, account_id: int | None, status: int = 200) -> Response:
    found = queries.account_of(account_id) if account_id else None
    if account_id and found is None:
        abort(404)
    if found is not None and status == 200:
        form.offer(queries.owner_choices(found.id, (None, None))).serving(found.id)
    text = request.values.get("q", "")
    near = queries.accounts_like(text, viewer().id, FOUND) if found is None else []
    context = {"form": form, "account": found, "q": text, "near": near, "next": request.values.get("next", "")}
    return respond("actions/new.html", None, status=status, wording=wording, **context)
