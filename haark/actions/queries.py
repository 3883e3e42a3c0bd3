"""Reading action items, shaped for the account's page."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func
from sqlalchemy.orm import aliased

from haark import formats
from haark.access import Owned, owned_by
from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem
from haark.comments.models import Comment
from haark.extensions import db
from haark.people.models import User

RECENT = 5
OPEN = ("open", "in_progress")


@dataclass(frozen=True)
class ActionRow:
    """A promise as a list shows it. `side`: `ours`, `theirs` (a contact of the client) or '' without owner."""

    id: int
    title: str
    state: str
    due_on: date | None
    late_days: int
    side: str
    owner_name: str
    owner_user_id: int | None
    done_at: datetime | None


@dataclass(frozen=True)
class AccountActions:
    """What is open on an account, the soonest due first, and what was done last."""

    account_id: int
    open: tuple[ActionRow, ...]
    done: tuple[ActionRow, ...]


@owned_by("action")
def owner_of(ident: int) -> Owned | None:
    """Who may change an action: the account's people, and the one of us who promised it."""
    item, account = _found(ident)
    return None if item is None or account is None else _owned(item, account, item.deleted_at is not None)


@owned_by("removed_action")
def owner_of_removed(ident: int) -> Owned | None:
    """The same for an action that was removed and can come back."""
    item, account = _found(ident)
    return None if item is None or account is None else _owned(item, account, item.deleted_at is None)


def of_account(account_id: int, on: date) -> AccountActions:
    """The actions of an account as of day `on`: every open one, and the last done or cancelled. One statement."""
    found = db.session.execute(_of_account(), {"account": account_id}).unique().all()
    rows = [_row(item, mine, theirs, on) for item, mine, theirs in found]
    return AccountActions(
        account_id,
        tuple(row for row in rows if row.state in OPEN),
        tuple(row for row in rows if row.state not in OPEN),
    )


@cache
def _of_account() -> Select[Any]:
    """Made once: putting the statement together takes longer than asking it."""
    mine = (ActionItem.account_id == bindparam("account", type_=ActionItem.account_id.type)) & (
        ActionItem.deleted_at.is_(None)
    )
    is_open = ActionItem.state.in_(OPEN)
    by_end = (ActionItem.done_at.desc().nulls_last(), ActionItem.id.desc())
    last = db.select(ActionItem.id).where(mine, ~is_open).order_by(*by_end).limit(RECENT).subquery()
    user, contact = aliased(User), aliased(Contact)
    query = db.select(ActionItem, user.name, contact.name).where(
        mine, is_open | ActionItem.id.in_(db.select(last.c.id))
    )
    query = query.outerjoin(user, user.id == ActionItem.owner_user_id)
    query = query.outerjoin(contact, contact.id == ActionItem.owner_contact_id)
    # The open ones by day, then what ended, the last first.
    by_day = (ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
    order = [case((is_open, column), else_=None) for column in by_day]
    return query.order_by(~is_open, *order, *by_end)


def owner_choices(account_id: int, keep: tuple[int | None, int | None]) -> tuple[list[tuple[int, str]], ...]:
    """Who can own an action: our active users and the client's present contacts, and the owner it has (`keep`)."""
    kept_user, kept_contact = keep
    users = db.select(User.id, User.name).where(User.active | (User.id == (kept_user or 0)))
    contacts = db.select(Contact.id, Contact.name).where(
        Contact.account_id == account_id, Contact.left_on.is_(None) | (Contact.id == (kept_contact or 0))
    )
    found = (
        db.session.execute(users.order_by(User.name, User.id)),
        db.session.execute(contacts.order_by(Contact.main.desc(), Contact.name, Contact.id)),
    )
    return tuple([(ident, name) for ident, name in rows] for rows in found)


def comment_of(action_id: int, comment_id: int) -> Comment | None:
    """A comment on this action, removed or not; another thing's does not exist here."""
    found = db.session.get(Comment, comment_id)
    return found if found and (found.subject_kind, found.subject_id) == ("action", action_id) else None


def serving(account_id: int) -> dict[tuple[str, int], tuple[int, int]]:
    """(done, all) actions of an account by the thing that they move forward, (kind, id); dropped ones do not count."""
    done = func.sum(case((ActionItem.state == "done", 1), else_=0))
    rows = db.select(ActionItem.serves_kind, ActionItem.serves_id, done, func.count()).where(
        ActionItem.account_id == account_id,
        ActionItem.deleted_at.is_(None),
        ActionItem.serves_id.is_not(None),
        ActionItem.state != "cancelled",
    )
    found = db.session.execute(rows.group_by(ActionItem.serves_kind, ActionItem.serves_id))
    return {(kind, ident or 0): (int(count), whole) for kind, ident, count, whole in found}


def people() -> list[tuple[int, str]]:
    """Our active users, by name."""
    rows = db.session.execute(db.select(User.id, User.name).where(User.active).order_by(User.name, User.id))
    return [(ident, name) for ident, name in rows]


def account_of(account_id: int) -> Row[Any] | None:
    """`id name` of an account that is there."""
    query = db.select(Account.id, Account.name).where(Account.id == account_id, Account.deleted_at.is_(None))
    found: Row[Any] | None = db.session.execute(query).one_or_none()
    return found


def accounts_like(text: str, user_id: int, most: int) -> list[Row[Any]]:
    """Accounts whose name holds a text, the user's own first: `id name`. Without a text those of the user."""
    query = db.select(Account.id, Account.name).where(Account.deleted_at.is_(None))
    mine = (Account.owner_id == user_id) | (Account.sales_owner_id == user_id)
    wanted = formats.fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = query.where(Account.name_folded.like(f"%{wanted}%", escape="\\")) if wanted else query.where(mine)
    order = (db.case((mine, 0), else_=1), Account.name_folded, Account.id)
    return list(db.session.execute(query.order_by(*order).limit(most)))


def _found(ident: int) -> tuple[ActionItem | None, Account | None]:
    item = db.session.get(ActionItem, ident)
    return item, None if item is None else db.session.get(Account, item.account_id)


def _owned(item: ActionItem, account: Account, deleted: bool) -> Owned:
    owners = {account.owner_id, account.sales_owner_id, item.owner_user_id} - {None}
    return Owned(frozenset(owner for owner in owners if owner), deleted or account.deleted_at is not None)


def _row(item: ActionItem, user: str | None, contact: str | None, on: date) -> ActionRow:
    late = item.state in OPEN and item.due_on is not None and item.due_on < on
    return ActionRow(
        id=item.id,
        title=item.title,
        state=item.state,
        due_on=item.due_on,
        late_days=(on - item.due_on).days if late and item.due_on else 0,
        side="ours" if user else "theirs" if contact else "",
        owner_name=user or contact or "",
        owner_user_id=item.owner_user_id,
        done_at=item.done_at,
    )
