from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

# TD-3. mentioned: named in a comment; assigned: an action is theirs now; answered: a client replied, proposed, signed,
# finished or asked; ready: a file they asked for is there; mail_failed; nudged: the manager asks; escalated: an action
# of their team is long overdue; review_late: a recap or a review of theirs is late.
KINDS = ("mentioned", "assigned", "answered", "ready", "mail_failed", "nudged", "escalated", "review_late")


class Notice(db.Model):
    """Something one person should know. `what` names the sentence within the kind, `data` its values.

    `key` makes telling twice the same as telling once.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))  # KINDS
    what: Mapped[str] = mapped_column(String(40), default="")
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    account_id: Mapped[int | None]
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_notice_user_id_id", "user_id", "id"),)
