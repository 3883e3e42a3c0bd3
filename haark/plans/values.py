"""The values measured of an objective: its `current` is always the one of the latest day (SP-2).

A value neither changes the objective's words nor its version: somebody who edits it meanwhile meets no conflict.
"""

from collections.abc import Sequence
from datetime import date, datetime

from haark.events.domain import differences, record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.plans.models import Objective, ObjectiveValue


def add(
    objective: Objective, value: float, on: date, *, source: str = "", by: int | None, at: datetime
) -> ObjectiveValue:
    """A value measured on day `on`. What was current without a history before becomes its first line."""
    _lock(objective)
    if objective.current is not None and objective.current_on is not None and not of([objective.id]):
        first = ObjectiveValue(objective_id=objective.id, on=objective.current_on, value=objective.current, at=at)
        first.source = objective.source
        db.session.add(first)
        db.session.flush()
    row = ObjectiveValue(objective_id=objective.id, on=on, value=value, source=source, by_id=by, at=at)
    db.session.add(row)
    db.session.flush()
    _follow(objective, by, at)
    return row


def remove(row: ObjectiveValue, *, by: int | None, at: datetime) -> None:
    """Takes a value away; the one of the latest day that is left becomes current, none when there is none."""
    objective = db.session.get_one(Objective, row.objective_id)
    _lock(objective)
    db.session.delete(row)
    db.session.flush()
    _follow(objective, by, at)


def of(objective_ids: Sequence[int]) -> list[ObjectiveValue]:
    """The values of these objectives, the earliest day first. One statement."""
    rows = db.select(ObjectiveValue).where(ObjectiveValue.objective_id.in_(objective_ids))
    return list(db.session.scalars(rows.order_by(ObjectiveValue.on, ObjectiveValue.id)))


def _lock(objective: Objective) -> None:
    """Two values written at once: the second one waits, and sees the first."""
    db.session.execute(db.select(Objective.id).where(Objective.id == objective.id).with_for_update())


def _follow(objective: Objective, by: int | None, at: datetime) -> None:
    before = {"current": objective.current, "current_on": objective.current_on}
    rows = of([objective.id])
    after = {"current": rows[-1].value, "current_on": rows[-1].on} if rows else dict.fromkeys(before)
    changes = differences(before, after)
    if not changes:
        return
    written = db.update(Objective).where(Objective.id == objective.id).values(**after)
    db.session.execute(written, execution_options={"synchronize_session": False})
    db.session.refresh(objective)
    told = {"title": objective.title, "changes": changes}
    subject = ("objective", objective.id)
    jobs.ring_for(record("objective.changed", at=at, by=by, account_id=objective.account_id, subject=subject, **told))
