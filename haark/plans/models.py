from datetime import date, datetime

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

COMPARATORS = ("ge", "le")  # at least, at most
MILESTONE_STATES = ("todo", "in_progress", "done")


class Plan(db.Model):
    """The success plan of an account: the road to the client's own business goals."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    vision: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Objective(db.Model):
    """A business objective with its KPI: from `baseline` to `target` until `due_on`; `current` as last measured."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    kpi: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(String(400), default="")
    comparator: Mapped[str] = mapped_column(String(2), default="ge")
    unit: Mapped[str] = mapped_column(String(20), default="")
    baseline: Mapped[float | None] = mapped_column(Float)
    target: Mapped[float | None] = mapped_column(Float)
    current: Mapped[float | None] = mapped_column(Float)
    current_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[str] = mapped_column(String(200), default="")
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_objective_account_id_position", "account_id", "position"),)
    __mapper_args__ = {"version_id_col": version}


class Milestone(db.Model):
    """A step of the plan in a phase (foundation, expansion, optimisation, or the team's own word)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    phase: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12), default="todo")
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_milestone_account_id_position", "account_id", "position"),)
    __mapper_args__ = {"version_id_col": version}
