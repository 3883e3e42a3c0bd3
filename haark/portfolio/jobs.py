"""Many accounts changed at once, beside the pages: a part is committed at a time, and a second run goes on."""

from collections.abc import Sequence
from typing import Any

from haark import clock
from haark.extensions import db
from haark.jobs import runner
from haark.portfolio import bulk
from haark.portfolio.bulk import Turn
from haark.settings import domain as settings


def change(act: str, ids: Sequence[int], wanted: dict[str, Any], batch: int, by: int, job_id: int) -> dict[str, Any]:
    """`act` to these accounts, in the name of the user `by`."""
    turn = _turn(batch, by, job_id, len(ids))
    return {"changed": bulk.do(act, ids, wanted, turn)}


def undo(of: int, batch: int, by: int, count: int, job_id: int) -> dict[str, Any]:
    """What the batch `of` did is taken back."""
    changed, kept = bulk.undo(of, _turn(batch, by, job_id, count))
    return {"changed": changed, "kept": kept}


def _turn(batch: int, by: int, job_id: int, total: int) -> Turn:
    done = 0

    def step(number: int) -> None:
        nonlocal done
        db.session.commit()
        done += number
        runner.progress(job_id, done, total)

    at, on = clock.moment(), clock.today(str(settings.get("organisation.timezone")))
    return Turn(batch, by, at, on, few=False, step=step)
