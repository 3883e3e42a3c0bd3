from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from haark.accounts.models import Account
from haark.extensions import UTCDateTime, db
from haark.people.models import User

KINDS = ("ebr", "qbr", "mbr", "call")
SECTIONS = ("results", "usage", "opportunities", "actions")


class Review(db.Model):
    """A business review of one account over one period.

    states of RV-9; this capability uses `preparing` (generated and being edited). `period` is `2026-Q3`, `2026-H1`,
    `2026` or `2026-11`; its dates are kept because the fiscal year may be moved later.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(4))
    period: Mapped[str] = mapped_column(String(8))
    period_start: Mapped[date]
    period_end: Mapped[date]  # last day, included
    sections: Mapped[list[Any]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(2), default="fr")
    state: Mapped[str] = mapped_column(String(12), default="preparing")
    opportunities_confirmed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account] = relationship()
    created_by: Mapped[User | None] = relationship()

    __table_args__ = (
        Index("ix_review_account_id_period_start", "account_id", "period_start"),
        # Asking twice at once makes one review; a deleted one does not stand in the way.
        Index(
            "uq_review_account_id_period",
            "account_id",
            "period",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}


class ProjectState(db.Model):
    """A person's rating of how the project goes (RV-11), 1 (badly) to 5 (very well); the latest one counts.

    It stands beside the computed health and never enters it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    rating: Mapped[int]
    comment: Mapped[str] = mapped_column(String(400), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_project_state_account_id_at", "account_id", "at"),)
