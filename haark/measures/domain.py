"""Verbs about observations: what a person notes down on an account."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from haark.events.domain import record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.measures import rules
from haark.measures.models import Interaction

LONGEST_NOTE = 4_000


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
    kind: str = "",
    direction: str = "",
    contact_email: str = "",
    tags: Sequence[str] = (),
    identity: str = "",
) -> Interaction:
    """Keeps one line of an exchange, at the instant `at`.

    Without a `kind` the line's opening says it («appel : …»), else it is a note. An `identity` («review:7») names the
    exchange: noted again it is rewritten, not doubled. Raises NoteError.
    """
    parsed, summary = rules.read_line(text) if not kind else (kind, text.strip())
    if not summary:
        raise NoteError("empty")
    if len(summary) > LONGEST_NOTE:
        raise NoteError("long")
    if parsed not in rules.KINDS:
        raise NoteError("kind")
    if direction not in ("", "in", "out", "both"):
        raise NoteError("direction")
    kept = db.session.scalar(db.select(Interaction).where(Interaction.identity == identity)) if identity else None
    before = (kept.kind, kept.summary) if kept else (None, None)
    kept = kept or Interaction(account_id=account_id, identity=identity or f"haark:{uuid4().hex}", author_id=by)
    kept.at, kept.kind, kept.direction = at, parsed, direction
    kept.summary, kept.contact_email, kept.tags = summary, contact_email, list(tags)
    db.session.add(kept)
    db.session.flush()
    event = record(
        "interaction.noted",
        at=at,
        by=by,
        account_id=account_id,
        subject=("interaction", kept.id),
        changes={"kind": [before[0], parsed], "summary": [before[1], summary]},
    )
    jobs.ring_for(event)
    return kept
