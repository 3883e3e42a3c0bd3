"""What the route files of this slice share: the blueprint, today, the prep sheet of a review."""

from datetime import date

from flask import Blueprint, abort

from haark import clock, locale
from haark.cadence import queries as cadence
from haark.cadence.models import Review
from haark.reviews import domain, prep, queries
from haark.reviews.inviting import queries as inviting
from haark.settings import domain as settings

blueprint = Blueprint("reviews", __name__)


def business_day() -> date:
    """Today where the organisation is."""
    return clock.today(settings.get("organisation.timezone"))


def sheet_of(review: Review) -> prep.Sheet:
    """The prep sheet in the reader's language; 404 until the review has facts."""
    taken = queries.snapshot(review.id)
    if taken is None:
        abort(404)
    stored = queries.stored(review, taken.facts, domain.brand(), review.language)
    said = cadence.project_state(review.account_id)
    rating = prep.Rating(said.rating, said.comment, said.author, clock.day_of(said.at)) if said else None
    people = [
        prep.Attendee(row.name, row.role, row.reply == "yes" or row.role == "csm")
        for row in inviting.participants(review.id)
    ]
    return prep.sheet(stored, locale.current(), business_day(), rating, people)
