from datetime import date

from sqlalchemy import BigInteger, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from haark.extensions import db

CATEGORIES = ("time_saved", "cost_saved", "revenue_gained", "strategic")


class RoiCase(db.Model):
    """The value calculation of an account (RO): investment here, gains in its lines."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    licence_cents: Mapped[int | None] = mapped_column(BigInteger)  # per year
    one_time_cents: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(default=1)
    lines: Mapped[list["RoiLine"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="RoiLine.position"
    )

    __mapper_args__ = {"version_id_col": version}


class RoiLine(db.Model):
    """One gain a year: people x hours x days x hourly cost x share saved; or an amount; or words (strategic)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("roi_case.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    category: Mapped[str] = mapped_column(String(20))  # CATEGORIES
    label: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[float | None] = mapped_column(Float)
    hours_per_day: Mapped[float | None] = mapped_column(Float)
    days_per_year: Mapped[float | None] = mapped_column(Float)
    hourly_cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    saved_percent: Mapped[float | None] = mapped_column(Float)  # 0-100
    amount_cents: Mapped[int | None] = mapped_column(BigInteger)
    # The conservative and the optimistic case beside the expected one; None: the same as expected.
    saved_percent_low: Mapped[float | None] = mapped_column(Float)
    saved_percent_high: Mapped[float | None] = mapped_column(Float)
    amount_low_cents: Mapped[int | None] = mapped_column(BigInteger)
    amount_high_cents: Mapped[int | None] = mapped_column(BigInteger)
    # XB-2: a claim of value. What it was before and is now, where that comes from, and when the client confirmed it.
    baseline: Mapped[str] = mapped_column(String(200), default="")
    present: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    case: Mapped[RoiCase] = relationship(back_populates="lines")
