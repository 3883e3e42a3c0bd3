"""What Haark noticed on an account, and what it advises to do about it; people decide."""

import datetime as dt
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from haark.accounts.models import Account
from haark.extensions import UTCDateTime, db

SIDES = ("risk", "opportunity")
SEVERITIES = ("low", "medium", "high")
# A live signal is one whose cause still holds; `resolved` ends it, whatever a person said of it before.
STATES = ("open", "acknowledged", "snoozed", "dismissed", "resolved")
ADVICE_STATES = ("proposed", "accepted", "postponed", "ignored", "expired")


class Signal(db.Model):
    """A risk or an opportunity: one cause, its evidence, and how people took it (SG-1 to SG-3).

    `cause` tells two causes of one kind apart (the contact who left, the feature asked for; '' where there is only
    one); while it holds there is one row without `resolved_on`. `evidence` holds numbers, period and source.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(String(12))  # SIDES
    kind: Mapped[str] = mapped_column(String(30))
    cause: Mapped[str] = mapped_column(String(120), default="")
    severity: Mapped[str] = mapped_column(String(6))  # SEVERITIES
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Money at stake or to gain, in cents of the organisation's currency; NULL where it is unknown.
    value_cents: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default="open")  # STATES
    opened_on: Mapped[date]
    seen_on: Mapped[date]  # the last day on which the cause was found to hold
    resolved_on: Mapped[date | None]
    snoozed_until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(400), default="")  # a person's, for dismissing
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))  # None: by Haark
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account] = relationship()

    __table_args__ = (
        Index(
            "uq_signal_live",
            "account_id",
            "kind",
            "cause",
            unique=True,
            sqlite_where=text("resolved_on IS NULL"),
            postgresql_where=text("resolved_on IS NULL"),
        ),
        Index("ix_signal_account_id_opened_on", "account_id", "opened_on"),
        Index("ix_signal_state_kind_account_id", "state", "kind", "account_id"),
    )
    __mapper_args__ = {"version_id_col": version}


class Advice(db.Model):
    """A recommendation of one rule for one cause (SG-5): proposed, then accepted, postponed or ignored by a person.

    `reason` holds the numbers that the sentence says, `impact_cents` the value protected or gained. `outcome` is kept
    when it is known: `succeeded` or `failed`.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    rule: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(12), default="proposed")  # ADVICE_STATES
    reason: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    impact_cents: Mapped[int | None] = mapped_column(BigInteger)
    proposed_on: Mapped[date]
    due_on: Mapped[date]
    ended_on: Mapped[date | None]  # no longer on offer: decided, or its cause is gone
    postponed_until: Mapped[date | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(10), default="")
    outcome_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account] = relationship()

    __table_args__ = (
        Index(
            "uq_advice_live",
            "account_id",
            "rule",
            "cause",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_advice_account_id_proposed_on", "account_id", "proposed_on"),
        Index("ix_advice_rule_state", "rule", "state"),
    )
    __mapper_args__ = {"version_id_col": version}
