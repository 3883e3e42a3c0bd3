"""Verbs about promises. Instants are business time; `by` is a user's id, None for Haark itself."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem
from haark.events.domain import differences, record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.notices import domain as notices
from haark.people.models import User

CLOSED = ("done", "cancelled")
# Actions of this source end something that a higher slice watches.
ADVICE = "advice"


@dataclass(frozen=True)
class Promise:
    """What an action item says: a title of 1 to 300 characters, an owner (ours, the client's or none), a day."""

    title: str
    owner_user_id: int | None = None
    owner_contact_id: int | None = None
    due_on: date | None = None
    state: str = "open"
    note: str | None = None  # None: as it is
    serves: tuple[str, int | None] | None = None  # what it moves forward, ("milestone", 2); None: as it is

    def values(self) -> dict[str, Any]:
        """The columns that this promise writes."""
        found = asdict(self)
        serves, note = found.pop("serves"), found.pop("note")
        if note is not None:
            found["note"] = note
        if serves is not None:
            found |= {"serves_kind": serves[0], "serves_id": serves[1]}
        return found


def add(
    account_id: int,
    promise: Promise,
    *,
    by: int | None,
    at: datetime,
    source: tuple[str, int | None] = ("", None),
) -> ActionItem:
    """A new action on an account; `source` names where it came from (`("review", 7)`)."""
    item = ActionItem(account_id=account_id, created_at=at, created_by_id=by)
    item.source_kind, item.source_id = source
    _write(item, promise, by, at)
    db.session.add(item)
    db.session.flush()
    _record(item, "action.added", by, at)
    _tell_owner(item, by, at)
    return item


def change(item: ActionItem, promise: Promise, *, by: int | None, at: datetime) -> None:
    """Rewrites an action; what did not change leaves no event."""
    values, before, owner = promise.values(), item.state, item.owner_user_id
    changes = differences({name: getattr(item, name) for name in values}, values)
    if not changes:
        return
    _write(item, promise, by, at)
    db.session.flush()
    _record(item, "action.changed", by, at, changes=changes)
    if item.state == "done" != before:
        _record(item, "action.completed", by, at)
    if item.owner_user_id != owner:
        _tell_owner(item, by, at)


def complete(item: ActionItem, *, by: int | None, at: datetime, contact: Contact | None = None) -> bool:
    """Done: by one of ours, or on the word of a `contact` of the client, whose CSM is told. False when it was done
    already: the first person and moment stay."""
    if item.state == "done":
        return False
    item.state, item.done_at, item.done_by_id = "done", at, by
    item.done_by_contact_id = contact.id if contact else None
    db.session.flush()
    if contact is None:
        _record(item, "action.completed", by, at)
        return True
    _record(item, "action.completed", by, at, by_name=contact.name, contact_id=contact.id)
    owner = db.session.scalar(db.select(Account.owner_id).where(Account.id == item.account_id))
    _tell([owner, item.owner_user_id], "answered", "action_done", item, by, at, contact.name)
    return True


def postpone(item: ActionItem, due_on: date | None, *, by: int | None, at: datetime) -> date | None:
    """Another due date; the one it had, with which the same verb takes it back. The same date changes nothing."""
    before = item.due_on
    if before != due_on:
        item.due_on = due_on
        db.session.flush()
        _record(item, "action.postponed", by, at, changes=differences({"due_on": before}, {"due_on": due_on}))
    return before


def reopen(item: ActionItem, *, by: int | None, at: datetime) -> None:
    """Open again."""
    if item.state in CLOSED:
        item.state, item.done_at, item.done_by_id, item.done_by_contact_id = "open", None, None, None
        db.session.flush()
        _record(item, "action.reopened", by, at)


def remove(item: ActionItem, *, by: int | None, at: datetime) -> None:
    """Takes it off the lists; `restore` brings it back."""
    item.deleted_at = at
    db.session.flush()
    _record(item, "action.removed", by, at)


def restore(item: ActionItem, *, by: int | None, at: datetime) -> None:
    """Back on the lists, as it was."""
    item.deleted_at = None
    db.session.flush()
    _record(item, "action.restored", by, at)


def _write(item: ActionItem, promise: Promise, by: int | None, at: datetime) -> None:
    before = item.state
    for name, value in promise.values().items():
        setattr(item, name, value)
    if item.state in CLOSED and before not in CLOSED:
        item.done_at, item.done_by_id = at, by
    elif item.state not in CLOSED:
        item.done_at, item.done_by_id, item.done_by_contact_id = None, None, None


def _tell_owner(item: ActionItem, by: int | None, at: datetime) -> None:
    """Who owns it now hears of it, unless they did it themselves."""
    if item.owner_user_id is not None and item.owner_user_id != by and item.state not in CLOSED:
        name = db.session.scalar(db.select(User.name).where(User.id == by)) if by is not None else ""
        _tell([item.owner_user_id], "assigned", "action", item, by, at, name or "")


def _tell(
    users: list[int | None], kind: str, what: str, item: ActionItem, by: int | None, at: datetime, name: str
) -> None:
    about = {"account_id": item.account_id, "subject": ("action", item.id), "actor_name": name}
    due_on = item.due_on.isoformat() if item.due_on else None
    notices.tell(users, kind, what, at=at, by=by, title=item.title, due_on=due_on, **about)


def _record(item: ActionItem, kind: str, by: int | None, at: datetime, **data: object) -> None:
    subject = ("action", item.id)
    event = record(kind, at=at, by=by, account_id=item.account_id, subject=subject, title=item.title, **data)
    if item.source_kind == ADVICE:
        jobs.ring_for(event)
