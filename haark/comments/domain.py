"""Verbs about comments. Instants are business time."""

from datetime import datetime

from haark.accounts.models import Contact
from haark.comments import rules
from haark.comments.models import SUBJECTS, Comment
from haark.events.domain import record
from haark.extensions import db
from haark.notices import domain as notices
from haark.people.models import User

LONGEST = 4000


def say(
    account_id: int,
    subject: tuple[str, int | None],
    text: str,
    *,
    at: datetime,
    user: User | None = None,
    contact: Contact | None = None,
    internal: bool = True,
) -> Comment:
    """One of ours or a contact of the client comments on something of the account; who is named with @ is told.

    A contact's word is shared, whatever `internal` says. ValueError for an empty text, an unknown subject, no author.
    """
    text = text.strip()[:LONGEST]
    author = contact or user
    if not text or subject[0] not in SUBJECTS or author is None:
        raise ValueError(subject[0])
    comment = Comment(account_id=account_id, text=text, at=at, author_name=author.name)
    comment.subject_kind, comment.subject_id = subject
    comment.internal = internal and contact is None
    comment.author_user_id = user.id if user else None
    comment.author_contact_id = contact.id if contact else None
    db.session.add(comment)
    db.session.flush()
    by = user.id if user else None
    told = {"internal": comment.internal, "by_name": author.name}
    record("comment.added", at=at, by=by, account_id=account_id, subject=("comment", comment.id), **told)
    if user is not None:
        people = {row.id: (row.name, row.email) for row in db.session.scalars(db.select(User).where(User.active))}
        notices.tell(
            rules.mentioned(text, people),
            "mentioned",
            "comment",
            at=at,
            by=by,
            actor_name=author.name,
            account_id=account_id,
            subject=subject,
            text=text[:200],
        )
    return comment


def remove(comment: Comment, *, by: int | None, at: datetime) -> None:
    """Takes it off the page; `restore` brings it back."""
    comment.deleted_at = at
    db.session.flush()
    record("comment.removed", at=at, by=by, account_id=comment.account_id, subject=("comment", comment.id))


def restore(comment: Comment, *, by: int | None, at: datetime) -> None:
    """Back on the page."""
    comment.deleted_at = None
    db.session.flush()
    record("comment.restored", at=at, by=by, account_id=comment.account_id, subject=("comment", comment.id))
