"""Landing staged rows in the product's tables: what is new or changed, then one transaction that makes it true.

On SQLite the look takes no write lock; only the writing does. Usage beyond what fits in a short transaction is left to
the job that finishes the import, and that job is written in the same transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from haark import clock
from haark.intake import adopting, archive, guarding, movements, recording
from haark.intake.apply import THINGS, Rows, created, write_events
from haark.intake.known import Viewer
from haark.intake.recording import Recorder
from haark.intake.report import Report
from haark.intake.scratch import Scratch, Stage
from haark.intake.target import Target, reach
from haark.intake.usage import CHUNK, Slice, Usage
from haark.jobs.models import Job
from haark.jobs.pace import pace

FINISH = "intake.finish"
TRIES = 3
# Of more new accounts than this, the events are left to the job that finishes, so many at a time.
NEWS = 20_000
# Beyond this many accounts the follow-up looks at all of them instead of carrying a list.
NAMED_ACCOUNTS = 5_000


def classify_only(scratch: Scratch, report: Report, then: Callable[[Target], None] = lambda _target: None) -> None:
    """What landing would do; `then` may look at the judged rows, and writes nothing."""
    scratch.commit()
    with reach(scratch) as target:
        _reading(target)
        _classify(target, scratch.stages, scratch, report)
        then(target)


def land(
    scratch: Scratch,
    report: Report,
    by: int | None,
    at: datetime,
    on: date,
    files: list[str],
    ring: bool = True,
    run_id: int | None = None,
    viewer: Viewer | None = None,
    settle: Callable[[Target], None] = lambda _target: None,
) -> int | None:
    """The transaction that makes the import true. Returns the job that finishes it, None when nothing changed.

    With the id of its ImportRun, what was before is kept in an undo file, which the finishing job gives to the run.
    `settle` is called in it, once all is written. `viewer`: whose the new accounts without an owner become.
    """
    scratch.commit()
    undo = scratch.path.with_suffix(".undo") if run_id is not None else None
    for attempt in range(1, TRIES + 1):
        try:
            with reach(scratch) as target:
                _reading(target)
                report_now = Report(notes=report.notes, refused_file=report.refused_file)
                _classify(target, scratch.stages, scratch, report_now)
                report.kinds = report_now.kinds
                guarding.check(target, scratch, viewer)
                if not report.moved:
                    return None
                for stage in scratch.stages:
                    if stage.kind.known_by == "account":
                        Rows(target, stage).count_places()
                _writing(target)
                recorder = Recorder(undo, target) if undo else None
                if recorder and viewer is not None:
                    recorder.owner_id = viewer.id
                try:
                    stages = scratch.stages if viewer is None else adopting.adopted(target, scratch.stages, viewer)
                    later = _write(target, stages, by, at, on, recorder)
                    undoing = {"run_id": run_id, "undo": str(undo) if undo else None}
                    job_id = _ask_finish(target, scratch, later, report, by, at, on, files, ring, undoing)
                    settle(target)
                    if recorder:
                        recorder.settle()
                finally:
                    if recorder:
                        recorder.close()
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


def _write(
    target: Target,
    stages: Sequence[Stage],
    by: int | None,
    at: datetime,
    on: date,
    recorder: Recorder | None = None,
) -> list[Stage]:
    """Writes all stages, but for usage that would hold SQLite's write lock too long: that is returned."""
    # Days that a row states outright win over the sums of rows with ids, however often either comes again.
    usage = sorted((stage for stage in stages if stage.kind.known_by == "usage"), key=lambda one: not one.with_ids)
    later = usage if target.sqlite and sum(stage.rows for stage in usage) > CHUNK else []
    now = [] if later else usage
    archive.write_people(target)
    archive.write_fields(target, at)
    if recorder and now and target.sqlite:
        recorder.before_usage(lambda undo: _record(target, now, undo))
    for stage in in_order(stages):
        if stage.kind.known_by == "usage":
            continue
        rows = Rows(target, stage)
        rows.recorder = recorder
        last = movements.newest(target) if stage.kind.name == "contacts" else None
        rows.write(at)
        changes = rows.told
        if recorder:
            recorder.changed(rows.table.name, changes)
        if last is not None:
            moved = movements.keep(target, last, changes, on)
            if recorder:
                recorder.added("contact_change", moved)
        thing = THINGS[stage.kind.name]
        told = ((f"{thing}.changed", account, row, {"changes": fields}) for row, account, fields in changes)
        write_events(target, told, thing, at, by)
        if not _announced_later(target, stage):
            rows.announce(at, by)
    _write_features(target, recorder)
    if recorder and not target.sqlite:
        _record(target, now, "pg_temp")
    for stage in now:
        Usage(target, stage).write(Slice())
    return later


