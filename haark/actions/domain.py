"""Verbs about promises. Instants are business time; `by` is a user's id, None for Haark itself."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from haark.actions.models import ActionItem
from haark.events.domain import differences, record
from haark.extensions import db
from haark.jobs import domain as jobs

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
    return item


def change(item: ActionItem, promise: Promise, *, by: int | None, at: datetime) -> None:
    """Rewrites an action; what did not change leaves no event."""
    changes = differences({name: getattr(item, name) for name in asdict(promise)}, asdict(promise))
    if changes:
        _write(item, promise, by, at)
        db.session.flush()
        _record(item, "action.changed", by, at, changes=changes)


def complete(item: ActionItem, *, by: int | None, at: datetime) -> None:
    """Done. Twice changes nothing: the first person and moment stay."""
    if item.state != "done":
        item.state, item.done_at, item.done_by_id = "done", at, by
        db.session.flush()
        _record(item, "action.completed", by, at)


def reopen(item: ActionItem, *, by: int | None, at: datetime) -> None:
    """Open again."""
    if item.state in CLOSED:
        item.state, item.done_at, item.done_by_id = "open", None, None
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
    for name, value in asdict(promise).items():
        setattr(item, name, value)
    if item.state in CLOSED and before not in CLOSED:
        item.done_at, item.done_by_id = at, by
    elif item.state not in CLOSED:
        item.done_at, item.done_by_id = None, None


def _record(item: ActionItem, kind: str, by: int | None, at: datetime, **data: object) -> None:
    subject = ("action", item.id)
    event = record(kind, at=at, by=by, account_id=item.account_id, subject=subject, title=item.title, **data)
    if item.source_kind == ADVICE:
        jobs.ring_for(event)
