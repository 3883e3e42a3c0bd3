"""What was agreed and what it brings: objectives, milestones, value, actions, open deals."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from haark.accounts.models import Contact
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.people.models import User
from haark.pipeline.models import Opportunity
from haark.pipeline.rules import CLOSED
from haark.plans.models import Milestone, Objective
from haark.reviews.facts.span import Span
from haark.value.models import RoiCase, RoiLine

OBJECTIVE = (
    "id",
    "title",
    "kpi",
    "why",
    "comparator",
    "unit",
    "baseline",
    "target",
    "current",
    "current_on",
    "starts_on",
    "due_on",
    "agreed_on",
    "agreed_by",
)
LINE = (
    "category",
    "label",
    "people",
    "hours_per_day",
    "days_per_year",
    "hourly_cost_cents",
    "saved_percent",
    "amount_cents",
    "note",
    "saved_percent_low",
    "saved_percent_high",
    "amount_low_cents",
    "amount_high_cents",
    "baseline",
    "present",
    "source",
    "confirmed_on",
    "confirmed_by",
)


def objectives(span: Span) -> list[dict[str, Any]]:
    """The plan's objectives, in its order."""
    rows = db.session.execute(
        select(*(getattr(Objective, name) for name in OBJECTIVE))
        .where(Objective.account_id == span.account_id, Objective.deleted_at.is_(None))
        .order_by(Objective.position, Objective.id)
    ).mappings()
    return [{name: _plain(row[name]) for name in OBJECTIVE} for row in rows]


def milestones(span: Span) -> list[dict[str, Any]]:
    """The plan's milestones, in its order."""
    names = ("id", "phase", "title", "starts_on", "due_on", "state")
    rows = db.session.execute(
        select(*(getattr(Milestone, name) for name in names))
        .where(Milestone.account_id == span.account_id, Milestone.deleted_at.is_(None))
        .order_by(Milestone.position, Milestone.id)
    ).mappings()
    return [{name: _plain(row[name]) for name in names} for row in rows]


def roi(span: Span) -> dict[str, Any] | None:
    """The value calculation as it was typed; the rules of `value` evaluate it. None where nobody entered one."""
    case = db.session.execute(
        select(RoiCase.id, RoiCase.licence_cents, RoiCase.one_time_cents).where(RoiCase.account_id == span.account_id)
    ).first()
    if case is None:
        return None
    rows = db.session.execute(
        select(*(getattr(RoiLine, name) for name in LINE)).where(RoiLine.case_id == case.id).order_by(RoiLine.position)
    ).mappings()
    return {
        "licence_cents": case.licence_cents,
        "one_time_cents": case.one_time_cents,
        "lines": [{name: _plain(value) for name, value in row.items()} for row in rows],
    }


def actions(span: Span) -> list[dict[str, Any]]:
    """What is open, and what was done in the period; `side` is `ours`, `theirs` or `` when nobody has it."""
    opening, closing = span.opening(span.now.start), span.closing(span.now.end)
    rows = db.session.execute(
        select(ActionItem.id, ActionItem.title, ActionItem.due_on, ActionItem.state, ActionItem.done_at)
        .add_columns(User.name.label("ours"), Contact.name.label("theirs"))
        .outerjoin(User, User.id == ActionItem.owner_user_id)
        .outerjoin(Contact, Contact.id == ActionItem.owner_contact_id)
        .where(
            ActionItem.account_id == span.account_id,
            ActionItem.deleted_at.is_(None),
            or_(
                ActionItem.state.in_(("open", "in_progress")),
                ActionItem.done_at.between(opening, closing),
            ),
        )
        .order_by(ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
    ).all()
    return [
        {
            "id": row.id,
            "title": row.title,
            "due_on": _plain(row.due_on),
            "state": row.state,
            "done_on": span.day_of(row.done_at).isoformat() if row.done_at else None,
            "owner": row.ours or row.theirs or "",
            "side": "ours" if row.ours else "theirs" if row.theirs else "",
        }
        for row in rows
    ]


def opportunities(span: Span) -> list[dict[str, Any]]:
    """Open deals of the account, the nearest first."""
    rows = db.session.execute(
        select(Opportunity.id, Opportunity.name, Opportunity.kind, Opportunity.stage, Opportunity.amount_cents)
        .add_columns(Opportunity.close_date, Opportunity.next_step)
        .where(Opportunity.account_id == span.account_id)
        .order_by(Opportunity.close_date.is_(None), Opportunity.close_date, Opportunity.id)
    ).mappings()
    opened = [row for row in rows if row["stage"].strip().lower() not in CLOSED]
    return [{name: _plain(value) for name, value in row.items()} for row in opened]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
