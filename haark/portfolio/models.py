from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db


class SavedView(db.Model):
    """A view of the portfolio that somebody keeps (PF-4): the query of its address. Shared ones are seen by the team,
    changed by their owner, managers and admins."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text, default="")
    shared: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_saved_view_user_id_position", "user_id", "position"),)
    __mapper_args__ = {"version_id_col": version}


class PortfolioCount(db.Model):
    """What the whole portfolio adds up to, kept by triggers of the database itself (haark/portfolio/upkeep).

    `n` accounts have `value` in `facet`; the facet `sum` holds sums (cents, points) and `changes`, which grows with
    every change of what a list can show. A figure is the sum over its `slot`s: SQLite, where one writes at a time, has
    slot 0 only; PostgreSQL adds rows, so that writers never wait for each other, and folds them together now and then.
    """

    facet: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(String(120), primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = {"sqlite_with_rowid": False}


class AccountStamp(db.Model):
    """A number that grows with every change of what an account's page shows (haark/portfolio/upkeep/stamps.py); account
    0 is the house. It is the sum over its `slot`s, as with PortfolioCount; without foreign keys, so that what goes
    with an account may go in any order."""

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = {"sqlite_with_rowid": False}
