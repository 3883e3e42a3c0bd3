"""What was observed of many accounts up to a date: set-based statements, a constant number whatever the accounts.

Rows later than the date never count. All of it is portable between SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, null, or_, select, union_all

from haark import clock
from haark.accounts.models import Account
from haark.accounts.queries import within
from haark.extensions import db
from haark.measures import rules
from haark.measures.models import Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature

MEASURES = ("active_users", "events", "logins")


@dataclass(frozen=True, slots=True)
class UsageSums:
    """Usage of one account in the windows of `rules.windows`: {measure: (sum now, sum before)}, weekends left out.

    A measure is missing when no row of the last 90 days states it. `first`, `last` frame all reported days up to the
    date; `last_used` is the newest day with any activity.
    """

    first: date
    last: date
    last_used: date | None
    sums: dict[str, tuple[float, float]]
    at_least: bool


@dataclass(frozen=True, slots=True)
class Breadth:
    """Features used in the present window, and how many there are to use (premium ones count once they are used)."""

    used: int
    known: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Exchanges of one account: newest of any kind (without notes), newest two-way, and counts."""

    last: datetime
    last_two_way: datetime | None
    two_way_30: int
    all_90: int
    two_way_90: int


def two_way_clause() -> ColumnElement[bool]:
    """`rules.is_two_way` in SQL."""
    spoken = and_(Interaction.direction == "", Interaction.kind.in_(("call", "meeting")))
    return and_(Interaction.kind != "note", or_(Interaction.direction.in_(("in", "both")), spoken))


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


def usage(ids: Sequence[int], on: date, lookback: int, by_feature: Set[int] | None = None) -> dict[int, UsageSums]:
    """Usage of a chunk of accounts: at most five statements. Accounts that never reported any are missing.

    `by_feature` are those with rows by feature within `lookback` (`breadth` names them; None: all may have). Where such
    rows tell what the product's do not, days are put together first; of all others one pass over the two windows sums
    the one row a day.
    """
    candidates = list(ids) if by_feature is None else sorted(by_feature)
    detailed = _with_features(candidates, on, lookback) if candidates else set()
    plain = [ident for ident in ids if ident not in detailed]
    found = _by_day(sorted(detailed), on, lookback) if detailed else {}
    rows = _plain(plain, on) if plain else {}
    # A measure that the windows do not hold may have been stated before them: then its absence is no use, not unknown.
    unsure = [ident for ident in plain if ident not in rows or not all(rows[ident][2::3])]
    stated = _stated(unsure, on, lookback) if unsure else {}
    edges = _edges(ids, on, on - timedelta(lookback))
    for ident in plain:
        edge = edges.get(ident)
        if edge is None:
            continue
        row, known = rows.get(ident), stated.get(ident)
        sums = {}
        for n, name in enumerate(MEASURES):
            total, now, count = row[3 * n : 3 * n + 3] if row is not None else (0, 0, 0)
            if count or (known is not None and known[n]):
                sums[name] = (float(now or 0), float((total or 0) - (now or 0)))
        used = edge.used if row is not None or known is not None else edge.last
        found[ident] = UsageSums(edge.first, edge.last, used, sums, False)
    for ident in detailed:
        if edge := edges.get(ident):
            silent = UsageSums(edge.first, edge.last, edge.last, {}, False)  # as of days before the lookback
            found[ident] = replace(found.get(ident, silent), first=edge.first, last=edge.last)
    return found


def _with_features(ids: Sequence[int], on: date, lookback: int) -> set[int]:
    """Accounts with a day that only rows by feature tell of, wholly or in a measure. Where the product's own row says
    everything, rows by feature add nothing to the sums."""
    told = and_(UsageDay.account_id == UsageFeature.account_id, UsageDay.day == UsageFeature.day)
    rows = (
        select(UsageFeature.account_id)
        .outerjoin(UsageDay, told)
        .where(within(UsageFeature.account_id, ids), UsageFeature.day.between(on - timedelta(lookback), on))
        .where(or_(*(UsageDay.__table__.c[name].is_(None) for name in MEASURES)))
    )
    return set(db.session.scalars(rows.distinct()))


def _plain(ids: Sequence[int], on: date) -> dict[int, Any]:
    """By account, for each measure: its sum over the working days of both windows, of the present one, and in how many
    rows it is stated."""
    span = rules.windows(on)
    resting = rules.weekends(span.before[0], span.now[1])
    columns: list[Any] = []
    for name in MEASURES:
        value = UsageDay.__table__.c[name]
        present = case((UsageDay.day >= span.now[0], value), else_=null())
        columns += [func.sum(value), func.sum(present), func.count(value)]
    wanted = (
        select(UsageDay.account_id, *columns)
        .where(within(UsageDay.account_id, ids), UsageDay.day.between(span.before[0], span.now[1]))
        .where(UsageDay.day.not_in(resting))
        .group_by(UsageDay.account_id)
    )
    return {row[0]: row[1:] for row in db.session.execute(wanted)}


def _stated(ids: Sequence[int], on: date, lookback: int) -> dict[int, Any]:
    """By account, in how many rows of the last `lookback` days each measure is stated; weekends count too."""
    wanted = (
        select(UsageDay.account_id, *(func.count(UsageDay.__table__.c[name]) for name in MEASURES))
        .where(within(UsageDay.account_id, ids), UsageDay.day.between(on - timedelta(lookback), on))
        .group_by(UsageDay.account_id)
    )
    return {row[0]: row[1:] for row in db.session.execute(wanted)}


@dataclass(frozen=True, slots=True)
class _Edge:
    """First and last reported day up to the date; `used`: the newest day with activity within the lookback."""

    first: date
    last: date
    used: date | None


