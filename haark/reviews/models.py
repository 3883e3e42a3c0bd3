"""What a review holds: frozen facts, slides, and a person's words and figures kept apart from both."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db


class ReviewSnapshot(db.Model):
    """The facts a deck was made from, as they stood: the latest is the one shown."""

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class ReviewSlide(db.Model):
    """A slide's place and presence; what a standard one says is composed from the snapshot.

    `kind`: '' a standard slide, `copy` of the standard slide `source_key`, else one of the person's own (`text`,
    `figures`, `table`, `chart`, `image`, `quote`, `story`, `roadmap`) with its content in `data`.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))  # cover, agenda, objectives, value, usage, ...
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10), default="")
    source_key: Mapped[str] = mapped_column(String(40), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("review_id", "key"),)
    __mapper_args__ = {"version_id_col": version}


class TextEdit(db.Model):
    """A person's words for one text of a slide (`headline`, `notes`, `items.2`…), beside the computed ones."""

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    slide_key: Mapped[str] = mapped_column(String(40))
    field: Mapped[str] = mapped_column(String(60))
    computed: Mapped[str] = mapped_column(Text, default="")  # what Haark said when it was edited
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("review_id", "slide_key", "field"),)
    __mapper_args__ = {"version_id_col": version}


class TextRevision(db.Model):
    """One change of a text, for undo and the history: what it was and what it became. None: the computed words, which
    `computed` holds as they were then. `undone_at`: its author took it back; redoing empties it again."""

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    slide_key: Mapped[str] = mapped_column(String(40))
    field: Mapped[str] = mapped_column(String(60))
    before: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    computed: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_text_revision_review_id_id", "review_id", "id"),)


class FigureOverride(db.Model):
    """A person's value for an indicator, with the computed one, who and why (RV-5)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    figure: Mapped[str] = mapped_column(String(60))
    computed: Mapped[float | None]
    value: Mapped[float]
    reason: Mapped[str] = mapped_column(String(400))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("review_id", "figure"),)
    __mapper_args__ = {"version_id_col": version}


class Rendering(db.Model):
    """A file made from a review's deck. `fingerprint` is the hash of the outline: the same content is made once.

    `note`: what is to be said beside it (`template_failed`: it stands on our own pages, not on the organisation's).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    format: Mapped[str] = mapped_column(String(4))  # pdf | pptx
    edition: Mapped[str] = mapped_column(String(8), default="client")  # client | internal (DK-8)
    fingerprint: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    note: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("review_id", "format", "fingerprint"),
        Index("ix_rendering_review_id_format_at", "review_id", "format", "at"),
    )
