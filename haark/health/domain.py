"""Scoring: facts are gathered in chunks, judged one by one, and kept as snapshots and on the portfolio's cards."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts import queries as account_queries
from haark.accounts.models import AccountCard
from haark.events.domain import record as record_event
from haark.extensions import db
from haark.health import inputs, queries, record, rules
from haark.health.facts import Facts
from haark.health.models import HealthSnapshot
from haark.health.rules import Health
from haark.settings import domain as settings

# Accounts scored in one transaction: a chunk takes about a quarter of a second, and no write lock lasts longer.
CHUNK = 100
SNAPSHOT_COLUMNS = ("score", "band", "coverage", "confidence", "components")
CARD_COLUMNS = ("health_score", "health_band", "health_change", "health_on", "usage_change")


def score_accounts(
    account_ids: Iterable[int] | None = None,
    *,
    on: date,
    at: datetime | None = None,
    step: Callable[[int], None] | None = None,
) -> int:
    """Scores these accounts (None: all) with what was known on a date; the number of accounts scored.

    Keeps one snapshot per account and day, and the health columns of the cards unless those are of a later day. A
    change of band is an event at the instant `at` (by default the start of the day); the first score is none. `step` is
    called with the running total after each chunk of 100: an entry point that may commit in between does it there, so
    that no write lock lasts. Doing it again with the same data changes nothing.
    """
    total = 0
    for ids in account_queries.chunks(account_ids, CHUNK):
        total += _score_chunk(ids, on, at or clock.start_of(on))
        if step:
            step(total)
    return total


def backfill(on: date, days: int, step: Callable[[int], None] | None = None) -> int:
    """Scores every account as of past days, oldest first: each week before `on`, 30 days before, and `on` itself.

    For a portfolio whose observations are older than its first scoring (the sample). The number of scores made;
    `step` as in `score_accounts`.
    """
    past = {*range(0, days + 1, 7), queries.COMPARED}
    return sum(score_accounts(on=on - timedelta(back), step=step) for back in sorted(past, reverse=True))


def _score_chunk(ids: Sequence[int], on: date, at: datetime) -> int:
    weights = settings.get("health.weights")
    facts = queries.facts_of(ids, on)
    present = {ident: rules.score(known, weights, on) for ident, known in facts.items()}
    earlier = _thirty_days_before(list(present), on, weights)
    _keep(present, on)
    _show(present, earlier, facts, on, at)
    return len(present)


def _thirty_days_before(ids: Sequence[int], on: date, weights: dict[str, float]) -> dict[int, Health]:
    """The scores of 30 days before: as they were kept, else made now with what was known then, and kept."""
    day = on - timedelta(queries.COMPARED)
    found = queries.snapshots_before(ids, day) if ids else {}
    missing = [ident for ident in ids if ident not in found]
    if missing:
        made = {ident: rules.score(known, weights, day) for ident, known in queries.facts_of(missing, day).items()}
        _keep(made, day)
        found |= made
    return found


def _keep(scores: dict[int, Health], on: date) -> None:
    """Inserts or updates the snapshots of a day, only where something differs."""
    if not scores:
        return
    table = HealthSnapshot.__table__
    rows = select(*table.c).where(account_queries.within(table.c.account_id, sorted(scores)), table.c.day == on)
    kept = {row.account_id: row for row in db.session.execute(rows)}
    new, changed = [], []
    for ident, health in scores.items():
        row = {name: getattr(health, name) for name in SNAPSHOT_COLUMNS[:-1]}
        row["components"] = record.components_of(health)
        if ident not in kept:
            new.append({"account_id": ident, "day": on, **row})
        elif any(getattr(kept[ident], name) != row[name] for name in SNAPSHOT_COLUMNS):
            changed.append({"key": ident, **row})
    if new:
        db.session.execute(insert(table), new)
    if changed:
        _update(table, SNAPSHOT_COLUMNS, changed, table.c.day == on)


def _show(
    present: dict[int, Health], earlier: dict[int, Health], facts: dict[int, Facts], on: date, at: datetime
) -> None:
    """Writes the health columns of the cards, and an event for each account that went from one band to another."""
    table = AccountCard.__table__
    columns = (table.c.account_id, *(table.c[name] for name in CARD_COLUMNS))
    rows = select(*columns).where(account_queries.within(table.c.account_id, sorted(present)))
    cards = {row.account_id: row for row in db.session.execute(rows)}
    if missing := [ident for ident in present if ident not in cards]:
        accounts.refresh_cards(missing, on=on)
    changed = []
    for ident, health in present.items():
        card = cards.get(ident)
        if card is not None and card.health_on is not None and card.health_on > on:
            continue
        wanted = _columns(health, earlier.get(ident), facts[ident])
        if card is None or any(getattr(card, name) != wanted[name] for name in CARD_COLUMNS):
            changed.append({"key": ident, **wanted})
        if card is not None:
            _tell(ident, card, health, at)
    if changed:
        _update(table, CARD_COLUMNS, changed)


def _columns(health: Health, before: Health | None, facts: Facts) -> dict[str, Any]:
    known = health.score is not None and before is not None and before.score is not None
    return {
        "health_score": health.score,
        "health_band": health.band,
        "health_change": health.score - before.score if known else None,  # type: ignore[union-attr,operator]
        "health_on": health.on,
        "usage_change": inputs.usage_change(facts)[1],
    }


def _tell(account_id: int, card: Any, health: Health, at: datetime) -> None:
    if not card.health_band or not health.band or card.health_band == health.band:
        return
    record_event(
        "health.band_changed",
        at=at,
        account_id=account_id,
        subject=("account", account_id),
        score=health.score,
        before=card.health_score,
        changes={"health_band": [card.health_band, health.band]},
    )


def _update(table: Any, columns: Sequence[str], rows: list[dict[str, Any]], *conditions: Any) -> None:
    statement = update(table).where(table.c.account_id == bindparam("key"), *conditions)
    db.session.flush()
    db.session.connection().execute(statement.values({name: bindparam(name) for name in columns}), rows)
