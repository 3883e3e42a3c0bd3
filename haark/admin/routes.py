"""The kit of components (development only) and the sheet of shortcuts."""

from flask import Blueprint, Response, abort, current_app
from flask_babel import gettext as _

from haark import navigation
from haark.access import public, signed_in
from haark.admin import kit
from haark.hypermedia import respond

blueprint = Blueprint("admin", __name__)


@blueprint.get("/shortcuts")
@signed_in
def shortcuts() -> Response:
    """The keys of Haark: a page, or the dialog that `?` opens, which keyboard.js completes with the page's own."""
    places = [navigation.Shortcut(("g", entry.key), entry.label) for entry in navigation.entries()]
    groups = [
        (_("Partout"), [*navigation.EVERYWHERE, *places]),
        (_("Éditeur d’une revue"), navigation.EDITOR),
        (_("Listes"), navigation.LISTS),
    ]
    return respond("shared/shortcuts.html", "shared/_shortcuts_dialog.html", groups=groups)


@blueprint.get("/kit")
@public
def show_kit() -> Response:
    """Every component in every state. It exists in development and in tests only."""
    if not (current_app.config.get("HAARK_DEV") or current_app.debug or current_app.testing):
        abort(404)
    return respond("kit/show.html", **kit.samples())
