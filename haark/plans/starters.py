"""Plans to start from (SP-7): used, saved from a plan, taken away. Dates are kept as quarters to come."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from haark.events.domain import record
from haark.extensions import db
from haark.plans import domain, quarters
from haark.plans.models import Milestone, Objective, Plan, PlanRisk, PlanTemplate
from haark.settings import queries as settings

OBJECTIVE = ("title", "kpi", "why", "comparator", "unit", "target")
MILESTONE = ("title", "phase", "detail")
RISK = ("title", "impact", "mitigation")


class Used(Exception):
    """Somebody changed or started the plan since it was shown: starting twice would write everything twice."""


def use(plan: Plan, content: Mapping[str, Any], *, seen: int, by: int | None, at: datetime, on: date) -> dict[str, int]:
    """Adds what a template holds, with dates in the coming quarters; how many of each kind. `seen`: plan.version."""
    if plan.version != seen:
        raise Used
    fiscal = settings.get("fiscal_year_start")

    def dated(one: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        values = {name: one[name] for name in names if name in one}
        return {**values, "due_on": quarters.ahead(on, int(one["quarter"]), fiscal).end if one.get("quarter") else None}

    if not plan.title:
        plan.title = str(content.get("title", ""))[:200]
    if not plan.vision:
        plan.vision = str(content.get("vision", ""))
    flag_modified(plan, "title")  # so that its version counts on, whatever the words were
    for one in content.get("objectives", ()):
        domain.add(Objective, plan.account_id, {**dated(one, OBJECTIVE), "starts_on": on}, by=by, at=at)
    for one in content.get("milestones", ()):
        domain.add(Milestone, plan.account_id, dated(one, MILESTONE), by=by, at=at)
    for one in content.get("risks", ()):
        domain.add(PlanRisk, plan.account_id, {name: one[name] for name in RISK if name in one}, by=by, at=at)
    counts = {name: len(content.get(name, ())) for name in ("objectives", "milestones", "risks")}
    record("plan.started", at=at, by=by, account_id=plan.account_id, subject=("plan", plan.id), **counts)
    db.session.flush()
    return counts


def save(plan: Plan, name: str, language: str, *, by: int | None, at: datetime, on: date) -> PlanTemplate:
    """A template of this plan: its words, targets and order, no values, people, quotes or internal notes."""
    fiscal = settings.get("fiscal_year_start")

    def rows(model: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
        live = db.select(model).where(model.account_id == plan.account_id, model.deleted_at.is_(None))
        found = []
        for row in db.session.scalars(live.order_by(model.position, model.id)):
            one = {field: getattr(row, field) for field in names}
            due = getattr(row, "due_on", None)
            if due is not None:
                one["quarter"] = max(quarters.distance(on, due, fiscal), 1)
            found.append(one)
        return found

    content = {
        "title": plan.title,
        "vision": "",
        "objectives": rows(Objective, OBJECTIVE),
        "milestones": rows(Milestone, MILESTONE),
        "risks": rows(PlanRisk, RISK),
    }
    made = PlanTemplate(name=name, language=language, content=content, created_at=at, created_by_id=by)
    db.session.add(made)
    db.session.flush()
    record("plan_template.saved", at=at, by=by, subject=("plan_template", made.id), name=name)
    return made


def remove(template: PlanTemplate, *, by: int | None, at: datetime) -> None:
    """No plan starts from it any more; `restore` brings it back."""
    template.deleted_at = at
    db.session.flush()
    record("plan_template.removed", at=at, by=by, subject=("plan_template", template.id))


def restore(template: PlanTemplate, *, by: int | None, at: datetime) -> None:
    """Offered again."""
    template.deleted_at = None
    db.session.flush()
    record("plan_template.restored", at=at, by=by, subject=("plan_template", template.id))


def offered() -> list[PlanTemplate]:
    """The team's own templates, by name."""
    live = db.select(PlanTemplate).where(PlanTemplate.deleted_at.is_(None))
    return list(db.session.scalars(live.order_by(PlanTemplate.name, PlanTemplate.id)))
