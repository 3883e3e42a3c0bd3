from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

SUBJECTS = ("plan", "objective", "milestone", "action", "review")


class Comment(db.Model):
    """What somebody said about something of an account. Internal unless it was shared on purpose (SP-6).

    The author is one of ours or a contact of the client; a contact's word is always shared. `label`: on what, in the
    words of the moment («Objectif : utilisateurs actifs»).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    subject_kind: Mapped[str] = mapped_column(String(20))  # SUBJECTS
    subject_id: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    internal: Mapped[bool] = mapped_column(default=True)
    author_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    author_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index("ix_comment_account_id_at", "account_id", "at"),
        Index("ix_comment_subject", "subject_kind", "subject_id"),
    )
