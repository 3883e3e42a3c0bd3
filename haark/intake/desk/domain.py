"""An import in the browser, step by step: files, columns, dry run, import. Rules as everywhere: flush at most.

What takes time is a job. A change while one runs makes it void: the job that a run names is the only one that counts.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from haark.extensions import db
from haark.files import domain as files
from haark.intake.desk.laying import CORRECTIONS, reading_of, used
from haark.intake.desk.looks import MEDIA
from haark.intake.kinds import KINDS
from haark.intake.looking import Choice, Reading
from haark.intake.models import ImportFile, ImportRun
from haark.jobs import domain as jobs
from haark.jobs.models import OPEN_STATES, Job

EDITABLE = ("draft", "checking", "checked", "failed")
LOOK, CHECK, APPLY = "intake.look", "intake.check", "intake.apply"


class Closed(Exception):
    """The import was applied, or is being: its files and columns stay as they are."""


class Outdated(Exception):
    """Somebody changed this meanwhile."""


class NotReady(Exception):
    """Something has to be answered first."""


class Twice(Exception):
    """Two columns of the file for one field; `field` is its canonical name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Sent:
    """A file that was sent; its bytes are in the store already."""

    digest: str
    size: int
    name: str


def begin(sent: Sequence[Sent], *, by: int, at: datetime) -> ImportRun:
    """A new import of these files, which a job looks at."""
    run = ImportRun(state="draft", created_at=at, created_by_id=by)
    db.session.add(run)
    db.session.flush()
    add(run, sent, by=by, at=at)
    return run


def add(run: ImportRun, sent: Sequence[Sent], *, by: int, at: datetime) -> None:
    """More files for an import. A name that is there already gets a number. Raises Closed."""
    _check_open(run)
    rows = tables(run.id)
    names = {row.name for row in rows}
    place = max((row.position for row in rows), default=-1) + 1
    for position, one in enumerate(sent, start=place):
        kept = files.enter(one.digest, one.size, one.name, MEDIA, at=at)
        name = _free(kept.name, names)
        names.add(name)
        db.session.add(ImportFile(run_id=run.id, position=position, file_id=kept.id, name=name, size=one.size))
    db.session.flush()
    _ask(run, LOOK, by)


def drop(run: ImportRun, table: ImportFile, *, by: int) -> None:
    """The import without this table. Raises Closed."""
    _check_open(run)
    db.session.delete(table)
    db.session.flush()
    recheck(run, by=by)


def discard(run: ImportRun) -> list[int]:
    """Throws away an import that was not applied. Returns the ids of files that may be forgotten. Raises Closed."""
    _check_open(run)
    mine = [row.file_id for row in tables(run.id) if row.file_id] + [run.refused_file_id or 0]
    db.session.execute(db.delete(ImportFile).where(ImportFile.run_id == run.id))
    db.session.delete(run)
    db.session.flush()
    return [ident for ident in mine if ident]


def look_again(run: ImportRun, table: ImportFile, kind: str, header_row: int | None, *, by: int) -> None:
    """Another kind, or other headers: a job suggests its columns anew. `kind` "" leaves it out. Raises Closed."""
    _check_open(run)
    if kind and kind not in KINDS:
        raise ValueError(kind)
    table.kind = kind
    if kind and "columns" in table.found:
        table.found = {**table.found, "again": {"kind": kind, "header_row": header_row}}
        db.session.flush()
        _ask(run, LOOK, by)
    else:
        recheck(run, by=by)


def settle(
    run: ImportRun,
    table: ImportFile,
    fields: Mapping[str, str],
    *,
    date_order: str | None,
    decimal: str | None,
    seen: str,
    by: int,
) -> None:
    """How the table is read: `fields` says the canonical column of each header ("" ignores it).

    `seen` is the `mark` of what was changed. Raises Closed, Outdated, and Twice, having changed nothing.
    """
    _check_open(run)
    if seen != mark(table):
        raise Outdated
    reading = replace(reading_of(table), columns=_columns(reading_of(table), fields))
    if date_order is not None:
        reading = replace(reading, date_order=date_order)
    if decimal is not None:
        reading = replace(reading, decimal=decimal)
    table.reading = {**table.reading, **reading.to_json()}
    recheck(run, by=by)


