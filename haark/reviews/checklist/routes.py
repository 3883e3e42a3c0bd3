"""The checklist of a review: its page, and a person's word on an item."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import changes, sees
from haark.cadence.models import Review
from haark.extensions import db
from haark.hypermedia import flash_done, go, is_fragment, respond
from haark.reviews import domain as reviews
from haark.reviews import queries as review_queries
from haark.reviews import titles
from haark.reviews.answers import version
from haark.reviews.checklist import domain, queries
from haark.reviews.pages import business_day

blueprint = Blueprint("checklist", __name__)


@blueprint.get("/reviews/<int:review_id>/checklist")
@sees("review", "review_id")
def show(review_id: int) -> Response:
    """The 22 items with what Haark saw, what people found, and a note for each."""
    return _answer(review_queries.get(review_id))


@blueprint.post("/reviews/<int:review_id>/checklist/<item>")
@changes("review", "review_id")
def tick(review_id: int, item: str) -> Response:
    """Ticks an item or takes its tick off; with a note when the form has one."""
    review, done = review_queries.get(review_id), request.form.get("done") == "1"
    try:
        note = request.form.get("note")
        domain.tick(review, item, done, version(), note=note, by=current_user.id, at=clock.moment())
    except domain.UnknownItem:
        abort(404)
    except domain.Overtaken:
        return _overtaken(review, item)
    db.session.commit()
    return _answer(review, item)


@blueprint.post("/reviews/<int:review_id>/checklist/<item>/removal")
@changes("review", "review_id")
def take_back(review_id: int, item: str) -> Response:
    """What Haark sees counts again."""
    review = review_queries.get(review_id)
    try:
        domain.take_back(review, item, version(), by=current_user.id, at=clock.moment())
    except domain.UnknownItem:
        abort(404)
    except domain.Overtaken:
        return _overtaken(review, item)
    db.session.commit()
    return _answer(review, item)


def _overtaken(review: Review, item: str) -> Response:
    """409 with what stands now; a note that was typed stays in its field."""
    db.session.rollback()
    return _answer(review_queries.get(review.id), item, 409, {"item": item, "note": request.form.get("note") or ""})


def _answer(review: Review, item: str = "", status: int = 200, late: dict[str, str] | None = None) -> Response:
    """The card for the workspace, which names itself as the target; else the page."""
    if request.method == "POST" and not is_fragment() and status == 200:
        flash_done(_("Check-list enregistrée"))
        return go(url_for(".show", review_id=review.id, _anchor=f"item-{item}"))
    found = queries.checklist(review, reviews.compose(review), business_day())
    context: dict[str, Any] = {"review": review, "checklist": found, "late": late or {}}
    fragment = "reviews/checklist/_card.html" if request.form.get("card") else "reviews/checklist/_list.html"
    names = review_queries.account_names(review.account_id)
    title = titles.title_of(review.kind, review.period, locale.current())
    return respond("reviews/checklist/show.html", fragment, status, names=names, title=title, **context)
