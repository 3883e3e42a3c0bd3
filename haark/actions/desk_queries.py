"""Reading the page of all actions: rows and not entities, as many statements at any size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, String, and_, case, cast, func, literal, or_, select, tuple_

from haark import formats
from haark.accounts.models import Account, Contact
from haark.actions import listing
from haark.actions.listing import FAR, NONE, PAGE_SIZE, View
from haark.actions.models import ActionItem, ActionStep
from haark.comments.models import Comment
from haark.extensions import UTCDateTime, db
from haark.people.models import User

OPEN = ("open", "in_progress")
FACET_SIZE = 40

Item, Client, Ours, Theirs = ActionItem.__table__.c, Account.__table__.c, User.__table__.c, Contact.__table__.c
DUE = func.coalesce(Item.due_on, literal(FAR, Date))
CLOSED_AT = func.coalesce(Item.done_at, Item.created_at)
OWNER = func.coalesce(Ours.name, Theirs.name, "")
COLUMNS = (
    Item.id,
    Item.title,
    Item.state,
    Item.due_on,
    Item.done_at,
    Item.version,
    Item.note,
    Item.account_id,
    Item.owner_user_id,
    Item.owner_contact_id,
    Item.done_by_contact_id,
    Item.source_kind,
    Item.source_id,
    Item.serves_kind,
    Item.serves_id,
    Client.name.label("account_name"),
    Client.name_folded,
    Client.owner_id.label("csm_id"),
    Client.sales_owner_id.label("sales_id"),
    OWNER.label("owner_name"),
    CLOSED_AT.label("closed_at"),
    select(func.count()).where(ActionStep.action_id == Item.id).scalar_subquery().label("steps"),
    select(func.count(ActionStep.done_at)).where(ActionStep.action_id == Item.id).scalar_subquery().label("steps_done"),
    select(func.count())
    .where(Comment.subject_kind == "action", Comment.subject_id == Item.id, Comment.deleted_at.is_(None))
    .scalar_subquery()
    .label("comments"),
)
ORDERS: dict[str, Any] = {
    "due": literal(""),
    "account": Client.name_folded,
    "owner": OWNER,
    "source": Item.source_kind,
}


@dataclass(frozen=True)
class Viewer:
    """Who looks: their id, and whether they run all accounts."""

    id: int
    runs_all: bool


@dataclass(frozen=True)
class Page:
    """At most 50 rows, and the cursor of the next page ('' at the end)."""

    rows: Sequence[Row[Any]]
    after: str


@dataclass(frozen=True)
class Choice:
    """A value of a filter, its words, and how many actions of the view have it."""

    value: str
    label: str
    count: int


def page(view: View, who: Viewer, on: date) -> Page:
    """One page in the view's order. Raises BadCursor for an `after` that cannot be."""
    place = listing.cursor(view.after)
    query = _kept(_from(select(*COLUMNS)), view, who, on)
    if view.view == "done":
        keys, down = (CLOSED_AT, Item.id), True
        bound = place and (literal(_instant(place[1]), UTCDateTime), literal(place[2]))
    else:
        keys, down = (ORDERS[view.by], DUE, Item.id), False
        bound = place and (literal(place[0]), literal(_day(place[1]), Date), literal(place[2]))
    if bound:
        query = query.where(tuple_(*keys) < tuple_(*bound) if down else tuple_(*keys) > tuple_(*bound))
    order = [key.desc() if down else key for key in keys]
    found = list(db.session.execute(query.order_by(*order).limit(PAGE_SIZE + 1)))
    rows = found[:PAGE_SIZE]
    return Page(rows, _cursor(view, rows[-1]) if len(found) > PAGE_SIZE else "")


def row(action_id: int) -> Row[Any] | None:
    """One action as the list shows it."""
    return db.session.execute(_from(select(*COLUMNS)).where(Item.id == action_id)).one_or_none()


