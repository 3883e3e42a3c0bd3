"""Reading the portfolio: one table (the account cards), rows and not entities, as many statements at any size."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)

from haark.accounts import rules as facts
from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.people.models import User
from haark.portfolio import rules
from haark.portfolio.rules import ME, UNKNOWN, View

Card = AccountCard.__table__.c
Owner = User.__table__.c
COLUMNS = (
    Card.account_id,
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
    Card.renewal_date,
    Card.owner_id,
    Owner.name.label("owner_name"),
)
KEYS: dict[str, ColumnElement[Any]] = {
    "name": Card.name_folded,
    "arr": Card.arr_cents,
    "change": Card.arr_change,
    "health": Card.health_score,
    "trend": Card.health_change,
    "renewal": Card.renewal_date,
    "owner": Owner.name,
}
TEXTS = {"sector": Card.sector, "size": Card.size, "segment": Card.segment, "health": Card.health_band}


@dataclass(frozen=True)
class Page:
    """At most 50 rows, and the cursor of the next page ('' at the end)."""

    rows: Sequence[Row[Any]]
    after: str


@dataclass(frozen=True)
class Totals:
    """Figures of a filtered portfolio. Money in cents, None where nothing is known.

    `arr_before_cents` is 12 months earlier, `health_weighted` weighted by ARR over the accounts that have both,
    `renewals` those of the next 90 days.
    """

    count: int
    with_arr: int
    arr_cents: int | None
    arr_before_cents: int | None
    health_mean: float | None
    health_weighted: float | None
    renewals: int
    renewals_cents: int | None
    refreshed_on: date | None
    health_on: date | None


@dataclass(frozen=True)
class Choice:
    """A value of a filter. `label` is set where the data names it (sector, owner), else the page words the value."""

    value: str
    count: int
    label: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """A filter with its choices; `hidden` is how many values were left out because the list would be too long."""

    name: str
    choices: list[Choice] = field(default_factory=list)
    hidden: int = 0


def page(view: View, me: int) -> Page:
    """One page in the view's order, accounts without a value last. Raises BadCursor for an `after` that cannot be."""
    cursor = rules.parse_cursor(view)
    limit = rules.PAGE_SIZE + 1
    found: list[Row[Any]] = []
    if cursor is None or cursor.value is not None:
        found = list(db.session.execute(_with_value(view, me, cursor).limit(limit)))
    if len(found) < limit and view.sort != "name":
        rest = _without_value(view, me, cursor if cursor and cursor.value is None else None)
        found += db.session.execute(rest.limit(limit - len(found)))
    rows = found[: rules.PAGE_SIZE]
    if len(found) < limit:
        return Page(rows, "")
    last = rows[-1]
    return Page(rows, rules.make_cursor(view, _value(view, last), last.name_folded, last.account_id))


def totals(view: View, me: int, on: date) -> Totals:
    """The figures of everything that the search and the filters keep; one statement."""
    weight = case((Card.health_score.is_not(None), Card.arr_cents), else_=None)
    soon = Card.renewal_date.between(on, on + timedelta(days=rules.RENEWAL_CLOSE))
    statement = select(
        func.count(),
        func.count(Card.arr_cents),
        func.sum(Card.arr_cents),
        func.sum(Card.arr_before_cents),
        func.avg(Card.health_score),
        func.sum(Card.health_score * weight),
        func.sum(weight),
        func.count(case((soon, 1))),
        func.sum(case((soon, Card.arr_cents))),
        func.max(Card.refreshed_on),
        func.max(Card.health_on),
    )
    row = db.session.execute(_filtered(statement, view, me)).one()
    count, with_arr, arr, before, mean, product, weights, renewals, renewals_arr, refreshed_on, health_on = row
    return Totals(
        count=count,
        with_arr=with_arr,
        arr_cents=_whole(arr),
        arr_before_cents=_whole(before),
        health_mean=None if mean is None else float(mean),
        health_weighted=float(product) / float(weights) if weights else None,
        renewals=renewals,
        renewals_cents=_whole(renewals_arr),
        refreshed_on=refreshed_on,
        health_on=health_on,
    )


def _whole(total: Any) -> int | None:
    """A sum of whole numbers, which PostgreSQL gives as a decimal."""
    return None if total is None else int(total)


def facets(view: View, me: int) -> list[Facet]:
    """Each filter with the counts of its values, all the other filters applied; one statement."""
    parts = [_text_counts(name, view, me) for name in TEXTS] + _owner_counts(view, me)
    rows = db.session.execute(union_all(*parts)).all()
    return [_facet(name, view, me, [row for row in rows if row.facet == name]) for name in rules.FACETS]


