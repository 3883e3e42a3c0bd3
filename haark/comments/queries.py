"""Reading comments, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from haark.comments.models import Comment
from haark.extensions import db


@dataclass(frozen=True)
class Said:
    """A comment as a page shows it. `theirs`: of a contact of the client."""

    id: int
    subject_kind: str
    subject_id: int | None
    text: str
    internal: bool
    theirs: bool
    author_user_id: int | None
    author_name: str
    at: datetime


def of_account(account_id: int, kinds: Sequence[str], *, shared_only: bool = False, limit: int = 100) -> list[Said]:
    """The last comments on things of these kinds of an account; `shared_only`: what clients may see."""
    return _read([Comment.account_id == account_id, Comment.subject_kind.in_(kinds)], shared_only, limit)


def on(subject: tuple[str, int], *, shared_only: bool = False, limit: int = 100) -> list[Said]:
    """The last comments on one thing."""
    return _read([Comment.subject_kind == subject[0], Comment.subject_id == subject[1]], shared_only, limit)


def _read(where: list[object], shared_only: bool, limit: int) -> list[Said]:
    wanted = db.select(Comment).where(*where, Comment.deleted_at.is_(None))
    if shared_only:
        wanted = wanted.where(Comment.internal.is_(False))
    rows = db.session.scalars(wanted.order_by(Comment.at.desc(), Comment.id.desc()).limit(limit)).all()
    return [
        Said(
            row.id,
            row.subject_kind,
            row.subject_id,
            row.text,
            row.internal,
            row.author_contact_id is not None,
            row.author_user_id,
            row.author_name,
            row.at,
        )
        for row in reversed(rows)
    ]
