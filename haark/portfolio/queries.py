"""Reading the portfolio: one table (the account cards), rows and not entities, as many statements at any size."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, select, tuple_

from haark.accounts import retention
from haark.accounts.chunking import within
from haark.accounts.models import AccountCard, AccountTag
from haark.accounts.retention import Retention
from haark.extensions import db
from haark.people.models import User
from haark.portfolio import rules
from haark.portfolio.filters import Card, kept, review_is
from haark.portfolio.rules import View

Owner = User.__table__.c
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
    Card.renewal_date,
    Card.next_review_on,
    Card.next_review_kind,
    Card.next_review_reason,
    Card.next_review_late,
    Card.next_review_planned,
    Card.owner_id,
    Owner.name.label("owner_name"),
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


@dataclass(frozen=True)
class Page:
    """At most 50 rows, and the cursor of the next page ('' at the end)."""

    rows: Sequence[Row[Any]]
    after: str


@dataclass(frozen=True)
class Totals:
    """Figures of a filtered portfolio (PF-5). Money in cents, None where nothing is known.

    `arr_before_cents` is 12 months earlier, `health_weighted` weighted by ARR over the accounts that have both. At
    risk is what the signals say of an account; `due` counts the reviews of the next 30 days that are not late. `views`
    are the accounts that each of the default views keeps, whatever this one leaves out.
    """

    count: int
    with_arr: int
    arr_cents: int | None
    arr_before_cents: int | None
    health_mean: float | None
    health_weighted: float | None
    at_risk: int
    at_risk_cents: int | None
    late: int
    due: int
    refreshed_on: date | None
    health_on: date | None
    retention: Retention
    views: Mapping[str, int]


def page(view: View, me: int, on: date) -> Page:
    """One page in the view's order, accounts without a value last. Raises BadCursor for an `after` that cannot be."""
    cursor = rules.parse_cursor(view)
    limit = rules.PAGE_SIZE + 1
    found: list[Row[Any]] = []
    if cursor is None or cursor.value is not None:
        found = list(db.session.execute(_with_value(view, me, on, cursor).limit(limit)))
    if len(found) < limit and view.sort != "name":
        rest = _without_value(view, me, on, cursor if cursor and cursor.value is None else None)
        found += db.session.execute(rest.limit(limit - len(found)))
    rows = found[: rules.PAGE_SIZE]
    if len(found) < limit:
        return Page(rows, "")
    last = rows[-1]
    return Page(rows, rules.make_cursor(view, _value(view, last), last.name_folded, last.account_id))


def partitions(
    view: View, me: int, on: date, ids: Sequence[int] = (), size: int = 1000
) -> Iterator[Sequence[Row[Any]]]:
    """Every row in the view's order, `size` at a time (nothing else is kept in memory); with `ids` only those."""
    for statement in (_with_value(view, me, on, None), _without_value(view, me, on, None)):
        wanted = statement.where(Card.account_id.in_(ids)) if ids else statement
        yield from db.session.execute(wanted, execution_options={"yield_per": size}).partitions()


def tags_of(ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of these accounts; one statement."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    table = AccountTag.__table__.c
    rows = select(table.account_id, table.tag).where(within(table.account_id, sorted(ids))).order_by(table.tag)
    for account_id, tag in db.session.execute(rows) if ids else ():
        found[account_id].append(tag)
    return found


def totals(view: View, me: int, on: date) -> Totals:
    """The figures of everything that the search and the filters keep; one statement."""
    weight = case((Card.health_score.is_not(None), Card.arr_cents), else_=None)
    figures = {
        "count": func.count(),
        "with_arr": func.count(Card.arr_cents),
        "arr_cents": func.sum(Card.arr_cents),
        "arr_before_cents": func.sum(Card.arr_before_cents),
        "health_mean": func.avg(Card.health_score),
        "health_product": func.sum(Card.health_score * weight),
        "health_weights": func.sum(weight),
        "at_risk": func.count(case((Card.at_risk, 1))),
        "at_risk_cents": func.sum(case((Card.at_risk, Card.arr_cents))),
        "late": func.count(case((review_is("late", on), 1))),
        "due": func.count(case((review_is("due", on), 1))),
        "refreshed_on": func.max(Card.refreshed_on),
        "health_on": func.max(Card.health_on),
    }
    kinds, views = list(retention.sums()), _views(me, on)
    statement = select(*(column.label(name) for name, column in figures.items()), *kinds, *views)
    row = list(db.session.execute(kept(statement, view, me, on)).one())
    values = dict(zip(figures, row, strict=False))
    mean = values.pop("health_mean")
    product, weights = values.pop("health_product"), values.pop("health_weights")
    for name in ("arr_cents", "arr_before_cents", "at_risk_cents"):
        values[name] = _whole(values[name])
    return Totals(
        **values,
        health_mean=None if mean is None else float(mean),
        health_weighted=float(product) / float(weights) if weights else None,
        retention=retention.read(row[len(figures) : len(figures) + len(kinds)]),
        views=dict(zip(rules.VIEWS, row[-len(views) :], strict=True)),
    )


def _views(me: int, on: date) -> list[Any]:
    """Counts of the default views over the whole table, each served by an index."""
    everything = select(func.count()).select_from(AccountCard.__table__)
    return [kept(everything, view, me, on).correlate(None).scalar_subquery() for view in rules.VIEWS.values()]


def _whole(total: Any) -> int | None:
    """A sum of whole numbers, which PostgreSQL gives as a decimal."""
    return None if total is None else int(total)


def _with_value(view: View, me: int, on: date, cursor: rules.Cursor | None) -> Select[Any]:
    key = KEYS[view.sort]
    statement = kept(select(*COLUMNS), view, me, on).where(key.is_not(None))
    place = tuple_(key, Card.account_id)
    if cursor is not None:
        bound = tuple_(literal(cursor.value, key.type), literal(cursor.ident))
        statement = statement.where(place < bound if view.descending else place > bound)
    order = (key.desc(), Card.account_id.desc()) if view.descending else (key, Card.account_id)
    return _joined(statement).order_by(*order)


def _without_value(view: View, me: int, on: date, cursor: rules.Cursor | None) -> Select[Any]:
    statement = kept(select(*COLUMNS), view, me, on).where(KEYS[view.sort].is_(None))
    if cursor is not None:
        bound = tuple_(literal(cursor.name), literal(cursor.ident))
        statement = statement.where(tuple_(Card.name_folded, Card.account_id) > bound)
    return _joined(statement).order_by(Card.name_folded, Card.account_id)


def _joined(statement: Select[Any]) -> Select[Any]:
    return statement.select_from(AccountCard.__table__.outerjoin(User.__table__, Owner.id == Card.owner_id))


def _value(view: View, row: Row[Any]) -> Any:
    return row.owner_name if view.sort == "owner" else row._mapping[KEYS[view.sort]]
