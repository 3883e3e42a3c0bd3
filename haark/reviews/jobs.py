"""Work on reviews that must happen: gathering facts, making files. Each may run twice; what it makes exists once."""

from typing import Any

from haark import clock
from haark.extensions import db
from haark.jobs.runner import progress
from haark.reviews import domain, exports, queries
from haark.settings import domain as settings


def generate(review_id: int, by: int | None, job_id: int) -> dict[str, Any]:
    """The facts of a review, for the first time; asked again, fresh ones only where there are none."""
    progress(job_id, 1, 2)
    review = queries.get(review_id)
    if queries.snapshot(review_id) is None:
        domain.fill(review, by=by, at=clock.moment(), on=clock.today(settings.get("organisation.timezone")))
    return {"review_id": review_id}


def render(review_id: int, formats: list[str], job_id: int) -> dict[str, Any]:
    """The files of a review's present content, one after the other, each kept as soon as it is made."""
    for number, form in enumerate(formats):
        progress(job_id, number, len(formats))
        exports.render(review_id, form, at=clock.moment())
        db.session.commit()
    return {"review_id": review_id}
