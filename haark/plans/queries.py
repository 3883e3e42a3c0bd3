"""Reading a success plan: objectives judged on a day, milestones by phase."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

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
    version: int = 1
    quote: str = ""
    source: str = ""
    owner_user_id: int | None = None
    owner_contact_id: int | None = None


@dataclass(frozen=True)
class MilestoneRow:
    """A step of the plan; `state` is `late` when its date is past and it is not done, `stored` what people chose."""

    id: int
    phase: str
    title: str
    starts_on: date | None
    due_on: date | None
    state: str
    stored: str = "todo"
    version: int = 1
    detail: str = ""
    owner_user_id: int | None = None
    owner_contact_id: int | None = None


@dataclass(frozen=True)
class PlanTab:
    """The plan of an account as of a day. `plan_id` is None until something was written."""

    account_id: int
    plan_id: int | None
    title: str
    vision: str
    internal_note: str
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
    return tuple(_placed(row, on) for row in rows)


def tab(account_id: int, on: date) -> PlanTab:
    """Everything that plans/_tab.html shows."""
    plan = db.session.scalar(db.select(Plan).where(Plan.account_id == account_id))
    phases = groupby(milestones(account_id, on), key=lambda row: row.phase)
    return PlanTab(
        account_id=account_id,
        plan_id=plan.id if plan else None,
        title=plan.title if plan else "",
        vision=plan.vision if plan else "",
        internal_note=plan.internal_note if plan else "",
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
        version=row.version,
        quote=row.quote,
        source=row.source,
        owner_user_id=row.owner_user_id,
        owner_contact_id=row.owner_contact_id,
    )


def _placed(row: Milestone, on: date) -> MilestoneRow:
    return MilestoneRow(
        id=row.id,
        phase=row.phase,
        title=row.title,
        starts_on=row.starts_on,
        due_on=row.due_on,
        state=rules.milestone_state(row.state, row.due_on, on),
        stored=row.state,
        version=row.version,
        detail=row.detail,
        owner_user_id=row.owner_user_id,
        owner_contact_id=row.owner_contact_id,
    )
