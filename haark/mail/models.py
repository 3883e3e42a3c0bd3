from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

STATES = ("queued", "leased", "sending", "sent", "failed", "uncertain", "kept", "suppressed")


class Mail(db.Model):
    """One message to one recipient; the database is the truth, a job only rings (docs/mail.md tells the states).

    queued -> leased -> sending -> sent; failed, uncertain; suppressed (they asked for no more); kept (no relay is set).
    `attempts` counts every try and is the fence: who lost the message can no longer write to it. `tries` counts those
    since a person last asked. `Message-ID` and `Date` (`created_at`) are fixed here: every try sends the same message.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    from_name: Mapped[str] = mapped_column(String(120), default="")
    from_address: Mapped[str] = mapped_column(String(254))
    reply_name: Mapped[str] = mapped_column(String(120), default="")
    reply_address: Mapped[str] = mapped_column(String(254), default="")
    to_name: Mapped[str] = mapped_column(String(120), default="")
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    automatic: Mapped[bool] = mapped_column(default=True)
    # What it says is a secret (a link that opens an account): emptied once it has left.
    private: Mapped[bool] = mapped_column(default=False)
    unsubscribe_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    about_kind: Mapped[str] = mapped_column(String(40), default="")
    about_id: Mapped[int | None]
    account_id: Mapped[int | None]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(20), default="")
    answer: Mapped[str] = mapped_column(String(400), default="")
    job_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index("ix_mail_state_id", "state", "id"),
        Index("ix_mail_account_id", "account_id"),
        Index("ix_mail_requested_by_id", "requested_by_id"),
    )


class MailAttempt(db.Model):
    """One try: how far it came (`phase`), what became of it (`outcome`, '' while it runs) and the server's answer."""

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id", ondelete="CASCADE"))
    number: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    phase: Mapped[str] = mapped_column(String(12), default="")
    outcome: Mapped[str] = mapped_column(String(12), default="")
    answer: Mapped[str] = mapped_column(String(400), default="")

    __table_args__ = (UniqueConstraint("mail_id", "number"),)


class MailPart(db.Model):
    """An attachment: a stored file, or a text of its own (`text/calendar`, whose `method` is REQUEST or CANCEL)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    method: Mapped[str] = mapped_column(String(12), default="")
    text: Mapped[str] = mapped_column(Text, default="")


class Suppression(db.Model):
    """An address that gets no more mail of a kind, '' for any kind. `reason`: unsubscribed, by hand, or bounced."""

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("address", "kind"),)
