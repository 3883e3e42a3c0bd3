from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

# Their side first: a contact's roles, then ours.
ROLES = ("sponsor", "champion", "decision_maker", "day_to_day", "csm", "sales", "executive", "guest")
REPLIES = ("", "yes", "no", "other")


class Participant(db.Model):
    """Somebody of a review: why suggested, whether chosen, invited, answered and present (RV-8).

    A contact, one of ours, or a guest who is neither. Name and address are those of the invitation. `reason` names a
    phrase, `reason_data` its values. `invited_sequence`: the SEQUENCE up to which they know the meeting; `invited_for`:
    the instant they were last invited to, and which their `reply` answers. `reply_hash`: SHA-256 of the secret in their
    answer link. `other_at`: the instant they propose instead.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[str] = mapped_column(String(20), default="guest")
    ours: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="fr")
    reason: Mapped[str] = mapped_column(String(40), default="")
    reason_data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    chosen: Mapped[bool] = mapped_column(default=True)
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    invited_sequence: Mapped[int | None]
    invited_for: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reply: Mapped[str] = mapped_column(String(5), default="")
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reply_note: Mapped[str] = mapped_column(String(1000), default="")
    other_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reply_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    attended: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_participant_review_id", "review_id"),)
    __mapper_args__ = {"version_id_col": version}
