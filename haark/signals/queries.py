"""Reading signals and recommendations, shaped for the account, the peek and the pages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, or_, select

from haark.access import Owned, owned_by
from haark.accounts import queries as accounts
from haark.accounts.models import AccountCard
from haark.events.models import Event
from haark.extensions import db
from haark.people.models import User
from haark.signals import advice_rules, rules
from haark.signals.models import Advice, Signal

SIGNAL, ADVICE = Signal.__table__.c, Advice.__table__.c


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal whose cause holds (or held: `resolved_on`), as lists show it; `decided_by` and `noted_by` are names."""

    id: int
    account_id: int
    side: str
    kind: str
    cause: str
    severity: str
    evidence: Mapping[str, Any]
    value_cents: int | None
    state: str
    opened_on: date
    resolved_on: date | None
    snoozed_until: date | None
    reason: str
    decided_at: datetime | None
    version: int
    decided_by: str
    noted_by: str


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """A recommendation on offer, or accepted and under way."""

    id: int
    account_id: int
    rule: str
    cause: str
    state: str
    reason: Mapping[str, Any]
    impact_cents: int | None
    proposed_on: date
    due_on: date
    postponed_until: date | None
    decided_at: datetime | None
    version: int
    decided_by: str

    @property
    def side(self) -> str:
        return advice_rules.RULES[self.rule].side


@dataclass(frozen=True, slots=True)
class OfAccount:
    """What holds on an account. `risks` and `opportunities` count, the gravest first; `muted` are dismissed or put
    aside; `advice` is on offer, the first at the head; `resting` was postponed, `taken` accepted and is under way."""

    account_id: int
    risks: tuple[SignalRow, ...] = ()
    opportunities: tuple[SignalRow, ...] = ()
    muted: tuple[SignalRow, ...] = ()
    advice: tuple[AdviceRow, ...] = ()
    resting: tuple[AdviceRow, ...] = ()
    taken: tuple[AdviceRow, ...] = ()

    @property
    def first(self) -> AdviceRow | None:
        """The next action to advise."""
        return self.advice[0] if self.advice else None


@owned_by("signal")
def owner_of_signal(ident: int) -> Owned | None:
    """Whoever may change the account may say what becomes of its signals."""
    account_id = db.session.scalar(select(SIGNAL.account_id).where(SIGNAL.id == ident))
    return None if account_id is None else accounts.owner_of(account_id)


@owned_by("advice")
def owner_of_advice(ident: int) -> Owned | None:
    """The same for a recommendation."""
    account_id = db.session.scalar(select(ADVICE.account_id).where(ADVICE.id == ident))
    return None if account_id is None else accounts.owner_of(account_id)


def of_account(account_id: int, on: date) -> OfAccount:
    """Everything that holds on one account, on a day. Two statements."""
    return of_accounts([account_id], on)[account_id]


def of_accounts(ids: Sequence[int], on: date) -> dict[int, OfAccount]:
    """The same for several accounts. Two statements."""
    signals, advice = defaultdict(list), defaultdict(list)
    for row in _signals(SIGNAL.account_id.in_(ids), SIGNAL.resolved_on.is_(None)):
        signals[row.account_id].append(row)
    for one in _advice(ids):
        advice[one.account_id].append(one)
    return {ident: _of_account(ident, signals[ident], advice[ident], on) for ident in ids}


def _of_account(ident: int, signals: list[SignalRow], advice: list[AdviceRow], on: date) -> OfAccount:
    counted = sorted((one for one in signals if rules.counts(one.state, one.snoozed_until, on)), key=rules.weight)
    muted = sorted((one for one in signals if one not in counted), key=rules.weight)
    advice = sorted(advice, key=lambda one: (advice_rules.PLACE.get(one.rule, 99), one.cause, one.id))
    return OfAccount(
        ident,
        tuple(one for one in counted if one.side == "risk"),
        tuple(one for one in counted if one.side == "opportunity"),
        tuple(muted),
        tuple(one for one in advice if is_offered(one.state, one.postponed_until, on)),
        tuple(one for one in advice if one.state == "postponed" and not is_offered(one.state, one.postponed_until, on)),
        tuple(one for one in advice if one.state == "accepted"),
    )


def is_offered(state: str, postponed_until: date | None, on: date) -> bool:
    """Whether a recommendation stands on offer on a day."""
    return state == "proposed" or (state == "postponed" and postponed_until is not None and postponed_until <= on)