def counts(who: Viewer, on: date) -> dict[str, int]:
    """How many actions each view holds, without its filters."""
    names = [name for name in listing.VIEWS if name != "done"]
    sums = [func.count(case((and_(*_view(name, who, on)), 1))) for name in names]
    query = _from(select(*sums)).where(Item.deleted_at.is_(None), Item.state.in_(OPEN))
    return dict(zip(names, db.session.execute(query).one(), strict=True))


def facets(view: View, who: Viewer, on: date) -> dict[str, list[Choice]]:
    """What the view can be narrowed to, the most frequent first: account, owner, source."""
    person = case(
        (Item.owner_user_id.is_not(None), literal("user:") + cast(Item.owner_user_id, String)),
        (Item.owner_contact_id.is_not(None), literal("contact:") + cast(Item.owner_contact_id, String)),
        else_=NONE,
    )
    wanted = {
        "account": (cast(Client.id, String), Client.name),
        "owner": (person, OWNER),
        "source": (case((Item.source_kind == "", NONE), else_=Item.source_kind), literal("")),
    }
    found = {}
    for name, (value, label) in wanted.items():
        one, two, number = value.label("value"), label.label("label"), func.count().label("number")
        query = _kept(_from(select(one, two, number)), view, who, on, but=name).group_by(one, two)
        rows = db.session.execute(query.order_by(number.desc(), two, one).limit(FACET_SIZE))
        found[name] = [Choice(*line) for line in rows]
    return found


def _from(query: Select[Any]) -> Select[Any]:
    table = ActionItem.__table__.join(Account.__table__, Client.id == Item.account_id)
    table = table.outerjoin(User.__table__, Ours.id == Item.owner_user_id)
    return query.select_from(table.outerjoin(Contact.__table__, Theirs.id == Item.owner_contact_id)).where(
        Client.deleted_at.is_(None)
    )


def _kept(query: Select[Any], view: View, who: Viewer, on: date, but: str = "") -> Select[Any]:
    states = Item.state.not_in(OPEN) if view.view == "done" else Item.state.in_(OPEN)
    query = query.where(Item.deleted_at.is_(None), states, *_view(view.view, who, on))
    if view.account and but != "account":
        query = query.where(Item.account_id == view.account)
    if view.owner and but != "owner":
        query = query.where(_owner(view.owner))
    if view.source and but != "source":
        query = query.where(Item.source_kind == ("" if view.source == NONE else view.source))
    if view.q:
        title = func.lower(Item.title).like(_pattern(view.q.lower()), escape="\\")
        query = query.where(or_(title, Client.name_folded.like(_pattern(formats.fold(view.q)), escape="\\")))
    return query


def _pattern(text: str) -> str:
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _view(name: str, who: Viewer, on: date) -> list[ColumnElement[bool]]:
    around = or_(Item.owner_user_id == who.id, Client.owner_id == who.id, Client.sales_owner_id == who.id)
    near = [] if who.runs_all else [around]
    return {
        "mine": [Item.owner_user_id == who.id],
        "team": [Item.id.is_not(None)],
        "late": [Item.due_on < on, *near],
        "client": [Item.owner_contact_id.is_not(None), *near],
        "done": near,
    }[name]


def _owner(value: str) -> ColumnElement[bool]:
    kind, ident = listing.owner_of(value)
    if kind == NONE:
        return and_(Item.owner_user_id.is_(None), Item.owner_contact_id.is_(None))
    return (Item.owner_user_id if kind == "user" else Item.owner_contact_id) == ident


def _cursor(view: View, last: Row[Any]) -> str:
    if view.view == "done":
        return listing.make_cursor("", last.closed_at.isoformat(), last.id)
    texts = {"account": last.name_folded, "owner": last.owner_name, "source": last.source_kind}
    return listing.make_cursor(texts.get(view.by, ""), (last.due_on or FAR).isoformat(), last.id)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise listing.BadCursor(text) from fault


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as fault:
        raise listing.BadCursor(text) from fault
    if found.tzinfo is None:
        raise listing.BadCursor(text)
    return found
