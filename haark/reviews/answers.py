"""How the editing routes answer: the workspace anew, or the page for a plain form."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, abort, request, url_for
from flask_login import current_user

from haark import clock, locale
from haark.cadence.models import Review
from haark.extensions import db
from haark.hypermedia import go, is_fragment, respond
from haark.reviews import domain, downloads, queries, steps, workspace
from haark.reviews.assembly import Book
from haark.reviews.checklist import queries as checklists
from haark.reviews.inviting import queries as inviting
from haark.reviews.pages import business_day
from haark.reviews.panes import Collision
from haark.reviews.workspace import Desk

Made = TypeVar("Made")


def load(review_id: int) -> tuple[Review, Book]:
    """The review and its deck; 404 until it has facts."""
    review = queries.get(review_id)
    book = domain.compose(review)
    if book is None:
        abort(404)
    return review, book


def done(verb: Callable[..., Made], review: Review, slide: str, *rest: Any, **more: Any) -> Made:
    """The verb done to a slide by who asks, and kept; 404 where it says (KeyError) that there is no such slide."""
    try:
        made = verb(review, slide, *rest, by=current_user.id, at=clock.moment(), **more)
    except KeyError:
        abort(404)
    db.session.commit()
    return made


def version() -> int:
    """The version that the form carries; 0 for anything that is none."""
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def opened() -> str:
    """The slide that was open when the form was sent."""
    return request.form.get("slide", "")


def desk_of(review: Review, slide: str, collision: Collision | None = None, book: Book | None = None) -> Desk:
    """The workspace as it stands after what was just done; `book` where it is put together already."""
    back = steps.available(review.id, current_user.id)
    return workspace.desk(review, book or load(review.id)[1], slide, locale.current(), collision, back)


def around(review: Review, desk: Desk) -> dict[str, Any]:
    """What the page of the workspace shows: the desk, and the panes beside it."""
    people = inviting.participants(review.id)
    return {
        "desk": desk,
        "review": review,
        "export": downloads.state(review, desk.book),
        "checklist": checklists.checklist(review, desk.book, business_day(), people),
        "people": people,
    }


def whole(review: Review, slide: str, status: int = 200, **more: Any) -> Response:
    """The workspace anew; a plain form goes on to its page."""
    if not is_fragment() and status == 200:
        return go(url_for("reviews.show", review_id=review.id, slide=slide or None))
    return shown(review, desk_of(review, slide), status, **more)


def shown(review: Review, desk: Desk, status: int = 200, **more: Any) -> Response:
    """The page, or for htmx the workspace with what the head of the page says of it."""
    context = {**around(review, desk), **more}
    head = ("reviews/_saved.html", "reviews/_steps_back.html")
    return respond("reviews/show.html", "reviews/_workspace.html", status=status, out_of_band=head, **context)
