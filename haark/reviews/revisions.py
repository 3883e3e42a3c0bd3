"""Every change of a text, kept: for undo, redo, and the history of a review. Same rules as domain.py.

A person's changes to one text within a minute are one revision, so that saving while typing leaves steps that mean
something. Undo walks back through a person's own revisions, one at a time, and never over what somebody wrote since.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, select

from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.reviews.content.context import Field
from haark.reviews.models import ReviewSlide, TextEdit, TextRevision

TOGETHER = timedelta(seconds=60)


class NothingLeft(Exception):
    """There is no change of this person to take back, or to make again."""


class ChangedSince(Exception):
    """The text is no longer what the revision left: somebody wrote in between. `revision` names it."""

    def __init__(self, revision: TextRevision) -> None:
        super().__init__(f"revision {revision.id}")
        self.revision = revision


def note(review: Review, field: Field, before: str | None, after: str | None, *, by: int | None, at: datetime) -> bool:
    """Keeps a change, `None` being the computed words. True when it is a step of its own, False when it went on with
    the one that its author had just made."""
    last = db.session.scalar(
        select(TextRevision).where(TextRevision.review_id == review.id).order_by(TextRevision.id.desc()).limit(1)
    )
    if last is not None and _goes_on(last, field, before, by, at):
        last.text = after
        if last.text == last.before:
            db.session.delete(last)  # typed and taken back again: nothing happened
        db.session.flush()
        return False
    row = TextRevision(review_id=review.id, slide_key=field.slide, field=field.name, before=before, text=after, at=at)
    row.computed, row.author_id = field.computed, by
    db.session.add(row)
    db.session.flush()
    return True


def _goes_on(last: TextRevision, field: Field, before: str | None, by: int | None, at: datetime) -> bool:
    same = (last.author_id, last.slide_key, last.field, last.text) == (by, field.slide, field.name, before)
    return same and last.undone_at is None and timedelta(0) <= at - last.at < TOGETHER


def undo(review: Review, *, by: int, at: datetime) -> TextRevision:
    """Takes back the person's latest change of a text. Raises NothingLeft, ChangedSince."""
    row = db.session.scalar(
        _own(review.id, by).where(TextRevision.undone_at.is_(None)).order_by(TextRevision.id.desc())
    )
    if row is None:
        raise NothingLeft
    _put(review, row, row.text, row.before, by=by, at=at)
    row.undone_at = at
    return _kept(review, "review.text_undone", row, by, at)


def redo(review: Review, *, by: int, at: datetime) -> TextRevision:
    """Makes again the change of a text that the person took back last; a new one since then ends that. Raises as
    undo."""
    row = coming(review.id, by)
    if row is None:
        raise NothingLeft
    _put(review, row, row.before, row.text, by=by, at=at)
    row.undone_at = None
    return _kept(review, "review.text_redone", row, by, at)


def coming(review_id: int, by: int) -> TextRevision | None:
    """What `redo` would make again."""
    last = select(func.coalesce(func.max(TextRevision.id), 0)).where(TextRevision.undone_at.is_(None))
    last = last.where(TextRevision.review_id == review_id, TextRevision.author_id == by)
    rows = _own(review_id, by).where(TextRevision.undone_at.is_not(None), TextRevision.id > last.scalar_subquery())
    found: TextRevision | None = db.session.scalar(rows.order_by(TextRevision.id))
    return found


def written(review_id: int, by: int) -> Subquery:
    """One row: when the person wrote the last text that stands (`live`), and the last one taken back (`undone`)."""
    live = func.max(TextRevision.at).filter(TextRevision.undone_at.is_(None))
    undone = func.max(TextRevision.at).filter(TextRevision.undone_at.is_not(None))
    rows = _on_slides(select(live.label("live"), undone.label("undone")), review_id)
    return rows.where(TextRevision.author_id == by).subquery()


def _put(review: Review, row: TextRevision, expected: str | None, wanted: str | None, *, by: int, at: datetime) -> None:
    """Writes `wanted` (None: the computed words) where `expected` stands."""
    found = db.session.execute(
        select(TextEdit).where(
            TextEdit.review_id == review.id, TextEdit.slide_key == row.slide_key, TextEdit.field == row.field
        )
    ).scalar_one_or_none()
    if (found.text if found else None) != expected:
        raise ChangedSince(row)
    if wanted is None:
        if found is not None:
            db.session.delete(found)
    elif found is None:
        made = TextEdit(review_id=review.id, slide_key=row.slide_key, field=row.field, text=wanted, at=at)
        made.computed, made.author_id = row.computed, by
        db.session.add(made)
    else:
        found.text, found.author_id, found.at = wanted, by, at
    db.session.flush()


def _own(review_id: int, by: int) -> Select[Any]:
    return _on_slides(select(TextRevision), review_id).where(TextRevision.author_id == by).limit(1)


def _on_slides(rows: Any, review_id: int) -> Select[Any]:
    """Revisions of slides that are still there: a deleted one and the notes of the prep sheet are not walked back."""
    here = and_(ReviewSlide.review_id == TextRevision.review_id, ReviewSlide.key == TextRevision.slide_key)
    found: Select[Any] = rows.join(ReviewSlide, here)
    return found.where(TextRevision.review_id == review_id, ReviewSlide.deleted_at.is_(None))


def _kept(review: Review, kind: str, row: TextRevision, by: int, at: datetime) -> TextRevision:
    db.session.flush()
    told = {"slide": row.slide_key, "field": row.field, "revision": row.id}
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **told)
    return row
