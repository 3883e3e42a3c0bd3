"""Saved views: saving the present one, changing, sharing, ordering, copying and deleting them."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from haark import clock
from haark.access import Owned, changes, owned_by, owns, sees, signed_in
from haark.events.models import Event
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, respond
from haark.portfolio import tabs, views
from haark.portfolio.forms import ViewForm
from haark.portfolio.models import SavedView
from haark.portfolio.pages import Links, asked, blueprint
from haark.portfolio.rules import View
from haark.portfolio.views import ViewError

REASONS = {
    "name": _l("Donnez un nom à la vue, en 60 caractères au plus."),
    "nothing": _l("Cette liste n’a ni filtre ni tri à elle : choisissez-en d’abord."),
    "many": _l("Vous gardez déjà 50 vues : supprimez-en une d’abord."),
    "changed": _l("Quelqu’un a changé cette vue entre-temps. Elle s’appelle à présent :"),
}


@owned_by("saved_view")
def _owner(ident: int) -> Owned | None:
    """Somebody else's view is not there unless they share it."""
    row = db.session.get(SavedView, ident)
    if row is None or not (row.shared or row.user_id == current_user.id):
        return None
    return Owned(frozenset((row.user_id,)))


@owned_by("deleted_view")
def _deleter(ident: int) -> Owned | None:
    event = db.session.get(Event, ident)
    if event is None or event.kind != "view.deleted" or event.actor_id is None:
        return None
    return Owned(frozenset((event.actor_id,)))


@blueprint.get("/portfolio/views")
@signed_in
def manage_views() -> Response:
    """All views that one sees, and what can be done with each."""
    rows = [(row, tabs.as_saved(row)) for row in views.visible(current_user.id)]
    return _dialog("portfolio/views.html", "portfolio/_views_dialog.html", rows=rows)


@blueprint.get("/portfolio/views/new")
@signed_in
def new_view() -> Response:
    """Names the view that the address holds."""
    return _form(ViewForm(), None)


@blueprint.post("/portfolio/views")
@signed_in
def save_view() -> Response:
    """The view of the address under a name."""
    form = ViewForm(request.form)
    if not form.validate():
        return _form(form, None, 422)
    try:
        row = views.save(form.name.data or "", asked(), shared=form.shared, **_now())
    except ViewError as error:
        return _refused(form, None, error)
    db.session.commit()
    flash_done(_("Vue « %(name)s » enregistrée", name=row.name))
    return _show(row)


@blueprint.get("/portfolio/views/<int:view_id>/edit")
@changes("saved_view", "view_id")
def edit_view(view_id: int) -> Response:
    row = db.session.get_one(SavedView, view_id)
    seen_by = "team" if row.shared else "me"
    return _form(ViewForm(data={"name": row.name, "seen_by": seen_by, "version": row.version}), row)


@blueprint.post("/portfolio/views/<int:view_id>")
@changes("saved_view", "view_id")
def change_view(view_id: int) -> Response:
    """Its name and who sees it."""
    row, form = db.session.get_one(SavedView, view_id), ViewForm(request.form)
    if not form.validate():
        return _form(form, row, 422)
    try:
        views.change(row, form.version.data or 0, form.name.data or "", form.shared, **_now())
    except ViewError as error:
        return _refused(form, row, error)
    db.session.commit()
    flash_done(_("Vue « %(name)s » modifiée", name=row.name))
    return _back()


@blueprint.post("/portfolio/views/<int:view_id>/filters")
@changes("saved_view", "view_id")
def take_filters(view_id: int) -> Response:
    """The view shows from now on what the address holds."""
    row = db.session.get_one(SavedView, view_id)
    try:
        views.take(row, asked(), **_now())
    except ViewError as error:
        flash_error(REASONS[error.kind])
        return _back()
    db.session.commit()
    flash_done(_("Vue « %(name)s » mise à jour", name=row.name))
    return _show(row)


@blueprint.post("/portfolio/views/<int:view_id>/move")
@changes("saved_view", "view_id")
def move_view(view_id: int) -> Response:
    """One place to the left or to the right among its owner's views."""
    views.move(db.session.get_one(SavedView, view_id), 1 if request.form.get("to") == "later" else -1)
    db.session.commit()
    return manage_views()


@blueprint.post("/portfolio/views/<int:view_id>/copy")
@sees("saved_view", "view_id")
def copy_view(view_id: int) -> Response:
    """A view of the team, made one's own."""
    try:
        row = views.copy(db.session.get_one(SavedView, view_id), **_now())
    except ViewError as error:
        flash_error(REASONS[error.kind])
        return _back()
    db.session.commit()
    flash_done(_("La vue « %(name)s » est aussi la vôtre", name=row.name))
    return _show(row)


@blueprint.post("/portfolio/views/<int:view_id>/deletion")
@changes("saved_view", "view_id")
def delete_view(view_id: int) -> Response:
    row = db.session.get_one(SavedView, view_id)
    event = views.delete(row, **_now())
    db.session.commit()
    undo = url_for("portfolio.restore_view", event_id=event.id)
    flash_done(_("Vue « %(name)s » supprimée", name=row.name), undo=undo)
    return _back()


@blueprint.post("/portfolio/views/deleted/<int:event_id>")
@owns("deleted_view", "event_id")
def restore_view(event_id: int) -> Response:
    row = views.restore(db.session.get_one(Event, event_id), at=clock.moment())
    db.session.commit()
    flash_done(_("Vue « %(name)s » rétablie", name=row.name))
    return _show(row)


def _now() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.moment()}


def _show(row: SavedView) -> Response:
    return go(Links(View()).to(tabs.as_saved(row)))


def _back() -> Response:
    """The list that the address speaks of."""
    return go(Links(asked()).here)


def _form(form: ViewForm, row: SavedView | None, status: int = 200) -> Response:
    fragment = "portfolio/_view_form.html" if status != 200 else "portfolio/_view_dialog.html"
    return _dialog("portfolio/view.html", fragment, status, form=form, row=row)


def _refused(form: ViewForm, row: SavedView | None, error: ViewError) -> Response:
    words = str(REASONS[error.kind]) + (f" {row.name}" if row is not None and error.kind == "changed" else "")
    form.name.errors = [*form.name.errors, words]
    if row is not None and error.kind == "changed":
        form.version.data = row.version
        return _form(form, row, 409)
    return _form(form, row, 422)


def _dialog(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    view = asked()
    return respond(page, fragment, status, links=Links(view), view=view, me=current_user.id, **context)
