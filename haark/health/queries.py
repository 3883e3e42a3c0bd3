"""Gathering what the score is made from, for many accounts at once; and reading the scores that were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import g
from sqlalchemy import func, select

from haark import clock
from haark.accounts import queries as accounts
from haark.accounts import rules as account_rules
from haark.accounts.models import Account
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


def facts_of(ids: Sequence[int], on: date) -> dict[int, Facts]:
    """Everything known of a chunk of accounts on a date: twelve statements, whatever their number."""
    columns = (
        Account.id,
        Account.seats,
        Account.declared_arr_cents,
        Account.contract_start,
        Account.renewal_date,
    )
    rows = db.session.execute(select(*columns).where(accounts.within(Account.id, ids))).all()
    used = _uses(ids, on)
    met = _exchanges(ids, on)
    roles = _roles(ids, on)
    said = aggregates.answers(ids, on, ANSWER_LOOKBACK)
    desks = aggregates.tickets(ids, on, ANSWER_LOOKBACK)
    levels = accounts.revenue_levels(ids, on)
    terms = accounts.terms(ids)
    nobody: tuple[frozenset[str], frozenset[str], int] = (frozenset(), frozenset(), 0)
    found = {}
    for row in rows:
        known, held, departures = roles.get(row.id, nobody)
        tickets = desks.get(row.id, [])
        found[row.id] = Facts(
            seats=row.seats,
            use=used.get(row.id),
            exchanges=met.get(row.id),
            roles_known=known,
            roles_held=held,
            nps=_answers(said.get((row.id, "nps"), [])),
            csat=_answers(said.get((row.id, "csat"), [])),
            ticket_csat=_ticket_answers(tickets, on),
            support=_support(tickets, on),
            past=_past(row, levels[row.id], terms[row.id], departures if known else None, on),
            renewal_on=account_rules.term_end(terms[row.id], row.renewal_date, on),
        )
    return found


def _uses(ids: Sequence[int], on: date) -> dict[int, Use]:
    span = measures.windows(on)
    wide = aggregates.breadth(ids, on, USAGE_LOOKBACK)
    used = aggregates.usage(ids, on, USAGE_LOOKBACK, wide.keys())
    if not _arrives(used, on):
        return {}
    lone = aggregates.level_on(
        {ident: sums.last for ident, sums in used.items() if measures.is_lone(sums.first, sums.last, on)}
    )
    found = {}
    for ident, sums in used.items():
        means: dict[str, float | None] = {}
        for name, measure in (("users", "active_users"), ("events", "events"), ("logins", "logins")):
            now, before = sums.sums.get(measure, (None, None))
            mean = measures.mean_per_working_day(now, span.now, sums.first)
            means[f"{name}_now"] = lone[ident].get(measure) if ident in lone else mean
            means[f"{name}_before"] = measures.mean_before(before, span.before, sums.first)
        features = wide.get(ident)
        found[ident] = Use(
            last_reported=sums.last,
            last_used=sums.last_used,
            at_least=sums.at_least,
            features_used=features.used if features and ident not in lone else None,
            features_known=features.known if features else None,
            **means,
        )
    return found


def _arrives(used: Mapping[int, aggregates.UsageSums], on: date) -> bool:
    """Whether usage still arrives on a date: where nobody has reported any for 45 days, the feed has stopped or the
    files are old. What the clients do is then unknown, not nothing."""
    since = on - timedelta(FEED_STALE)
    if not used or any(sums.last >= since for sums in used.values()):
        return True
    # Nobody of this chunk: is it these clients, or everybody? Asked once for a whole portfolio.
    if g.get("usage_stopped") == on:
        return False
    arrives = aggregates.anybody_reported(since, on)
    if not arrives:
        g.usage_stopped = on
    return arrives


def _exchanges(ids: Sequence[int], on: date) -> dict[int, Exchanges]:
    return {
        ident: Exchanges(
            clock.day_of(met.last),
            clock.day_of(met.last_two_way) if met.last_two_way else None,
            met.two_way_30,
            met.all_90,
            met.two_way_90,
        )
        for ident, met in aggregates.exchanges(ids, on).items()
    }


def _roles(ids: Sequence[int], on: date) -> dict[int, tuple[frozenset[str], frozenset[str], int]]:
    """By account: key roles ever filled, those filled on the date, and departures of key people within a year."""
    found: dict[int, tuple[frozenset[str], frozenset[str], int]] = {}
    for ident, role, left_on in accounts.people_of(ids, KEY_ROLES):
        known, held, departures = found.get(ident, (frozenset(), frozenset(), 0))
        here = left_on is None or left_on > on
        recent = not here and left_on > on - timedelta(STABILITY_LOOKBACK)
        found[ident] = (known | {role}, held | {role} if here else held, departures + recent)
    return found


def _answers(rows: Sequence[tuple[date, float]]) -> tuple[Answer, ...]:
    return tuple(Answer(day, value) for day, value in rows)


def _ticket_answers(tickets: Sequence[Any], on: date) -> tuple[Answer, ...]:
    oldest = on - timedelta(ANSWER_LOOKBACK)
    days = ((clock.day_of(closed or opened), csat) for opened, closed, _, csat in tickets if csat is not None)
    return tuple(Answer(day, csat) for day, csat in days if oldest < day <= on)


def _support(tickets: Sequence[Any], on: date) -> Support | None:
    if not tickets:
        return None
    waiting = [priority for _, closed, priority, _ in tickets if closed is None]
    urgent, high = waiting.count("urgent"), waiting.count("high")
    desk = measures.desk(
        [ticket[:3] for ticket in tickets],
        clock.start_of(on - timedelta(RESOLUTION_DAYS - 1)),
        clock.start_of(on + timedelta(1)),
    )
    newest = max(closed or opened for opened, closed, _, _ in tickets)
    return Support(clock.day_of(newest), urgent, high, len(waiting) - urgent - high, desk.closed, desk.hours)


def _past(
    row: Any, levels: list[tuple[date, int]], terms: list[tuple[date, str]], departures: int | None, on: date
) -> Past | None:
    year_ago = account_rules.add_months(on, -account_rules.YEAR)
    start = row.contract_start or (levels[0][0] if levels else None)
    return Past(
        tenure_months=account_rules.tenure_months(start, on),
        arr_now=account_rules.arr_at(levels, row.declared_arr_cents, on),
        arr_before=account_rules.arr_at(levels, None, year_ago),
        renewed=sum(1 for day, outcome in terms if day <= on and outcome == "renewed"),
        lost=sum(1 for day, outcome in terms if day <= on and outcome == "lost"),
        contractions=account_rules.contractions(levels, on - timedelta(STABILITY_LOOKBACK), on),
        departures=departures,
    )


def kept_before(ids: Sequence[int], on: date) -> dict[int, Kept]:
    """In short, what each account showed on a day, or up to a week before it. One statement."""
    table = HealthSnapshot.__table__.c
    columns = (table.score, table.band, table.coverage, table.confidence, table.inputs, table.churn)
    rows = select(table.account_id, table.day, *columns).where(
        accounts.within(table.account_id, ids), table.day.between(on - timedelta(TOLERANCE), on)
    )
    newest = {row.account_id: row for row in db.session.execute(rows.order_by(table.account_id, table.day))}
    return {ident: record.brief_of(row) for ident, row in newest.items()}


def latest(account_id: int, on: date) -> Health | None:
    """The last score kept by a date; None when there was none yet. One statement."""
    kept = latest_kept(account_id, on)
    return kept.health if kept else None


def latest_kept(account_id: int, on: date, days: int | None = None) -> Kept | None:
    """The last score kept by a date (within so many days) with its churn probability; None without one. One
    statement."""
    table = HealthSnapshot.__table__.c
    rows = select(*table).where(table.account_id == account_id, table.day <= on)
    if days is not None:
        rows = rows.where(table.day >= on - timedelta(days))
    row = db.session.execute(rows.order_by(table.day.desc()).limit(1)).one_or_none()
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


def coefficients() -> dict[str, float] | None:
    """The churn coefficients in use: those that a person adopted; None for the published ones. One statement."""
    adopted = select(ChurnModel.coefficients).where(ChurnModel.adopted_at.is_not(None), ChurnModel.retired_at.is_(None))
    return db.session.scalar(adopted.order_by(ChurnModel.adopted_at.desc()).limit(1))


def band_counts(on: date) -> dict[str, int]:
    """How many accounts were green, yellow, red and without a score on a day. One statement."""
    table = HealthSnapshot.__table__.c
    rows = db.session.execute(select(table.band, func.count()).where(table.day == on).group_by(table.band))
    counted = {band or "unknown": count for band, count in rows}
    return {band: counted.get(band, 0) for band in ("green", "yellow", "red", "unknown")}
