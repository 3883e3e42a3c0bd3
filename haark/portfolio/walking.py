"""One page of the list: fifty rows in any order, from any place, without looking at the others.

An order is walked along its index from the last row of the page before; accounts without a value come last. Where a
search or a filter keeps few accounts (`figures.Found.exactly`), those are looked up and sorted instead. SQLite's
planner does not know how many: a column with `+` before it is one whose index it leaves alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal, or_, select, tuple_
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import UnaryExpression

from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.people.models import User
from haark.portfolio import figures, rules
from haark.portfolio.filters import Card, kept
from haark.portfolio.rules import Cursor, View

Owner = User.__table__.c
_named = User.__table__.alias("named")
# Asked for the rows that are shown, not for those that were sorted.
_OWNER = select(_named.c.name).where(_named.c.id == Card.owner_id).scalar_subquery()
COLUMNS = (
    Card.account_id,
    Card.external_id,
    Card.name,
    Card.name_folded,
    Card.sector,
    Card.size,
    Card.segment,
    Card.arr_cents,
    Card.arr_before_cents,
    Card.arr_change,
    Card.arr_spark,
    Card.health_score,
    Card.health_band,
    Card.health_change,
    Card.health_on,
    Card.churn,
    Card.churn_change,
    Card.risk_count,
    Card.risk_top,
    Card.risk_severity,
    Card.opportunity_count,
    Card.opportunity_top,
    Card.at_risk,
    Card.expected_loss_cents,
    Card.tier,
    Card.rank_score,
    Card.lifetime_cents,
    Card.usage_change,
    Card.refreshed_on,
    Card.renewal_date,
    Card.next_review_on,
    Card.next_review_kind,
    Card.next_review_reason,
    Card.next_review_late,
    Card.next_review_planned,
    Card.owner_id,
    _OWNER.label("owner_name"),
)
KEYS: dict[str, ColumnElement[Any]] = {
    "name": Card.name_folded,
    "arr": Card.arr_cents,
    "change": Card.arr_change,
    "health": Card.health_score,
    "trend": Card.health_change,
    "churn": Card.churn,
    "risk": Card.risk_count,
    "opportunity": Card.opportunity_count,
    "review": Card.next_review_on,
    "renewal": Card.renewal_date,
    "owner": Owner.name,
    "rank": Card.rank_score,
}
# Filters whose accounts stand together in an order.
TOGETHER = {
    "arr": ("segment", "size"),
    "change": ("segment",),
    **dict.fromkeys(("health", "trend", "churn", "risk"), ("health", "risk")),
    **{name: (name,) for name in ("opportunity", "renewal", "review", "owner")},
    "rank": ("tier",),
}
_PLUS: Any = operators.custom_op("+")


def value(view: View, row: Row[Any]) -> Any:
    """What a row's cursor holds of the view's order."""
    if view.sort == "owner":
        return None if row.owner_name is None else [row.owner_name, row.owner_id]
    return row._mapping[KEYS[view.sort]]


def rows(view: View, me: int, on: date, cursor: Cursor | None, most: int) -> list[Row[Any]]:
    """At most so many rows after the cursor: one statement, and a second where the order reaches its end."""
    narrow = view.filtered and _narrow(view, figures.of(view, me, on))
    got: list[Row[Any]] = []
    if cursor is None or cursor.value is not None:
        got = list(db.session.execute(_with_value(view, me, on, cursor, most, narrow)))
    if len(got) < most and view.sort != "name":
        rest = cursor if cursor and cursor.value is None else None
        got += db.session.execute(_without_value(view, me, on, rest, most - len(got), narrow))
    return got


def everything(view: View, me: int, on: date, ids: Sequence[int]) -> list[Select[Any]]:
    """All rows in the view's order, those without a value last; with `ids` only those."""
    parts = [_with_value(view, me, on, None, None, True), _without_value(view, me, on, None, None, True)]
    return [part.where(Card.account_id.in_(ids)) if ids else part for part in parts[: 1 if view.sort == "name" else 2]]


def _narrow(view: View, found: figures.Found) -> bool:
    """Whether to look the accounts up and sort them. To walk an order takes about as many steps as there are accounts
    for each that is kept, and all of them where those stand together at its far end."""
    if not found.exactly or found.at_least > rules.MOST_COUNTED:
        return False
    beside = any(view.chosen(facet) for facet in TOGETHER.get(view.sort, ()))
    return beside or found.at_least**2 <= 4 * rules.PAGE_SIZE * found.standing.accounts


