"""Scoring: facts are gathered in chunks, judged one by one, and kept as snapshots and on the portfolio's cards."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts import queries as account_queries
from haark.accounts.models import AccountCard
from haark.events.domain import record as record_event
from haark.extensions import db
from haark.health import inputs, judging, queries, record
from haark.health.judging import Scored
from haark.health.models import HealthSnapshot
from haark.health.record import Kept
from haark.health.rules import Health

__all__ = ["Scored", "backfill", "score_accounts", "score_chunk"]

# Accounts scored in one transaction: a chunk takes about a quarter of a second, and no write lock lasts longer.
CHUNK = 100
SNAPSHOT_COLUMNS = ("score", "band", "coverage", "confidence", "components", "churn", "churn_factors")
CARD_COLUMNS = (
    "health_score",
    "health_band",
    "health_change",
    "health_on",
    "usage_change",
    "churn",
    "churn_change",
)


def score_accounts(
    account_ids: Iterable[int] | None = None,
    *,
    on: date,
    at: datetime | None = None,
    step: Callable[[int], None] | None = None,
) -> int:
    """Scores these accounts (None: all) with what was known on a date; the number of accounts scored.

    `at` and what is written: as in `score_chunk`. `step` is called with the running total after each chunk: an entry
    point that may commit in between does it there, so that no write lock lasts. Doing it again with the same data
    changes nothing.
    """
    total = 0
    for ids in account_queries.chunks(account_ids, CHUNK):
        total += len(score_chunk(ids, on, at or clock.start_of(on)))
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


def score_chunk(ids: Sequence[int], on: date, at: datetime) -> dict[int, Scored]:
    """Scores the accounts of a chunk (ids in ascending order) with what was known on a date; {account: Scored}.

    Keeps one snapshot per account and day, and the health columns of the cards unless those are of a later day. A
    change of band is an event at the instant `at`; the first score is none.
    """
    by = judging.model()
    day = on - timedelta(queries.COMPARED)
    earlier = queries.kept_before(ids, day)
    if missing := [ident for ident in ids if ident not in earlier]:
        # As they were kept, else made now with what was known then.
        made = judging.judged(missing, day, {}, by)
        _keep(made, day)
        earlier |= {ident: record.kept(one.health, one.churn) for ident, one in made.items()}
    scored = judging.judged(ids, on, earlier, by)
    _keep(scored, on)
    _show(scored, earlier, on, at)
    return scored


def _keep(scored: Mapping[int, Scored], on: date) -> None:
    """Inserts or updates the snapshots of a day, only where something differs."""
    if not scored:
        return
    table = HealthSnapshot.__table__
    rows = select(*table.c).where(account_queries.within(table.c.account_id, sorted(scored)), table.c.day == on)
    kept = {row.account_id: row for row in db.session.execute(rows)}
    new, changed = [], []
    for ident, one in scored.items():
        row = record.row_of(one.health, one.churn)
        if ident not in kept:
            new.append({"account_id": ident, "day": on, **row})
        elif any(getattr(kept[ident], name) != row[name] for name in row):
            changed.append({"key": ident, **row})
    if new:
        db.session.execute(insert(table), new)
    if changed:
        _update(table, SNAPSHOT_COLUMNS, changed, table.c.day == on)


def _show(scored: Mapping[int, Scored], earlier: Mapping[int, Kept], on: date, at: datetime) -> None:
    """Writes the health columns of the cards, and an event for each account that went from one band to another."""
    table = AccountCard.__table__
    columns = (table.c.account_id, *(table.c[name] for name in CARD_COLUMNS))
    rows = select(*columns).where(account_queries.within(table.c.account_id, sorted(scored)))
    cards = {row.account_id: row for row in db.session.execute(rows)}
    if missing := [ident for ident in scored if ident not in cards]:
        accounts.refresh_cards(missing, on=on)
    changed = []
    for ident, one in scored.items():
        card = cards.get(ident)
        if card is not None and card.health_on is not None and card.health_on > on:
            continue
        wanted = _columns(one, earlier.get(ident))
        if card is None or any(getattr(card, name) != wanted[name] for name in CARD_COLUMNS):
            changed.append({"key": ident, **wanted})
        if card is not None:
            _tell(ident, card, one.health, at)
    if changed:
        _update(table, CARD_COLUMNS, changed)


def _columns(one: Scored, before: Kept | None) -> dict[str, Any]:
    now, then = one.health.score, before.health.score if before else None
    likely, earlier = one.churn.probability if one.churn else None, before.churn if before else None
    return {
        "health_score": now,
        "health_band": one.health.band,
        "health_change": None if now is None or then is None else now - then,
        "health_on": one.health.on,
        "usage_change": inputs.usage_change(one.facts)[1],
        "churn": likely,
        "churn_change": None if likely is None or earlier is None else round(likely - earlier, 6),
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
