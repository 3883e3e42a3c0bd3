"""Reading notices, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from haark.extensions import db
from haark.notices.models import Notice

PAGE = 50


@dataclass(frozen=True)
class Page:
    """`before`: where the next page begins, 0 for the last one; `unread`: how many the person has not seen, of all."""

    notices: Sequence[Notice]
    before: int
    unread: int


def page(user_id: int, kind: str = "", before: int = 0) -> Page:
    """A page of what somebody was told; two statements."""
    rows = db.select(Notice).where(Notice.user_id == user_id)
    if kind:
        rows = rows.where(Notice.kind == kind)
    if before > 0:
        rows = rows.where(Notice.id < before)
    found = db.session.scalars(rows.order_by(Notice.id.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    unread = db.select(db.func.count()).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    return Page(shown, shown[-1].id if len(found) > PAGE else 0, db.session.scalar(unread) or 0)


def own(user_id: int, ident: int) -> Notice | None:
    """One notice of that person."""
    found: Notice | None = db.session.scalar(db.select(Notice).where(Notice.id == ident, Notice.user_id == user_id))
    return found
