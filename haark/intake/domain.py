"""Importing files: read and judge everything first, then apply what holds, together.

`import_paths` runs its own short transactions: reading takes none, applying takes one, and what may follow it (usage
beyond what fits in one, the cards of the portfolio) is a job written in that transaction, so that a kill at any
instant leaves either nothing or something that will be finished. See docs/decisions/import-in-one-piece.md.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from haark import clock
from haark.accounts import domain as accounts
from haark.events import domain as events
from haark.extensions import db
from haark.intake import mapping as mappings
from haark.intake.apply import THINGS, Rows, write_events
from haark.intake.converters import Context
from haark.intake.known import Known
from haark.intake.report import Report, write_refused
from haark.intake.scratch import Scratch, Stage
from haark.intake.sources import locate
from haark.intake.stage import Stager
from haark.intake.target import Target, reach
from haark.intake.usage import CHUNK, Slice, Usage
from haark.intake.wording import N_, AtFault, Sentence
from haark.jobs import domain as jobs
from haark.jobs import runner
from haark.jobs.models import Job
from haark.jobs.pace import pace
from haark.settings import domain as settings

FINISH = "intake.finish"
TRIES = 3
# Beyond this many accounts the follow-up looks at all of them instead of carrying a list.
NAMED_ACCOUNTS = 5_000
Progress = Callable[[int, int, str], None]


def silent(_done: int, _total: int, _message: str) -> None:
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
) -> Report:
    """Imports files and folders; `mapping` is a TOML file (docs/import.md), without it file names are kinds.

    `by` is a user's id, `at` the business instant, `on` its date. `progress` hears (done, total, what). Refused rows are
    counted and written to `report.refused_file`. Raises AtFault, having changed nothing, when a file or the mapping
    cannot be taken, or when no row holds. Must not be called inside an open transaction: it commits.
    """
    db.session.rollback()
    _resume()
    read = mappings.load(mapping) if mapping else None
    work, notes = locate(paths, read)
    folder = Path(current_app.config["HAARK_DATA"]) / "imports"
    scratch = Scratch(folder / f"{secrets.token_hex(8)}.scratch")
    keep = False
    try:
        stager = Stager(scratch, Known.load(), _context(), progress)
        db.session.rollback()  # settings were read: reading files must hold no lock
        for rule, path, source in work:
            stager.stage(rule, path, source)
        stager.finish()
        report = Report(notes=[*notes, *stager.notes])
        report.refused_file = write_refused(scratch, folder, clock.now())
        _check_any(scratch, report)
        if dry_run:
            _classify_only(scratch, report)
            return report
        job_id = _apply(scratch, report, by, at, on, [path.name for _, path, _ in work])
        if job_id is not None:
            keep = True
            runner.run_row(job_id)
            _check_finished(job_id)
        return report
    finally:
        scratch.close(remove=not keep)


def finish(args: dict[str, Any], step: Callable[[], None]) -> None:
    """What follows an applied import: the rest of its usage, the portfolio's cards, the news of it.

    `args` are those that `_apply` wrote; `step` commits. Doing it again, wholly or from the middle, changes nothing.
    """
    path = Path(args["scratch"])
    if args["stages"] and path.exists():
        _write_rest(path, args["stages"])
    accounts.refresh_cards(args["accounts"], on=date.fromisoformat(args["on"]), step=step)
    event = events.record(
        "import.applied",
        at=datetime.fromisoformat(args["at"]),
        by=args["by"],
        subject=("import", None),
        files=args["files"],
        counts=args["counts"],
    )
    jobs.ring_for(event)
    path.unlink(missing_ok=True)


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
    row = scratch.connection.execute(f"SELECT 1 FROM {stage.name} LIMIT 1").fetchone()  # noqa: S608 - our own name
    return row is not None


def _classify_only(scratch: Scratch, report: Report) -> None:
    scratch.commit()
    with reach(scratch) as target:
        _reading(target)
        _classify(target, scratch.stages, scratch, report)


def _apply(scratch: Scratch, report: Report, by: int | None, at: datetime, on: date, files: list[str]) -> int | None:
    """The transaction that makes the import true. Returns the job that finishes it, None when nothing changed."""
    scratch.commit()
    for attempt in range(1, TRIES + 1):
        try:
            with reach(scratch) as target:
                _reading(target)
                report_now = Report(notes=report.notes, refused_file=report.refused_file)
                _classify(target, scratch.stages, scratch, report_now)
                report.kinds = report_now.kinds
                if not report.moved:
                    return None
                _writing(target)
                later = _write(target, scratch.stages, by, at)
                job_id = _ask_finish(target, scratch, later, report, by, at, on, files)
                target.connection.commit()
                return job_id
        except IntegrityError:
            # Somebody wrote one of these rows between our look and our writing: look again.
            if attempt == TRIES:
                raise
    return None


def _reading(target: Target) -> None:
    """On SQLite, judging what is new takes no write lock; on PostgreSQL it is part of the one transaction."""
    if target.sqlite:
        target.connection.execution_options(readonly=True)


def _writing(target: Target) -> None:
    if target.sqlite:
        target.connection.commit()
        target.connection.execution_options(readonly=False)


def _classify(target: Target, stages: Iterable[Stage], scratch: Scratch, report: Report) -> None:
    done: list[Stage] = []
    for stage in in_order(stages):
        kind = report.of(stage.kind.name)
        if stage.kind.known_by == "usage":
            counts = Usage(target, stage).classify()
        else:
            counts = Rows(target, stage, done).classify()
        kind.new += counts.new
        kind.changed += counts.changed
        kind.unchanged += counts.unchanged
        done.append(stage)
    for name, refused in scratch.refusals.items():
        report.of(name).refused = refused
    for name, twice in scratch.twice.items():
        report.of(name).unchanged += twice


def in_order(stages: Iterable[Stage]) -> list[Stage]:
    """Accounts before what speaks of them; the rest as it was read, which is the order of the kinds."""
    return sorted(stages, key=lambda stage: stage.kind.known_by != "account")


def _write(target: Target, stages: Sequence[Stage], by: int | None, at: datetime) -> list[Stage]:
    """Writes all stages, but for usage that would hold SQLite's write lock too long: that is returned."""
    later: list[Stage] = []
    for stage in in_order(stages):
        if stage.kind.known_by == "usage":
            continue
        rows = Rows(target, stage)
        changes = rows.changes()
        rows.write(at)
        thing = THINGS[stage.kind.name]
        told = ((f"{thing}.changed", account, row, {"changes": fields}) for row, account, fields in changes)
        write_events(target, told, thing, at, by)
        rows.announce(at, by)
    _write_features(target)
    usage = [stage for stage in stages if stage.kind.known_by == "usage"]
    big = target.sqlite and sum(stage.rows for stage in usage) > CHUNK
    for stage in usage:
        if big:
            later.append(stage)
        else:
            Usage(target, stage).write(Slice())
    return later


