"""What is observed at the client: usage, surveys, tickets, interactions. Rows as they came, nothing derived."""

import datetime as dt
from datetime import date, datetime

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

# What a usage row may say of a day.
MEASURES = ("active_users", "events", "logins")


class Feature(db.Model):
    """A feature of the vendor's product."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    premium: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[str] = mapped_column(String(80), default="")


class UsageDay(db.Model):
    """The whole product, one account, one day. NULL where the source does not say."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    active_users: Mapped[int | None]
    events: Mapped[int | None]
    logins: Mapped[int | None]

    __table_args__ = {"sqlite_with_rowid": False}


class UsageFeature(db.Model):
    """One feature, one account, one day."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    feature_id: Mapped[int] = mapped_column(ForeignKey("feature.id"), primary_key=True)
    active_users: Mapped[int | None]
    events: Mapped[int | None]
    logins: Mapped[int | None]

    __table_args__ = {"sqlite_with_rowid": False}


class UsageEntry(db.Model):
    """A usage row that came with an id of its own: kept, so that sending it again adds nothing to the sums above."""

    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    entry: Mapped[str] = mapped_column(String(120), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    day: Mapped[date]
    feature_id: Mapped[int | None] = mapped_column(ForeignKey("feature.id"))
    active_users: Mapped[int | None]
    events: Mapped[int | None]
    logins: Mapped[int | None]

    __table_args__ = (
        Index("ix_usage_entry_account_id_day", "account_id", "day"),
        {"sqlite_with_rowid": False},
    )


class Survey(db.Model):
    """An answer: NPS 0-10 or CSAT 1-5."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    # `source:id`, or for rows without an id `source:hash:ordinal`: how the same row is known again.
    identity: Mapped[str] = mapped_column(String(200), unique=True)
    date: Mapped[dt.date]
    kind: Mapped[str] = mapped_column(String(4))  # nps | csat
    score: Mapped[float] = mapped_column(Float)
    comment: Mapped[str] = mapped_column(Text, default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")

    __table_args__ = (Index("ix_survey_account_id_date", "account_id", "date"),)


class Ticket(db.Model):
    """A support request. `csat` is 1-5 or NULL when the client did not answer."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    identity: Mapped[str] = mapped_column(String(200), unique=True)
    external_id: Mapped[str] = mapped_column(String(120), default="")
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    priority: Mapped[str] = mapped_column(String(12), default="")  # low | normal | high | urgent | ''
    subject: Mapped[str] = mapped_column(String(400), default="")
    csat: Mapped[float | None] = mapped_column(Float)

    __table_args__ = (Index("ix_ticket_account_id_opened_at", "account_id", "opened_at"),)


class Interaction(db.Model):
    """An exchange with the client: call, e-mail, meeting, note."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    identity: Mapped[str] = mapped_column(String(200), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(12))  # call | email | meeting | note
    direction: Mapped[str] = mapped_column(String(4), default="")  # in | out | both | ''
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    summary: Mapped[str] = mapped_column(Text, default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    __table_args__ = (Index("ix_interaction_account_id_at", "account_id", "at"),)