def _edges(ids: Sequence[int], on: date, since: date) -> dict[int, _Edge]:
    """Five index seeks an account, one statement."""

    def seek(model: Any, newest: bool) -> Any:
        edge = (func.max if newest else func.min)(model.day)
        return select(edge).where(model.account_id == Account.id, model.day <= on).scalar_subquery()

    active = or_(*(getattr(UsageDay, name) > 0 for name in MEASURES))
    last_used = (
        select(UsageDay.day)
        .where(UsageDay.account_id == Account.id, UsageDay.day.between(since, on), active)
        .order_by(UsageDay.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    edges = [seek(model, newest) for newest in (False, True) for model in (UsageDay, UsageFeature)]
    found = {}
    for ident, *days, used in db.session.execute(select(Account.id, *edges, last_used).where(within(Account.id, ids))):
        known = [day for day in days if day is not None]
        if known:
            found[ident] = _Edge(min(known), max(known), used)
    return found


def _by_day(ids: Sequence[int], on: date, lookback: int) -> dict[int, UsageSums]:
    """The same for accounts with rows by feature: product and features of each day are put together first. The first
    and last day it names are those of the lookback."""
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
    columns += [func.min(days.c.day), func.max(days.c.day)]
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
    sums = {
        name: (float(row[2 + 3 * n] or 0), float(row[3 + 3 * n] or 0))
        for n, name in enumerate(MEASURES)
        if row[1 + 3 * n]
    }
    return UsageSums(row[12], row[13], row[10], sums, bool(row[11]))


def breadth(ids: Sequence[int], on: date, lookback: int) -> dict[int, Breadth]:
    """Features used of a chunk of accounts: two statements. Accounts without rows by feature are missing."""
    start, end = rules.windows(on).now
    active = or_(*(getattr(UsageFeature, name) > 0 for name in MEASURES))
    used = and_(active, UsageFeature.day.between(start, end))
    rows = (
        select(
            UsageFeature.account_id,
            func.count(case((used, UsageFeature.feature_id)).distinct()),
            func.count(case((and_(used, Feature.premium), UsageFeature.feature_id)).distinct()),
        )
        .join(Feature, Feature.id == UsageFeature.feature_id)
        .where(within(UsageFeature.account_id, ids), UsageFeature.day.between(on - timedelta(lookback), on))
        .group_by(UsageFeature.account_id)
    )
    included = db.session.scalar(select(func.count()).select_from(Feature).where(Feature.premium.is_(False))) or 0
    return {ident: Breadth(count, included + premium) for ident, count, premium in db.session.execute(rows)}


def exchanges(ids: Sequence[int], on: date) -> dict[int, Contact]:
    """Exchanges of a chunk of accounts: two statements. Accounts without any (notes apart) are missing."""
    end = clock.start_of(on + timedelta(1))
    month, quarter = clock.start_of(on - timedelta(29)), clock.start_of(on - timedelta(89))

    def newest(condition: ColumnElement[bool]) -> Any:
        own = and_(Interaction.account_id == Account.id, Interaction.at < end, condition)
        return select(Interaction.at).where(own).order_by(Interaction.at.desc()).limit(1).scalar_subquery()

    edges = select(Account.id, newest(Interaction.kind != "note"), newest(two_way_clause()))
    two_way = two_way_clause()
    counted = (
        select(
            Interaction.account_id,
            func.count(case((and_(two_way, Interaction.at >= month), 1))),
            func.count(),
            func.count(case((two_way, 1))),
        )
        .where(within(Interaction.account_id, ids), Interaction.kind != "note")
        .where(Interaction.at >= quarter, Interaction.at < end)
        .group_by(Interaction.account_id)
    )
    counts = {ident: numbers for ident, *numbers in db.session.execute(counted)}
    return {
        ident: Contact(last, last_two_way, *counts.get(ident, (0, 0, 0)))
        for ident, last, last_two_way in db.session.execute(edges.where(within(Account.id, ids)))
        if last is not None
    }


def answers(ids: Sequence[int], on: date, lookback: int) -> dict[tuple[int, str], list[tuple[date, float]]]:
    """NPS and CSAT answers of the last `lookback` days: {(account, kind): [(day, score)]}. One statement."""
    found: defaultdict[tuple[int, str], list[tuple[date, float]]] = defaultdict(list)
    rows = select(Survey.account_id, Survey.kind, Survey.date, Survey.score).where(
        within(Survey.account_id, ids), Survey.date > on - timedelta(lookback), Survey.date <= on
    )
    for ident, kind, day, score in db.session.execute(rows.order_by(Survey.account_id, Survey.date, Survey.id)):
        found[ident, kind].append((day, score))
    return found


def tickets(ids: Sequence[int], on: date, lookback: int) -> dict[int, list[Any]]:
    """Tickets still open on the date or closed within `lookback` days before it: {account: [(opened_at, closed_at,
    priority, csat)]}; a closing after the date is hidden, and with it the satisfaction given then. One statement."""
    end, start = clock.start_of(on + timedelta(1)), clock.start_of(on - timedelta(lookback - 1))
    found: defaultdict[int, list[Any]] = defaultdict(list)
    rows = select(Ticket.account_id, Ticket.opened_at, Ticket.closed_at, Ticket.priority, Ticket.csat).where(
        within(Ticket.account_id, ids),
        Ticket.opened_at < end,
        or_(Ticket.closed_at.is_(None), Ticket.closed_at >= start),
    )
    for ident, opened, closed, priority, csat in db.session.execute(rows.order_by(Ticket.account_id, Ticket.opened_at)):
        later = closed is not None and closed >= end
        found[ident].append((opened, None if later else closed, priority, None if later else csat))
    return found
