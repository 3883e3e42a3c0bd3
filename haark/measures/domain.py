"""Verbs about observations: what a person notes down on an account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from haark.accounts import trash
from haark.accounts.models import Trashed
from haark.events.domain import differences, record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.measures import rules
from haark.measures.lines.rules import tag_of
from haark.measures.models import Interaction

LONGEST_NOTE = 4_000
DIRECTIONS = ("", "in", "out", "both")
TOLD = ("kind", "at", "direction", "tags", "summary", "contact_email")


class NoteError(ValueError):
    """A line that cannot be kept; `kind`: `empty`, `long`, `kind` (not an exchange), `direction`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def note(
    account_id: int,
    text: str,
    *,
    by: int | None,
    at: datetime,
    kind: str = "note",
    happened: datetime | None = None,
    direction: str = "",
    contact_email: str = "",
    tags: Sequence[str] = (),
    identity: str = "",
) -> Interaction:
    """Keeps one exchange, which happened at the instant `happened` (else now, `at`).

    An `identity` («review:7») names the exchange: noted again it is rewritten, not doubled. Raises NoteError.
    """
    told = _checked(text, kind, happened or at, direction, contact_email, tags)
    kept = db.session.scalar(db.select(Interaction).where(Interaction.identity == identity)) if identity else None
    before = (kept.kind, kept.summary) if kept else (None, None)
    kept = kept or Interaction(account_id=account_id, identity=identity or f"haark:{uuid4().hex}", author_id=by)
    for name, value in told.items():
        setattr(kept, name, value)
    db.session.add(kept)
    db.session.flush()
    changes = {"kind": [before[0], kept.kind], "summary": [before[1], kept.summary]}
    _ring("interaction.noted", kept, by, at, changes=changes)
    return kept


def correct(
    kept: Interaction,
    text: str,
    *,
    kind: str,
    happened: datetime,
    direction: str,
    contact_email: str,
    tags: Sequence[str],
    by: int | None,
    at: datetime,
) -> bool:
    """Rewrites an exchange, with before and after in the audit trail; False when nothing differs. Raises NoteError."""
    told = _checked(text, kind, happened, direction, contact_email, tags)
    changes = differences({name: getattr(kept, name) for name in TOLD}, told)
    if not changes:
        return False
    for name, value in told.items():
        setattr(kept, name, value)
    db.session.flush()
    _ring("interaction.changed", kept, by, at, changes=changes)
    return True


def remove(kept: Interaction, *, by: int | None, at: datetime) -> Trashed:
    """Puts an exchange in the trash."""
    account_id, ident = kept.account_id, kept.id
    away = trash.put_away(kept, "interaction", kept.summary[:200] or kept.kind, by=by, at=at)
    subject = ("interaction", ident)
    jobs.ring_for(record("interaction.removed", at=at, by=by, account_id=account_id, subject=subject, name=away.name))
    return away


def _checked(
    text: str, kind: str, happened: datetime, direction: str, contact_email: str, tags: Sequence[str]
) -> dict[str, Any]:
    summary = text.strip()
    if not summary:
        raise NoteError("empty")
    if len(summary) > LONGEST_NOTE:
        raise NoteError("long")
    if kind not in rules.KINDS:
        raise NoteError("kind")
    if direction not in DIRECTIONS:
        raise NoteError("direction")
    kept = list(dict.fromkeys(tag for tag in map(tag_of, tags) if tag))
    return dict(zip(TOLD, (kind, happened, direction, kept, summary, contact_email), strict=True))


def _ring(name: str, kept: Interaction, by: int | None, at: datetime, **data: Any) -> None:
    subject = ("interaction", kept.id)
    jobs.ring_for(record(name, at=at, by=by, account_id=kept.account_id, subject=subject, **data))
