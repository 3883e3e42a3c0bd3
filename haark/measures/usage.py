"""Usage of many accounts in the windows that end where their data end: set-based statements, a constant number whatever
the accounts. Portable between SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Date,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from haark.accounts.chunking import Chosen, for_chunk, within
from haark.accounts.models import Account
from haark.extensions import db
from haark.measures import rules
from haark.measures.models import MEASURES, Feature, UsageDay, UsageFeature
from haark.measures.reported import Edge

_ACCOUNT, _DAY, _FEATURE = (one.__table__.c for one in (Account, UsageDay, UsageFeature))
_INCLUDED = select(func.count()).select_from(Feature.__table__).where(Feature.__table__.c.premium.is_(False))
NOTHING = (None,) * len(MEASURES)


class UsageSums(NamedTuple):
    """Usage of one account in the windows of `rules.windows`: for each of MEASURES (sum now, sum before), weekends left
    out; None when no row of the last 90 days states it. `last_used` is the newest day with any activity."""

    last_used: date | None
    sums: Sequence[tuple[float, float] | None]
    at_least: bool


class Breadth(NamedTuple):
    """Features used in the present window, and how many there are to use (premium ones count once they are used)."""

    used: int
    known: int


def days_of(condition_day: Any, condition_feature: Any) -> Subquery:
    """Rows (account_id, day, active_users, events, logins, at_least): the whole product's where it is reported, else
    at least the largest feature's active users and the sums over the features (contract.md, Import)."""
    product = select(
        UsageDay.account_id,
        UsageDay.day,
        *(getattr(UsageDay, name).label(f"p_{name}") for name in MEASURES),
        *(literal(None, getattr(UsageDay, name).type).label(f"f_{name}") for name in MEASURES),
    ).where(condition_day)
    features = (
        select(
            UsageFeature.account_id,
            UsageFeature.day,
            *(literal(None, getattr(UsageDay, name).type).label(f"p_{name}") for name in MEASURES),
            func.max(UsageFeature.active_users).label("f_active_users"),
            func.sum(UsageFeature.events).label("f_events"),
            func.sum(UsageFeature.logins).label("f_logins"),
        )
        .where(condition_feature)
        .group_by(UsageFeature.account_id, UsageFeature.day)
    )
    both = union_all(product, features).subquery()
    best = [
        func.coalesce(func.max(both.c[f"p_{name}"]), func.max(both.c[f"f_{name}"])).label(name) for name in MEASURES
    ]
    guess = case((func.max(both.c.p_active_users).is_(None), func.max(both.c.f_active_users)), else_=null())
    return (
        select(both.c.account_id, both.c.day, *best, guess.label("at_least"))
        .group_by(both.c.account_id, both.c.day)
        .subquery()
    )


def usage(edges: Mapping[int, Edge], on: date, lookback: int) -> dict[int, UsageSums]:
    """Usage of a chunk of accounts, each in the windows that end where its data do: one statement to see what features
    tell alone, and two to four for each day on which data end.

    Where rows by feature tell what the product's do not, days are put together first; for all others the one row a day
    is summed, each window for itself.
    """
    candidates = sorted(ident for ident, edge in edges.items() if edge.by_feature)
    detailed = _with_features(candidates, on, lookback) if candidates else set()
    found: dict[int, UsageSums] = {}
    for until, ids in by_end(edges).items():
        plain = [ident for ident in ids if ident not in detailed]
        if plain:
            found |= _plain(plain, edges, until, lookback)
        if len(plain) < len(ids):
            wide = [ident for ident in ids if ident in detailed]
            known = _by_day(wide, until, on, lookback)
            # Missing are those whose days are before the lookback.
            found |= {ident: known.get(ident) or UsageSums(edges[ident].last, NOTHING, False) for ident in wide}
    return found


def by_end(edges: Mapping[int, Edge]) -> dict[date, list[int]]:
    """The accounts by the last day for which their usage is known, ids in order: for most portfolios a single day."""
    found: defaultdict[date, list[int]] = defaultdict(list)
    for ident in sorted(edges):
        found[edges[ident].until].append(ident)
    return found


