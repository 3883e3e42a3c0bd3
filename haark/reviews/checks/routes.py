"""The checks before sharing: the list, its count for the export, and the switch for internal content (DK-8)."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import changes, sees
from haark.extensions import db
from haark.hypermedia import flash_done, go, respond
from haark.reviews import titles
from haark.reviews.answers import load
from haark.reviews.checks import domain, queries, wording

blueprint = Blueprint("checks", __name__)
EDITIONS = ("client", "internal")


@blueprint.get("/reviews/<int:review_id>/checks")
@sees("review", "review_id")
def show(review_id: int) -> Response:
    """Everything worth a look before this edition is shared, each with a link to where it is mended."""
    return respond("reviews/checks/show.html", "reviews/checks/_list.html", **_found(review_id))


@blueprint.get("/reviews/<int:review_id>/checks/count")
@sees("review", "review_id")
def count(review_id: int) -> Response:
    """The line beside the export, which pages load after themselves."""
    return respond("reviews/checks/show.html", "reviews/checks/_count.html", **_found(review_id))


@blueprint.post("/reviews/<int:review_id>/internal-content")
@changes("review", "review_id")
def allow(review_id: int) -> Response:
    """Internal slides and figures may go to the client."""
    review, _book = load(review_id)
    domain.allow(review, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Le contenu interne peut sortir"), undo=url_for(".forbid", review_id=review_id))
    return go(url_for(".show", review_id=review_id))


@blueprint.post("/reviews/<int:review_id>/internal-content/removal")
@changes("review", "review_id")
def forbid(review_id: int) -> Response:
    """They stay in the house again."""
    review, _book = load(review_id)
    domain.forbid(review, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Le contenu interne reste interne"))
    return go(url_for(".show", review_id=review_id))


def _found(review_id: int) -> dict[str, Any]:
    review, book = load(review_id)
    edition = request.args.get("edition", "client")
    edition = edition if edition in EDITIONS else "client"
    found = queries.check(review, book, edition)
    facts = book.material.facts
    return {
        "review": review,
        "client": facts["account"]["name"],
        "title": titles.review_title(review.kind, facts["periods"]["now"], locale.current()),
        "edition": edition,
        "findings": found,
        "severities": wording.SEVERITIES,
    }