def _write_features(target: Target) -> None:
    """Features that usage names for the first time, and the ids for their references."""
    new = target.name("new_feature")
    target.run(
        f"INSERT INTO feature (key, name, premium, plan) SELECT n.key, n.key, :premium, '' FROM {new} n"  # noqa: S608
        " WHERE true ON CONFLICT (key) DO NOTHING",
        premium=False,
    )
    target.run(f"UPDATE {new} AS n SET id = (SELECT f.id FROM feature f WHERE f.key = n.key)")  # noqa: S608


def _ask_finish(
    target: Target,
    scratch: Scratch,
    later: list[Stage],
    report: Report,
    by: int | None,
    at: datetime,
    on: date,
    files: list[str],
) -> int:
    now = clock.now()
    args = {
        "scratch": str(scratch.path),
        "stages": [
            {"name": stage.name, "columns": stage.columns, "source": stage.source, "with_ids": stage.with_ids}
            for stage in later
        ],
        "accounts": _touched(target, scratch.stages),
        "files": files,
        "counts": {name: vars(kind) for name, kind in report.kinds.items()},
        "by": by,
        "at": at.isoformat(),
        "on": on.isoformat(),
    }
    asked = insert(Job).values(
        kind=FINISH,
        queue="bulk",
        args={"args": args},
        state="queued",
        requested_by_id=by,
        created_at=now,
        next_at=now + pace().ring_again,
    )
    return int(target.connection.execute(asked.returning(Job.id)).scalar_one())


def _touched(target: Target, stages: Iterable[Stage]) -> list[int] | None:
    """The accounts whose facts the import brought; None when there are too many to list."""
    found: set[int] = set()
    for stage in stages:
        if stage.kind.known_by == "key":
            continue
        if stage.kind.known_by == "usage":
            continue  # usage is on no card; the score that reads it is computed for all accounts
        rows = Rows(target, stage)
        account = "s.target" if stage.kind.known_by == "account" else rows.value("account_id")
        if stage.kind.known_by != "account" and "account_id" not in stage.columns:
            continue
        which = "s.state <> 'u'" if not stage.levels else "1 = 1"
        found |= {
            row[0]
            for row in target.rows(f"SELECT DISTINCT {account} FROM {rows.s} s WHERE {which}")  # noqa: S608
            if row[0] is not None
        }
        if len(found) > NAMED_ACCOUNTS:
            return None
    return sorted(found)


def _write_rest(path: Path, stages: list[dict[str, Any]]) -> None:
    """Usage in parts, each a short transaction; a part done twice changes nothing."""
    scratch = Scratch.reopen(path)
    try:
        with reach(scratch) as target:
            for given in stages:
                usage = Usage(target, Stage.of_usage(**given))
                _reading(target)
                parts = list(usage.slices())
                _writing(target)
                for part in parts:
                    usage.write(part)
                    target.connection.commit()
    finally:
        scratch.close(remove=False)


def _resume() -> None:
    """Finishes what a killed import left unfinished and nobody works on."""
    ids = db.session.scalars(select(Job.id).where(Job.kind == FINISH, Job.state.in_(("queued", "running")))).all()
    db.session.rollback()
    for job_id in ids:
        runner.run_row(job_id)


def _check_finished(job_id: int) -> None:
    state, error = db.session.execute(select(Job.state, Job.error).where(Job.id == job_id)).one()
    db.session.rollback()
    if state == "failed":
        raise AtFault(
            N_("Les lignes sont importées, mais la fin de l’import a échoué : %(reason)s."), reason=Sentence(str(error))
        )