def _with_value(view: View, me: int, on: date, cursor: Cursor | None, most: int | None, narrow: bool) -> Select[Any]:
    if view.sort == "owner":
        return _by_owner(view, me, on, cursor, most, narrow)
    key = KEYS[view.sort]
    conditions: list[ColumnElement[bool]] = [key.is_not(None)]
    if cursor is not None:
        bound = tuple_(literal(cursor.value, key.type), literal(cursor.ident))
        place = tuple_(key, Card.account_id)
        conditions.append(place < bound if view.descending else place > bound)
    return _page(view, me, on, conditions, [key, Card.account_id], view.descending, most, narrow)


def _without_value(view: View, me: int, on: date, cursor: Cursor | None, most: int | None, narrow: bool) -> Select[Any]:
    if view.sort == "owner":
        conditions, place = [Card.owner_id.is_(None)], [Card.name_folded, Card.account_id]
        if cursor is not None:
            conditions.append(tuple_(*place) > tuple_(literal(cursor.name), literal(cursor.ident)))
        return _page(view, me, on, conditions, place, False, most, narrow)
    conditions = [KEYS[view.sort].is_(None)]
    if cursor is not None:
        conditions.append(Card.account_id > cursor.ident)
    return _page(view, me, on, conditions, [Card.account_id], False, most, narrow)


def _page(
    view: View,
    me: int,
    on: date,
    conditions: Sequence[ColumnElement[bool]],
    place: Sequence[ColumnElement[Any]],
    down: bool,
    most: int | None,
    narrow: bool,
) -> Select[Any]:
    if not narrow:
        wide = _aside(kept(select(*COLUMNS), view, me, on)) if view.filtered else select(*COLUMNS)
        return wide.where(*conditions).order_by(*_ordered(place, down)).limit(most)
    if _sqlite():
        conditions = [_plain(one) for one in conditions]
        place = [_plus(one) for one in place]
    chosen = kept(select(Card.account_id), view, me, on).where(*conditions)
    chosen = chosen.order_by(*_ordered(place, down)).limit(most)
    return select(*COLUMNS).where(Card.account_id.in_(chosen)).order_by(*_ordered(place, down))


def _by_owner(view: View, me: int, on: date, cursor: Cursor | None, most: int | None, narrow: bool) -> Select[Any]:
    """By the owner's name: people in their order, and of each the accounts in theirs."""
    # The `+` says which table leads: few cards and the owner of each, or people in order and the cards of each.
    led = Card.owner_id, Owner.id
    if _sqlite():
        led = (_plus(led[0]), led[1]) if narrow else (led[0], _plus(led[1]))
    mine, place = led[0] == led[1], (Owner.name, Owner.id)
    conditions: list[ColumnElement[bool]] = []
    if cursor is not None:
        bound = tuple_(*(literal(one) for one in cursor.value))
        here = tuple_(*place)
        at, beyond = (here <= bound, here < bound) if view.descending else (here >= bound, here > bound)
        later = Card.account_id < cursor.ident if view.descending else Card.account_id > cursor.ident
        conditions += [at, or_(beyond, later)]
    statement = kept(select(*COLUMNS), view, me, on)
    if not narrow and view.filtered:
        statement = _aside(statement)
    statement = statement.select_from(User.__table__.join(AccountCard.__table__, mine))
    order = (*place, Card.account_id)
    return statement.where(*conditions).order_by(*_ordered(order, view.descending)).limit(most)


def _ordered(place: Sequence[ColumnElement[Any]], down: bool) -> list[Any]:
    return [one.desc() for one in place] if down else list(place)


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _plus(element: ColumnElement[Any]) -> ColumnElement[Any]:
    return UnaryExpression(element, operator=_PLUS, type_=element.type)


def _plain(condition: ColumnElement[bool]) -> Any:
    """The condition with `+` before each column of the cards but their key."""

    def replaced(element: Any, **_kw: Any) -> Any:
        if getattr(element, "table", None) is AccountCard.__table__ and element.key != "account_id":
            return UnaryExpression(element, operator=_PLUS, type_=element.type)
        return None

    return visitors.replacement_traverse(condition, {}, replaced)


def _aside(statement: Select[Any]) -> Select[Any]:
    """The filters as something to look at on the way, not to start from."""
    if not _sqlite() or statement.whereclause is None:
        return statement
    bare = select(*statement.selected_columns)
    return bare.where(_plain(statement.whereclause))
