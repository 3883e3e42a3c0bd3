"""What was observed of many accounts up to a date: set-based statements, a constant number whatever the accounts.

Rows later than the date never count. All of it is portable between SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
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

from haark import clock
from haark.accounts.models import Account
from haark.accounts.queries import Chosen, for_chunk, within
from haark.extensions import db
from haark.measures import rules
from haark.measures.models import Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature

MEASURES = ("active_users", "events", "logins")
# Columns of tables, not of entities: rows then come without the ORM's own handling, a microsecond each.
_ACCOUNT, _DAY, _FEATURE = (one.__table__.c for one in (Account, UsageDay, UsageFeature))
_TALK, _SURVEY, _TICKET = (one.__table__.c for one in (Interaction, Survey, Ticket))
_INCLUDED = select(func.count()).select_from(Feature.__table__).where(Feature.__table__.c.premium.is_(False))


class UsageSums(NamedTuple):
    """Usage of one account in the windows of `rules.windows`: for each of MEASURES (sum now, sum before), weekends left
    out; None when no row of the last 90 days states it. `last_used` is the newest day with any activity."""

    last_used: date | None
    sums: Sequence[tuple[float, float] | None]
    at_least: bool


class Edge(NamedTuple):
    """First and last reported day up to the date; `used`: the newest day with activity of the whole product, or `last`
    where the product reported nothing within the lookback; `by_feature`: whether features did."""

    first: date
    last: date
    used: date | None
    by_feature: bool


class Breadth(NamedTuple):
    """Features used in the present window, and how many there are to use (premium ones count once they are used)."""

    used: int
    known: int


class Contact(NamedTuple):
    """Exchanges of one account: newest of any kind (without notes), newest two-way, and counts."""

    last: datetime
    last_two_way: datetime | None
    two_way_30: int
    all_90: int
    two_way_90: int


def two_way_clause() -> ColumnElement[bool]:
    """`rules.is_two_way` in SQL."""
    spoken = and_(_TALK.direction == "", _TALK.kind.in_(("call", "meeting")))
    return and_(_TALK.kind != "note", or_(_TALK.direction.in_(("in", "both")), spoken))


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


def usage(ids: Sequence[int], on: date, lookback: int, edges: Mapping[int, Edge]) -> dict[int, UsageSums]:
    """Usage of a chunk of accounts: at most five statements. `edges` as the function of that name gives them; accounts
    that it does not name are missing.

    Where rows by feature tell what the product's do not, days are put together first; for all others the one row a day
    is summed, each window for itself.
    """
    candidates = [ident for ident, edge in edges.items() if edge.by_feature]
    detailed = _with_features(candidates, on, lookback) if candidates else set()
    found = _by_day(sorted(detailed), on, lookback) if detailed else {}
    for ident in detailed - found.keys():
        found[ident] = UsageSums(edges[ident].last, (None, None, None), False)  # as of days before the lookback
    plain = [ident for ident in ids if ident in edges and ident not in detailed]
    if not plain:
        return found
    span = rules.windows(on)
    present, earlier = _window(plain, span.now), _window(plain, span.before)
    unsure, nothing = [], (None,) * len(MEASURES)
    for ident in plain:
        late, early, edge = present.get(ident), earlier.get(ident), edges[ident]
        sums = [
            None if now is None and past is None else (float(now or 0), float(past or 0))
            for now, past in zip(late or nothing, early or nothing, strict=True)
        ]
        found[ident] = UsageSums(edge.used, sums, False)
        if None in sums:
            unsure.append(ident)
    # A measure that the windows do not hold may have been stated before them: then its absence is no use, not unknown.
    for ident, counts in (_stated(unsure, on, lookback) if unsure else {}).items():
        sums = [
            (0.0, 0.0) if one is None and count else one for one, count in zip(found[ident].sums, counts, strict=True)
        ]
        found[ident] = UsageSums(edges[ident].used, sums, False)
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


def _stated(ids: Sequence[int], on: date, lookback: int) -> dict[int, Any]:
    """By account, in how many rows of the last `lookback` days each measure is stated; weekends count too."""
    return {row[0]: row[1:] for row in _rows_that_state(ids, since=on - timedelta(lookback), on=on)}


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


def edges(ids: Sequence[int], on: date, lookback: int) -> dict[int, Edge]:
    """When a chunk of accounts reported usage: one statement. Accounts that never did are missing."""
    since = on - timedelta(lookback)
    found = {}
    for ident, first, last, first_feature, last_feature, used in _edge_rows(ids, since=since, on=on):
        ends = first, last
        if last_feature is not None:
            ends = min(first or first_feature, first_feature), max(last or last_feature, last_feature)
        if ends[1] is not None:
            silent = last is None or last < since
            by_feature = last_feature is not None and last_feature >= since
            found[ident] = Edge(*ends, ends[1] if silent else used, by_feature)
    return found


def _by_day(ids: Sequence[int], on: date, lookback: int) -> dict[int, UsageSums]:
    """The same for accounts with rows by feature: product and features of each day are put together first. Those that
    have none within the lookback are missing."""
    span = rules.windows(on)
    since = on - timedelta(lookback)
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


def anybody_reported(since: date, on: date) -> bool:
    """Whether any account reported usage from `since` to `on`: index seeks until the first one. One statement."""
    reported = [
        select(model.day).where(model.account_id == Account.id, model.day.between(since, on)).exists()
        for model in (UsageDay, UsageFeature)
    ]
    return db.session.execute(select(Account.id).where(or_(*reported)).limit(1)).first() is not None


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


def breadth(ids: Sequence[int], on: date) -> dict[int, Breadth]:
    """Features used of accounts that report by feature: two statements at most."""
    if not ids:
        return {}
    start, end = rules.windows(on).now
    used = {ident: (count, premium) for ident, count, premium in _features_used(ids, start=start, end=end)}
    included = db.session.scalar(_INCLUDED) or 0
    return {ident: Breadth(count, included + premium) for ident in ids for count, premium in (used.get(ident, (0, 0)),)}


def _newest(condition: ColumnElement[bool]) -> Any:
    own = and_(_TALK.account_id == _ACCOUNT.id, _TALK.at < bindparam("end"), condition)
    return select(_TALK.at).where(own).order_by(_TALK.at.desc()).limit(1).scalar_subquery()


@for_chunk
def _last_exchanges(chosen: Chosen) -> Select[Any]:
    newest = (_newest(_TALK.kind != "note"), _newest(two_way_clause()))
    return select(_ACCOUNT.id, *newest).where(chosen(_ACCOUNT.id))


@for_chunk
def _counted_exchanges(chosen: Chosen) -> Select[Any]:
    two_way = two_way_clause()
    lately = (_TALK.at >= bindparam("quarter"), _TALK.at < bindparam("end"))
    talks = and_(_TALK.account_id == _ACCOUNT.id, *lately, _TALK.kind != "note")
    recent = case((and_(two_way, _TALK.at >= bindparam("month")), 1))
    rows = select(_ACCOUNT.id, func.count(recent), func.count(), func.count(case((two_way, 1))))
    return rows.join(Interaction.__table__, talks).where(chosen(_ACCOUNT.id)).group_by(_ACCOUNT.id)


def exchanges(ids: Sequence[int], on: date) -> dict[int, Contact]:
    """Exchanges of a chunk of accounts: two statements. Accounts without any (notes apart) are missing."""
    end = clock.start_of(on + timedelta(1))
    month, quarter = clock.start_of(on - timedelta(29)), clock.start_of(on - timedelta(89))
    counts = {row[0]: row[1:] for row in _counted_exchanges(ids, month=month, quarter=quarter, end=end)}
    return {
        ident: Contact(last, last_two_way, *counts.get(ident, (0, 0, 0)))
        for ident, last, last_two_way in _last_exchanges(ids, end=end)
        if last is not None
    }


@for_chunk
def _answers(chosen: Chosen) -> Select[Any]:
    rows = select(_SURVEY.account_id, _SURVEY.kind, _SURVEY.date, _SURVEY.score)
    lately = (_SURVEY.date > bindparam("after"), _SURVEY.date <= bindparam("on"))
    return rows.where(chosen(_SURVEY.account_id), *lately).order_by(_SURVEY.account_id, _SURVEY.date, _SURVEY.id)


def answers(ids: Sequence[int], on: date, lookback: int) -> dict[tuple[int, str], list[tuple[date, float]]]:
    """NPS and CSAT answers of the last `lookback` days: {(account, kind): [(day, score)]}. One statement."""
    found: defaultdict[tuple[int, str], list[tuple[date, float]]] = defaultdict(list)
    for ident, kind, day, score in _answers(ids, after=on - timedelta(lookback), on=on):
        found[ident, kind].append((day, score))
    return found


@for_chunk
def _tickets(chosen: Chosen) -> Select[Any]:
    rows = select(_TICKET.account_id, _TICKET.opened_at, _TICKET.closed_at, _TICKET.priority, _TICKET.csat)
    counted = or_(_TICKET.closed_at.is_(None), _TICKET.closed_at >= bindparam("start"))
    known = rows.where(chosen(_TICKET.account_id), _TICKET.opened_at < bindparam("end"), counted)
    return known.order_by(_TICKET.account_id, _TICKET.opened_at)


def tickets(ids: Sequence[int], on: date, lookback: int) -> dict[int, list[Any]]:
    """Tickets still open on the date or closed within `lookback` days before it: {account: [(opened_at, closed_at,
    priority, csat)]}; a closing after the date is hidden, and with it the satisfaction given then. One statement."""
    end, start = clock.start_of(on + timedelta(1)), clock.start_of(on - timedelta(lookback - 1))
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for ident, opened, closed, priority, csat in _tickets(ids, start=start, end=end):
        if closed is not None and closed >= end:
            closed = csat = None
        found[ident].append((opened, closed, priority, csat))
    return found
