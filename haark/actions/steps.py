"""The parts of an action, in order, each ticked off on its own. The caller commits."""

from collections.abc import Sequence
from datetime import datetime

from haark.actions.models import ActionItem, ActionStep
from haark.events.domain import record
from haark.extensions import db

LONGEST = 200
MOST = 50  # of one action


def listed(action_id: int) -> Sequence[ActionStep]:
    """The steps of an action, the first first."""
    query = db.select(ActionStep).where(ActionStep.action_id == action_id)
    return db.session.scalars(query.order_by(ActionStep.position, ActionStep.id)).all()


def of(item: ActionItem, step_id: int) -> ActionStep | None:
    """A step of this action; another action's does not exist here."""
    step = db.session.get(ActionStep, step_id)
    return step if step is not None and step.action_id == item.id else None


def add(item: ActionItem, title: str, position: int | None = None, *, by: int | None, at: datetime) -> ActionStep:
    """A new step, at the end or before the one at `position`. ValueError without a title of 1 to 200 characters, or
    when there are 50."""
    title, rows = " ".join(title.replace("\x00", "").split()), list(listed(item.id))
    if not title or len(title) > LONGEST or len(rows) >= MOST:
        raise ValueError(title)
    step = ActionStep(action_id=item.id, title=title)
    rows.insert(len(rows) if position is None else max(0, min(position, len(rows))), step)
    db.session.add(step)
    _number(rows)
    record("action.step_added", at=at, by=by, account_id=item.account_id, subject=("action", item.id), title=title)
    return step


def tick(item: ActionItem, step: ActionStep, *, by: int | None, at: datetime) -> None:
    """Done, or not done after all. The first step that is done starts an action that was only open."""
    step.done_at, step.done_by_id = (None, None) if step.done_at else (at, by)
    if step.done_at and item.state == "open":
        item.state = "in_progress"
    db.session.flush()


def move(item: ActionItem, step: ActionStep, by_places: int) -> None:
    """Up (-1) or down (1) by one place; at the end it stays."""
    rows = [row for row in listed(item.id) if row.id != step.id]
    before = next(index for index, row in enumerate(listed(item.id)) if row.id == step.id)
    rows.insert(max(0, min(before + by_places, len(rows))), step)
    _number(rows)


def remove(item: ActionItem, step: ActionStep, *, by: int | None, at: datetime) -> None:
    """Takes a step away; `add` at its position brings it back."""
    title = step.title
    db.session.delete(step)
    db.session.flush()
    _number(listed(item.id))
    record("action.step_removed", at=at, by=by, account_id=item.account_id, subject=("action", item.id), title=title)


def _number(rows: Sequence[ActionStep]) -> None:
    for position, row in enumerate(rows):
        row.position = position
    db.session.flush()
