"""Gathering what the score is made from, for many accounts at once: a constant number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select

from haark import clock
from haark.accounts import queries as accounts
from haark.accounts import rules as account_rules
from haark.accounts.models import Account
from haark.accounts.queries import Chosen, for_chunk
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
from haark.measures import aggregates, reported, usage
from haark.measures import rules as measures
from haark.measures.models import MEASURES

RESOLUTION_DAYS = 90
_ACCOUNT = Account.__table__.c


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
    """Accounts whose usage arrives no more are missing: what they do is unknown, not nothing."""
    edges = {
        ident: edge
        for ident, edge in reported.edges(ids, on, USAGE_LOOKBACK).items()
        if not measures.is_stale(edge.until, on)
    }
    if not edges:
        return {}
    wide, used = usage.breadth(edges), usage.usage(edges, on, USAGE_LOOKBACK)
    lone = usage.level_on(
        {ident: edge.last for ident, edge in edges.items() if measures.is_lone(edge.first, edge.last, on)}
    )
    mean, found, eve = measures.mean_over, {}, on - timedelta(1)
    for ident, (last_used, sums, at_least) in used.items():
        edge, features = edges[ident], wide.get(ident)
        days, days_before = measures.covered(edge.first, edge.until)
        users, events, logins = (pair or (None, None) for pair in sums)
        now = [mean(users[0], days), mean(events[0], days), mean(logins[0], days)]
        if ident in lone:
            now = [lone[ident].get(name, level) for name, level in zip(MEASURES, now, strict=True)]
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
            None if edge.until == eve else edge.until,
        )
    return found


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
