"""What to do about it (SG-5): rules that a person can read, as data. Pure; `advice_words` holds their sentences.

A rule says nothing where its condition gives no reason. The reason holds the numbers that the sentence says, the impact
is the value protected (ARR at stake) or gained (what the signal's own calculation gives). People decide: nothing here
acts. docs/signals.md lists the rules.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from haark.signals.rules import weight

# SG-5: the stretch before a renewal in which a client is won back, and the one in which the renewal is secured.
REENGAGE_FROM, REENGAGE_TO, SECURE_TO = 31, 90, 30
SECURE_CHURN = 0.30
URGENT_DAYS = 7


class Known(NamedTuple):
    """A live signal that counts."""

    kind: str
    cause: str
    side: str
    severity: str
    evidence: Mapping[str, Any]
    value_cents: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One account with its signals: what the rules look at. `usage` is the change of usage, a fraction; `held` are the
    (kind, cause) of every cause that holds, the dismissed and those put aside among them."""

    on: date
    signals: Sequence[Known]
    arr_cents: int | None = None
    expected_loss_cents: int | None = None
    renewal_on: date | None = None
    band: str = ""
    score: int | None = None
    change: int | None = None
    churn: float | None = None
    usage: float | None = None
    at_risk: bool = False
    held: frozenset[tuple[str, str]] = frozenset()

    @property
    def renewal_days(self) -> int | None:
        return None if self.renewal_on is None or self.renewal_on < self.on else (self.renewal_on - self.on).days

    def of(self, *kinds: str) -> list[Known]:
        """The signals of these kinds, the gravest first."""
        return sorted((one for one in self.signals if one.kind in kinds), key=weight)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a rule speaks: of which cause, with which numbers, and what it is worth."""

    cause: str
    reason: dict[str, Any]
    impact_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` to act in; `owners`: `cs` and `sales`; `measure`: what makes it a success within `horizon` days (`renewal`
    signed, `signal` gone, ARR `growth`, `action` done); `review`: an urgent business review goes with it; `kinds`: the
    signals that it answers, which its acceptance takes in charge."""

    name: str
    side: str
    kinds: tuple[str, ...]
    days: int
    owners: tuple[str, ...]
    grounds: Callable[[Case], Iterator[Ground]]
    measure: str = "signal"
    horizon: int = 90
    review: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recommendation that a rule makes of an account on a day."""

    rule: str
    cause: str
    due_on: date
    reason: dict[str, Any] = field(default_factory=dict)
    impact_cents: int | None = None


def propose(case: Case) -> list[Proposal]:
    """Every recommendation, the one to show first at the head (the order of RULES, then of the signals)."""
    made = []
    for rule in RULES.values():
        for ground in rule.grounds(case):
            due = case.on + timedelta(rule.days)
            if rule.measure == "renewal" and case.renewal_on is not None:
                due = min(due, case.renewal_on)
            made.append(Proposal(rule.name, ground.cause, due, ground.reason, ground.impact_cents))
    return made


def _figures(case: Case) -> dict[str, Any]:
    """What every reason about a renewal says. Fractions to a hundredth of a percent."""
    told = {
        "days": case.renewal_days,
        "usage": None if case.usage is None else round(case.usage, 4),
        "score": case.score,
        "change": case.change,
        "churn": None if case.churn is None else round(case.churn, 4),
        "arr": case.arr_cents,
        "loss": case.expected_loss_cents,
    }
    return {name: value for name, value in told.items() if value is not None}


def _secure(case: Case) -> Iterator[Ground]:
    days = case.renewal_days
    if days is None or days > SECURE_TO or case.renewal_on is None:
        return
    if case.band != "green" or (case.churn is not None and case.churn >= SECURE_CHURN):
        yield Ground(case.renewal_on.isoformat(), _figures(case), case.arr_cents)


def _reengage(case: Case) -> Iterator[Ground]:
    days = case.renewal_days
    if days is None or case.renewal_on is None or not REENGAGE_FROM <= days <= REENGAGE_TO:
        return
    if case.of("usage_drop", "health_drop"):
        yield Ground(case.renewal_on.isoformat(), _figures(case), case.arr_cents)


def _prepare(case: Case) -> Iterator[Ground]:
    """A renewal at hand that neither of the two rules before speaks of."""
    if case.renewal_on is None or not case.of("renewal_near"):
        return
    if not any(_secure(case)) and not any(_reengage(case)):
        yield Ground(case.renewal_on.isoformat(), _figures(case), case.arr_cents)


def _protects(*kinds: str, unless_renewal: bool = False) -> Callable[[Case], Iterator[Ground]]:
    """One recommendation for each cause; the ARR is what it protects. `unless_renewal`: not where the renewal's own
    rules speak of the same."""

    def grounds(case: Case) -> Iterator[Ground]:
        if unless_renewal and (any(_secure(case)) or any(_reengage(case))):
            return
        for one in case.of(*kinds):
            yield Ground(one.cause or one.kind, _reason(one), case.arr_cents)

    return grounds


def _people(change: str) -> Callable[[Case], Iterator[Ground]]:
    def grounds(case: Case) -> Iterator[Ground]:
        for one in case.of("contact_change"):
            left = one.evidence.get("change") == "left"
            if left == (change == "left"):
                yield Ground(one.cause, _reason(one), case.arr_cents)

    return grounds


def _together(*kinds: str) -> Callable[[Case], Iterator[Ground]]:
    """One recommendation for all signals of these kinds: the gravest is named, the others counted."""

    def grounds(case: Case) -> Iterator[Ground]:
        found = case.of(*kinds)
        if found:
            yield Ground("", {**_reason(found[0]), "count": len(found)}, case.arr_cents)

    return grounds


def _gains(*kinds: str, calm: bool = False) -> Callable[[Case], Iterator[Ground]]:
    """One recommendation for the strongest cause; what it gains is what the signal calculated. `calm`: not to a client
    who is at risk, whom one does not ask for favours."""

    def grounds(case: Case) -> Iterator[Ground]:
        found = case.of(*kinds)
        if found and not (calm and case.at_risk):
            first = found[0]
            arr = {"arr": case.arr_cents} if case.arr_cents is not None else {}
            yield Ground(first.cause, {**_reason(first), **arr}, first.value_cents)

    return grounds


def _reason(one: Known) -> dict[str, Any]:
    """What the signal says, with its kind: the sentence is the signal's own."""
    return {**one.evidence, "signal": one.kind}


