from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db


class Recap(db.Model):
    """The mail that tells what was said and promised (AX-1), due 24 hours after the meeting's end.

    `texts`: {language: {"subject", "opening", "points": [..]}}, a person's words; what they did not touch is composed
    from the meeting each time. `survey`: with the question of AX-5. `plan_link`: with the way to the shared plan.
    """

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    with_pdf: Mapped[bool] = mapped_column(default=True)
    with_pptx: Mapped[bool] = mapped_column(default=False)
    with_invite: Mapped[bool] = mapped_column(default=True)
    survey: Mapped[bool] = mapped_column(default=True)
    plan_link: Mapped[bool] = mapped_column(default=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class RecapRecipient(db.Model):
    """Who gets the recap: a participant (present or not), another contact, one of ours, or a plain address."""

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    chosen: Mapped[bool] = mapped_column(default=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("review_id", "email"),)
