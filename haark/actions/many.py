"""Many actions changed at once: each as if alone, and what stayed as it was with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from haark.accounts.models import Account
from haark.actions import domain
from haark.actions.domain import Promise
from haark.actions.models import STATES, ActionItem
from haark.extensions import db

MOST = 200  # in one request


@dataclass(frozen=True)
class Change:
    """What becomes of each; None: as it is. `owner_user_id`: one of ours."""

    owner_user_id: int | None = None
    due_on: date | None = None
    state: str | None = None


@dataclass
class Result:
    """How many changed; titles of those that did not, by reason: `forbidden`, `gone`."""

    changed: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)


def change(
    idents: Sequence[int], wanted: Change, *, may: Callable[[frozenset[int]], bool], by: int, at: datetime
) -> Result:
    """Applies a change to these actions; `may` says of the ids of an action's people whether it is allowed.

    ValueError for a state that does not exist. Those that are so already count as changed by nobody.
    """
    if wanted.state is not None and wanted.state not in STATES:
        raise ValueError(wanted.state)
    done = Result()
    if wanted == Change():
        return done
    items = {item.id: item for item in db.session.scalars(_found(idents))}
    for ident in dict.fromkeys(idents[:MOST]):
        item = items.get(ident)
        if item is None:
            done.refused.setdefault("gone", []).append(f"#{ident}")
        elif not may(_people(item)):
            done.refused.setdefault("forbidden", []).append(item.title)
        else:
            before = item.version
            domain.change(item, _promise(item, wanted), by=by, at=at)
            done.changed += item.version != before
    return done


def _found(idents: Sequence[int]) -> db.Select:  # type: ignore[name-defined]
    query = db.select(ActionItem).join(Account, Account.id == ActionItem.account_id)
    return query.where(
        ActionItem.id.in_(idents[:MOST]), ActionItem.deleted_at.is_(None), Account.deleted_at.is_(None)
    ).options(db.joinedload(ActionItem.account))


def _people(item: ActionItem) -> frozenset[int]:
    found = {item.account.owner_id, item.account.sales_owner_id, item.owner_user_id}
    return frozenset(ident for ident in found if ident is not None)


def _promise(item: ActionItem, wanted: Change) -> Promise:
    now = Promise(item.title, item.owner_user_id, item.owner_contact_id, item.due_on, item.state)
    if wanted.owner_user_id is not None:
        now = replace(now, owner_user_id=wanted.owner_user_id, owner_contact_id=None)
    return replace(now, due_on=wanted.due_on or now.due_on, state=wanted.state or now.state)
