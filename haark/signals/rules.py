"""From what is known of an account to its signals, and from those to what the portfolio shows. Pure.

    found = detect(seen, limits)

The same `seen` and limits always give the same signals. docs/signals.md holds every condition and bound in a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from haark.signals import chances, risks
from haark.signals.facts import Found, Limits, Seen

SEVERITIES = ("low", "medium", "high")
RANK = {name: rank for rank, name in enumerate(SEVERITIES, 1)}
# Which of two equally grave causes a person names first.
ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            *("usage_drop", "contact_change", "health_drop", "silence", "support_trouble", "detractor"),
            *("uncertain_context", "fewer_exchanges", "renewal_near", "objective_off_track", "review_late"),
            *("low_seat_use", "intensive_usage", "need_identified", "budget_available", "premium_unused"),
            *("company_growing", "objectives_reached", "promoter"),
        )
    )
}
# States in which a signal stands on the lists and counts on the card.
COUNTED = ("open", "acknowledged")


class Told(Protocol):
    """A signal, found or kept."""

    @property
    def kind(self) -> str: ...
    @property
    def cause(self) -> str: ...
    @property
    def severity(self) -> str: ...


def detect(seen: Seen, limits: Limits) -> list[Found]:
    """Every signal whose cause holds, risks first, the gravest first; at most one for each kind and cause."""
    found: dict[tuple[str, str], Found] = {}
    for one in (*risks.detect(seen, limits), *chances.detect(seen, limits)):
        key = (one.kind, one.cause)
        if key not in found or RANK[one.severity] > RANK[found[key].severity]:
            found[key] = one
    return sorted(found.values(), key=lambda one: (one.side != "risk", *weight(one)))


def weight(one: Told) -> tuple[int, int, str]:
    """The order in which signals of one side are told: the gravest first, then by kind, then by cause."""
    return (-RANK[one.severity], ORDER.get(one.kind, len(ORDER)), one.cause)


def is_worse(now: str, before: str) -> bool:
    """Whether a severity went up."""
    return RANK[now] > RANK[before]


def counts(state: str, snoozed_until: date | None, on: date) -> bool:
    """Whether a live signal counts on a day: not dismissed, and not put aside for longer."""
    return state in COUNTED or (state == "snoozed" and snoozed_until is not None and snoozed_until <= on)


@dataclass(frozen=True, slots=True)
class Standing:
    """The signal columns of an account's card."""

    risk_count: int
    risk_top: str
    risk_severity: str
    opportunity_count: int
    opportunity_top: str
    at_risk: bool
    expected_loss_cents: int | None


def stand(
    risks_open: Sequence[Told],
    opportunities_open: Sequence[Told],
    *,
    band: str,
    churn: float | None,
    arr_cents: int | None,
    churn_from: float,
    severity_from: str,
) -> Standing:
    """PF-5: at risk when red, or from a churn probability on, or with an open risk of at least a severity; never where
    nothing is paid: a client who left has nothing more to lose (accounts.rules.lost_since).

    Expected loss = ARR x churn probability, in cents, rounded; None while either is unknown.
    """
    worst, best = _first(risks_open), _first(opportunities_open)
    grave = worst is not None and RANK[worst.severity] >= RANK[severity_from]
    threatened = band == "red" or (churn is not None and churn >= churn_from) or grave
    return Standing(
        risk_count=len(risks_open),
        risk_top=worst.kind if worst else "",
        risk_severity=worst.severity if worst else "",
        opportunity_count=len(opportunities_open),
        opportunity_top=best.kind if best else "",
        at_risk=threatened and arr_cents != 0,
        expected_loss_cents=None if churn is None or arr_cents is None else round(arr_cents * churn),
    )


def _first(signals: Iterable[Told]) -> Told | None:
    return min(signals, key=weight, default=None)


def gravest(signals: Iterable[Told], most: int = 3) -> list[Told]:
    """The signals to name in one line: at most one of a kind, the gravest first."""
    named: dict[str, Told] = {}
    for one in sorted(signals, key=weight):
        named.setdefault(one.kind, one)
    return list(named.values())[:most]


def side_of(kind: str) -> str:
    """`risk` or `opportunity`."""
    return "opportunity" if ORDER[kind] >= ORDER["intensive_usage"] else "risk"
