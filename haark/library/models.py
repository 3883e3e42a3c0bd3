from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

# What the client behind a story allows: nothing outside the house, their words without their name, their name.
PERMISSIONS = ("none", "anonymous", "named")
STAGES = ("planned", "in_progress", "available")


class Story(db.Model):
    """A success to tell other clients. Tags say whom it fits: sectors, features (keys), needs; empty: everybody."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    client: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    result: Mapped[str] = mapped_column(String(400), default="")  # «34 % fewer disputes in six months»
    quote: Mapped[str] = mapped_column(Text, default="")
    speaker: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    sectors: Mapped[list[Any]] = mapped_column(JSON, default=list)
    features: Mapped[list[Any]] = mapped_column(JSON, default=list)
    needs: Mapped[list[Any]] = mapped_column(JSON, default=list)
    permission: Mapped[str] = mapped_column(String(10), default="none")  # PERMISSIONS
    permission_until: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class RoadmapItem(db.Model):
    """Something of the product to come, or just arrived, that a client may hear of when `public`."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    benefit: Mapped[str] = mapped_column(String(400), default="")
    stage: Mapped[str] = mapped_column(String(12), default="planned")  # STAGES
    available_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(2), default="fr")
    sectors: Mapped[list[Any]] = mapped_column(JSON, default=list)
    features: Mapped[list[Any]] = mapped_column(JSON, default=list)
    needs: Mapped[list[Any]] = mapped_column(JSON, default=list)
    public: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
