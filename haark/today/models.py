from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import db


class Postponement(db.Model):
    """A person put a line of their day off until another day. `line`: `recap:7`, `renewal:12`, `prepare:7`…

    Actions are not here: they are postponed by their own due date, signals by their own snooze.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    line: Mapped[str] = mapped_column(String(60))
    until: Mapped[date]

    __table_args__ = (UniqueConstraint("user_id", "line"),)
