"""Telling a person of the house something (TD-3), in the transaction of what happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from haark.extensions import db
from haark.notices.models import KINDS, Notice
from haark.people.models import User


def tell(
    user_ids: Iterable[int | None],
    kind: str,
    what: str,
    *,
    at: datetime,
    by: int | None = None,
    actor_name: str = "",
    account_id: int | None = None,
    subject: tuple[str, int | None] = ("", None),
    key: str = "",
    **data: Any,
) -> None:
    """One notice for each person, but for whoever did it themselves (`by`), who muted the kind, or who is gone.

    `what` names the sentence (notices/wording.py); `data` plain JSON values for it. With a `key` it is told once.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    wanted = {ident for ident in user_ids if ident is not None and ident != by}
    people = db.session.execute(db.select(User.id, User.muted).where(User.id.in_(wanted), User.active))
    for ident, muted in people.all():
        if kind in (muted or ()):
            continue
        notice = Notice(user_id=ident, kind=kind, what=what, key=f"{key}:{ident}" if key else None, at=at, data=data)
        notice.account_id, notice.actor_name = account_id, actor_name
        notice.subject_kind, notice.subject_id = subject
        try:
            with db.session.begin_nested():
                db.session.add(notice)
        except IntegrityError:
            continue  # told already


def read(user_id: int, *, at: datetime, ident: int | None = None) -> None:
    """The person has seen one notice, or all of them."""
    seen = db.update(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    if ident is not None:
        seen = seen.where(Notice.id == ident)
    db.session.execute(seen.values(read_at=at))
