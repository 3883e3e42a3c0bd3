"""What detection looks at: one account on one day, as plain values. `gathering` fills it, `rules` judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from haark.accounts.movements import KEY_ROLES as KEY_ROLES
from haark.health.facts import Facts
from haark.health.rules import Health


@dataclass(frozen=True, slots=True)
class Limits:
    """When a signal opens: the settings `signals.*`. Shares are fractions, the rest days, points or counts."""

    usage_drop: float = 0.20
    renewal_days: int = 90
    contact_days: int = 90
    health_drop: int = 10
    exchange_drop: float = 0.50
    detractor: int = 6
    tickets_critical: int = 1
    tickets_open: int = 5
    silence_days: int = 45
    seats_low: float = 0.40
    seats_full: float = 0.90
    promoter: int = 9
    growth: float = 0.10


def limits_of(settings: Mapping[str, Any]) -> Limits:
    """The limits as the organisation set them."""
    return Limits(**{one.name: settings[f"signals.{one.name}"] for one in fields(Limits)})


@dataclass(frozen=True, slots=True)
class Change:
    """A person of a key role who left, arrived or changed role. `who` tells persons apart, whatever their name."""

    who: str
    name: str
    kind: str  # left | arrived | role
    role: str
    on: date


@dataclass(frozen=True, slots=True)
class Voice:
    """The newest NPS answer of one person; `who` is their address, '' for the anonymous ones together."""

    who: str
    name: str
    role: str
    score: float
    on: date


@dataclass(frozen=True, slots=True)
class Note:
    """An exchange or a note: what was written down of it."""

    ident: int
    on: date
    text: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity of the pipeline. `state`: open, won or lost; money in the organisation's currency."""

    ident: int
    name: str
    kind: str
    state: str
    amount_cents: int | None
    close_on: date | None


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective of the success plan with its standing (plans.rules)."""

    ident: int
    title: str
    standing: str
    current: float | None = None
    target: float | None = None
    unit: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """A premium feature that the account did not use in the last 30 days."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One account as detection sees it. None and empty: not known, so nothing is said of it.

    `health` and `before` are the scores of the day and of 30 days earlier, `churn` the probability at the renewal.
    `two_way_30` counts exchanges in which the client took part in the last 30 days, `two_way_before` in the 90 days
    before those. `review_due` is the day by which the next review should have been held, while it is late.
    """

    on: date
    facts: Facts
    arr_cents: int | None = None
    renewal_on: date | None = None
    seats: int | None = None
    quota: int | None = None
    health: Health | None = None
    before: Health | None = None
    churn: float | None = None
    two_way_30: int | None = None
    two_way_before: int | None = None
    changes: tuple[Change, ...] = ()
    voices: tuple[Voice, ...] = ()
    notes: tuple[Note, ...] = ()
    deals: tuple[Deal, ...] = ()
    goals: tuple[Goal, ...] = ()
    unused: tuple[Feature, ...] = ()
    employees: int | None = None
    employees_before: int | None = None
    review_kind: str = ""
    review_due: date | None = None

    @property
    def renewal_days(self) -> int | None:
        """Days to the end of the running term; None without one to come."""
        if self.renewal_on is None or self.renewal_on < self.on:
            return None
        return (self.renewal_on - self.on).days

    @property
    def used_until(self) -> date:
        """The last day for which the account's usage is known."""
        return self.facts.use.known_until(self.on) if self.facts.use else self.on - timedelta(1)

    @property
    def band(self) -> str:
        return self.health.band if self.health else ""

    @property
    def score(self) -> int | None:
        return self.health.score if self.health else None


@dataclass(frozen=True, slots=True)
class Found:
    """A cause that holds. `cause` tells two of one kind apart; `value_cents` is what could be gained, where known
    (risks put the whole ARR at stake, which the account says)."""

    kind: str
    cause: str
    side: str
    severity: str
    evidence: dict[str, Any]
    value_cents: int | None = None
