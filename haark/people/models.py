from datetime import datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from haark.extensions import UTCDateTime, db

ROLES = ("csm", "sales", "manager", "admin")


class User(UserMixin, db.Model):
    """A person of the organisation. Without `password_hash` nobody can log in as them (a colleague who only owns)."""

    __tablename__ = "users"  # `user` is a reserved word in PostgreSQL

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    theme: Mapped[str] = mapped_column(String(6), default="system")
    timezone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    # How they sign a mail to a client.
    title: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    # AX-4: the daily digest of what is due, at this hour (0-23) of their own time zone; off: none.
    digest: Mapped[bool] = mapped_column(default=True)
    digest_hour: Mapped[int] = mapped_column(default=8)
    muted: Mapped[list[Any]] = mapped_column(JSON, default=list)  # kinds of notices they do not want (TD-3)
    # Columns of the portfolio they chose, in order; empty: the ones it opens with.
    portfolio_columns: Mapped[list[Any]] = mapped_column(JSON, default=list)
    calendar_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # SHA-256 of their feed's secret (TD-2)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    # The portfolio in the order of those who look after it.
    __table_args__ = (Index("ix_users_name_id", "name", "id"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def runs_all(self) -> bool:
        """May change every account, not only their own."""
        return self.role in ("manager", "admin")


class LoginSession(db.Model):
    """A logged-in browser. A row, so that it can be revoked at once; the cookie holds the token, this only its hash."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User] = relationship(lazy="joined")


class LoginAttempt(db.Model):
    """A failed login, by e-mail address and by network address; counted by the throttle, also after a restart."""

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_login_attempt_subject_at", "subject", "at"),)


class OneTimeCode(db.Model):
    """A code that works once: `setup` (first visitor of an empty Haark), `password` (invitation) or `reset`."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
