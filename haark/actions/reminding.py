"""What the digests, reminders and escalations of actions are made from, and who is due for one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, case, func, select

from haark import clock
from haark.accounts.models import Account, Contact
from haark.actions import rules
from haark.actions.models import ActionItem, ActionLink
from haark.extensions import db
from haark.notices import domain as notices
from haark.notices.models import Notice
from haark.people.models import User

OPEN = ("open", "in_progress")
MANAGERS = ("manager",)


def open_of(user_id: int) -> list[Row[Any]]:
    """The open actions of one of ours that have a due date: `id title due_on account_name`."""
    query = select(ActionItem.id, ActionItem.title, ActionItem.due_on, Account.name.label("account_name"))
    query = query.join(Account, Account.id == ActionItem.account_id).where(
        ActionItem.owner_user_id == user_id,
        ActionItem.state.in_(OPEN),
        ActionItem.due_on.is_not(None),
        ActionItem.deleted_at.is_(None),
        Account.deleted_at.is_(None),
    )
    return list(db.session.execute(query.order_by(ActionItem.due_on, ActionItem.id)))


def readers() -> list[Row[Any]]:
    """Who gets a digest: `id timezone digest_hour`."""
    query = select(User.id, User.timezone, User.digest_hour).where(User.active, User.digest)
    return list(db.session.execute(query.order_by(User.id)))


def due_clients(on: date, remind_days: int, zone: str) -> list[tuple[Contact, Account, list[ActionItem]]]:
    """The contacts who are reminded on a day, with all their dated open actions that are late or near: one reminder day
    of one of them makes the mail."""
    query = select(ActionItem, Contact, Account, ActionLink.at)
    query = query.join(Account, Account.id == ActionItem.account_id)
    query = query.join(Contact, Contact.id == ActionItem.owner_contact_id)
    query = query.outerjoin(
        ActionLink, (ActionLink.action_id == ActionItem.id) & (ActionLink.contact_id == Contact.id)
    ).where(
        ActionItem.state.in_(OPEN),
        ActionItem.due_on <= on + timedelta(max(remind_days, 0)),
        ActionItem.deleted_at.is_(None),
        Account.deleted_at.is_(None),
        Contact.left_on.is_(None),
        Contact.email != "",
    )
    rows = db.session.execute(query.order_by(Contact.id, ActionItem.due_on, ActionItem.id)).all()
    found = []
    for _ident, group in groupby(rows, key=lambda row: row.Contact.id):
        mine = list(group)
        if any(rules.client_due(row.ActionItem.due_on, on, remind_days, _day(row.at, zone)) for row in mine):
            found.append((mine[0].Contact, mine[0].Account, [row.ActionItem for row in mine]))
    return found


def _day(instant: datetime | None, zone: str) -> date | None:
    return None if instant is None else clock.day_of(instant, zone)


def escalate(on: date, days: int, *, at: datetime) -> int:
    """Tells the managers of open actions that are overdue by so many days or more, once for each due date; how many
    actions were told of."""
    if days <= 0:
        return 0
    managers = list(db.session.scalars(select(User.id).where(User.role.in_(MANAGERS), User.active)))
    told = 0
    for row in _overdue(on - timedelta(days), managers) if managers else []:
        notices.tell(
            managers,
            "escalated",
            "action",
            at=at,
            account_id=row.account_id,
            subject=("action", row.id),
            key=f"escalated:{row.id}:{row.due_on}",
            title=row.title,
            due_on=row.due_on.isoformat(),
            days=(on - row.due_on).days,
            owner=row.owner_name,
            account=row.account_name,
        )
        told += 1
    return told


def _overdue(until: date, managers: Sequence[int]) -> list[Row[Any]]:
    """Open actions due on a day or before of which not every manager was told yet."""
    owner = func.coalesce(User.name, Contact.name, "").label("owner_name")
    columns = (ActionItem.id, ActionItem.account_id, ActionItem.title, ActionItem.due_on, owner)
    query = select(*columns, Account.name.label("account_name")).join(Account, Account.id == ActionItem.account_id)
    query = query.outerjoin(User, User.id == ActionItem.owner_user_id)
    query = query.outerjoin(Contact, Contact.id == ActionItem.owner_contact_id).where(
        ActionItem.state.in_(OPEN),
        ActionItem.due_on <= until,
        ActionItem.deleted_at.is_(None),
        Account.deleted_at.is_(None),
    )
    rows: list[Any] = list(db.session.execute(query.order_by(ActionItem.due_on, ActionItem.id)))
    known = select(Notice.key).where(Notice.kind == "escalated", Notice.subject_kind == "action")
    keys = set(db.session.scalars(known.where(Notice.user_id.in_(managers))))
    return [row for row in rows if any(f"escalated:{row.id}:{row.due_on}:{one}" not in keys for one in managers)]


def escalated_for(user_id: int) -> list[Row[Any]]:
    """What a manager was told of and no digest has said yet, while it is open and has that due date:
    `id title due_on account_name owner_name`."""
    waiting = {
        notice.subject_id: str(notice.data.get("due_on"))
        for notice in db.session.scalars(
            select(Notice).where(Notice.user_id == user_id, Notice.kind == "escalated", Notice.subject_kind == "action")
        )
        if not notice.data.get("mailed")
    }
    if not waiting:
        return []
    owner = func.coalesce(User.name, Contact.name, "").label("owner_name")
    query = select(ActionItem.id, ActionItem.title, ActionItem.due_on, owner, Account.name.label("account_name"))
    query = query.join(Account, Account.id == ActionItem.account_id)
    query = query.outerjoin(User, User.id == ActionItem.owner_user_id)
    query = query.outerjoin(Contact, Contact.id == ActionItem.owner_contact_id).where(
        ActionItem.id.in_(waiting),
        ActionItem.state.in_(OPEN),
        ActionItem.deleted_at.is_(None),
        Account.deleted_at.is_(None),
    )
    rows: list[Any] = list(db.session.execute(query.order_by(ActionItem.due_on, ActionItem.id)))
    return [row for row in rows if row.due_on and waiting[row.id] == row.due_on.isoformat()]


def mark_told(user_id: int, action_ids: Sequence[int], on: date) -> None:
    """The digest of a day said it: once is enough."""
    query = select(Notice).where(
        Notice.user_id == user_id, Notice.kind == "escalated", Notice.subject_id.in_(action_ids)
    )
    for notice in db.session.scalars(query):
        if not notice.data.get("mailed"):
            notice.data = {**notice.data, "mailed": on.isoformat()}
    db.session.flush()


def effect(on: date, remind_days: int, days: int) -> tuple[int, int]:
    """What settings would lead to today: how many open actions are within the reminder, and how many escalate."""
    near = ActionItem.due_on.between(on, on + timedelta(max(remind_days, 0)))
    grave = ActionItem.due_on <= on - timedelta(max(days, 1))
    query = select(func.count(case((near, 1))).label("near"), func.count(case((grave, 1))).label("grave"))
    query = query.join(Account, Account.id == ActionItem.account_id)
    query = query.where(ActionItem.state.in_(OPEN), ActionItem.deleted_at.is_(None), Account.deleted_at.is_(None))
    near_now, grave_now = db.session.execute(query).one()
    return near_now, grave_now
