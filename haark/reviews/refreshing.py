"""Fresh figures for a review, and what moved since its snapshot was taken (XB-4)."""

from datetime import datetime
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import changes, sees
from haark.cadence.models import Review
from haark.extensions import db
from haark.hypermedia import flash_done, go, respond
from haark.reviews import domain, drifting, queries
from haark.reviews.answers import load
from haark.reviews.assembly import Book
from haark.reviews.pages import blueprint, business_day


@blueprint.get("/reviews/<int:review_id>/drift")
@sees("review", "review_id")
def drift(review_id: int) -> Response:
    """Which figures moved since the snapshot of the deck (XB-4); writes nothing."""
    review, book = load(review_id)
    fresh = domain.gather(review, at=clock.moment(), on=business_day())
    rows = drifting.moved(book, book.material.facts, fresh, locale.current())
    context: dict[str, Any] = {
        "review": review,
        "rows": rows,
        "taken_at": datetime.fromisoformat(book.material.facts["taken_at"]),
    }
    return respond("reviews/drift.html", "reviews/_drift.html", slide=request.args.get("slide", ""), **context)


@blueprint.post("/reviews/<int:review_id>/facts")
@changes("review", "review_id")
def regenerate(review_id: int) -> Response:
    """Fresh figures; a person's words stay. The page then tells which figures changed, and where."""
    review = queries.get(review_id)
    keys = domain.fill(review, by=current_user.id, at=clock.moment(), on=business_day())
    db.session.commit()
    if not keys:
        flash_done(_("Aucun chiffre n’a changé."))
    slide = request.form.get("slide") or None
    return go(url_for("reviews.show", review_id=review_id, slide=slide, moved="yes" if keys else None))


def moved_lately(review: Review, book: Book) -> dict[str, Any]:
    """What the last fresh figures changed, beside the texts that they left alone."""
    before = queries.snapshot_before(review.id)
    rows = drifting.moved(book, before.facts, book.material.facts, locale.current()) if before else ()
    return {"moved": rows, "kept": drifting.kept(book, locale.current())}
