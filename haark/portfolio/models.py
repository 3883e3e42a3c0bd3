from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
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
