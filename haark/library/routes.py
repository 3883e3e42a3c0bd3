"""Success stories and roadmap items: what may be told to which client, until when."""

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l

from haark import clock, locale
from haark.access import signed_in
from haark.hypermedia import respond
from haark.library import shelf
from haark.library.entries import Kind, blueprint_of, words
from haark.library.forms import RoadmapForm, StoryForm
from haark.library.models import RoadmapItem, Story

blueprint = Blueprint("library", __name__, url_prefix="/library")
STORIES = Kind(
    "stories",
    "story",
    Story,
    StoryForm,
    new=_l("Nouvelle réussite"),
    added=_l("Réussite ajoutée"),
    changed=_l("Réussite enregistrée"),
    removed=_l("Réussite supprimée"),
    restored=_l("Réussite rétablie"),
)
ROADMAP = Kind(
    "roadmap",
    "roadmap_item",
    RoadmapItem,
    RoadmapForm,
    new=_l("Nouvel élément de feuille de route"),
    added=_l("Élément ajouté à la feuille de route"),
    changed=_l("Élément de feuille de route enregistré"),
    removed=_l("Élément ôté de la feuille de route"),
    restored=_l("Élément remis à la feuille de route"),
)
for one in (STORIES, ROADMAP):
    blueprint.register_blueprint(blueprint_of(one))


@blueprint.get("")
@signed_in
def index() -> Response:
    view = shelf.read(request.args)
    page = shelf.shelf(view, clock.today(locale.timezone()))
    context = {"shelf": page, "view": view, "everybody": shelf.EVERYBODY, **words()}
    return respond("library/index.html", "library/_shelf.html", **context)
