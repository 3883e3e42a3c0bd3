"""Scoring: facts are gathered in chunks, judged one by one, and kept as snapshots and on the portfolio's cards."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts import queries as account_queries
from haark.accounts.models import AccountCard
from haark.events.domain import record as record_event
from haark.extensions import db, reading
from haark.health import inputs, judging, queries, record
from haark.health.models import HealthSnapshot
from haark.health.record import Kept, Scored
from haark.health.rules import Health

__all__ = ["Scored", "backfill", "score_accounts", "score_chunk"]

# Accounts gathered and judged at once, and then written in one short transaction.
CHUNK = 500
# Days for which every day's score is kept; of older ones one a week.
DAILY = 90
SNAPSHOT_COLUMNS = ("score", "band", "coverage", "confidence", "components", "inputs", "churn", "churn_factors")
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
    change of band is an event at the instant `at`; the first score is none. Outside of a transaction all reading and
    judging is done before one begins, so that the write lock is held for the writes alone; accounts that somebody else
    scored in between are looked at again.
    """
    with reading(), _uncollected():
        work = _gathered(ids, on)
    if not work.writes:
        return work.scored
    if stale := _scored_meanwhile(work, on):
        work = work.with_(_gathered(stale, on))
    _write(work, on, at)
    return work.scored


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection for a while: a chunk makes half a million objects that are all in use, and the collector
    would walk them again and again (a tenth of the run)."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def thin(on: date, step: Callable[[], None] | None = None) -> int:
    """Of the scores older than 90 days keeps the last of each week and account; the number removed.

    Looks at the last four complete weeks, so that a night missed is caught up. `step` is called after each chunk.
    """
    end = on - timedelta(DAILY + 1)
    end -= timedelta((end.weekday() + 1) % 7)  # a Sunday
    removed = 0
    table = HealthSnapshot.__table__
    for ids in account_queries.chunks(None, CHUNK):
        span = table.c.day.between(end - timedelta(27), end)
        with reading():
            rows = select(table.c.account_id, table.c.day).where(account_queries.within(table.c.account_id, ids), span)
            found = [(ident, day) for ident, day in db.session.execute(rows.order_by(*table.primary_key))]
        last = {(ident, day.isocalendar()[:2]): day for ident, day in found}
        surplus = [{"key": i, "on": day} for i, day in found if last[i, day.isocalendar()[:2]] != day]
        if surplus:
            gone = delete(table).where(table.c.account_id == bindparam("key"), table.c.day == bindparam("on"))
            db.session.connection().execute(gone, surplus)
            removed += len(surplus)
        if step:
            step()
    return removed


@dataclass(frozen=True)
class _Work:
    """What a chunk is about to write. `earlier` and `made`: scores of 30 days before, and those of them that are new;
    `kept` and `cards`: what the day's snapshots and the cards said when it was read."""

    scored: dict[int, Scored]
    earlier: dict[int, Kept]
    made: dict[int, Scored]
    kept: dict[int, Any]
    cards: dict[int, Any]
    snapshots: dict[int, dict[str, Any]]
    columns: dict[int, dict[str, Any]]

    @property
    def writes(self) -> bool:
        return bool(self.made or self.snapshots or self.columns)

    def with_(self, other: "_Work") -> "_Work":
        """This work, with what another says of its accounts."""
        mine = ({k: v for k, v in getattr(self, f.name).items() if k not in other.scored} for f in fields(self))
        return _Work(*(part | getattr(other, f.name) for part, f in zip(mine, fields(self), strict=True)))


def _gathered(ids: Sequence[int], on: date) -> _Work:
    by, day = judging.model(), on - timedelta(queries.COMPARED)
    earlier, made = queries.kept_before(ids, day), {}
    if missing := [ident for ident in ids if ident not in earlier]:
        # As they were kept, else made now with what was known then.
        made = judging.judged(missing, day, {}, by)
        earlier |= {ident: record.kept(one) for ident, one in made.items()}
    scored = judging.judged(ids, on, earlier, by)
    kept, cards = _snapshots(ids, on), _cards(ids)
    snapshots = {ident: record.row_of(one, by) for ident, one in scored.items()}
    snapshots = {ident: row for ident, row in snapshots.items() if kept.get(ident) != tuple(row.values())}
    columns = {}
    for ident, one in scored.items():
        card = cards.get(ident)
        if card is None or card.health_on is None or card.health_on <= on:
            wanted = _columns(one, earlier.get(ident))
            if card is None or tuple(card)[1:] != tuple(wanted.values()):
                columns[ident] = wanted
    return _Work(scored, earlier, made, kept, cards, snapshots, columns)


def _snapshots(ids: Sequence[int], on: date) -> dict[int, Any]:
    table = HealthSnapshot.__table__.c
    rows = select(table.account_id, *(table[name] for name in SNAPSHOT_COLUMNS))
    found = db.session.execute(rows.where(account_queries.within(table.account_id, ids), table.day == on))
    return {row[0]: tuple(row)[1:] for row in found}


def _cards(ids: Sequence[int]) -> dict[int, Any]:
    table = AccountCard.__table__.c
    rows = select(table.account_id, *(table[name] for name in CARD_COLUMNS))
    return {row[0]: row for row in db.session.execute(rows.where(account_queries.within(table.account_id, ids)))}


def _scored_meanwhile(work: _Work, on: date) -> list[int]:
    """Accounts whose snapshot of the day is no longer what it was when it was read."""
    ids = sorted(work.scored)
    now = _snapshots(ids, on)
    return [ident for ident in ids if now.get(ident) != work.kept.get(ident)]


def _write(work: _Work, on: date, at: datetime) -> None:
    table, cards = HealthSnapshot.__table__, AccountCard.__table__
    by, day = judging.model(), on - timedelta(queries.COMPARED)
    new = [{"account_id": ident, "day": on, **row} for ident, row in work.snapshots.items() if ident not in work.kept]
    new += [{"account_id": ident, "day": day, **record.row_of(one, by)} for ident, one in work.made.items()]
    if new:
        db.session.execute(insert(table), new)
    changed = [{"key": ident, **row} for ident, row in work.snapshots.items() if ident in work.kept]
    _update(table, SNAPSHOT_COLUMNS, changed, table.c.day == on)
    if missing := [ident for ident in work.scored if ident not in work.cards]:
        accounts.refresh_cards(missing, on=on)
    _update(cards, CARD_COLUMNS, [{"key": ident, **row} for ident, row in work.columns.items()])
    for ident in work.columns:
        if ident in work.cards:
            _tell(ident, work.cards[ident], work.scored[ident].health, at)


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
    if not rows:
        return
    statement = update(table).where(table.c.account_id == bindparam("key"), *conditions)
    db.session.flush()
    db.session.connection().execute(statement.values({name: bindparam(name) for name in columns}), rows)
