"""Judging: every account's card, score, next review, signals and recommendations, brought up to date together.

And what people say of a signal: seen, put aside until a day, no cause for concern, open again, noted by hand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from haark.accounts import domain as accounts
from haark.accounts import queries as account_queries
from haark.accounts.models import AccountCard
from haark.cadence import domain as cadence
from haark.events.domain import record
from haark.extensions import db
from haark.health import domain as health
from haark.health import inputs
from haark.jobs import lanes
from haark.settings import queries as settings
from haark.signals import gathering, rules
from haark.signals.advice_rules import Case, Known
from haark.signals.advising import advise
from haark.signals.facts import Seen, limits_of
from haark.signals.lifecycle import Live, reconcile
from haark.signals.models import Signal

# Accounts judged in one transaction: under half a second, so that no write lock lasts.
CHUNK = 100
CARD = AccountCard.__table__
COLUMNS = (
    *("risk_count", "risk_top", "risk_severity", "opportunity_count", "opportunity_top", "at_risk"),
    "expected_loss_cents",
)
LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Judged:
    """Accounts judged, and accounts whose ARR is left out because their currency has no rate."""

    accounts: int
    without_rate: int


def judge(
    account_ids: Iterable[int] | None = None,
    *,
    on: date,
    at: datetime,
    step: Callable[[int], None] | None = None,
) -> Judged:
    """Judges these accounts (None: all) as of the present day `on`; doing it again with the same data changes nothing.

    Cards, scores, next reviews, signals, recommendations, in that order: each reads what the one before wrote.
    Transitions are events at the instant `at`. `step` is called with the running total after each chunk: an
    entry point commits there, so that no write lock lasts. The number of statements grows with the chunks alone.
    """
    ids = None if account_ids is None else sorted(set(account_ids))
    refreshed = accounts.refresh_cards(ids, on=on, step=(lambda: step(0)) if step else None)

    def round_of(some: Iterable[int] | None, told: Callable[[int], None] | None) -> int:
        total = 0
        for chunk in account_queries.chunks(some, CHUNK):
            total += _judge_chunk(chunk, on, at)
            if told:
                told(total)
        return total

    total = lanes.shared(account_queries.everybody(), round_of, step) if ids is None and step else round_of(ids, step)
    return Judged(total, refreshed.without_rate)


def _judge_chunk(ids: Sequence[int], on: date, at: datetime) -> int:
    scored = health.score_chunk(ids, on, at)
    cadence.schedule(ids, on)
    limits = limits_of(settings.all_values())
    known = gathering.seen(ids, scored, limits, on)
    live = reconcile({ident: rules.detect(seen, limits) for ident, seen in known.items()}, on, at)
    standings = {ident: _standing(known[ident], signals, on) for ident, signals in live.items()}
    _show(standings)
    advise({ident: _case(known[ident], signals, standings[ident], on) for ident, signals in live.items()}, on, at)
    return len(known)


def _standing(seen: Seen, signals: Sequence[Live], on: date) -> rules.Standing:
    counted = [one for one in signals if one.counts(on)]
    return rules.stand(
        [one for one in counted if one.side == "risk"],
        [one for one in counted if one.side == "opportunity"],
        band=seen.band,
        churn=seen.churn,
        arr_cents=seen.arr_cents,
        churn_from=settings.get("risk.churn"),
        severity_from=settings.get("risk.severity"),
    )


def _case(seen: Seen, signals: Sequence[Live], standing: rules.Standing, on: date) -> Case:
    before = seen.before.score if seen.before else None
    known = [
        Known(one.kind, one.cause, one.side, one.severity, one.evidence, one.value_cents)
        for one in signals
        if one.counts(on)
    ]
    return Case(
        on=on,
        signals=known,
        arr_cents=seen.arr_cents,
        expected_loss_cents=standing.expected_loss_cents,
        renewal_on=seen.renewal_on,
        band=seen.band,
        score=seen.score,
        change=None if seen.score is None or before is None else seen.score - before,
        churn=seen.churn,
        usage=inputs.usage_change(seen.facts)[1],
        at_risk=standing.at_risk,
        held=frozenset((one.kind, one.cause) for one in signals),
    )


def _show(standings: Mapping[int, rules.Standing]) -> None:
    """Writes the signals' own columns of the cards, where something differs."""
    if not standings:
        return
    columns = (CARD.c.account_id, *(CARD.c[name] for name in COLUMNS))
    rows = db.session.execute(select(*columns).where(account_queries.within(CARD.c.account_id, sorted(standings))))
    changed = []
    for row in rows:
        wanted = standings.get(row.account_id)
        if wanted and any(getattr(row, name) != getattr(wanted, name) for name in COLUMNS):
            changed.append({"key": row.account_id, **{name: getattr(wanted, name) for name in COLUMNS}})
    if changed:
        values: dict[str, Any] = {name: bindparam(name) for name in COLUMNS}
        db.session.flush()
        statement = update(CARD).where(CARD.c.account_id == bindparam("key")).values(values)
        db.session.connection().execute(statement, changed)


