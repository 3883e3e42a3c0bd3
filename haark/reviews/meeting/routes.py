"""Holding a review: the page, what changed meanwhile, the clock, the guide.

notes.py, captures.py and closing.py hold the other routes of the meeting.
"""

from collections.abc import Callable

from flask import Response, make_response, request, url_for
from flask_login import current_user

from haark import clock, locale
from haark.access import changes, sees, signed_in
from haark.cadence.models import Review
from haark.errors import Conflict
from haark.extensions import db
from haark.hypermedia import flash_error, respond
from haark.reviews import queries as reviews
from haark.reviews.meeting import captures, closing, domain, notes, queries, wording
from haark.reviews.meeting.models import Meeting
from haark.reviews.meeting.pages import blueprint, fragment, live, page

__all__ = ["blueprint", "captures", "closing", "notes"]  # the other files add their routes when they are imported

BESIDE = ("reviews/meeting/_tags.html",)


@blueprint.get("/reviews/<int:review_id>/meeting")
@sees("review", "review_id")
def show(review_id: int) -> Response:
    """The meeting: before, during, and after its end what came out of it."""
    return page(reviews.get(review_id))


@blueprint.get("/reviews/<int:review_id>/meeting/live")
@sees("review", "review_id")
def changed(review_id: int) -> Response:
    """What others did since the page's `seen`: nothing (204), or every region that may have changed."""
    review = reviews.get(review_id)
    now = live(review)
    if now.stamp == request.args.get("seen"):
        return make_response("", 204)
    aside = ("_clock", "_tags", "_captures", "_attendance", "_news")
    return fragment("live", review, aside=tuple(f"reviews/meeting/{name}.html" for name in aside), live=now)


@blueprint.post("/reviews/<int:review_id>/meeting/start")
@changes("review", "review_id")
def start(review_id: int) -> Response:
    review = reviews.get(review_id)
    try:
        domain.start(review, by=current_user.id, at=clock.moment())
    except domain.MeetingError as error:
        return _refused(review, error)
    db.session.commit()
    return fragment("clock", review, aside=BESIDE)


@blueprint.post("/reviews/<int:review_id>/meeting/pause")
@changes("review", "review_id")
def pause(review_id: int) -> Response:
    return _turn(review_id, lambda meeting: domain.pause(meeting, at=clock.moment()))


@blueprint.post("/reviews/<int:review_id>/meeting/pause/removal")
@changes("review", "review_id")
def resume(review_id: int) -> Response:
    return _turn(review_id, lambda meeting: domain.resume(meeting, at=clock.moment()))


@blueprint.post("/reviews/<int:review_id>/meeting/part")
@changes("review", "review_id")
def part(review_id: int) -> Response:
    """Another part of the agenda, by its number from 0; `seen` is the one that was on the screen."""
    numbers = [request.form.get(name, "") for name in ("part", "seen")]
    wanted, seen = (int(number) if number.isdecimal() and len(number) < 3 else -1 for number in numbers)
    return _turn(review_id, lambda meeting: domain.go(meeting, wanted, seen, at=clock.moment()))


@blueprint.get("/guide/meeting")
@signed_in
def guide() -> Response:
    """«Using a review in a meeting» (RV-14), in the reader's language; over the page for htmx."""
    content = f"reviews/meeting/guide/{locale.current()}.html"
    return respond("reviews/meeting/guide.html", "reviews/meeting/_guide.html", content=content)


def _turn(review_id: int, verb: Callable[[Meeting], None]) -> Response:
    review, meeting = reviews.get(review_id), queries.meeting_of(review_id)
    if meeting is None:
        raise Conflict(back=url_for(".show", review_id=review_id))
    try:
        verb(meeting)
    except domain.MeetingError as error:
        return _refused(review, error)
    db.session.commit()
    return fragment("clock", review, aside=BESIDE)


def _refused(review: Review, error: domain.MeetingError) -> Response:
    db.session.rollback()
    flash_error(wording.ERRORS[error.kind])
    return fragment("clock", review, aside=BESIDE)