def signal(ident: int) -> SignalRow:
    """One signal. NoResultFound when there is none."""
    return _signals(SIGNAL.id == ident)[0]


def earlier(one: SignalRow) -> list[SignalRow]:
    """The same cause in the past, newest first."""
    same = (SIGNAL.account_id == one.account_id, SIGNAL.kind == one.kind, SIGNAL.cause == one.cause)
    return [row for row in _signals(*same, SIGNAL.id != one.id) if row.resolved_on is not None]


def history(one: SignalRow) -> Sequence[Any]:
    """What people did with a signal, newest first: at, kind, data, author."""
    rows = select(Event.at, Event.kind, Event.data, User.name.label("author")).outerjoin(
        User, User.id == Event.actor_id
    )
    mine = rows.where(Event.subject_kind == "signal", Event.subject_id == one.id)
    return db.session.execute(mine.order_by(Event.at.desc(), Event.id.desc())).all()


def _signals(*conditions: Any) -> list[SignalRow]:
    rows = _every_signal().where(*conditions).order_by(SIGNAL.id.desc())
    return [SignalRow(**row._mapping) for row in db.session.execute(rows)]


@cache
def _every_signal() -> Select[Any]:
    """Made once: putting the statement together takes longer than asking it."""
    decided, noted = User.__table__.alias(), User.__table__.alias()
    names = SignalRow.__dataclass_fields__
    columns = [SIGNAL[name] for name in names if name not in ("decided_by", "noted_by")]
    people = (func.coalesce(decided.c.name, "").label("decided_by"), func.coalesce(noted.c.name, "").label("noted_by"))
    rows = select(*columns, *people).outerjoin(decided, decided.c.id == SIGNAL.decided_by_id)
    return rows.outerjoin(noted, noted.c.id == SIGNAL.noted_by_id)


def _advice(ids: Sequence[int]) -> list[AdviceRow]:
    return [AdviceRow(**row._mapping) for row in db.session.execute(_living_advice(), {"ids": list(ids)})]


@cache
def _living_advice() -> Select[Any]:
    columns = [ADVICE[name] for name in AdviceRow.__dataclass_fields__ if name != "decided_by"]
    under_way = and_(ADVICE.state == "accepted", ADVICE.outcome == "")
    return (
        select(*columns, func.coalesce(User.name, "").label("decided_by"))
        .outerjoin(User, User.id == ADVICE.decided_by_id)
        .where(
            ADVICE.account_id.in_(bindparam("ids", expanding=True, type_=ADVICE.account_id.type)),
            or_(ADVICE.ended_on.is_(None), under_way),
        )
    )


def next_review(account_id: int) -> dict[str, Any] | None:
    """The next review as the card says it; None while no date is known. One statement."""
    card = AccountCard.__table__.c
    columns = (card.next_review_kind, card.next_review_on, card.next_review_reason, card.next_review_late)
    row = db.session.execute(select(*columns).where(card.account_id == account_id)).one_or_none()
    if row is None or row.next_review_on is None:
        return None
    return {
        "type": row.next_review_kind,
        "date": row.next_review_on.isoformat(),
        "reason": row.next_review_reason,
        "late": row.next_review_late,
    }


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """How a rule fared. `decided` were accepted or ignored; `known` accepted ones have an outcome."""

    rule: str
    proposed: int
    accepted: int
    postponed: int
    ignored: int
    expired: int
    succeeded: int
    failed: int

    @property
    def acceptance(self) -> float | None:
        """Share of the decided ones that were accepted; None before any decision."""
        decided = self.accepted + self.ignored
        return self.accepted / decided if decided else None

    @property
    def success(self) -> float | None:
        """Share of successes among the accepted ones whose outcome is known; None before any."""
        known = self.succeeded + self.failed
        return self.succeeded / known if known else None


def rule_figures() -> list[RuleFigures]:
    """Every rule with what became of what it proposed, in the order of the rules. One statement."""

    def number(condition: Any) -> Any:
        return func.count(case((condition, 1)))

    states = ("accepted", "postponed", "ignored", "expired")
    counted = [number(ADVICE.state == state) for state in states]
    outcomes = [number(ADVICE.outcome == outcome) for outcome in ("succeeded", "failed")]
    rows = select(ADVICE.rule, func.count(), *counted, *outcomes).group_by(ADVICE.rule)
    found = {row[0]: RuleFigures(*row) for row in db.session.execute(rows)}
    return [found.get(name) or RuleFigures(name, 0, 0, 0, 0, 0, 0, 0) for name in advice_rules.RULES]
