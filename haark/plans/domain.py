"""Verbs about success plans. Instants are business time; `by` is a user's id, None for Haark itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func

from haark.events.domain import differences, record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.plans.models import Milestone, Objective, Plan, PlanMember, PlanRisk

Part = Objective | Milestone | PlanRisk | PlanMember
KINDS = {Objective: "objective", Milestone: "milestone", PlanRisk: "risk", PlanMember: "member"}


def plan_of(account_id: int) -> Plan:
    """The account's plan, made when it had none."""
    plan: Plan | None = db.session.scalar(db.select(Plan).where(Plan.account_id == account_id))
    if plan is None:
        plan = Plan(account_id=account_id)
        db.session.add(plan)
        db.session.flush()
    return plan


def describe(plan: Plan, values: Mapping[str, Any], *, by: int | None, at: datetime) -> None:
    """The plan's own words: `title`, `vision` (what the client wants to become), `internal_note`."""
    changes = differences({name: getattr(plan, name) for name in values}, values)
    if changes:
        for name, value in values.items():
            setattr(plan, name, value)
        db.session.flush()
        record("plan.changed", at=at, by=by, account_id=plan.account_id, subject=("plan", plan.id), changes=changes)


def add(
    model: type[Part],
    account_id: int,
    values: Mapping[str, Any],
    *,
    by: int | None,
    at: datetime,
) -> Part:
    """A new objective, milestone, risk or member at the end of the plan, which is made when there was none."""
    plan_of(account_id)
    last = db.session.scalar(db.select(func.max(model.position)).where(model.account_id == account_id))
    part = model(account_id=account_id, position=0 if last is None else last + 1, **values)
    db.session.add(part)
    db.session.flush()
    _record(part, "added", by, at)
    return part


def change(part: Part, values: Mapping[str, Any], *, by: int | None, at: datetime) -> None:
    """Rewrites a part of the plan; what did not change leaves no event."""
    changes = differences({name: getattr(part, name) for name in values}, values)
    if changes:
        for name, value in values.items():
            setattr(part, name, value)
        db.session.flush()
        _record(part, "changed", by, at, changes=changes)


def remove(part: Part, *, by: int | None, at: datetime) -> None:
    """Takes it off the plan; `restore` brings it back."""
    part.deleted_at = at
    db.session.flush()
    _record(part, "removed", by, at)


def restore(part: Part, *, by: int | None, at: datetime) -> None:
    """Back on the plan, as it was."""
    part.deleted_at = None
    db.session.flush()
    _record(part, "restored", by, at)


def swap(part: Part, other: Part, *, by: int | None, at: datetime) -> None:
    """Two parts of a kind change places. Their words are untouched, so that whoever edits one meets no conflict."""
    model = type(part)
    live = db.select(model.id).where(model.account_id == part.account_id, model.deleted_at.is_(None))
    order = list(db.session.scalars(live.order_by(model.position, model.id)))
    if type(other) is not model or part.id not in order or other.id not in order:
        return
    here, there = order.index(part.id), order.index(other.id)
    order[here], order[there] = order[there], order[here]
    for position, ident in enumerate(order):
        moved = db.update(model).where(model.id == ident, model.position != position)
        db.session.execute(moved.values(position=position), execution_options={"synchronize_session": False})
    for one in (part, other):
        db.session.refresh(one)
    record("plan.reordered", at=at, by=by, account_id=part.account_id, subject=(KINDS[model], part.id))


def _record(part: Part, verb: str, by: int | None, at: datetime, **data: Any) -> None:
    kind = KINDS[type(part)]
    subject = (kind, part.id)
    told = {"title": part.name if isinstance(part, PlanMember) else part.title, **data}
    jobs.ring_for(record(f"{kind}.{verb}", at=at, by=by, account_id=part.account_id, subject=subject, **told))