def correct(run: ImportRun, table: ImportFile, row: int, cells: Sequence[str], *, by: int) -> None:
    """A refused row as it should have been; it is judged again with the rest. Raises Closed."""
    _check_open(run)
    kept = {**table.reading.get(CORRECTIONS, {}), str(row): list(cells)}
    table.reading = {**table.reading, CORRECTIONS: kept}
    recheck(run, by=by)


def recheck(run: ImportRun, *, by: int | None) -> None:
    """After a change the dry run is void; a new one is asked for as soon as nothing is left to answer."""
    _forget(run)
    rows = tables(run.id)
    if any("again" in row.found or not row.found for row in rows):
        _ask(run, LOOK, by)
    elif ready(rows):
        _ask(run, CHECK, by)
        run.state = "checking"
    else:
        run.job_id = None
    db.session.flush()


def apply(run: ImportRun, *, version: int, by: int) -> None:
    """Asks for the import of what was checked. Raises NotReady, and Outdated when it is not what was seen."""
    if version != run.version:
        raise Outdated
    if run.state != "checked" or not accepted(run):
        raise NotReady
    _ask(run, APPLY, by)
    run.state = "applying"
    db.session.flush()


def retry(run: ImportRun, *, by: int) -> None:
    """Has the job that failed tried again. Raises NotReady when it did not fail."""
    job = db.session.get(Job, run.job_id) if run.job_id else None
    if job is None or job.state != "failed":
        raise NotReady
    jobs.retry(job, by=by)


def tables(run_id: int) -> list[ImportFile]:
    """The tables of an import, in the order in which they were sent."""
    found = db.select(ImportFile).where(ImportFile.run_id == run_id).order_by(ImportFile.position, ImportFile.id)
    return list(db.session.scalars(found))


def ready(rows: Sequence[ImportFile]) -> bool:
    """Whether the tables can be checked: one at least has a kind, and nothing is left to answer."""
    return bool(used(rows)) and not any(questions(row) for row in rows)


def questions(table: ImportFile) -> list[tuple[str, str]]:
    """What is left to answer before the table can be read: (`kind` | `dates` | `missing`, canonical column)."""
    if "error" in table.found:
        return []
    if not table.kind or "columns" not in table.found:
        return []
    reading = reading_of(table)
    needed = [column.name for column in KINDS[table.kind].columns if column.required]
    asked = [("missing", name) for name in needed if name not in reading.columns]
    return asked if reading.date_order else [*asked, ("dates", "")]


def mark(table: ImportFile) -> str:
    """Changes with everything that a person may change about the table."""
    told = json.dumps([table.kind, table.reading], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def accepted(run: ImportRun) -> int:
    """Rows that the import would write."""
    return sum(kind["new"] + kind["changed"] for kind in run.counts.values())


def at_work(run: ImportRun) -> bool:
    """Whether the run's job has not ended yet."""
    job = db.session.get(Job, run.job_id) if run.job_id else None
    return job is not None and job.state in OPEN_STATES


def _columns(reading: Reading, fields: Mapping[str, str]) -> dict[str, Choice]:
    """The reading's columns after these choices; constants, and what it says of a header, stay."""
    known = {choice.header: choice for choice in reading.columns.values() if choice.header}
    wanted: dict[str, Choice] = {}
    for header, name in fields.items():
        if not name:
            continue
        if name in wanted:
            raise Twice(name)
        before = reading.columns.get(name)
        wanted[name] = _apart(before, fields) if before and before.header == header else Choice(header=header)
    for name, choice in reading.columns.items():
        if name not in wanted and (not choice.header or choice.header not in fields):
            wanted[name] = choice
    return wanted if known or wanted else {}


def _apart(choice: Choice, fields: Mapping[str, str]) -> Choice:
    """The choice without the further headers that are now columns of their own."""
    other = "" if fields.get(choice.other) else choice.other
    return replace(choice, join=tuple(header for header in choice.join if not fields.get(header)), other=other)


def _ask(run: ImportRun, kind: str, by: int | None) -> None:
    _forget(run)
    run.job_id = jobs.enqueue(kind, args={"run_id": run.id}, by=by).id


def _forget(run: ImportRun) -> None:
    """What the last job found is of what was before."""
    if run.state in EDITABLE:
        run.state, run.error = "draft", []


def _check_open(run: ImportRun) -> None:
    if run.state not in EDITABLE:
        raise Closed


def _free(name: str, names: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    number, free = 1, name
    while free in names:
        number += 1
        free = f"{stem} ({number}){dot}{suffix}" if dot else f"{name} ({number})"
    return free
