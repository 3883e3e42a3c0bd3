from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db


class Event(db.Model):
    """Something that happened: the timeline and the audit trail are these rows.

    `kind` is `thing.verb` (`review.generated`, `account.changed`); `data` holds what the sentence needs, and for a
    change `{"changes": {field: [before, after]}}`. `actor_id` is None for Haark itself. Ids are plain numbers, not
    foreign keys: the trail outlives what it speaks of.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[int | None]
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None]
    actor_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (
        Index("ix_event_account_id_at", "account_id", "at"),
        Index("ix_event_at_id", "at", "id"),
        Index("ix_event_subject", "subject_kind", "subject_id"),
    )
