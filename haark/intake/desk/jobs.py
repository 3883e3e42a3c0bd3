"""The jobs of an import: the look at its files, the dry run, the import itself, its undoing, clearing away.

Each begins by asking whether it is still the one that the run names, and ends with one short transaction.
"""

from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from haark import clock
from haark.extensions import db, reading
from haark.files import domain as files
from haark.files import store
from haark.intake import domain as engine
from haark.intake import runs
from haark.intake.desk import domain, looks, remembering
from haark.intake.desk.checking import examine
from haark.intake.desk.laying import laid_out, used, work_of
from haark.intake.desk.progress import tell_writing, teller
from haark.intake.known import Viewer
from haark.intake.models import ImportFile, ImportRun
from haark.intake.report import Report
from haark.intake.wording import AtFault
from haark.people.models import User
from haark.settings import queries as settings

KEPT_DAYS = 30


class _Superseded(Exception):
    """Somebody changed the import meanwhile: another job has it."""


def look(run_id: int, job_id: int) -> dict[str, Any]:
    """Looks at the files that nobody looked at yet, then asks for the dry run where nothing is left to answer."""
    with reading():
        rows = [row for row in domain.tables(run_id) if not row.found or "again" in row.found]
    seen = [(row, looks.taken_again(row) if row.found else looks.taken(row, at=clock.moment())) for row in rows]
    run = _mine(run_id, job_id, "draft")
    if run is None:
        return {}
    for row, columns in seen:
        _replace(row, columns)
    domain.recheck(run, by=run.created_by_id)
    return {"files": len(seen)}


def check(run_id: int, job_id: int) -> dict[str, Any]:
    """The dry run, for the run's page."""
    with reading():
        run = db.session.get(ImportRun, run_id)
        rows = used(domain.tables(run_id))
        viewer, language = _maker(run)
    try:
        tell = teller(job_id, rows, lambda: _watch(run_id, job_id))
        with (
            laid_out(rows) as paths,
            engine.staged(work_of(rows, paths), viewer=viewer, progress=tell) as stager,
            force_locale(language),
        ):
            found = examine(stager, rows)
    except AtFault as fault:
        return _failed(run_id, job_id, "checking", fault)
    except _Superseded:
        return {}
    written = None
    if found.refused:
        written = store.write(found.refused[1])
    run = _mine(run_id, job_id, "checking")
    if run is None:
        return {}
    if found.refused and written:
        kept = files.enter(written, len(found.refused[1]), found.refused[0], looks.MEDIA, at=clock.moment())
        run.refused_file_id = kept.id
    else:
        run.refused_file_id = None
    run.counts, run.examples, run.refusals = runs.counts(found.report), found.examples, found.refusals
    run.notes = [note.as_data() for note in found.report.notes]
    run.state, run.checked_at, run.error = "checked", clock.moment(), []
    return {"refused": len(found.refusals)}


def apply(run_id: int, job_id: int) -> dict[str, Any]:
    """The import: everything is read again, then written together. Killed at any instant, it is done once or not."""
    with reading():
        run = db.session.get(ImportRun, run_id)
        rows = used(domain.tables(run_id))
        viewer, _language = _maker(run)
    if run is None or run.state != "applying" or run.job_id != job_id:
        return {}
    by, names = run.created_by_id, [row.name for row in rows]
    try:
        tell = teller(job_id, rows, lambda: None)
        with laid_out(rows) as paths, engine.staged(work_of(rows, paths), viewer=viewer, progress=tell) as stager:
            report = Report(notes=list(stager.notes))
            engine.check_any(stager.scratch, report)
            tell_writing(job_id, rows)
            moved = engine.apply(stager, report, run_id, by=by, at=clock.moment(), on=clock.today(), files=names)
    except AtFault as fault:
        return _failed(run_id, job_id, "applying", fault)
    except runs.Gone:
        return {}
    remembering.keep(rows, by=by, at=clock.moment())
    if not moved:
        run = _mine(run_id, job_id, "applying")
        if run is not None:
            run.state, run.applied_at, run.counts = "done", clock.moment(), runs.counts(report)
    return {}


def clear() -> dict[str, Any]:
    """Files of imports older than thirty days are no longer needed (intake.undoing clears its own)."""
    before = clock.moment() - timedelta(days=KEPT_DAYS)
    old = select(ImportRun.id).where(ImportRun.created_at < before)
    held = select(ImportFile).where(ImportFile.run_id.in_(old), ImportFile.file_id.is_not(None))
    past = select(ImportRun).where(ImportRun.created_at < before, ImportRun.refused_file_id.is_not(None))
    spare: set[int | None] = set()
    for row in db.session.scalars(held).all():
        spare.add(row.file_id)
        row.file_id = None
    for run in db.session.scalars(past).all():
        spare.add(run.refused_file_id)
        run.refused_file_id = None
    db.session.flush()
    freed = files.forget(sorted(ident for ident in spare if ident))
    db.session.commit()
    for digest in freed:
        store.remove(digest)
    return {"files": len(freed)}


def _maker(run: ImportRun | None) -> tuple[Viewer | None, str]:
    """Whose rows count: a CSM's only about what is theirs to change. And the language of the reasons."""
    user = db.session.get(User, run.created_by_id) if run and run.created_by_id else None
    if user is None:
        return None, "fr"
    free = user.runs_all or bool(settings.get("open_editing"))
    return (None if free else Viewer(user.id)), user.language


def _mine(run_id: int, job_id: int, state: str) -> ImportRun | None:
    """The run, to be written to, while this job is the one that counts for it."""
    run = db.session.get(ImportRun, run_id, populate_existing=True)
    return run if run is not None and run.job_id == job_id and run.state == state else None


def _watch(run_id: int, job_id: int) -> None:
    with reading():
        current = db.session.scalar(select(ImportRun.job_id).where(ImportRun.id == run_id))
    if current != job_id:
        raise _Superseded


def _failed(run_id: int, job_id: int, state: str, fault: AtFault) -> dict[str, Any]:
    """A file or the whole cannot be taken: said on the page, where it can be put right."""
    db.session.rollback()
    run = _mine(run_id, job_id, state)
    done = _mine(run_id, job_id, "done")
    if run is not None:
        run.state, run.error = "failed", fault.sentence.as_data()
    elif done is not None:  # the rows are in; what should have followed failed
        done.notes = [*done.notes, fault.sentence.as_data()]
    return {"failed": str(fault)}


def _replace(row: ImportFile, columns: list[dict[str, Any]]) -> None:
    """The row says what was found in its file; further tables of it get rows of their own."""
    present = db.session.get(ImportFile, row.id, populate_existing=True)
    if present is None:
        return
    first, *others = columns or [{"found": {"error": ["", {}]}}]
    for name, value in first.items():
        setattr(present, name, value)
    for other in others:
        db.session.add(ImportFile(run_id=present.run_id, position=present.position, **other))
    db.session.flush()
