"""Saved views (PF-4): what somebody keeps of the list, for themselves or for the team.

Verbs are told who (`by`, a user's id) and when (`at`); they flush, and the caller commits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

from sqlalchemy import String, cast, func, literal, select

from haark.events.domain import record
from haark.events.models import Event
from haark.extensions import db
from haark.fields import one_line
from haark.portfolio import rules
from haark.portfolio.models import SavedView
from haark.portfolio.rules import View

LONGEST_NAME = 60
MOST = 50  # of one person


class ViewError(ValueError):
    """What cannot be kept; `kind`: `name` (empty or too long), `nothing` (neither filter nor order of its own), `many`
    (fifty views are kept already), `changed` (somebody else changed it since it was seen)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def kept(view: View) -> str:
    """What is kept of a view: its search, filters and order."""
    query = replace(view.at(), saved=None).query()
    if not query:
        raise ViewError("nothing")
    return query


def save(name: str, view: View, *, shared: bool, by: int, at: datetime) -> SavedView:
    """A new view at the end of one's own. Raises ViewError."""
    place, number = db.session.execute(
        select(func.max(SavedView.position), func.count()).where(SavedView.user_id == by)
    ).one()
    if number >= MOST:
        raise ViewError("many")
    position = 0 if place is None else place + 1
    row = SavedView(
        user_id=by, name=_name(name), query=kept(view), shared=shared, position=position, created_at=at, version=1
    )
    db.session.add(row)
    db.session.flush()
    _tell("view.saved", row, by, at)
    if shared:
        _tell("view.shared", row, by, at)
    return row


def change(row: SavedView, version: int, name: str, shared: bool, *, by: int, at: datetime) -> None:
    """Another name, or for others to see. Raises ViewError."""
    if row.version != version:
        raise ViewError("changed")
    newly, row.name, row.shared = shared and not row.shared, _name(name), shared
    db.session.flush()
    if newly:
        _tell("view.shared", row, by, at)


def take(row: SavedView, view: View, *, by: int, at: datetime) -> None:
    """From now on the view shows what this one does. Raises ViewError."""
    before, row.query = row.query, kept(view)
    db.session.flush()
    _tell("view.changed", row, by, at, before=before)


def move(row: SavedView, step: int) -> None:
    """One place further among the views of its owner; nothing happens at the ends."""
    mine = list(db.session.scalars(own(row.user_id)))
    place = mine.index(row)
    if 0 <= place + step < len(mine):
        mine.insert(place + step, mine.pop(place))
    for position, one in enumerate(mine):
        one.position = position
    db.session.flush()


def copy(row: SavedView, *, by: int, at: datetime) -> SavedView:
    """The same view as one's own, seen by nobody else."""
    return save(row.name, rules.parse(row.query), shared=False, by=by, at=at)


def delete(row: SavedView, *, by: int, at: datetime) -> Event:
    """Takes a view away; the event holds what it was, for `restore`."""
    event = _tell("view.deleted", row, by, at, position=row.position, owner=row.user_id)
    db.session.delete(row)
    db.session.flush()
    return event


def restore(event: Event, *, at: datetime) -> SavedView:
    """The view that was deleted stands where it stood, under its own id where that is free."""
    said = event.data
    taken = event.subject_id is None or db.session.get(SavedView, event.subject_id) is not None
    row = SavedView(
        id=None if taken else event.subject_id,
        user_id=said["owner"],
        name=said["name"],
        query=said["query"],
        shared=said["shared"],
        position=said["position"],
        created_at=at,
        version=1,
    )
    db.session.add(row)
    db.session.flush()
    _tell("view.restored", row, event.actor_id, at)
    return row


def own(user_id: int) -> Any:
    """A person's own views in their order."""
    return select(SavedView).where(SavedView.user_id == user_id).order_by(SavedView.position, SavedView.id)


# Between the values of a view and between views, where one statement reads them all as one text: no name holds these.
WITHIN, BETWEEN = "\x1f", "\x1e"


def packed(user_id: int) -> Any:
    """A person's own views as one value, for a statement that reads other things too."""
    row = SavedView.__table__.c
    parts = (cast(row.position, String), cast(row.id, String), row.name, row.query)
    one = reduce(lambda left, right: left + literal(WITHIN) + right, parts)
    return select(func.aggregate_strings(one, BETWEEN)).where(row.user_id == user_id).scalar_subquery()


def unpacked(text: str | None) -> list[tuple[str, str]]:
    """(name, query) of the views in their order, as `packed` gave them; the query names the view."""
    rows = [line.split(WITHIN) for line in (text or "").split(BETWEEN) if line]
    rows.sort(key=lambda row: (int(row[0]), int(row[1])))
    return [(name, f"{query}&view={ident}") for _position, ident, name, query in rows]


def visible(user_id: int) -> Sequence[SavedView]:
    """One's own views in their order, then those that others share, by name. One statement."""
    mine = SavedView.user_id == user_id
    order = (mine.desc(), SavedView.position, SavedView.name, SavedView.id)
    found = db.session.scalars(select(SavedView).where(mine | SavedView.shared).order_by(*order)).all()
    others = sorted((row for row in found if row.user_id != user_id), key=lambda row: (row.name.casefold(), row.id))
    return [row for row in found if row.user_id == user_id] + others


def _name(name: str) -> str:
    clean = "".join(sign for sign in one_line(name) if sign.isprintable())
    if not clean or len(clean) > LONGEST_NAME:
        raise ViewError("name")
    return clean


def _tell(kind: str, row: SavedView, by: int | None, at: datetime, **data: Any) -> Event:
    told = {"name": row.name, "query": row.query, "shared": row.shared, **data}
    return record(kind, at=at, by=by, subject=("view", row.id), **told)