def _announced_later(target: Target, stage: Stage) -> bool:
    """Whether the events of its new accounts are too many for SQLite's write lock: the finishing job writes them."""
    return target.sqlite and stage.kind.known_by == "account" and stage.rows > NEWS


def announce_rest(path: Path, names: list[str], by: int | None, at: datetime) -> None:
    """The events of new accounts, NEWS at a time; those that are there already are not written twice."""
    scratch = Scratch.reopen(path)
    try:
        with reach(scratch) as target:
            for name in names:
                s, low = target.name(name), 0
                while True:
                    _reading(target)
                    part = f"SELECT no FROM {s} WHERE state = 'n' AND no > :low ORDER BY no LIMIT {NEWS}"
                    high = target.rows(f"SELECT max(no) FROM ({part})", low=low)[0][0]
                    _writing(target)
                    if high is None:
                        break
                    new = (
                        "s.no > :low AND s.no <= :high AND NOT EXISTS (SELECT 1 FROM event e"
                        " WHERE e.account_id = s.target AND e.kind = 'account.created')"
                    )
                    created(target, s, "account", "s.target", "s.target", "s.name", at, by, new, low=low, high=high)
                    target.connection.commit()
                    low = high
    finally:
        scratch.close(remove=False)


def _record(target: Target, stages: Sequence[Stage], undo: str) -> None:
    for number, stage in enumerate(stages):
        Usage(target, stage).record(Slice(), number, undo)


def _write_features(target: Target, recorder: Recorder | None = None) -> None:
    """Features that usage names for the first time, and the ids for their references."""
    new = target.name("new_feature")
    written = target.rows(
        f"INSERT INTO feature (key, name, premium, plan) SELECT n.key, n.key, :premium, '' FROM {new} n"
        " WHERE true ON CONFLICT (key) DO NOTHING RETURNING id, key",
        premium=False,
    )
    target.run(f"UPDATE {new} AS n SET id = (SELECT f.id FROM feature f WHERE f.key = n.key)")
    if recorder:
        recorder.added(
            "feature", ({"id": ident, "key": key, "name": key, "premium": False, "plan": ""} for ident, key in written)
        )
        recorder.features(target.rows(f"SELECT n.ref, n.id FROM {new} n"))


def _ask_finish(
    target: Target,
    scratch: Scratch,
    later: list[Stage],
    report: Report,
    by: int | None,
    at: datetime,
    on: date,
    files: list[str],
    ring: bool,
    undoing: dict[str, Any],
) -> int:
    now = clock.now()
    args = {
        "scratch": str(scratch.path),
        "stages": [
            {"name": stage.name, "columns": stage.columns, "source": stage.source, "with_ids": stage.with_ids}
            for stage in later
        ],
        "announce": [stage.name for stage in scratch.stages if _announced_later(target, stage)],
        "accounts": _touched(target, scratch.stages),
        "files": files,
        "counts": {name: vars(kind) for name, kind in report.kinds.items()},
        "by": by,
        "at": at.isoformat(),
        "on": on.isoformat(),
        "ring": ring,
        **undoing,
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
            for row in target.rows(
                f"SELECT DISTINCT {account} FROM {rows.s} s WHERE {which} LIMIT {NAMED_ACCOUNTS + 2}"
            )
            if row[0] is not None
        }
        if len(found) > NAMED_ACCOUNTS:
            return None
    return sorted(found)


def write_rest(path: Path, stages: list[dict[str, Any]], undo: Path | None = None) -> None:
    """Usage in parts, each a short transaction; a part done twice changes nothing. `undo` gets what was before."""
    scratch = Scratch.reopen(path)
    number = recording.LATER
    try:
        with reach(scratch) as target:
            for given in stages:
                usage = Usage(target, Stage.of_usage(**given))
                _reading(target)
                parts = list(usage.slices())
                _writing(target)
                for part in parts:
                    if undo:
                        number += 1
                        keep = partial(usage.record, part, number)
                        recording.unchanged_since(target, keep, undo)
                    usage.write(part)
                    target.connection.commit()
    finally:
        scratch.close(remove=False)
