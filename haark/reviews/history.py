"""Who changed what in a review (RV-5): texts with what stood before, figures with their reason, slides, fresh facts.

Texts come from their revisions, the rest from the events that the verbs recorded; a page of both, the newest first.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select

from haark.events.models import Event
from haark.extensions import db
from haark.people.models import User
from haark.reviews.models import TextRevision

PAGE_SIZE = 50
# Below this share of common words a difference word by word is harder to read than both texts.
ALIKE = 0.4
WORDS = re.compile(r"\S+|\s+")
# Texts are told by their revisions, which hold both versions.
KINDS = (
    "review.created",
    "review.generated",
    "review.regenerated",
    "review.figure_overridden",
    "review.figure_restored",
    "review.slide_hidden",
    "review.slide_shown",
    "review.slide_moved",
    "review.slide_added",
    "review.slide_copied",
    "review.slide_rewritten",
    "review.slide_deleted",
    "review.slide_restored",
    "review.exported",
    "review.internal_allowed",
    "review.internal_forbidden",
)


@dataclass(frozen=True)
class Change:
    """One line. For a text (`kind` "text"): `before` and `after`, None being Haark's own words, and `computed`, those
    words as they were; `revision` to bring `after` back. For the rest `data` is that of the event."""

    kind: str
    at: datetime
    who: str
    slide: str = ""
    field: str = ""
    before: str | None = None
    after: str | None = None
    computed: str = ""
    revision: int = 0
    undone_at: datetime | None = None
    data: dict[str, Any] | None = None

    @property
    def words(self) -> tuple[str, str]:
        """What stood there and what stands since, as people read them."""
        return tuple(self.computed if text is None else text for text in (self.before, self.after))  # type: ignore[return-value]


@dataclass(frozen=True)
class History:
    """A page, and where the next one starts: the last revision and event shown; None at the end."""

    changes: tuple[Change, ...]
    after: tuple[int, int] | None


def page(review_id: int, after: tuple[int, int] | None = None) -> History:
    """The changes before `after`, the newest first. Two statements."""
    texts, events = _texts(review_id, after), _events(review_id, after)
    both = sorted([*texts, *events], key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    shown = both[:PAGE_SIZE]
    if len(both) <= PAGE_SIZE:
        return History(tuple(change for _ident, change in shown), None)
    far = 2**31 - 1
    ends = tuple(
        min((ident for ident, change in shown if (change.kind == "text") == told), default=after[at] if after else far)
        for at, told in enumerate((True, False))
    )
    return History(tuple(change for _ident, change in shown), (ends[0], ends[1]))


def revision(review_id: int, ident: int) -> TextRevision | None:
    """A revision of this review."""
    found: TextRevision | None = db.session.scalar(
        select(TextRevision).where(TextRevision.id == ident, TextRevision.review_id == review_id)
    )
    return found


def difference(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Word by word, the parts that are the `same`, `gone` and `new`, in reading order; where little is common the whole
    of both. Pure."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return tuple((kind, text) for kind, text in (("gone", before), ("new", after)) if text)
    parts = []
    for tag, a, b, c, d in matcher.get_opcodes():
        same = tag == "equal"
        found = [("same", old[a:b])] if same else [("gone", old[a:b]), ("new", new[c:d])]
        parts += [(kind, "".join(words)) for kind, words in found if words]
    return tuple(parts)


def _texts(review_id: int, after: tuple[int, int] | None) -> list[tuple[int, Change]]:
    rows = select(TextRevision, User.name).outerjoin(User, User.id == TextRevision.author_id)
    rows = rows.where(TextRevision.review_id == review_id)
    if after:
        rows = rows.where(TextRevision.id < after[0])
    return [
        (
            row.id,
            Change(
                kind="text",
                at=row.at,
                who=name or "",
                slide=row.slide_key,
                field=row.field,
                before=row.before,
                after=row.text,
                computed=row.computed,
                revision=row.id,
                undone_at=row.undone_at,
            ),
        )
        for row, name in db.session.execute(rows.order_by(TextRevision.id.desc()).limit(PAGE_SIZE + 1))
    ]


def _events(review_id: int, after: tuple[int, int] | None) -> list[tuple[int, Change]]:
    rows = select(Event, User.name).outerjoin(User, User.id == Event.actor_id)
    rows = rows.where(Event.subject_kind == "review", Event.subject_id == review_id, Event.kind.in_(KINDS))
    if after:
        rows = rows.where(Event.id < after[1])
    return [
        (row.id, Change(kind=row.kind, at=row.at, who=name or "", slide=row.data.get("slide", ""), data=row.data))
        for row, name in db.session.execute(rows.order_by(Event.id.desc()).limit(PAGE_SIZE + 1))
    ]
