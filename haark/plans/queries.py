"""Reading a success plan: objectives judged on a day, milestones by phase."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from haark.access import Owned, owned_by
from haark.accounts.models import Account
from haark.extensions import db
from haark.plans import rules
from haark.plans.models import Milestone, Objective, Plan
from haark.plans.rules import Aim


@dataclass(frozen=True)
class ObjectiveRow:
    """An objective with what the rules say of it. `progress` 0 to 1 or None; `gaps` are fields it lacks to be SMART."""

    id: int
    aim: Aim
    current_on: date | None
    standing: str
    state: str
    progress: float | None
    gaps: tuple[str, ...]
    letters: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class MilestoneRow:
    """A step of the plan; `state` is `late` when its date is past and it is not done."""

    id: int
    phase: str
    title: str
    starts_on: date | None
    due_on: date | None
    state: str


@dataclass(frozen=True)
class PlanTab:
    """The plan of an account as of a day. `plan_id` is None until something was written."""

    account_id: int
    plan_id: int | None
    vision: str
    version: int
    objectives: tuple[ObjectiveRow, ...]
    phases: tuple[tuple[str, tuple[MilestoneRow, ...]], ...]

    @property
    def incomplete(self) -> int:
        """How many objectives are not SMART yet."""
        return sum(1 for row in self.objectives if row.gaps)

    @property
    def milestones(self) -> tuple[MilestoneRow, ...]:
        return tuple(row for _phase, rows in self.phases for row in rows)


@owned_by("plan")
def owner_of_plan(ident: int) -> Owned | None:
    plan = db.session.get(Plan, ident)
    return None if plan is None else _owned(plan.account_id, False)


@owned_by("objective")
def owner_of_objective(ident: int) -> Owned | None:
    row = db.session.get(Objective, ident)
    return None if row is None else _owned(row.account_id, row.deleted_at is not None)


@owned_by("removed_objective")
def owner_of_removed_objective(ident: int) -> Owned | None:
    row = db.session.get(Objective, ident)
    return None if row is None else _owned(row.account_id, row.deleted_at is None)


@owned_by("milestone")
def owner_of_milestone(ident: int) -> Owned | None:
    row = db.session.get(Milestone, ident)
    return None if row is None else _owned(row.account_id, row.deleted_at is not None)


@owned_by("removed_milestone")
def owner_of_removed_milestone(ident: int) -> Owned | None:
    row = db.session.get(Milestone, ident)
    return None if row is None else _owned(row.account_id, row.deleted_at is None)


def aim_of(row: Objective) -> Aim:
    """An objective as the rules see it."""
    return Aim(**{name: getattr(row, name) for name in Aim.__dataclass_fields__})


def objectives(account_id: int, on: date) -> tuple[ObjectiveRow, ...]:
    """The objectives of an account in their order, judged on a day."""
    query = db.select(Objective).where(Objective.account_id == account_id, Objective.deleted_at.is_(None))
    rows = db.session.scalars(query.order_by(Objective.position, Objective.id))
    return tuple(_judged(row, on) for row in rows)


def milestones(account_id: int, on: date) -> tuple[MilestoneRow, ...]:
    """The milestones of an account in their order, with their state on a day."""
    query = db.select(Milestone).where(Milestone.account_id == account_id, Milestone.deleted_at.is_(None))
    rows = db.session.scalars(query.order_by(Milestone.position, Milestone.id))
    return tuple(
        MilestoneRow(
            row.id, row.phase, row.title, row.starts_on, row.due_on, rules.milestone_state(row.state, row.due_on, on)
        )
        for row in rows
    )


def tab(account_id: int, on: date) -> PlanTab:
    """Everything that plans/_tab.html shows."""
    plan = db.session.scalar(db.select(Plan).where(Plan.account_id == account_id))
    phases = groupby(milestones(account_id, on), key=lambda row: row.phase)
    return PlanTab(
        account_id=account_id,
        plan_id=plan.id if plan else None,
        vision=plan.vision if plan else "",
        version=plan.version if plan else 0,
        objectives=objectives(account_id, on),
        phases=tuple((phase, tuple(rows)) for phase, rows in phases),
    )


def _judged(row: Objective, on: date) -> ObjectiveRow:
    aim = aim_of(row)
    gaps = rules.smart_gaps(aim)
    return ObjectiveRow(
        id=row.id,
        aim=aim,
        current_on=row.current_on,
        standing=rules.standing(aim, on),
        state=rules.state(aim, on),
        progress=rules.progress(aim),
        gaps=gaps,
        letters=rules.smart_letters(gaps),
    )


def _owned(account_id: int, deleted: bool) -> Owned | None:
    columns = db.select(Account.owner_id, Account.sales_owner_id, Account.deleted_at).where(Account.id == account_id)
    row = db.session.execute(columns).one_or_none()
    if row is None:
        return None
    owners = frozenset(owner for owner in row[:2] if owner is not None)
    return Owned(owners, deleted or row.deleted_at is not None)
