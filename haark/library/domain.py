"""Verbs about the two libraries. Instants are business time; `by` is a user's id, None for Haark itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from haark.accounts import queries as accounts
from haark.events.domain import differences, record
from haark.extensions import db
from haark.library import rules
from haark.library.models import RoadmapItem, Story

Entry = Story | RoadmapItem
KINDS = {Story: "story", RoadmapItem: "roadmap_item"}
TEXTS = ("title", "result", "quote")


class Refused(ValueError):
    """What was said of an entry cannot be; `kind`: `dates` (it ends before it begins), `unnamed` (named, but by no
    client), `betrayed` (anonymous, yet `fields` name the client or the speaker)."""

    def __init__(self, kind: str, fields: tuple[str, ...]) -> None:
        super().__init__(kind)
        self.kind, self.fields = kind, fields


def add(model: type[Story] | type[RoadmapItem], values: Mapping[str, Any], *, by: int | None, at: datetime) -> Entry:
    """A new entry. Raises Refused."""
    entry = model(created_at=at, created_by_id=by)
    _write(entry, values)
    db.session.add(entry)
    db.session.flush()
    _record(entry, "added", by, at)
    return entry


def change(entry: Entry, values: Mapping[str, Any], *, by: int | None, at: datetime) -> None:
    """Rewrites an entry; what did not change leaves no event. Slides keep the words that they were made with.

    Raises Refused.
    """
    changes = differences({name: getattr(entry, name) for name in values}, values)
    if not changes:
        return
    _write(entry, values)
    db.session.flush()
    _record(entry, "changed", by, at, changes=changes)


def remove(entry: Entry, *, by: int | None, at: datetime) -> None:
    """Takes it out of the library; `restore` brings it back."""
    entry.deleted_at = at
    db.session.flush()
    _record(entry, "removed", by, at)


def restore(entry: Entry, *, by: int | None, at: datetime) -> None:
    """Back in the library, as it was."""
    entry.deleted_at = None
    db.session.flush()
    _record(entry, "restored", by, at)


def _write(entry: Entry, values: Mapping[str, Any]) -> None:
    start, end = values.get("valid_from"), values.get("valid_until")
    if start and end and end < start:
        raise Refused("dates", ("valid_until",))
    if isinstance(entry, Story):
        _check_permission(values)
        entry.account_id = _account_of(values.get("client") or "")
    for name, value in values.items():
        setattr(entry, name, value)


def _check_permission(values: Mapping[str, Any]) -> None:
    client, permission = values.get("client") or "", values.get("permission")
    if permission == "named" and not client:
        raise Refused("unnamed", ("client",))
    if permission == "anonymous":
        texts = {name: values.get(name) or "" for name in TEXTS}
        named = rules.betrayed(texts, (client, values.get("speaker") or ""))
        if named:
            raise Refused("betrayed", tuple(named))


def _account_of(client: str) -> int | None:
    """The account that a client's name or external id means, None where it is nobody's or several people's."""
    try:
        found = accounts.find_account(client) if client else None
    except accounts.SeveralAccounts:
        return None
    return found.id if found else None


def _record(entry: Entry, verb: str, by: int | None, at: datetime, **data: Any) -> None:
    kind = KINDS[type(entry)]
    record(f"{kind}.{verb}", at=at, by=by, subject=(kind, entry.id), title=entry.title, **data)
