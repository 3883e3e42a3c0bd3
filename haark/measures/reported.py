"""When accounts reported usage, and how far it is known. Portable between SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, or_, select

from haark.accounts.chunking import Chosen, for_chunk
from haark.accounts.models import Account
from haark.extensions import db
from haark.measures import rules
from haark.measures.models import MEASURES, UsageDay, UsageFeature

# Days of history in which a report still counts, and accounts that are asked how far the feeds have come.
LOOKBACK, SPREAD = 90, 200
_ACCOUNT, _DAY, _FEATURE = (one.__table__.c for one in (Account, UsageDay, UsageFeature))


class Edge(NamedTuple):
    """First and last reported day up to the date; `used`: the newest day with activity of the whole product, or `last`
    where the product reported nothing within the lookback; `by_feature`: whether features did. `until`: the last day
    for which its usage is known (`rules.Feeds`)."""

    first: date
    last: date
    used: date | None
    by_feature: bool
    until: date


@for_chunk
def _edge_rows(chosen: Chosen) -> Select[Any]:
    """Five index seeks an account."""

    def seek(table: Any, newest: bool) -> Any:
        edge = (func.max if newest else func.min)(table.day)
        return select(edge).where(table.account_id == _ACCOUNT.id, table.day <= bindparam("on")).scalar_subquery()

    active = or_(*(_DAY[name] > 0 for name in MEASURES))
    used = (
        select(_DAY.day)
        .where(_DAY.account_id == _ACCOUNT.id, _DAY.day.between(bindparam("since"), bindparam("on")), active)
        .order_by(_DAY.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    edges = [seek(table, newest) for table in (_DAY, _FEATURE) for newest in (False, True)]
    return select(_ACCOUNT.id, *edges, used).where(chosen(_ACCOUNT.id))


def edges(ids: Sequence[int], on: date, lookback: int = LOOKBACK) -> dict[int, Edge]:
    """When a chunk of accounts reported usage: two statements. Accounts that never did are missing."""
    since = on - timedelta(lookback)
    found, known = {}, feeds(on)
    untils: dict[date, date] = {}
    for ident, first, last, first_feature, last_feature, used in _edge_rows(ids, since=since, on=on):
        ends = first, last
        if last_feature is not None:
            ends = min(first or first_feature, first_feature), max(last or last_feature, last_feature)
        if (newest := ends[1]) is not None:
            silent = last is None or last < since
            by_feature = last_feature is not None and last_feature >= since
            if newest not in untils:
                untils[newest] = known.until(newest)
            found[ident] = Edge(*ends, newest if silent else used, by_feature, untils[newest])
    return found


def edge_of(account_id: int, on: date) -> Edge | None:
    """The same of one account; None when it never reported."""
    return edges([account_id], on).get(account_id)


def _spread() -> Select[Any]:
    """At most SPREAD accounts at even distances, each with its newest day in the table of either kind."""
    alive = _ACCOUNT.deleted_at.is_(None)
    ends = [select(edge(_ACCOUNT.id)).scalar_subquery() for edge in (func.max, func.min)]
    first = select(_ACCOUNT.id.label("id")).where(alive).order_by(_ACCOUNT.id).limit(1).subquery()
    picked = select(first.c.id).cte("picked", recursive=True)
    beyond = _ACCOUNT.id >= picked.c.id + (ends[0] - ends[1]) // SPREAD + 1
    following = select(_ACCOUNT.id).where(beyond, alive).order_by(_ACCOUNT.id).limit(1).correlate(picked)
    picked = picked.union_all(select(following.scalar_subquery()).where(picked.c.id.is_not(None)))
    newest = [
        select(func.max(table.day))
        .where(table.account_id == picked.c.id, table.day.between(bindparam("since"), bindparam("on")))
        .scalar_subquery()
        for table in (_DAY, _FEATURE)
    ]
    return select(*newest).select_from(picked)


_SPREAD = _spread()


def feeds(on: date) -> rules.Feeds:
    """How far usage was reported on a date: one statement, six hundred index seeks whatever the accounts.

    Exact up to SPREAD accounts; of more, it asks so many of them, evenly spread, always the same ones.
    """
    rows = db.session.execute(_SPREAD, {"since": on - timedelta(LOOKBACK), "on": on})
    return rules.feeds([max(day for day in row if day) for row in rows if any(row)], on)