class SignalError(ValueError):
    """What a person asked cannot be; `kind`: `reason` (say why), `past` (a day to come is needed), `kind` (not a signal
    that one can note), `text` (write what was seen), `same` (it is noted already), `over` (its cause is gone)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def acknowledge(signal: Signal, *, by: int | None, at: datetime, on: date) -> None:
    """Somebody has it in hand. It still counts."""
    _decide(signal, "acknowledged", by, at, on)


def snooze(signal: Signal, until: date, *, by: int | None, at: datetime, on: date) -> None:
    """Not before a day. SignalError: past."""
    if until <= on:
        raise SignalError("past")
    _decide(signal, "snoozed", by, at, on, snoozed_until=until)


def dismiss(signal: Signal, reason: str, *, by: int | None, at: datetime, on: date) -> None:
    """No cause for concern, and why; it stays dismissed while the same cause holds. SignalError: reason."""
    if not reason.strip():
        raise SignalError("reason")
    _decide(signal, "dismissed", by, at, on, reason=reason.strip()[:LONGEST_REASON])


def reopen(signal: Signal, *, by: int | None, at: datetime, on: date) -> None:
    """As if nothing had been said of it."""
    _decide(signal, "open", by, at, on)


def close(signal: Signal, *, by: int | None, at: datetime, on: date) -> None:
    """Ends a signal that a person noted; what Haark detected ends by itself. SignalError: kind."""
    if signal.noted_by_id is None:
        raise SignalError("kind")
    _decide(signal, "resolved", by, at, on)
    signal.resolved_on = on
    db.session.flush()
    judge([signal.account_id], on=on, at=at)


def note(account_id: int, kind: str, severity: str, text: str, *, by: int, at: datetime, on: date) -> Signal:
    """A signal that a person saw and no data tells. SignalError: kind, text."""
    if kind not in rules.ORDER or severity not in rules.RANK:
        raise SignalError("kind")
    if not text.strip():
        raise SignalError("text")
    signal = Signal(
        account_id=account_id,
        kind=kind,
        cause=f"noted:{at.timestamp():.6f}",
        side=rules.side_of(kind),
        severity=severity,
        evidence={"source": "person", "text": text.strip()[:LONGEST_REASON], "date": on.isoformat()},
        state="open",
        opened_on=on,
        seen_on=on,
        noted_by_id=by,
    )
    db.session.add(signal)
    db.session.flush()
    told = [{"kind": kind, "severity": severity, "side": signal.side}]
    record("signal.noted", at=at, by=by, account_id=account_id, subject=("signal", signal.id), signals=told)
    judge([account_id], on=on, at=at)
    return signal


def _decide(signal: Signal, state: str, by: int | None, at: datetime, on: date, **values: Any) -> None:
    if signal.resolved_on is not None:
        raise SignalError("over")
    before = signal.state
    signal.state, signal.decided_by_id, signal.decided_at = state, by, at
    signal.snoozed_until, signal.reason = values.get("snoozed_until"), values.get("reason", "")
    db.session.flush()
    if before != state:
        told = [{"kind": signal.kind, "severity": signal.severity, "side": signal.side}]
        kind, subject = f"signal.{state if state != 'open' else 'reopened'}", ("signal", signal.id)
        record(kind, at=at, by=by, account_id=signal.account_id, subject=subject, signals=told, reason=signal.reason)
    judge([signal.account_id], on=on, at=at)
