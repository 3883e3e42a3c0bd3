"""Stories and roadmap items of the library on slides of a review: chosen from what fits the account."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes
from haark.cadence.models import Review
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go
from haark.library import queries as library
from haark.reviews import slides
from haark.reviews.answers import load
from haark.reviews.models import ReviewSlide
from haark.reviews.pages import blueprint, business_day

MOST_ITEMS = 8  # of one roadmap slide; the next one goes on a slide of its own


@blueprint.post("/reviews/<int:review_id>/slides/library")
@changes("review", "review_id")
def borrow_slide(review_id: int) -> Response:
    """A slide of the entry, behind the one that was open; a roadmap item joins the roadmap slide that is there."""
    review, _book = load(review_id)
    kind, entry = request.form.get("kind", ""), request.form.get("entry", 0, type=int)
    if kind not in ("story", "roadmap"):
        abort(404)
    chosen = library.tellable(kind, entry, review.account_id, business_day())
    if chosen is None:
        flash_error(_("La bibliothèque ne permet plus de montrer cet élément à ce compte."))
        return go(url_for("reviews.choose_slide", review_id=review_id, after=request.values.get("after") or None))
    row = _story(review, chosen.data) if kind == "story" else _item(review, chosen.data)
    db.session.commit()
    flash_done(_("Diapositive ajoutée") if kind == "story" else _("Élément ajouté à la diapositive"))
    return go(url_for("reviews.show", review_id=review_id, slide=row.key))


def _story(review: Review, data: dict[str, Any]) -> ReviewSlide:
    return slides.add(review, "story", data, request.values.get("after", ""), by=current_user.id, at=clock.moment())


def _item(review: Review, item: dict[str, Any]) -> ReviewSlide:
    by, at = current_user.id, clock.moment()
    for row in (row for row in slides.live(review) if row.kind == "roadmap"):
        _row, data = slides.present(review, row.key)
        items = data.get("items") or []
        if any(known.get("item_id") == item["item_id"] for known in items):
            return row
        if len(items) < MOST_ITEMS:
            return slides.rewrite(
                review, row.key, {**data, "items": [*items, item]}, slides.stamp_of(data), by=by, at=at
            )
    return slides.add(review, "roadmap", {"items": [item]}, request.values.get("after", ""), by=by, at=at)