def _plain(ids: Sequence[int], edges: Mapping[int, Edge], until: date, lookback: int) -> dict[int, UsageSums]:
    span = rules.windows(until)
    present, earlier = _window(ids, span.now), _window(ids, span.before)
    found, unsure = {}, []
    for ident in ids:
        late, early = present.get(ident, NOTHING), earlier.get(ident, NOTHING)
        sums = [
            None if now is None and past is None else (float(now or 0), float(past or 0))
            for now, past in zip(late, early, strict=True)
        ]
        found[ident] = UsageSums(edges[ident].used, sums, False)
        if None in sums:
            unsure.append(ident)
    # A measure that the windows do not hold may have been stated before them: then its absence is no use, not unknown.
    for ident, counts in (_stated(unsure, until, lookback) if unsure else {}).items():
        known = zip(found[ident].sums, counts, strict=True)
        stated = [(0.0, 0.0) if one is None and count else one for one, count in known]
        found[ident] = found[ident]._replace(sums=stated)
    return found


@for_chunk
def _told_by_features_alone(chosen: Chosen) -> Select[Any]:
    """Days are looked at once, however many features report on them."""
    days = (
        select(_FEATURE.account_id, _FEATURE.day)
        .where(chosen(_FEATURE.account_id), _FEATURE.day.between(bindparam("since"), bindparam("on")))
        .distinct()
        .subquery()
        .c
    )
    told = and_(_DAY.account_id == days.account_id, _DAY.day == days.day)
    rows = select(days.account_id).outerjoin(UsageDay.__table__, told)
    return rows.where(or_(*(_DAY[name].is_(None) for name in MEASURES))).distinct()


def _with_features(ids: Sequence[int], on: date, lookback: int) -> set[int]:
    """Accounts with a day that only rows by feature tell of, wholly or in a measure. Where the product's own row says
    everything, rows by feature add nothing to the sums."""
    return {row[0] for row in _told_by_features_alone(ids, since=on - timedelta(lookback), on=on)}


# As many weeks as a window of 30 days can touch.
_WEEKS = 6


@for_chunk
def _sums_of_weeks(chosen: Chosen) -> Select[Any]:
    """From each account straight to its working days of the window: neither weekends nor the rest of a long history are
    read. Outer joins, because SQLite would otherwise begin with the weeks and read whole histories for each."""
    bounds = [(bindparam(f"from_{n}", type_=Date), bindparam(f"to_{n}", type_=Date)) for n in range(_WEEKS)]
    weeks = union_all(*(select(start.label("first"), end.label("last")) for start, end in bounds)).subquery()
    days = and_(_DAY.account_id == _ACCOUNT.id, _DAY.day.between(weeks.c.first, weeks.c.last))
    rows = select(_ACCOUNT.id, *(func.sum(_DAY[name]) for name in MEASURES)).select_from(Account.__table__)
    rows = rows.outerjoin(weeks, weeks.c.first <= weeks.c.last).outerjoin(UsageDay.__table__, days)
    return rows.where(chosen(_ACCOUNT.id)).group_by(_ACCOUNT.id)


def _window(ids: Sequence[int], window: tuple[date, date]) -> dict[int, Any]:
    """By account, the sum of each measure over the working days of a window, None where no row states it."""
    weeks = rules.work_weeks(*window)
    weeks += [(window[1], window[0])] * (_WEEKS - len(weeks))  # the wrong way round: no day at all
    bounds = {f"from_{n}": start for n, (start, _) in enumerate(weeks)}
    bounds |= {f"to_{n}": end for n, (_, end) in enumerate(weeks)}
    return {row[0]: row[1:] for row in _sums_of_weeks(ids, **bounds)}


@for_chunk
def _rows_that_state(chosen: Chosen) -> Select[Any]:
    days = and_(_DAY.account_id == _ACCOUNT.id, _DAY.day.between(bindparam("since"), bindparam("on")))
    rows = select(_ACCOUNT.id, *(func.count(_DAY[name]) for name in MEASURES)).join(UsageDay.__table__, days)
    return rows.where(chosen(_ACCOUNT.id)).group_by(_ACCOUNT.id)


