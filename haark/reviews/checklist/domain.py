"""A person's word on an item of the checklist: said, changed, taken back. Told who (`by`) and when (`at`)."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.reviews.checklist import queries, rules
from haark.reviews.checklist.models import Tick

LONGEST_NOTE = 1_000


class Overtaken(Exception):
    """Somebody said something else in between; what they said stands."""


class UnknownItem(LookupError):
    """No such item among the 22."""


def tick(
    review: Review, item: str, done: bool, version: int, *, note: str | None = None, by: int | None, at: datetime
) -> Tick:
    """Ticks an item or takes its tick off, whatever Haark saw; `note`: what was found, None leaves the one that stands.

    `version` is that of the word seen by the person, 0 for none. Overtaken, UnknownItem.
    """
    if item not in rules.ITEMS:
        raise UnknownItem(item)
    row = queries.tick_of(review.id, item)
    if version != (row.version if row else 0):
        raise Overtaken
    row = row or Tick(review_id=review.id, item=item, version=1)
    if note is None:
        note = row.note or ""
    row.done, row.note, row.by_id, row.at = done, note.strip()[:LONGEST_NOTE], by, at
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except (IntegrityError, StaleDataError) as fault:
        raise Overtaken from fault
    _record(review, "review.item_ticked" if done else "review.item_unticked", item, by, at)
    return row


def take_back(review: Review, item: str, version: int, *, by: int | None, at: datetime) -> None:
    """What Haark sees counts again. Nothing happens where nobody said anything. Overtaken, UnknownItem."""
    if item not in rules.ITEMS:
        raise UnknownItem(item)
    row = queries.tick_of(review.id, item)
    if row is None:
        return
    if row.version != version:
        raise Overtaken
    db.session.delete(row)
    db.session.flush()
    _record(review, "review.item_taken_back", item, by, at)


def _record(review: Review, kind: str, item: str, by: int | None, at: datetime) -> None:
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), what=item)
