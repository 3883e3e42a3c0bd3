"""Reading the scores that were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select, union_all

from haark.accounts.models import Account
from haark.accounts.queries import Chosen, for_chunk
from haark.extensions import db
from haark.health import record
from haark.health.models import ChurnModel, HealthSnapshot
from haark.health.movement import Movement, moved
from haark.health.record import Kept
from haark.health.rules import Health

# A snapshot this many days older than asked for still answers «30 days ago»; beyond, the score is made again.
TOLERANCE = 7
# HL-4: a score is compared with the one of this many days before.
COMPARED = 30
# Days that the last score may be old and still be read together with the one before.
LATE = 2
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
    given = {"account": account_id, "on": on, "since": date.min if days is None else on - timedelta(days)}
    row = db.session.execute(_newest(1), given).one_or_none()
    return None if row is None else record.kept_of(row)


@cache
def _newest(most: int, suffix: str = "") -> Select[Any]:
    """The newest snapshots of an account between `since` and `on`. Made once, as putting it together takes longer than
    asking it."""
    model = _SNAPSHOT.components["model"].as_integer()
    rows = select(*_SNAPSHOT, ChurnModel.coefficients).select_from(HealthSnapshot.__table__)
    since, on = (bindparam(f"{name}{suffix}", type_=_SNAPSHOT.day.type) for name in ("since", "on"))
    mine = _SNAPSHOT.account_id == bindparam("account", type_=_SNAPSHOT.account_id.type)
    rows = rows.outerjoin(ChurnModel, ChurnModel.id == model).where(mine, _SNAPSHOT.day.between(since, on))
    return rows.order_by(_SNAPSHOT.day.desc()).limit(most)


@cache
def _newest_twice() -> Any:
    """The newest snapshot, and the newest of a window before."""
    parts = [select(*part.subquery().c) for part in (_newest(1), _newest(1 + LATE, "_before"))]
    return union_all(*parts)


def _now_and_before(account_id: int, on: date) -> tuple[Kept | None, Kept | None]:
    """The last score kept by a date, and the one that it is compared with: one statement, two where the last is older
    than LATE days."""
    edge = on - timedelta(COMPARED)
    given = {"account": account_id, "on": on, "since": date.min, "on_before": edge}
    given["since_before"] = edge - timedelta(TOLERANCE + LATE)
    found = db.session.execute(_newest_twice(), given).all()
    if not found:
        return None, None
    newest = max(found, key=lambda row: row.day)
    now, until = record.kept_of(newest), newest.day - timedelta(COMPARED)
    if newest.day < on - timedelta(LATE):
        return now, latest_kept(account_id, until, TOLERANCE)
    rows = [row for row in found if until - timedelta(TOLERANCE) <= row.day <= until]
    return now, record.kept_of(max(rows, key=lambda row: row.day)) if rows else None


def history(account_id: int, start: date, end: date) -> Sequence[Any]:
    """The scores kept in a period, oldest first: day, score, band, coverage, confidence (HL-4). One statement."""
    table = HealthSnapshot.__table__.c
    columns = (table.day, table.score, table.band, table.coverage, table.confidence)
    rows = select(*columns).where(table.account_id == account_id, table.day.between(start, end))
    return db.session.execute(rows.order_by(table.day)).all()


def explain(account_id: int, on: date) -> Explanation:
    """Why the score is what it is on a date, from what was kept: one statement (HL-3)."""
    kept, earlier = _now_and_before(account_id, on)
    if kept is None:
        return Explanation(None, None, Movement(None, None, None, {}, ()), None)
    now = kept.health
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
