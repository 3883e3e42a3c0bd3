"""A person's own slides and copies: made, rewritten, deleted, brought back. Same rules as domain.py.

An own slide keeps its content in `data`, in the shapes of content/own.py. What is then written in place on the slide is
a TextEdit like on any other; when its form is saved again those words have become part of the content.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from json import dumps
from typing import Any

from sqlalchemy import select

from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.reviews import queries, revisions
from haark.reviews.content.context import Edit, Field
from haark.reviews.content.own import KINDS
from haark.reviews.models import ReviewSlide, TextEdit

# What a field of an own slide is called in its `data`; those of a list end with the place or the id of their item.
PLAIN = {"headline", "body", "comment", "caption", "alt", "quote", "role", "result"}
RENAMED = {"who": "speaker"}
LISTED = {"label": "label", "milestone": "title", "benefit": "benefit"}
SUFFIX = re.compile(r"-(\d+)$")


class DataOvertaken(Exception):
    """Somebody saved the content of this slide first; `theirs` is what stands now."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        super().__init__("overtaken")
        self.theirs = theirs


def add(review: Review, kind: str, data: Mapping[str, Any], after: str, *, by: int | None, at: datetime) -> ReviewSlide:
    """A slide of the person's own behind the slide `after`, at the end when there is none. KeyError for a kind."""
    if kind not in KINDS:
        raise KeyError(kind)
    row = ReviewSlide(review_id=review.id, key=_free(review, "own"), kind=kind, data=dict(data), position=0)
    _insert(review, row, after)
    _record(review, "review.slide_added", row, by, at)
    return row


def duplicate(review: Review, key: str, *, by: int | None, at: datetime) -> ReviewSlide:
    """The same slide once more behind it, with a person's words; from then on each goes its own way.

    KeyError: no such slide, or the cover, of which there is one.
    """
    source = _row(review, key)
    if source.position == 0:
        raise KeyError(key)
    copied = ReviewSlide(review_id=review.id, position=0, hidden=source.hidden)
    if source.kind in ("", "copy"):
        copied.kind, copied.source_key = "copy", source.source_key or source.key
        copied.key = _free(review, "copy")
    else:
        copied.kind, copied.data, copied.key = source.kind, dict(source.data), _free(review, "own")
    _insert(review, copied, key)
    for edit in _edits(review, key):
        told = {"field": edit.field, "text": edit.text, "computed": edit.computed, "author_id": edit.author_id}
        db.session.add(TextEdit(review_id=review.id, slide_key=copied.key, at=edit.at, **told))
    db.session.flush()
    _record(review, "review.slide_copied", copied, by, at, source=key)
    return copied


def rewrite(
    review: Review, key: str, data: Mapping[str, Any], stamp: str, *, by: int | None, at: datetime
) -> ReviewSlide:
    """New content of an own slide. `stamp`: of the content that the form was filled with.

    DataOvertaken when it is another by now; KeyError when there is no such own slide.
    """
    row = _own(review, key)
    edits = {edit.field: edit for edit in _edits(review, key)}
    present = told(row.data, {name: edit.text for name, edit in edits.items()})
    if dict(data) == present:
        return row
    if stamp != stamp_of(present):
        raise DataOvertaken(present)
    row.data = dict(data)
    for name, edit in edits.items():
        if _said(name):
            revisions.note(review, Field(key, name, "", "text", "", ""), edit.text, None, by=by, at=at)
            db.session.delete(edit)
    db.session.flush()
    _record(review, "review.slide_rewritten", row, by, at)
    return row


def delete(review: Review, key: str, *, by: int | None, at: datetime) -> ReviewSlide:
    """Takes an own slide or a copy out; standard ones are hidden instead. KeyError when it is neither."""
    row = _row(review, key)
    if not row.kind:
        raise KeyError(key)
    row.deleted_at = at
    db.session.flush()
    _record(review, "review.slide_deleted", row, by, at)
    return row