def _with_value(view: View, me: int, cursor: rules.Cursor | None) -> Select[Any]:
    key = KEYS[view.sort]
    statement = _filtered(select(*COLUMNS), view, me).where(key.is_not(None))
    place = tuple_(key, Card.account_id)
    if cursor is not None:
        bound = tuple_(literal(cursor.value, key.type), literal(cursor.ident))
        statement = statement.where(place < bound if view.descending else place > bound)
    order = (key.desc(), Card.account_id.desc()) if view.descending else (key, Card.account_id)
    return _joined(statement).order_by(*order)


def _without_value(view: View, me: int, cursor: rules.Cursor | None) -> Select[Any]:
    statement = _filtered(select(*COLUMNS), view, me).where(KEYS[view.sort].is_(None))
    if cursor is not None:
        bound = tuple_(literal(cursor.name), literal(cursor.ident))
        statement = statement.where(tuple_(Card.name_folded, Card.account_id) > bound)
    return _joined(statement).order_by(Card.name_folded, Card.account_id)


def _joined(statement: Select[Any]) -> Select[Any]:
    return statement.select_from(AccountCard.__table__.outerjoin(User.__table__, Owner.id == Card.owner_id))


def _value(view: View, row: Row[Any]) -> Any:
    return row.owner_name if view.sort == "owner" else row._mapping[KEYS[view.sort]]


def _filtered(statement: Select[Any], view: View, me: int, but: str = "") -> Select[Any]:
    """The rows that the search and the filters keep, those of the filter `but` left aside."""
    clauses = [_search(view.q)] if view.q else []
    clauses += [_chosen(name, view.chosen(name), me) for name in rules.FACETS if name != but and view.chosen(name)]
    return statement.where(*clauses)


def _search(text: str) -> ColumnElement[bool]:
    pattern = rules.like(text)
    return or_(
        Card.name_folded.like(pattern, escape="\\"),
        func.lower(Card.external_id).like(pattern, escape="\\"),
    )


def _chosen(name: str, values: Sequence[str], me: int) -> ColumnElement[bool]:
    if name == "owner":
        wanted = {me if value == ME else int(value) for value in values if value != UNKNOWN}
        named = Card.owner_id.in_(wanted) if wanted else false()
        return or_(named, Card.owner_id.is_(None)) if UNKNOWN in values else named
    return TEXTS[name].in_(["" if value == UNKNOWN else value for value in values])


def _text_counts(name: str, view: View, me: int) -> Select[Any]:
    column = TEXTS[name]
    statement = select(
        literal(name).label("facet"),
        column.label("value"),
        cast(null(), String).label("label"),
        func.count().label("n"),
    )
    return _filtered(statement, view, me, but=name).group_by(column)


def _owner_counts(view: View, me: int) -> list[Select[Any]]:
    kept = _filtered(select(Card.owner_id, func.count().label("n")), view, me, but="owner").group_by(Card.owner_id)
    counts = kept.subquery()
    named = select(
        literal("owner"), cast(Owner.id, String), cast(Owner.name, String), func.coalesce(counts.c.n, 0)
    ).select_from(User.__table__.outerjoin(counts, counts.c.owner_id == Owner.id))
    nobody = select(literal("owner"), literal(""), cast(null(), String), counts.c.n).where(counts.c.owner_id.is_(None))
    return [named, nobody]


MOST_CHOICES = 60
# Values with an order of their own; sectors and people stand by frequency.
ORDERS = {"size": tuple(facts.SIZES), "segment": facts.SEGMENTS, "health": rules.BANDS}


def _facet(name: str, view: View, me: int, rows: Sequence[Row[Any]]) -> Facet:
    chosen = {str(me) if value == ME else value for value in view.chosen(name)}
    found = {row.value or UNKNOWN: Choice(row.value or UNKNOWN, row.n, row.label or row.value) for row in rows}
    missing = {value: Choice(value, 0, value) for value in chosen if value not in found}
    choices = [replace(choice, chosen=choice.value in chosen) for choice in (found | missing).values()]
    choices = [choice for choice in choices if choice.count or choice.chosen]
    if name in ORDERS:
        order = [*ORDERS[name], UNKNOWN]
        choices.sort(key=lambda choice: order.index(choice.value) if choice.value in order else len(order))
    else:
        choices.sort(key=lambda choice: (not choice.chosen, -choice.count, choice.label))
    return Facet(name, choices[:MOST_CHOICES], max(len(choices) - MOST_CHOICES, 0))
