"""Gathering what the score is made from, for many accounts at once; and reading the scores that were kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import g
from sqlalchemy import Select, and_, bindparam, func, select

from haark import clock
from haark.accounts import queries as accounts
from haark.accounts import rules as account_rules
from haark.accounts.models import Account
from haark.accounts.queries import Chosen, for_chunk
from haark.extensions import db
from haark.health import record
from haark.health.facts import (
    ANSWER_LOOKBACK,
    KEY_ROLES,
    STABILITY_LOOKBACK,
    USAGE_LOOKBACK,
    Answer,
    Exchanges,
    Facts,
    Past,
    Support,
    Use,
)
from haark.health.models import ChurnModel, HealthSnapshot
from haark.health.movement import Movement, moved
from haark.health.record import Kept
from haark.health.rules import Health
from haark.measures import aggregates
from haark.measures import rules as measures

# A snapshot this many days older than asked for still answers «30 days ago»; beyond, the score is made again.
TOLERANCE = 7
RESOLUTION_DAYS = 90
# Days without any usage of anybody after which usage is unknown; a file a month leaves gaps of up to 31.
FEED_STALE = 45
# HL-4: a score is compared with the one of this many days before.
COMPARED = 30
_ACCOUNT, _SNAPSHOT = Account.__table__.c, HealthSnapshot.__table__.c


@dataclass(frozen=True, slots=True)
class Explanation:
    """The last score with the one of 30 days before and what moved between them; `now` is None without any scoring.

    `usage_change` is a fraction: 30 days of usage against the 30 before. `churn` and `churn_before` are probabilities
    of leaving at the next renewal, None where they cannot be told; `factors` explain the former, in log-odds.
    """

    now: Health | None
    before: Health | None
    movement: Movement
    usage_change: float | None
    churn: float | None = None
    factors: tuple[dict[str, Any], ...] = ()
    churn_before: float | None = None


@for_chunk
def _contracts(chosen: Chosen) -> Select[Any]:
    columns = (_ACCOUNT.id, _ACCOUNT.seats, _ACCOUNT.declared_arr_cents, _ACCOUNT.contract_start, _ACCOUNT.renewal_date)
    return select(*columns).where(chosen(_ACCOUNT.id))


def facts_of(ids: Sequence[int], on: date) -> dict[int, Facts]:
    """Everything known of a chunk of accounts on a date: fourteen statements, whatever their number."""
    used = _uses(ids, on)
    met = _exchanges(ids, on)
    roles = _roles(ids, on)
    said = aggregates.answers(ids, on, ANSWER_LOOKBACK)
    desks = _desks(ids, on)
    levels = accounts.revenue_levels(ids, on)
    terms = accounts.terms(ids)
    year_ago = account_rules.add_months(on, -account_rules.YEAR)
    nobody: tuple[frozenset[str], frozenset[str], int] = (frozenset(), frozenset(), 0)
    nothing: tuple[tuple[Answer, ...], None] = ((), None)
    found = {}
    for ident, seats, declared, start, renewal in _contracts(ids):
        known, held, departures = roles.get(ident, nobody)
        ended, paid = terms.get(ident, ()), levels.get(ident, ())
        ticket_csat, support = desks.get(ident, nothing)
        began = start or (paid[0][0] if paid else None)
        found[ident] = Facts(
            seats,
            used.get(ident),
            met.get(ident),
            known,
            held,
            _answers(said, ident, "nps"),
            _answers(said, ident, "csat"),
            ticket_csat,
            support,
            _past(began, declared, paid, ended, departures if known else None, year_ago, on),
            account_rules.term_end(ended, renewal, on),
        )
    return found


def _uses(ids: Sequence[int], on: date) -> dict[int, Use]:
    edges = aggregates.edges(ids, on, USAGE_LOOKBACK)
    if not edges or not _arrives(edges, on):
        return {}
    wide = aggregates.breadth([ident for ident, edge in edges.items() if edge.by_feature], on)
    used = aggregates.usage(ids, on, USAGE_LOOKBACK, edges)
    lone = aggregates.level_on(
        {ident: edge.last for ident, edge in edges.items() if measures.is_lone(edge.first, edge.last, on)}
    )
    mean, found = measures.mean_over, {}
    for ident, (last_used, sums, at_least) in used.items():
        edge, features = edges[ident], wide.get(ident)
        days, days_before = measures.covered(edge.first, on)
        users, events, logins = (pair or (None, None) for pair in sums)
        now = [mean(users[0], days), mean(events[0], days), mean(logins[0], days)]
        if ident in lone:
            now = [lone[ident].get(name, level) for name, level in zip(aggregates.MEASURES, now, strict=True)]
        found[ident] = Use(
            edge.last,
            last_used,
            now[0],
            mean(users[1], days_before),
            now[1],
            mean(events[1], days_before),
            now[2],
            mean(logins[1], days_before),
            at_least,
            features.used if features and ident not in lone else None,
            features.known if features else None,
        )
    return found


def _arrives(edges: Mapping[int, aggregates.Edge], on: date) -> bool:
    """Whether usage still arrives on a date: where nobody has reported any for 45 days, the feed has stopped or the
    files are old. What the clients do is then unknown, not nothing."""
    since = on - timedelta(FEED_STALE)
    if any(edge.last >= since for edge in edges.values()):
        return True
    # Nobody of this chunk: is it these clients, or everybody? Asked once for a whole portfolio.
    if g.get("usage_stopped") == on:
        return False
    arrives = aggregates.anybody_reported(since, on)
    if not arrives:
        g.usage_stopped = on
    return arrives


def _exchanges(ids: Sequence[int], on: date) -> dict[int, Exchanges]:
    day_of = clock.day_of
    return {
        ident: Exchanges(day_of(last), day_of(both) if both else None, *counts)
        for ident, (last, both, *counts) in aggregates.exchanges(ids, on).items()
    }


def _roles(ids: Sequence[int], on: date) -> dict[int, tuple[frozenset[str], frozenset[str], int]]:
    """By account: key roles ever filled, those filled on the date, and departures of key people within a year."""
    people: defaultdict[int, list[tuple[str, date | None]]] = defaultdict(list)
    for ident, role, left_on in accounts.people_of(ids, KEY_ROLES):
        people[ident].append((role, left_on))
    recent = on - timedelta(STABILITY_LOOKBACK)
    found = {}
    for ident, held in people.items():
        known = frozenset([role for role, _ in held])
        gone = [left_on for _, left_on in held if left_on is not None and left_on <= on]
        here = frozenset([role for role, left_on in held if left_on is None or left_on > on]) if gone else known
        found[ident] = known, here, sum(1 for day in gone if day > recent)
    return found


def _answers(said: Mapping[tuple[int, str], list[tuple[date, float]]], ident: int, kind: str) -> tuple[Answer, ...]:
    rows = said.get((ident, kind))
    return tuple([Answer(day, value) for day, value in rows]) if rows else ()


def _desks(ids: Sequence[int], on: date) -> dict[int, tuple[tuple[Answer, ...], Support]]:
    """By account with tickets: the satisfaction they were given, and how support fares."""
    start, end = clock.start_of(on - timedelta(RESOLUTION_DAYS - 1)), clock.start_of(on + timedelta(1))
    oldest = on - timedelta(ANSWER_LOOKBACK)
    found = {}
    for ident, tickets in aggregates.tickets(ids, on, ANSWER_LOOKBACK).items():
        days = ((clock.day_of(closed or opened), csat) for opened, closed, _, csat in tickets if csat is not None)
        answers = tuple([Answer(day, csat) for day, csat in days if oldest < day <= on])
        waiting = [priority for _, closed, priority, _ in tickets if closed is None]
        urgent, high = waiting.count("urgent"), waiting.count("high")
        count, hours = measures.resolution(tickets, start, end)
        newest = clock.day_of(max([closed or opened for opened, closed, _, _ in tickets]))
        found[ident] = answers, Support(newest, urgent, high, len(waiting) - urgent - high, count, hours)
    return found


def _past(
    start: date | None,
    declared: int | None,
    levels: Sequence[tuple[date, int]],
    terms: Sequence[tuple[date, str]],
    departures: int | None,
    year_ago: date,
    on: date,
) -> Past:
    ended = [outcome for day, outcome in terms if day <= on]
    return Past(
        account_rules.tenure_months(start, on),
        account_rules.arr_at(levels, declared, on),
        account_rules.arr_at(levels, None, year_ago),
        ended.count("renewed"),
        ended.count("lost"),
        account_rules.contractions(levels, on - timedelta(STABILITY_LOOKBACK), on),
        departures,
    )


@for_chunk
def _briefs(chosen: Chosen) -> Select[Any]:
    """From each account to its few snapshots of these days, so that the others are not read."""
    days = and_(_SNAPSHOT.account_id == _ACCOUNT.id, _SNAPSHOT.day.between(bindparam("since"), bindparam("on")))
    columns = (_SNAPSHOT.score, _SNAPSHOT.inputs, _SNAPSHOT.churn)
    rows = select(_SNAPSHOT.account_id, _SNAPSHOT.day, *columns).select_from(Account.__table__)
    return rows.join(HealthSnapshot.__table__, days).where(chosen(_ACCOUNT.id)).order_by(_ACCOUNT.id, _SNAPSHOT.day)


def kept_before(ids: Sequence[int], on: date) -> dict[int, Kept]:
    """The score that each account showed on a day, or up to a week before it, without coverage and confidence. One
    statement."""
    newest = {row[0]: row for row in _briefs(ids, since=on - timedelta(TOLERANCE), on=on)}
    return {ident: record.brief_of(row) for ident, row in newest.items()}


def latest(account_id: int, on: date) -> Health | None:
    """The last score kept by a date; None when there was none yet. One statement."""
    kept = latest_kept(account_id, on)
    return kept.health if kept else None


def latest_kept(account_id: int, on: date, days: int | None = None) -> Kept | None:
    """The last score kept by a date (within so many days) with its churn probability; None without one. One
    statement."""
    model = _SNAPSHOT.components["model"].as_integer()
    rows = select(*_SNAPSHOT, ChurnModel.coefficients).select_from(HealthSnapshot.__table__)
    rows = rows.outerjoin(ChurnModel, ChurnModel.id == model).where(
        _SNAPSHOT.account_id == account_id, _SNAPSHOT.day <= on
    )
    if days is not None:
        rows = rows.where(_SNAPSHOT.day >= on - timedelta(days))
    row = db.session.execute(rows.order_by(_SNAPSHOT.day.desc()).limit(1)).one_or_none()
    return None if row is None else record.kept_of(row)


def history(account_id: int, start: date, end: date) -> Sequence[Any]:
    """The scores kept in a period, oldest first: day, score, band, coverage, confidence (HL-4). One statement."""
    table = HealthSnapshot.__table__.c
    columns = (table.day, table.score, table.band, table.coverage, table.confidence)
    rows = select(*columns).where(table.account_id == account_id, table.day.between(start, end))
    return db.session.execute(rows.order_by(table.day)).all()


def explain(account_id: int, on: date) -> Explanation:
    """Why the score is what it is on a date, from what was kept: two statements (HL-3)."""
    kept = latest_kept(account_id, on)
    if kept is None:
        return Explanation(None, None, Movement(None, None, None, {}, ()), None)
    now = kept.health
    earlier = latest_kept(account_id, now.on - timedelta(COMPARED), TOLERANCE)
    before = earlier.health if earlier else None
    lines = {line.input.name: line.input.values for part in now.components for line in part.lines}
    change = lines.get("trend", {}).get("change")
    return Explanation(
        now,
        before,
        moved(now, before),
        change if isinstance(change, float) else None,
        kept.churn,
        kept.factors,
        earlier.churn if earlier else None,
    )


def fitted() -> tuple[dict[str, float] | None, int | None]:
    """The churn coefficients in use and the model they belong to: those that a person adopted; None for the published
    ones. One statement."""
    adopted = select(ChurnModel.coefficients, ChurnModel.id).where(
        ChurnModel.adopted_at.is_not(None), ChurnModel.retired_at.is_(None)
    )
    row = db.session.execute(adopted.order_by(ChurnModel.adopted_at.desc()).limit(1)).first()
    return (row[0], row[1]) if row else (None, None)


def coefficients() -> dict[str, float] | None:
    """The churn coefficients in use, None for the published ones. One statement."""
    return fitted()[0]


def band_counts(on: date) -> dict[str, int]:
    """How many accounts were green, yellow, red and without a score on a day. One statement."""
    table = HealthSnapshot.__table__.c
    rows = db.session.execute(select(table.band, func.count()).where(table.day == on).group_by(table.band))
    counted = {band or "unknown": count for band, count in rows}
    return {band: counted.get(band, 0) for band in ("green", "yellow", "red", "unknown")}
