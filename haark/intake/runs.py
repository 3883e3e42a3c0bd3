"""The row of an import, as the engine writes it: what the command line sent, and what was done, with the doing."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update

from haark.extensions import db
from haark.intake.models import ImportFile, ImportRun
from haark.intake.report import Report
from haark.intake.target import Target


class Gone(Exception):
    """The import is not the one that was asked for any more: somebody changed or applied it meanwhile."""


def open_one(paths: Sequence[Path], kinds: Sequence[str], *, by: int | None, at: datetime) -> int:
    """The row of an import from the command line, whose files stay where they are. Commits."""
    run = ImportRun(state="applying", created_at=at, created_by_id=by)
    db.session.add(run)
    db.session.flush()
    for position, (path, kind) in enumerate(zip(paths, kinds, strict=True)):
        size = path.stat().st_size
        db.session.add(ImportFile(run_id=run.id, position=position, name=path.name[:255], size=size, kind=kind))
    db.session.commit()
    return run.id


def close(run_id: int) -> None:
    """Takes back the row of an import that changed nothing. Commits."""
    db.session.rollback()
    run = db.session.get(ImportRun, run_id)
    if run is not None and run.state == "applying":
        db.session.execute(db.delete(ImportFile).where(ImportFile.run_id == run_id))
        db.session.delete(run)
    db.session.commit()


def settle(target: Target, run_id: int, report: Report, at: datetime) -> None:
    """The import is done, in the transaction that makes it true. Raises Gone unless it was being applied."""
    table: Any = ImportRun.__table__
    done = (
        update(table)
        .where(table.c.id == run_id, table.c.state == "applying")
        .values(state="done", applied_at=at, counts=counts(report), version=table.c.version + 1)
    )
    if not target.connection.execute(done).rowcount:
        raise Gone


def counts(report: Report) -> dict[str, Any]:
    """The numbers of a report by kind, as the row keeps them."""
    return {name: dict(vars(kind)) for name, kind in report.kinds.items()}
