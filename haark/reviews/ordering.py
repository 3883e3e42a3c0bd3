"""Order and presence of a review's slides."""

from flask import Response, request

from haark.access import changes
from haark.reviews import arranging
from haark.reviews.answers import done, load, whole
from haark.reviews.pages import blueprint


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/place")
@changes("review", "review_id")
def move(review_id: int, slide: str) -> Response:
    """One place up (`step=-1`) or down."""
    review, _book = load(review_id)
    step = -1 if request.form.get("step") == "-1" else 1
    done(arranging.move, review, slide, step)
    return whole(review, slide)


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/hiding")
@changes("review", "review_id")
def hide(review_id: int, slide: str) -> Response:
    review, _book = load(review_id)
    done(arranging.hide, review, slide)
    return whole(review, slide)


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/hiding/removal")
@changes("review", "review_id")
def unhide(review_id: int, slide: str) -> Response:
    """Shows a slide again; slide 11 says why it should stay off, and asks once."""
    review, _book = load(review_id)
    try:
        done(arranging.show, review, slide, confirmed=request.form.get("confirmed") == "yes")
    except arranging.Obstacles as refused:
        return whole(review, slide, 422, obstacles=refused.reasons)
    return whole(review, slide)
