"""A line of the page of all actions, drawn again after something was done to it."""

from flask import Response, abort
from flask_login import current_user

from haark import clock, hypermedia
from haark.actions import desk, desk_queries, panel
from haark.locale import timezone


def changed(action_id: int) -> Response:
    """The line as it is now, and the counts of the views beside it."""
    on, row = clock.today(timezone()), desk_queries.row(action_id)
    if row is None:
        abort(404)
    view = panel.view_of(hypermedia.here())
    context = {**desk.words(view, on), "row": row, "things": desk.things([row]), "fresh": True}
    context["counts"] = desk_queries.counts(desk.viewer(), on)
    return hypermedia.respond(
        "actions/_row.html", "actions/_row.html", out_of_band=("actions/_views.html",), me=current_user.id, **context
    )
