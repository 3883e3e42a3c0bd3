from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db


class Tick(db.Model):
    """A person's word on one of the 22 items (RV-7); it wins over what Haark saw by itself. `note`: what they found."""

    __tablename__ = "checklist_tick"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(40))
    done: Mapped[bool]
    note: Mapped[str] = mapped_column(String(1000), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("review_id", "item"),)
    __mapper_args__ = {"version_id_col": version}
