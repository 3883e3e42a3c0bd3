from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db


class HealthSnapshot(db.Model):
    """The score of one account on one day, with what explains it. No score where nothing is known."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    score: Mapped[int | None]
    band: Mapped[str] = mapped_column(String(6), default="")
    coverage: Mapped[float] = mapped_column(Float, default=0.0)  # share of the components that have data
    confidence: Mapped[float] = mapped_column(Float, default=0.0)  # share of the weight that has fresh data
    # {weights, half_life, parts: [[score]], facts, before, model}: what the explanation is made again from, see
    # health/record.py; rows of before hold weight and points beside each score
    components: Mapped[Any] = mapped_column(JSON, default=list)
    # names of the inputs that were known, separated by spaces
    inputs: Mapped[str] = mapped_column(String(200), default="")

    # probability 0-1 of leaving at the next renewal; NULL without a score or without a renewal to come (HL-5)
    churn: Mapped[float | None] = mapped_column(Float)
    # [] where the factors are made again when somebody asks; rows of before hold [{name, value, effect}], effects in
    # log-odds, see health/churn.py
    churn_factors: Mapped[list[Any]] = mapped_column(JSON, default=list)

    __table_args__ = {"sqlite_with_rowid": False}


class ChurnModel(db.Model):
    """Coefficients fitted on the organisation's own renewals (HL-5). Without an adopted one the published ones serve.

    `coefficients`: {name: log-odds per unit of the feature, "base": the intercept}. `figures`: what was measured when
    it was fitted (accounts, losses, AUC under cross-validation with its interval, calibration; and the same for the
    published coefficients).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    fitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    coefficients: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    adopted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class LossNote(db.Model):
    """«Which signal did we miss?»: what the team wrote about a client that left (XB-3)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    renewal_id: Mapped[int | None] = mapped_column(ForeignKey("renewal.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(String(30), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("account_id", "renewal_id"),)
    __mapper_args__ = {"version_id_col": version}
