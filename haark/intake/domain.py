"""Importing files: read and judge everything first, then apply what holds, together.

`import_paths` runs its own short transactions: reading takes none, applying takes one, and what may follow it (usage
beyond what fits in one, the cards of the portfolio) is a job written in that transaction, so that a kill at any
instant leaves either nothing or something that will be finished. See docs/decisions/import-in-one-piece.md.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from haark import clock
from haark.accounts import domain as accounts
from haark.events import domain as events
from haark.extensions import db
from haark.intake import archive, mapfile, recording
from haark.intake.converters import Context
from haark.intake.known import Known
from haark.intake.landing import FINISH, classify_only, land, write_rest
from haark.intake.report import Report, write_refused
from haark.intake.scratch import Scratch, Stage
from haark.intake.sources import locate
from haark.intake.stage import Stager
from haark.intake.wording import N_, AtFault, Sentence
from haark.jobs import domain as jobs
from haark.jobs import runner
from haark.jobs.models import Job
from haark.settings import domain as settings

# Seconds after which a scratch file that no job names belongs to a process that was killed while reading.
ABANDONED_AFTER = 24 * 3600
Progress = Callable[[int, str], None]


def silent(_rows: int, _file: str) -> None:
    return None


def import_paths(
    paths: Sequence[Path],
    mapping: Path | None = None,
    *,
    dry_run: bool = False,
    by: int | None,
    at: datetime,
    on: date,
    progress: Progress = silent,
    ring: bool = True,
) -> Report:
    """Imports files and folders; `mapping` is a TOML file (docs/import.md), without it file names are kinds.

    `by` is a user's id, `at` the business instant, `on` its date; `progress` hears (rows read, of which file). Refused
    rows are counted, and written to `report.refused_file`. Without `ring` nobody judges the accounts afterwards: the
    caller does, once all that belongs to them is there. Raises AtFault, having changed nothing, when a file or the
    mapping cannot be taken, or when no row holds. Must not be called inside an open transaction: it commits.
    """
    db.session.rollback()
    folder = Path(current_app.config["HAARK_DATA"]) / "imports"
    _resume(folder)
    read = mapfile.load(mapping) if mapping else None
    work, notes = locate(paths, read)
    scratch = Scratch(folder / f"{secrets.token_hex(8)}.scratch")
    keep = False
    try:
        known = Known.load()
        work = archive.prepare(work, known, scratch)
        stager = Stager(scratch, known, _context(), progress)
        db.session.rollback()  # settings were read: reading files must hold no lock
        for rule, path, source in work:
            stager.stage(rule, path, source)
        stager.finish()
        report = Report(notes=[*notes, *stager.notes])
        report.refused_file = write_refused(scratch, folder, clock.now())
        _check_any(scratch, report)
        if dry_run:
            classify_only(scratch, report)
            return report
        keep = True  # from the commit on, a job may need it
        job_id = land(scratch, report, by, at, on, [path.name for _, path, _ in work], ring)
        if job_id is not None:
            runner.run_row(job_id)
        keep = job_id is not None and not _finished(job_id, report)
        return report
    finally:
        scratch.close(remove=not keep)


def finish(args: dict[str, Any], step: Callable[[], None]) -> dict[str, int]:
    """What follows an applied import: the rest of its usage, the portfolio's cards, the news of it.

    `args` are those that `landing.land` wrote; `step` commits. Doing it again, wholly or from the middle, changes
    nothing. Returns the number of accounts whose amounts are in a currency without a rate. Raises FileNotFoundError
    when the rows that are still to be written are gone.
    """
    undo = Path(args["undo"]) if args.get("undo") else None
    if undo and undo.is_file():
        recording.seal(undo, Path(args["scratch"]))
    if args["stages"]:
        write_rest(Path(args["scratch"]), args["stages"], undo if undo and undo.is_file() else None)
    if undo:
        recording.hand_over(undo, args["run_id"], datetime.fromisoformat(args["at"]), step)
    refreshed = accounts.refresh_cards(args["accounts"], on=date.fromisoformat(args["on"]), step=step)
    event = events.record(
        "import.applied",
        at=datetime.fromisoformat(args["at"]),
        by=args["by"],
        subject=("import", None),
        files=args["files"],
        counts=args["counts"],
    )
    if args.get("ring", True):
        jobs.ring_for(event)
    return {"without_rate": refreshed.without_rate}


def _context() -> Context:
    return Context(
        zone=ZoneInfo(str(settings.get("organisation.timezone"))),
        currency=str(settings.get("organisation.currency")),
        language=str(settings.get("organisation.language")),
    )


def _check_any(scratch: Scratch, report: Report) -> None:
    for kind, refused in scratch.refusals.items():
        report.of(kind).refused = refused
    if any(stage.rows for stage in scratch.stages if _held(scratch, stage)):
        return
    if report.refused_file:
        raise AtFault(
            N_("Aucune ligne valable : %(count)s lignes refusées, avec leurs raisons dans « %(file)s »."),
            count=sum(scratch.refusals.values()),
            file=report.refused_file,
        )
    raise AtFault(N_("Aucune ligne à importer : les fichiers n’ont que leur en-tête."))


def _held(scratch: Scratch, stage: Stage) -> bool:
    row = scratch.connection.execute(f"SELECT 1 FROM {stage.name} LIMIT 1").fetchone()
    return row is not None


def _resume(folder: Path) -> None:
    """Finishes what a killed import left unfinished and nobody works on, and clears away what is worth nothing."""
    unfinished = select(Job.id, Job.args).where(Job.kind == FINISH, Job.state.in_(("queued", "running", "failed")))
    needed = {row.id: Path(row.args["args"]["scratch"]) for row in db.session.execute(unfinished)}
    db.session.rollback()
    for job_id, path in needed.items():
        runner.run_row(job_id)
        if _state(job_id)[0] == "done":
            path.unlink(missing_ok=True)
    for path in (*folder.glob("*.scratch"), *folder.glob("*.undo")):
        if path.with_suffix(".scratch") not in needed.values() and time.time() - path.stat().st_mtime > ABANDONED_AFTER:
            path.unlink(missing_ok=True)


def _finished(job_id: int, report: Report) -> bool:
    """Adds what the job has to say to the report; False when another process has it. Raises AtFault when it failed."""
    state, error, result = _state(job_id)
    if state == "failed":
        raise AtFault(
            N_("Les lignes sont importées, mais la fin de l’import a échoué : %(reason)s."), reason=Sentence(error)
        )
    if result.get("without_rate"):
        report.notes.append(
            Sentence(
                N_("Comptes dont la devise n’a pas de taux dans les réglages, laissés hors des totaux : %(count)s"),
                count=result["without_rate"],
            )
        )
    return state == "done"


def _state(job_id: int) -> tuple[str, str, dict[str, Any]]:
    row = db.session.execute(select(Job.state, Job.error, Job.result).where(Job.id == job_id)).one()
    db.session.rollback()
    return row.state, row.error, row.result or {}
