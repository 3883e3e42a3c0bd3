from datetime import date
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import db


class HealthSnapshot(db.Model):
    """The score of one account on one day, with what explains it. No score where nothing is known."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    score: Mapped[int | None]
    band: Mapped[str] = mapped_column(String(6), default="")
    coverage: Mapped[float] = mapped_column(Float, default=0.0)  # share of the components that have data
    confidence: Mapped[float] = mapped_column(Float, default=0.0)  # share of the weight that has fresh data
    # [{name, score, weight, points, inputs: [{name, value, points, source, ...}]}], see health/rules.py
    components: Mapped[list[Any]] = mapped_column(JSON, default=list)

    __table_args__ = {"sqlite_with_rowid": False}
