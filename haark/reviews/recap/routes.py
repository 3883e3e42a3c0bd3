"""The recap of a review: what it says, to whom, what is missing, the sending."""

from flask import Blueprint, Response

from haark.access import sees
from haark.hypermedia import respond
from haark.reviews import queries as reviews
from haark.reviews.meeting.pages import names

blueprint = Blueprint("recap", __name__)


@blueprint.get("/reviews/<int:review_id>/recap")
@sees("review", "review_id")
def show(review_id: int) -> Response:
    review = reviews.get(review_id)
    return respond("reviews/recap/show.html", review=review, **names(review))
