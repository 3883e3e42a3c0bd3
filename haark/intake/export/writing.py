"""Everything that an organisation owns, into one sink: KIND.csv, NAME.jsonl, files/, and the manifest last."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from haark.files import store
from haark.files.models import StoredFile
from haark.intake.archive import FORMAT, MANIFEST, VERSION
from haark.intake.export import sinks, tables
from haark.intake.export.kinds import Kinds, lines
from haark.intake.export.sinks import Sink
from haark.intake.export.snapshot import batches, snapshot
from haark.intake.kinds import KINDS
from haark.intake.models import ExportRun, ImportFile, ImportRun

Step = Callable[[int, int, str], None]
"""Hears (files written, files there are, name of the one that comes)."""


def silent(_done: int, _total: int, _name: str) -> None:
    return None


@dataclass
class Made:
    """What an export holds: rows by file, stored files, and those whose bytes are gone or damaged."""

    counts: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)


def write(sink: Sink, *, at: datetime, step: Step = silent) -> Made:
    """Writes all of it as it is at one instant; `at` is the business instant that the manifest tells."""
    made = Made()
    rest = tables.exported()
    total = len(KINDS) + len(rest) + 1
    with snapshot() as connection:
        names = Kinds(connection)
        for done, kind in enumerate(KINDS.values()):
            file = f"{kind.name}.csv"
            step(done, total, file)
            with sink.file(file) as handle:
                handle.write(lines([names.headers(kind)]))
                made.counts[file] = sum(_put(handle, len(rows), lines(rows)) for rows in names.batches(kind))
        for done, table in enumerate(rest, len(KINDS)):
            file = f"{table.name}.jsonl"
            step(done, total, file)
            with sink.file(file) as handle:
                made.counts[file] = sum(_put(handle, *part) for part in tables.lines(connection, table))
        step(total - 1, total, "files")
        _files(connection, sink, made)
        schema = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    with sink.file(MANIFEST) as handle:
        handle.write(_manifest(sink, made, at, schema))
    step(total, total, "")
    return made


def _put(handle: Any, count: int, data: bytes) -> int:
    handle.write(data)
    return count


def _files(connection: Connection, sink: Sink, made: Made) -> None:
    """The stored files under the hash of their content, each once; not what was sent to be imported, what undoes it,
    and earlier archives."""
    passing = (ExportRun.file_id, ImportFile.file_id, ImportRun.refused_file_id, ImportRun.undo_file_id)
    kept = select(StoredFile.sha256).distinct().order_by(StoredFile.sha256)
    for column in passing:
        kept = kept.where(StoredFile.id.not_in(select(column).where(column.is_not(None))))
    for rows in batches(connection, kept):
        for (digest,) in rows:
            path = store.path_of(digest)
            name = f"files/{digest[:2]}/{digest}"
            if not path.is_file():
                made.missing.append(digest)
                continue
            with sink.file(name) as handle:
                sinks.copy(path, handle)
            if sink.written[name]["sha256"] != digest:
                made.missing.append(digest)
            made.files += 1


def _manifest(sink: Sink, made: Made, at: datetime, schema: str | None) -> bytes:
    told = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": at.isoformat(),
        "schema": schema,
        "files": {
            name: {**({"rows": made.counts[name]} if name in made.counts else {}), **about}
            for name, about in sink.written.items()
        },
        "missing_files": made.missing,
        "left_out": tables.LEFT_OUT,
        "secrets_left_out": {name: sorted(columns) for name, columns in tables.SECRETS.items()},
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
