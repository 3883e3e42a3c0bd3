"""Scoring: facts are gathered in chunks, judged one by one, and kept as snapshots and on the portfolio's cards."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Select, Text, and_, bindparam, cast, delete, select

from haark import bulk, clock, collector
from haark.accounts import domain as accounts
from haark.accounts import queries as account_queries
from haark.accounts.models import Account, AccountCard
from haark.bulk import Row
from haark.events.domain import record as record_event
from haark.extensions import db, reading
from haark.health import inputs, judging, queries, record
from haark.health.models import HealthSnapshot
from haark.health.record import Kept, Scored
from haark.jobs import lanes

__all__ = ["Scored", "backfill", "score_accounts", "score_chunk", "score_everybody"]

# Accounts gathered and judged at once, and then written in one short transaction.
CHUNK = 1000
# Days for which every day's score is kept; of older ones one a week.
DAILY = 90
CARD_COLUMNS = (
    "health_score",
    "health_band",
    "health_change",
    "health_on",
    "usage_change",
    "churn",
    "churn_change",
)
CARD_DAY = CARD_COLUMNS.index("health_on")
_SNAPSHOT, _CARD = HealthSnapshot.__table__, AccountCard.__table__


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
        total += len(_score(ids, on, at or clock.start_of(on), keep=False).ids)
        if step:
            step(total)
    return total


def score_everybody(*, on: date, at: datetime | None = None, step: Callable[[int], None]) -> int:
    """Scores every account as `score_accounts` does, a large portfolio on two cores; `step` commits."""

    def round_of(ids: Sequence[int], told: Callable[[int], None]) -> int:
        return score_accounts(ids, on=on, at=at, step=told)

    return lanes.shared(account_queries.everybody(), round_of, step)


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
    return _score(ids, on, at, keep=True).scored


def _score(ids: Sequence[int], on: date, at: datetime, keep: bool) -> "_Work":
    with reading(), collector.paused():
        work = _gathered(ids, on, keep)
    if not work.writes:
        return work
    if stale := _scored_meanwhile(work, on):
        work = work.with_(_gathered(stale, on, keep))
    _write(work, on, at)
    return work


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
    """What a chunk is about to write. `ids` were scored, `scored` holds how where somebody asked for it; `kept` and
    `cards`: what the day's snapshots and the cards said when it was read; `made`: rows of scores of 30 days before that
    nobody had kept; `new` and `changed`: rows of the day; `columns`: what the cards should say, where that differs."""

    ids: dict[int, None]
    scored: dict[int, Scored]
    kept: dict[int, Row]
    cards: dict[int, Row]
    made: dict[int, Row]
    new: dict[int, Row]
    changed: dict[int, Row]
    columns: dict[int, Row]

    @property
    def writes(self) -> bool:
        return bool(self.made or self.new or self.changed or self.columns)

    def with_(self, other: "_Work") -> "_Work":
        """This work, with what another says of its accounts."""
        mine = ({k: v for k, v in getattr(self, f.name).items() if k not in other.ids} for f in fields(self))
        return _Work(*(part | getattr(other, f.name) for part, f in zip(mine, fields(self), strict=True)))


def _gathered(ids: Sequence[int], on: date, keep: bool) -> _Work:
    by, day = judging.model(), on - timedelta(queries.COMPARED)
    earlier, made = queries.kept_before(ids, day), {}
    if missing := [ident for ident in ids if ident not in earlier]:
        # As they were kept, else made now with what was known then.
        for ident, one in judging.judged(missing, day, {}, by):
            earlier[ident], made[ident] = record.kept(one), record.row_of(one, by)
    work = _Work({}, {}, _snapshots(ids, on), _cards(ids), made, {}, {}, {})
    for ident, one in judging.judged(ids, on, earlier, by):
        work.ids[ident] = None
        if keep:
            work.scored[ident] = one
        row, before = record.row_of(one, by), work.kept.get(ident)
        if before is None:
            work.new[ident] = row
        elif before != row:
            work.changed[ident] = row
        card = work.cards.get(ident)
        if card is None or card[CARD_DAY] is None or card[CARD_DAY] <= on:
            wanted = _columns(one, earlier.get(ident))
            if card != wanted:
                work.columns[ident] = wanted
    return work


@account_queries.for_chunk
def _snapshot_rows(chosen: account_queries.Chosen) -> Select[Any]:
    """From each account to its snapshot of the day, so that those of other days are not read."""
    account = Account.__table__.c
    own = and_(_SNAPSHOT.c.account_id == account.id, _SNAPSHOT.c.day == bindparam("on"))
    columns = [_SNAPSHOT.c[name] for name in record.COLUMNS]
    text = [cast(one, Text) if isinstance(one.type, JSON) else one for one in columns]
    return select(account.id, *text).join(_SNAPSHOT, own).where(chosen(account.id))


def _snapshots(ids: Sequence[int], on: date) -> dict[int, Row]:
    return {row[0]: tuple(row[1:]) for row in _snapshot_rows(ids, on=on)}


@account_queries.for_chunk
def _card_rows(chosen: account_queries.Chosen) -> Select[Any]:
    return select(_CARD.c.account_id, *(_CARD.c[name] for name in CARD_COLUMNS)).where(chosen(_CARD.c.account_id))


def _cards(ids: Sequence[int]) -> dict[int, Row]:
    return {row[0]: tuple(row[1:]) for row in _card_rows(ids)}


def _scored_meanwhile(work: _Work, on: date) -> list[int]:
    """Accounts whose snapshot of the day is no longer what it was when it was read."""
    ids = list(work.ids)
    now = _snapshots(ids, on)
    return [] if not now and not work.kept else [ident for ident in ids if now.get(ident) != work.kept.get(ident)]


def _write(work: _Work, on: date, at: datetime) -> None:
    today, then = on.isoformat(), (on - timedelta(queries.COMPARED)).isoformat()
    rows = [(ident, today, *row) for ident, row in work.new.items()]
    rows += [(ident, then, *row) for ident, row in work.made.items()]
    key = ("account_id", "day")
    bulk.insert(_SNAPSHOT, (*key, *record.COLUMNS), rows)
    changed = [(*row, ident, today) for ident, row in work.changed.items()]
    bulk.update(_SNAPSHOT, record.COLUMNS, key, changed)
    if missing := [ident for ident in work.ids if ident not in work.cards]:
        accounts.refresh_cards(missing, on=on)
    _show(work)
    for ident, wanted in work.columns.items():
        if ident in work.cards:
            _tell(ident, work.cards[ident], wanted, at)


def _show(work: _Work) -> None:
    """Writes the cards, of each the columns that differ: an index is only touched where something moved."""
    nothing = (None,) * len(CARD_COLUMNS)
    rows: defaultdict[tuple[int, ...], list[Row]] = defaultdict(list)
    for ident, wanted in work.columns.items():
        before = work.cards.get(ident, nothing)
        moved = tuple([place for place, value in enumerate(wanted) if value != before[place]])
        rows[moved].append((*(wanted[place] for place in moved), ident))
    for moved, changed in rows.items():
        names = [CARD_COLUMNS[place] for place in moved]
        if "health_on" in names:
            place = names.index("health_on")
            changed = [(*row[:place], row[place].isoformat(), *row[place + 1 :]) for row in changed]
        bulk.update(_CARD, names, ("account_id",), changed)


def _columns(one: Scored, before: Kept | None) -> Row:
    """The values of CARD_COLUMNS."""
    now, then = one.health.score, before.health.score if before else None
    likely, earlier = one.churn, before.churn if before else None
    return (
        now,
        one.health.band,
        None if now is None or then is None else now - then,
        one.health.on,
        inputs.usage_change(one.facts)[1],
        likely,
        None if likely is None or earlier is None else round(likely - earlier, 6),
    )


def _tell(account_id: int, card: Row, wanted: Row, at: datetime) -> None:
    (before, was), (score, band) = card[:2], wanted[:2]
    if not was or not band or was == band:
        return
    record_event(
        "health.band_changed",
        at=at,
        account_id=account_id,
        subject=("account", account_id),
        score=score,
        before=before,
        changes={"health_band": [was, band]},
    )
