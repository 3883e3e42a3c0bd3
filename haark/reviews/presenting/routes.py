"""The review on screen, before the client (DK-7): the client's edition, slide by slide, with the speaker's view."""

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import lazy_gettext as _l

from haark.access import sees
from haark.decks.present import screens
from haark.reviews import domain, queries
from haark.reviews.presenting import parts

blueprint = Blueprint("presenting", __name__)
NAMES = {
    "introduction": _l("Introduction"),
    "objectives": _l("Objectifs"),
    "value": _l("Valeur délivrée"),
    "challenges": _l("Défis et retours"),
    "plan": _l("Plan de la suite"),
    "recap": _l("Récap et suite"),
}


@blueprint.get("/reviews/<int:review_id>/present")
@sees("review", "review_id")
def show(review_id: int) -> Response:
    """Every slide in one page, which then needs no network; `?view=speaker` shows the notes beside them."""
    review = queries.get(review_id)
    book = domain.compose(review) or abort(404)
    pages = screens(book.deck)
    planned = parts.planned([page.key for page in pages], review.minutes or book.material.minutes)
    page = render_template(
        "reviews/presenting/show.html",
        review=review,
        deck=book.deck,
        slides=list(zip(pages, planned, strict=True)),
        names=NAMES,
        speaker=request.args.get("view") == "speaker",
    )
    return Response(page)
