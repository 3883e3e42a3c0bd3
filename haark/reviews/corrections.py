"""A person's words and figures, kept beside the computed ones (RV-5). Same rules as domain.py: told who and when.

Every form carries the version it was shown (0: nothing of anybody's yet). Who saves on an older one gets
`Overtaken` with what stands there now; nothing is overwritten in silence.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.reviews import revisions
from haark.reviews.content.context import Field
from haark.reviews.figures import Figure
from haark.reviews.models import FigureOverride, TextEdit

LONGEST = 4000


class Overtaken(Exception):
    """Somebody saved first: `theirs` is what stands now, `version` what the form must carry to replace it."""

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__(theirs)
        self.theirs, self.version = theirs, version


class ReasonMissing(Exception):
    """A corrected figure needs its reason."""


def write(review: Review, field: Field, text: str, version: int, *, by: int | None, at: datetime) -> TextEdit | None:
    """Keeps a person's text; writing what Haark says anyway gives the field back to Haark. Raises Overtaken.

    Returns the row that stands then, None for the computed words. What stands already is no conflict, whatever the
    version: a text that was saved and whose answer was lost may be sent again.
    """
    wanted = clean(text)
    row = _text(review, field)
    if row is not None and row.text == wanted:
        return row
    if row is None and wanted == clean(field.computed):
        return None
    _check(row.version if row else 0, version, row.text if row else field.computed)
    if wanted == clean(field.computed):
        if row is not None:
            _drop(review, field, row, by=by, at=at)
        return None
    before = row.text if row else None
    if row is None:
        row = TextEdit(review_id=review.id, slide_key=field.slide, field=field.name, text=wanted, at=at)
        row.computed, row.author_id = field.computed, by
        _insert(row, review, field)
    else:
        row.text, row.computed, row.author_id, row.at = wanted, field.computed, by, at
        _flush(lambda: _text(review, field))
    _note(review, "review.text_edited", field, before, wanted, by=by, at=at)
    return row


def give_back(review: Review, field: Field, version: int, *, by: int | None, at: datetime) -> None:
    """The field says again what Haark computes. Raises Overtaken."""
    row = _text(review, field)
    if row is not None:
        _check(row.version, version, row.text)
        _drop(review, field, row, by=by, at=at)


def correct(
    review: Review, figure: Figure, value: float, reason: str, version: int, *, by: int | None, at: datetime
) -> None:
    """Replaces a figure everywhere it is used; the computed value, the reason and the author are kept.

    Raises ReasonMissing without a reason, Overtaken when somebody saved first.
    """
    if not reason.strip():
        raise ReasonMissing
    row = _override(review, figure.key)
    _check(row.version if row else 0, version, f"{row.value:g}" if row else "")
    before = figure.value
    if row is None:
        row = FigureOverride(review_id=review.id, figure=figure.key, value=value, reason=reason.strip()[:400], at=at)
        row.computed, row.author_id = figure.computed, by
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError as late:
            found = _override(review, figure.key)
            raise Overtaken(f"{found.value:g}" if found else "", found.version if found else 0) from late
    else:
        row.value, row.reason, row.computed = value, reason.strip()[:400], figure.computed
        row.author_id, row.at = by, at
        _flush(lambda: _override(review, figure.key))
    _record(
        review,
        "review.figure_overridden",
        at,
        by,
        figure=figure.key,
        reason=row.reason,
        changes={"value": [before, value]},
    )


def uncorrect(review: Review, figure: Figure, version: int, *, by: int | None, at: datetime) -> None:
    """The computed value comes back. Raises Overtaken."""
    row = _override(review, figure.key)
    if row is None:
        return
    _check(row.version, version, f"{row.value:g}")
    db.session.delete(row)
    _flush(lambda: _override(review, figure.key))
    changes = {"value": [row.value, figure.computed]}
    _record(review, "review.figure_restored", at, by, figure=figure.key, changes=changes)


def clean(text: str) -> str:
    """Line ends of one kind, no blanks around, at most LONGEST characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()[:LONGEST]


def _text(review: Review, field: Field) -> TextEdit | None:
    return db.session.execute(
        db.select(TextEdit).where(
            TextEdit.review_id == review.id, TextEdit.slide_key == field.slide, TextEdit.field == field.name
        )
    ).scalar_one_or_none()


def _override(review: Review, key: str) -> FigureOverride | None:
    return db.session.execute(
        db.select(FigureOverride).where(FigureOverride.review_id == review.id, FigureOverride.figure == key)
    ).scalar_one_or_none()


def _check(current: int, carried: int, theirs: str) -> None:
    if current != carried:
        raise Overtaken(theirs, current)


def _insert(row: TextEdit, review: Review, field: Field) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as late:
        found = _text(review, field)
        raise Overtaken(found.text if found else "", found.version if found else 0) from late


def _flush(find: Callable[[], TextEdit | FigureOverride | None]) -> None:
    """Another writer between our read and our write shows as a version that is no longer there."""
    try:
        db.session.flush()
    except StaleDataError as late:
        db.session.rollback()
        found = find()
        theirs = getattr(found, "text", None) or str(getattr(found, "value", ""))
        raise Overtaken(theirs, getattr(found, "version", 0)) from late


def _drop(review: Review, field: Field, row: TextEdit, *, by: int | None, at: datetime) -> None:
    db.session.delete(row)
    _flush(lambda: _text(review, field))
    _note(review, "review.text_restored", field, row.text, None, by=by, at=at)


def _note(
    review: Review, kind: str, field: Field, before: str | None, after: str | None, *, by: int | None, at: datetime
) -> None:
    """The change with both texts is a revision; the trail names it once, however often it was saved while typing."""
    if revisions.note(review, field, before, after, by=by, at=at):
        _record(review, kind, at, by, slide=field.slide, field=field.name)


def _record(review: Review, kind: str, at: datetime, by: int | None, **data: object) -> None:
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **data)
