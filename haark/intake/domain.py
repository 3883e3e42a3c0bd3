"""Importing files: read and judge everything first, then apply what holds, together.

`import_paths` runs its own short transactions: reading takes none, applying takes one, and what may follow it (usage
beyond what fits in one, the cards of the portfolio) is a job written in that transaction, so that a kill at any
instant leaves either nothing or something that will be finished. See docs/decisions/import-in-one-piece.md.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from haark import clock
from haark.accounts import domain as accounts
from haark.events import domain as events
from haark.extensions import db, stay_small
from haark.intake import archive, mapfile, recording, runs
from haark.intake.converters import Context
from haark.intake.known import Known, Viewer
from haark.intake.landing import FINISH, announce_rest, classify_only, land, write_rest
from haark.intake.mapping import TableRule
from haark.intake.report import Report, write_refused
from haark.intake.scratch import Scratch, Stage
from haark.intake.sources import locate
from haark.intake.stage import Corrections, Stager
from haark.intake.target import Target
from haark.intake.wording import N_, AtFault, Sentence
from haark.jobs import domain as jobs
from haark.jobs import runner
from haark.jobs.models import Job
from haark.settings import domain as settings

# Seconds after which a scratch file that no job names belongs to a process that was killed while reading.
ABANDONED_AFTER = 24 * 3600
Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class Item:
    """One table to import: by which rule, from which file, whose ids it carries, and what a person wrote over."""

    rule: TableRule
    path: Path
    source: str
    corrections: Corrections = field(default_factory=dict)


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
    listed: bool = True,
) -> Report:
    """Imports files and folders; `mapping` is a TOML file (docs/import.md), without it file names are kinds.

    `by` is a user's id, `at` the business instant, `on` its date; `progress` hears (rows read, of which file). Refused
    rows are counted, and written to `report.refused_file`. Without `ring` nobody judges the accounts afterwards: the
    caller does, once all that belongs to them is there. `listed`: among the imports that can be undone.
    Raises AtFault, having changed nothing, when a file or the mapping cannot be taken, or when no row holds. Must not
    be called inside an open transaction: it commits.
    """
    db.session.rollback()
    _resume(folder())
    read = mapfile.load(mapping) if mapping else None
    work, notes = locate(paths, read)
    with staged([Item(*each) for each in work], progress=progress) as stager:
        scratch = stager.scratch
        report = Report(notes=[*notes, *stager.notes])
        report.refused_file = write_refused(scratch, folder(), clock.now())
        check_any(scratch, report)
        if dry_run:
            classify_only(scratch, report)
            return report
        paths = [path for _, path, _ in work]
        run_id = runs.open_one(paths, [rule.kind.name for rule, _, _ in work], by=by, at=at) if listed else None
        moved = False
        try:
            moved = apply(stager, report, run_id, by=by, at=at, on=on, files=[path.name for path in paths], ring=ring)
        finally:
            if run_id is not None and not moved:
                runs.close(run_id)
        return report


def folder() -> Path:
    """Where files of imports that are under way stand on this machine."""
    return Path(current_app.config["HAARK_DATA"]) / "imports"


@contextmanager
def staged(work: Iterable[Item], *, viewer: Viewer | None = None, progress: Progress = silent) -> Iterator[Stager]:
    """All tables read and judged, in a scratch file that goes afterwards unless `stager.kept`. No lock is held.

    Raises AtFault for a file that cannot be taken.
    """
    stay_small()
    scratch = Scratch(folder() / f"{secrets.token_hex(8)}.scratch")
    known = Known.load(viewer)
    stager = Stager(scratch, known, _context(), progress)
    try:
        db.session.commit()  # settings were read: reading files must hold no lock
        items = list(work)
        ready = archive.prepare([(item.rule, item.path, item.source) for item in items], known, scratch)
        for item, (rule, path, source) in zip(items, ready, strict=True):
            stager.stage(rule, path, source, item.corrections)
        stager.finish()
        yield stager
    finally:
        scratch.close(remove=not stager.kept)


def apply(
    stager: Stager,
    report: Report,
    run_id: int | None,
    *,
    by: int | None,
    at: datetime,
    on: date,
    files: list[str],
    ring: bool = True,
) -> bool:
    """Makes what was staged true, together, as the import `run_id`, which is `done` in the same transaction.

    False when nothing was new or changed: then nothing was written, the run included. Commits.
    """
    stager.kept = True  # from the commit on, a job may need the scratch file
    stager.kept = (job_id := _land(stager, report, run_id, by, at, on, files, ring)) is not None
    if job_id is None:
        return False
    runner.run_row(job_id)
    stager.kept = not _finished(job_id, report)
    return True


def _land(
    stager: Stager,
    report: Report,
    run_id: int | None,
    by: int | None,
    at: datetime,
    on: date,
    files: list[str],
    ring: bool,
) -> int | None:
    def settle(target: Target) -> None:
        if run_id is not None:
            runs.settle(target, run_id, report, at)

    viewer = stager.known.viewer
    return land(stager.scratch, report, by, at, on, files, ring, run_id=run_id, viewer=viewer, settle=settle)


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
    if args.get("announce"):
        announce_rest(Path(args["scratch"]), args["announce"], args["by"], datetime.fromisoformat(args["at"]))
    if undo:
        recording.hand_over(undo, args["run_id"], datetime.fromisoformat(args["at"]), step)
    refreshed = accounts.refresh_cards(args["accounts"], on=date.fromisoformat(args["on"]), step=step)
    event = events.record(
        "import.applied",
        at=datetime.fromisoformat(args["at"]),
        by=args["by"],
        subject=("import", args.get("run_id")),
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


def check_any(scratch: Scratch, report: Report) -> None:
    """Counts the refused rows. Raises AtFault when no row holds."""
    for kind, refused in scratch.refusals.items():
        report.of(kind).refused = refused
    if any_held(scratch):
        return
    if report.refused_file:
        raise AtFault(
            N_("Aucune ligne valable : %(count)s lignes refusées, avec leurs raisons dans « %(file)s »."),
            count=sum(scratch.refusals.values()),
            file=report.refused_file,
        )
    raise AtFault(N_("Aucune ligne à importer : les fichiers n’ont que leur en-tête."))


def any_held(scratch: Scratch) -> bool:
    """Whether a single row holds."""
    return any(stage.rows for stage in scratch.stages if _held(scratch, stage))


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
