"""The first look at files that were sent: what each holds and how it would be read, or why it cannot be."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from haark.extensions import db
from haark.files import domain as files
from haark.files import store
from haark.intake.desk.laying import laid_out
from haark.intake.domain import folder
from haark.intake.looking import Look, Reading, fingerprint, look, look_again
from haark.intake.models import ImportFile, ImportMapping
from haark.intake.unpacking import is_archive, unpack
from haark.intake.wording import AtFault
from haark.people.models import User
from haark.settings import queries as settings

MEDIA = "application/octet-stream"
MOST_TABLES = 60


def taken(table: ImportFile, *, at: datetime) -> list[dict[str, Any]]:
    """The columns of the rows that stand for this file once it was looked at: one for each of its tables.

    Reads in bounded memory and holds no lock; the caller writes. A file that cannot be read gives one row with the
    reason. The files of an archive are kept as files of their own.
    """
    owners = _owners()
    try:
        with laid_out([table]) as paths:
            path = paths[table.id]
            if is_archive(path):
                return _unpacked(path, at, owners)
            return _looked(path, {"name": table.name, "size": table.size, "file_id": table.file_id}, owners)
    except AtFault as fault:
        return [{"name": table.name, "size": table.size, "file_id": table.file_id, "found": _refused(fault)}]


def taken_again(table: ImportFile) -> list[dict[str, Any]]:
    """The same for a table of which somebody said what it holds, or where its headers are."""
    said = table.found["again"]
    reading = Reading.from_json(table.reading)
    row = int(said.get("header_row") or reading.header_row)
    try:
        with laid_out([table]) as paths:
            path = paths[table.id]
            each = look_again(path, reading.sheet, row, said["kind"], _owners())
    except AtFault as fault:
        kept = {name: value for name, value in table.found.items() if name != "again"}
        return [{"found": {**kept, "error": fault.sentence.as_data()}}]
    return [{**as_columns(each), "kind": each.kind, "reading": each.reading.to_json(), "source": each.reading.source}]


def _unpacked(path: Path, at: datetime, owners: Sequence[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(dir=folder(), prefix="zip-") as into:
        for inner in unpack(path, Path(into)):
            with inner.open("rb") as handle:
                digest, size = store.write_stream(handle)
            own = {"name": inner.name, "size": size}
            try:
                rows = _looked(inner, own, owners)
            except AtFault as fault:
                rows = [{**own, "found": _refused(fault)}]
            kept = files.enter(digest, size, inner.name, MEDIA, at=at)
            db.session.commit()
            found += [{**row, "file_id": kept.id} for row in rows]
    return found[:MOST_TABLES]


def _looked(path: Path, own: dict[str, Any], owners: Sequence[str]) -> list[dict[str, Any]]:
    return [{**own, **as_columns(each)} for each in look(path, owners)][:MOST_TABLES]


def as_columns(each: Look) -> dict[str, Any]:
    """What ImportFile keeps of a look, the reading that was remembered for such headers included."""
    mark = fingerprint(each.headers)
    known = remembered(mark)
    reading = merged(each.reading, known) if known else each.reading
    return {
        "sheet": each.sheet[:120],
        "found": told(each, known is not None),
        "kind": reading.kind,
        "reading": reading.to_json(),
        "source": reading.source[:60],
        "fingerprint": mark,
    }


def told(each: Look, known: bool) -> dict[str, Any]:
    """A look as JSON, for the page."""
    return {
        "encoding": each.encoding,
        "delimiter": each.delimiter,
        "rows": each.rows,
        "header_row": each.header_row,
        "columns": [
            {"header": one.header, "samples": list(one.samples), "filled": one.filled, "nature": one.nature}
            for one in each.columns
        ],
        "formats": {name: finding.to_json() for name, finding in each.formats.items()},
        "system": each.system,
        "kind": each.kind,
        "suggested": {name: choice.header for name, choice in each.reading.columns.items() if choice.header},
        "remembered": known,
    }


def remembered(mark: str) -> Reading | None:
    """How a table with these headers was read last time."""
    kept = db.session.scalar(select(ImportMapping.reading).where(ImportMapping.fingerprint == mark))
    return Reading.from_json(kept) if kept else None


def merged(seen: Reading, known: Reading) -> Reading:
    """The remembered columns, in the place and with the formats that this file has."""
    kept = {**seen.to_json(), "kind": known.kind, "source": known.source}
    kept["columns"] = {name: choice.to_json() for name, choice in known.columns.items()}
    if not seen.date_order and known.date_order:
        kept["date_order"] = known.date_order  # the file leaves it open; it was answered last time
    return Reading.from_json(kept)


def _refused(fault: AtFault) -> dict[str, Any]:
    return {"error": fault.sentence.as_data()}


def _owners() -> list[str]:
    found = db.session.execute(select(User.name, User.email)).all()
    settings.all_values()
    db.session.commit()  # of reads alone
    return [text for row in found for text in row]