def _stated(ids: Sequence[int], until: date, lookback: int) -> dict[int, Any]:
    """By account, in how many rows of the `lookback` days up to the end of the data each measure is stated; weekends
    and what came after it count too."""
    rows = _rows_that_state(ids, since=until - timedelta(lookback - 1), on=until + timedelta(1))
    return {row[0]: row[1:] for row in rows}


def _by_day(ids: Sequence[int], until: date, on: date, lookback: int) -> dict[int, UsageSums]:
    """The same for accounts with rows by feature: product and features of each day are put together first. Those that
    have none within the lookback are missing."""
    span = rules.windows(until)
    since = until - timedelta(lookback - 1)
    days = days_of(
        and_(within(UsageDay.account_id, ids), UsageDay.day.between(since, on)),
        and_(within(UsageFeature.account_id, ids), UsageFeature.day.between(since, on)),
    )
    resting = rules.weekends(span.before[0], span.now[1])
    columns: list[Any] = [days.c.account_id]
    for name in MEASURES:
        value = days.c[name]
        columns.append(func.count(value))
        for start, end in (span.now, span.before):
            counted = and_(days.c.day.between(start, end), days.c.day.not_in(resting))
            columns.append(func.sum(case((counted, value), else_=0)))
    active = or_(*(days.c[name] > 0 for name in MEASURES))
    columns.append(func.max(case((active, days.c.day), else_=null())))
    columns.append(func.count(case((days.c.day.between(*span.now), days.c.at_least), else_=null())))
    return {row[0]: _sums(row) for row in db.session.execute(select(*columns).group_by(days.c.account_id))}


def _sums(row: Any) -> UsageSums:
    sums = [
        (float(row[2 + 3 * n] or 0), float(row[3 + 3 * n] or 0)) if row[1 + 3 * n] else None
        for n in range(len(MEASURES))
    ]
    return UsageSums(row[10], sums, bool(row[11]))


@for_chunk
def _features_used(chosen: Chosen) -> Select[Any]:
    active = or_(*(_FEATURE[name] > 0 for name in MEASURES))
    days = and_(_FEATURE.account_id == _ACCOUNT.id, _FEATURE.day.between(bindparam("start"), bindparam("end")))
    premium = case((Feature.__table__.c.premium, _FEATURE.feature_id))
    rows = select(_ACCOUNT.id, func.count(_FEATURE.feature_id.distinct()), func.count(premium.distinct()))
    rows = rows.join(UsageFeature.__table__, days).join(
        Feature.__table__, Feature.__table__.c.id == _FEATURE.feature_id
    )
    return rows.where(chosen(_ACCOUNT.id), active).group_by(_ACCOUNT.id)


def breadth(edges: Mapping[int, Edge]) -> dict[int, Breadth]:
    """Features used by accounts that report by feature, in the present that ends where their data do: one statement,
    and one for each day on which data end."""
    told = by_end({ident: edge for ident, edge in edges.items() if edge.by_feature})
    if not told:
        return {}
    included, found = db.session.scalar(_INCLUDED) or 0, {}
    for until, ids in told.items():
        start, end = rules.windows(until).now
        used = {ident: (count, premium) for ident, count, premium in _features_used(ids, start=start, end=end)}
        for ident in ids:
            count, premium = used.get(ident, (0, 0))
            found[ident] = Breadth(count, included + premium)
    return found


def level_on(days: Mapping[int, date]) -> dict[int, dict[str, float]]:
    """What was reported of each account on one day of its own: {account: {measure: value}}. One statement, for the few
    accounts that reported on a single day only."""
    if not days:
        return {}
    ids, wanted = sorted(days), sorted(set(days.values()))
    rows = days_of(
        and_(UsageDay.account_id.in_(ids), UsageDay.day.in_(wanted)),
        and_(UsageFeature.account_id.in_(ids), UsageFeature.day.in_(wanted)),
    )
    found = {}
    for row in db.session.execute(select(rows.c.account_id, rows.c.day, *(rows.c[name] for name in MEASURES))):
        if days[row.account_id] == row.day:
            found[row.account_id] = {
                name: float(row[2 + n]) for n, name in enumerate(MEASURES) if row[2 + n] is not None
            }
    return found