CS, SALES, BOTH = ("cs",), ("sales",), ("cs", "sales")
_RULES = (
    Rule("secure_renewal", "risk", ("renewal_near",), URGENT_DAYS, BOTH, _secure, "renewal", review=True),
    Rule(
        *("reengage_before_renewal", "risk", ("usage_drop", "health_drop", "renewal_near"), URGENT_DAYS, BOTH),
        *(_reengage, "renewal"),
        review=True,
    ),
    Rule("call_detractor", "risk", ("detractor",), 3, CS, _protects("detractor")),
    Rule("unblock_tickets", "risk", ("support_trouble",), 3, CS, _protects("support_trouble")),
    Rule("find_successor", "risk", ("contact_change",), 7, BOTH, _people("left"), "action"),
    Rule("win_back", "risk", ("silence", "fewer_exchanges"), 7, CS, _together("silence", "fewer_exchanges")),
    Rule("clarify_context", "risk", ("uncertain_context",), 7, BOTH, _protects("uncertain_context"), "action"),
    Rule(
        "understand_drop", "risk", ("health_drop",), 14, CS, _protects("health_drop", unless_renewal=True), review=True
    ),
    Rule(
        *("rescue_adoption", "risk", ("usage_drop", "low_seat_use"), 14, CS),
        lambda case: (
            iter(()) if any(_secure(case)) or any(_reengage(case)) else _together("usage_drop", "low_seat_use")(case)
        ),
    ),
    Rule("restore_objective", "risk", ("objective_off_track",), 14, CS, _together("objective_off_track")),
    Rule("welcome_contact", "risk", ("contact_change",), 14, CS, _people("arrived"), "action"),
    Rule("hold_review", "risk", ("review_late",), 14, CS, _protects("review_late"), review=True),
    Rule("prepare_renewal", "risk", ("renewal_near",), 14, BOTH, _prepare, "renewal"),
    Rule("propose_seats", "opportunity", ("intensive_usage",), 14, BOTH, _gains("intensive_usage"), "growth", 180),
    Rule("qualify_need", "opportunity", ("need_identified",), 7, BOTH, _gains("need_identified"), "growth", 180),
    Rule("qualify_budget", "opportunity", ("budget_available",), 7, SALES, _gains("budget_available"), "growth", 180),
    Rule(
        *("demonstrate_premium", "opportunity", ("premium_unused",), 21, BOTH),
        *(_gains("premium_unused", calm=True), "growth", 180),
    ),
    Rule("ask_reference", "opportunity", ("promoter",), 30, CS, _gains("promoter", calm=True), "action"),
    Rule("raise_objectives", "opportunity", ("objectives_reached",), 30, CS, _gains("objectives_reached"), "action"),
    Rule(
        "explore_growth",
        "opportunity",
        ("company_growing",),
        30,
        SALES,
        _gains("company_growing", calm=True),
        "growth",
        180,
    ),
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _RULES}
PLACE = {name: place for place, name in enumerate(RULES)}
