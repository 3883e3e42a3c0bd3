"""Reviews as actions know them: where an action was promised (haark/actions/sources.py)."""

from collections.abc import Collection

from sqlalchemy import select

from haark import locale
from haark.actions import sources
from haark.actions.sources import Thing
from haark.cadence.models import Review
from haark.extensions import db
from haark.reviews import titles


def _titles(idents: Collection[int]) -> dict[int, Thing]:
    query = select(Review.id, Review.kind, Review.period)
    rows = db.session.execute(query.where(Review.id.in_(idents), Review.deleted_at.is_(None)))
    return {row.id: Thing(titles.title_of(row.kind, row.period, locale.current()), row.id) for row in rows}


# Promised in the meeting, planned as its check-in, answered in its survey: the same page.
for _kind in ("review", "checkin", "survey"):
    sources.register(_kind, _titles)
