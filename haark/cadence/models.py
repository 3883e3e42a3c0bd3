from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from haark.accounts.models import Account
from haark.extensions import UTCDateTime, db
from haark.people.models import User

KINDS = ("ebr", "qbr", "mbr", "call")
# RV-9. Planned: a day, and nothing written yet. Preparing: generated. A cancelled one can be planned anew.
STATES = ("planned", "preparing", "scheduled", "held", "recapped", "closed", "cancelled")
OPEN_STATES = ("planned", "preparing", "scheduled")
SECTIONS = ("results", "usage", "opportunities", "actions")


class Review(db.Model):
    """A business review of one account over one period.

    `state` is one of STATES. `period` is `2026-Q3`, `2026-H1`, `2026` or `2026-11`; its dates are kept because the
    fiscal year may be moved later. A review has no slides before it was generated: its `sections` are empty until then.
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
    due_on: Mapped[date | None]  # the day by which it should be held
    urgent: Mapped[bool] = mapped_column(default=False)
    held_on: Mapped[date | None]
    # The meeting as agreed with the client (RV-8). `minutes` None: those of the type. One invitation for its life:
    # `invite_uid` stays, `invite_sequence` rises with each change and with the cancellation.
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    zone: Mapped[str] = mapped_column(String(40), default="")
    minutes: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(300), default="")
    goals: Mapped[str] = mapped_column(Text, default="")
    invite_uid: Mapped[str] = mapped_column(String(120), default="")
    invite_sequence: Mapped[int] = mapped_column(default=0)
    agenda_shared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # RV-13: the draft, on the plan's link
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    internal_allowed: Mapped[bool] = mapped_column(default=False)  # health, churn, ARR on the client's edition (DK-8)
    cancel_reason: Mapped[str] = mapped_column(String(400), default="")
    # where it came from: ("advice", 7), ("", None) for a person
    source_kind: Mapped[str] = mapped_column(String(40), default="")
    source_id: Mapped[int | None]
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


class NextReview(db.Model):
    """When the next review of an account is due, and why (RV-2); computed, with every candidate beside the winner.

    `candidates`: as due.Candidate.written, the winner first. `late`: the winner's own date had passed. A planned review
    leaves this row alone: what is planned stands on the Review row, and on the account's card.
    """

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(20), default="")
    late: Mapped[bool] = mapped_column(default=False)
    candidates: Mapped[list[Any]] = mapped_column(JSON, default=list)
    computed_on: Mapped[date]

    __table_args__ = (Index("ix_next_review_due_on", "due_on"),)


class ReviewOverride(db.Model):
    """A person's own date for the next review, with a reason; it holds until it is removed or a review is held."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(4))
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(400))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index(
            "uq_review_override_live",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


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
