"""The job that finishes an import whose rows are in."""

from datetime import date, datetime
from typing import Any

from haark import clock
from haark.extensions import db
from haark.intake import domain, undoing


def finish(args: dict[str, Any]) -> dict[str, int]:
    return domain.finish(args, db.session.commit)


def undo(args: dict[str, Any]) -> dict[str, int]:
    kept = undoing.undo(
        args["run_id"],
        by=args["by"],
        at=datetime.fromisoformat(args["at"]),
        on=date.fromisoformat(args["on"]),
        step=db.session.commit,
    )
    return {"kept": len(kept)}


def purge_undo() -> dict[str, int]:
    return {"purged": undoing.purge(clock.moment(), db.session.commit)}
