from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

CAPTURES = ("decision", "action", "question")


class Meeting(db.Model):
    """How far the meeting of a review is (MT-1). The clock is the server's: a reload or a lost line changes nothing.

    `spent`: seconds of each part before `running_since` (empty: not begun); the present `part` (0-5) has run since
    then, None: paused.
    `next_*`: the next review as agreed in the room. `useful`: how useful the client found it, 0-10.
    """

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    part: Mapped[int] = mapped_column(default=0)
    spent: Mapped[list[Any]] = mapped_column(JSON, default=list)
    running_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_on: Mapped[date | None]
    next_time: Mapped[time | None]
    next_place: Mapped[str] = mapped_column(String(300), default="")
    next_invite: Mapped[bool] = mapped_column(default=True)
    useful: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class MeetingNote(db.Model):
    """What was noted in a part of the meeting, or answered to one of the six questions (MT-3): `field` is `part.2`,
    `question.better`…"""

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("review_id", "field"),)
    __mapper_args__ = {"version_id_col": version}


class Capture(db.Model):
    """A decision, an action or an open question noted during the meeting (MT-2); ending it makes action items.

    `token` comes from the page, so that a line sent again after a lost connection is kept once.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    token: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))  # CAPTURES
    part: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(String(300))
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    owner_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    due_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action_item.id", ondelete="SET NULL"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("review_id", "token"), Index("ix_capture_review_id_at", "review_id", "at"))
    __mapper_args__ = {"version_id_col": version}
