"""The first look at files that were sent: what each holds and how it would be read, or why it cannot be."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from haark.accounts import custom
from haark.extensions import db
from haark.files import domain as files
from haark.files import store
from haark.intake.desk.laying import laid_out
from haark.intake.domain import folder
from haark.intake.looking import Look, Reading, fingerprint, look, look_again
from haark.intake.mapping import CANONICAL_SOURCE
from haark.intake.models import ImportFile, ImportMapping
from haark.intake.reading import header_key
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
            each = look_again(path, reading.sheet, row, said["kind"], _owners(), _fields())
    except AtFault as fault:
        kept = {name: value for name, value in table.found.items() if name != "again"}
        return [{"found": {**kept, "error": fault.sentence.as_data()}}]
    return [as_columns(each, told_anew=True)]


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
    found = [{**own, **as_columns(each)} for each in look(path, owners, _fields())[:MOST_TABLES]]
    db.session.commit()  # of reads alone: the next file may take a while
    return found


def as_columns(each: Look, told_anew: bool = False) -> dict[str, Any]:
    """What ImportFile keeps of a look, the reading that was remembered for such headers included, unless somebody has
    just said otherwise (`told_anew`)."""
    mark = fingerprint(each.headers)
    known = None if told_anew else remembered(mark)
    seen = each.reading
    reading = merged(seen, known) if known else seen
    return {
        "sheet": each.sheet[:120],
        "found": told(each, seen, known is not None),
        "kind": reading.kind,
        "reading": reading.to_json(),
        "source": _source(reading),
        "fingerprint": mark,
    }


def _source(reading: Reading) -> str:
    """Whose ids these are. A table in our own words is the one that the command line reads, with the same ids."""
    ours = all(header_key(choice.header) == name for name, choice in reading.columns.items() if choice.header)
    return CANONICAL_SOURCE if ours else reading.source[:60]


def told(each: Look, suggested: Reading, known: bool) -> dict[str, Any]:
    """A look as JSON, for the page; `suggested` is what was recognised in it."""
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
        "suggested": {name: choice.header for name, choice in suggested.columns.items() if choice.header},
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


def _fields() -> dict[str, str]:
    """The custom fields of accounts, by the name of their column."""
    found = {one.column: one.name for one in custom.fields()}
    db.session.commit()  # of reads alone
    return found
