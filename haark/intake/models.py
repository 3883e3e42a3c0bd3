import datetime as dt
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

RUN_STATES = ("draft", "checking", "checked", "applying", "done", "failed", "undoing", "undone")


class ImportRun(db.Model):
    """One import: what was sent, how it is read, what it would do or did. From the browser or the command line."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")  # RUN_STATES
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))  # None: the terminal
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("job.id", ondelete="SET NULL")
    )  # the one at work, or the last
    # {kind: {new, changed, unchanged, refused}}, of the dry run until it is applied
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # [[account or row name, field, before, after]], a few of the changes; [[file, row, name, field, value, reason]]
    examples: Mapped[list[Any]] = mapped_column(JSON, default=list)
    refusals: Mapped[list[Any]] = mapped_column(JSON, default=list)
    notes: Mapped[list[Any]] = mapped_column(JSON, default=list)  # sentences as data, worded for their reader
    error: Mapped[list[Any]] = mapped_column(JSON, default=list)  # one sentence as data, when it failed
    refused_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    undo_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # Rows that an undo left alone because somebody changed them since: [[kind, id, name, field]]
    kept: Mapped[list[Any]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_import_run_created_at", "created_at"),)
    __mapper_args__ = {"version_id_col": version}


class ImportFile(db.Model):
    """One table of an import: a text file or one sheet of a workbook, and how it is read."""

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))  # None: cleared away
    name: Mapped[str] = mapped_column(String(255))
    sheet: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[int] = mapped_column(default=0)  # bytes
    # What was found, to be shown: encoding, delimiter, rows, header row, formats (decimal, dates, currency, repaired)
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # What a person may change: kind ('' ignores the table), header row, columns {canonical: header}, dates, decimal
    kind: Mapped[str] = mapped_column(String(20), default="")
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[str] = mapped_column(String(60), default="")  # whose ids these are; see docs/import.md
    fingerprint: Mapped[str] = mapped_column(String(64), default="")


class ImportMapping(db.Model):
    """How a table with these headers was read last time, so that the next file of its kind needs no work."""

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)  # of its folded headers, in any order
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20))
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[str] = mapped_column(String(60), default="")
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class AccountAlias(db.Model):
    """An identifier that leads to another account since two were merged."""

    external_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)


class Duplicate(db.Model):
    """Two accounts that may be one. A person merges them or says that they are two; never Haark."""

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))  # the lower id
    second_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    likeness: Mapped[float] = mapped_column(Float)  # 0-1
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)  # what they share, as data
    state: Mapped[str] = mapped_column(String(8), default="open")  # open | apart | merged
    found_on: Mapped[dt.date]
    judged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("first_id", "second_id"),)


class Merge(db.Model):
    """One account taken into another, with all that is needed to part them again."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # of the kept account, {field: [before, after]}
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {table: ids that changed account}
    aside: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {table: rows that gave way to the kept one's}
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class ExportRun(db.Model):
    """Everything that the organisation owns, as one archive that admins take away (DI-5)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {name of the file: rows}
    error: Mapped[str] = mapped_column(Text, default="")
