"""Choosing the columns of the list and their order: a dialog, and the same as a page."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark.access import signed_in
from haark.extensions import db
from haark.hypermedia import flash_done, go, next_or, respond
from haark.portfolio import columns
from haark.portfolio.pages import blueprint


@blueprint.get("/portfolio/columns")
@signed_in
def columns_form() -> Response:
    """What stands in the list, ticked and in order, and what else there is."""
    chosen = [column.name for column in columns.of(current_user)]
    return _page(chosen, [*chosen, *(name for name in columns.offered() if name not in chosen)])


@blueprint.post("/portfolio/columns")
@signed_in
def choose_columns() -> Response:
    """Keeps the choice; a press of an arrow only moves a line of the form."""
    ticked, order = request.form.getlist("columns"), request.form.getlist("order")
    for name, step in (("up", -1), ("down", 1)):
        if moved := request.form.get(name):
            return _page(ticked, columns.order(order, moved, step))
    columns.choose(current_user, [] if "usual" in request.form else ticked)
    db.session.commit()
    flash_done(_("Colonnes enregistrées"))
    return go(next_or(request.form.get("next"), url_for("portfolio.index")))


def _page(ticked: list[str], order: list[str]) -> Response:
    offered = columns.offered()
    lines = [offered[name] for name in dict.fromkeys(order) if name in offered]
    context: dict[str, Any] = {"lines": lines, "ticked": set(ticked), "next": request.values.get("next", "")}
    moving = request.method == "POST"
    return respond(
        "portfolio/columns.html", "portfolio/_columns_form.html" if moving else "portfolio/_columns.html", **context
    )