def bring_back(review: Review, key: str, *, by: int | None, at: datetime) -> ReviewSlide:
    """Undoes `delete`: the slide stands where it stood. KeyError when none of that key was deleted."""
    row = db.session.execute(
        select(ReviewSlide).where(
            ReviewSlide.review_id == review.id, ReviewSlide.key == key, ReviewSlide.deleted_at.is_not(None)
        )
    ).scalar_one_or_none()
    if row is None:
        raise KeyError(key)
    row.deleted_at = None
    rows = [other for other in live(review) if other.key != key]
    rows.insert(max(1, min(row.position, len(rows))), row)
    number(rows)
    _record(review, "review.slide_restored", row, by, at)
    return row


def present(review: Review, key: str) -> tuple[ReviewSlide, dict[str, Any]]:
    """An own slide and its content as it reads now, with what was written in place. KeyError when there is none."""
    row = _own(review, key)
    edits: Mapping[tuple[str, str], Edit] = queries.edits(review.id)
    return row, told(row.data, {name: edit.text for (slide, name), edit in edits.items() if slide == key})


def told(data: Mapping[str, Any], edits: Mapping[str, str]) -> dict[str, Any]:
    """`data` with the words that were written in place, by field. Pure."""
    merged = {**data}
    items = [dict(item) for item in data.get("items") or []]
    for name, text in edits.items():
        base, _dot, ident = name.partition(".")
        if base in PLAIN or base in RENAMED:
            merged[RENAMED.get(base, base)] = text
        elif base in LISTED:
            for index, item in enumerate(items):
                if ident == str(item.get("item_id") or index):
                    item[LISTED[base]] = text
    return {**merged, "items": items} if items else merged


def stamp_of(data: Mapping[str, Any]) -> str:
    """Twelve characters that change with the content."""
    return sha256(dumps(data, sort_keys=True).encode()).hexdigest()[:12]


def live(review: Review) -> list[ReviewSlide]:
    """The slides in their order, but for deleted ones."""
    rows = select(ReviewSlide).where(ReviewSlide.review_id == review.id, ReviewSlide.deleted_at.is_(None))
    return list(db.session.scalars(rows.order_by(ReviewSlide.position, ReviewSlide.id)))


def number(rows: list[ReviewSlide]) -> None:
    """The rows stand in this order from now on."""
    for position, row in enumerate(rows):
        row.position = position
    db.session.flush()


def _said(name: str) -> bool:
    base = name.partition(".")[0]
    return base in PLAIN or base in RENAMED or base in LISTED


def _insert(review: Review, row: ReviewSlide, after: str) -> None:
    rows = live(review)
    place = next((index for index, other in enumerate(rows) if other.key == after), len(rows) - 1) + 1
    db.session.add(row)
    number([*rows[:place], row, *rows[place:]])


def _free(review: Review, stem: str) -> str:
    """`own-1`, `own-2`…: deleted ones keep theirs."""
    keys = db.session.scalars(select(ReviewSlide.key).where(ReviewSlide.review_id == review.id))
    used = [int(found[1]) for key in keys if key.startswith(f"{stem}-") and (found := SUFFIX.search(key))]
    return f"{stem}-{max(used, default=0) + 1}"


def _row(review: Review, key: str) -> ReviewSlide:
    found = next((row for row in live(review) if row.key == key), None)
    if found is None:
        raise KeyError(key)
    return found


def _own(review: Review, key: str) -> ReviewSlide:
    row = _row(review, key)
    if row.kind not in KINDS:
        raise KeyError(key)
    return row


def _edits(review: Review, key: str) -> list[TextEdit]:
    return list(db.session.scalars(select(TextEdit).where(TextEdit.review_id == review.id, TextEdit.slide_key == key)))


def _record(review: Review, kind: str, row: ReviewSlide, by: int | None, at: datetime, **more: Any) -> None:
    told_ = {"slide": row.key, "what": row.kind, **more}
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **told_)
