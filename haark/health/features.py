"""What the probability of leaving looks at: each feature with its unit, range, neutral value, published coefficient
and the reason for it. docs/churn.md has the same as a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import log2
from typing import NamedTuple

from haark.health import inputs
from haark.health.facts import Facts
from haark.health.rules import COMPONENTS, Health

Coefficients = Mapping[str, float]
BASE = "base"
# Two scores are compared when they have this share of their inputs in common.
SAME_INPUTS = 0.75


class Seen(NamedTuple):
    """What a feature may look at."""

    facts: Facts
    health: Health
    before: Health | None
    on: date


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that is measured. `low`..`high`: the range it is clipped to, in `unit`; `log`: it then enters as
    log2(1 + value), so that each doubling weighs the same; `neutral`: the value, on the scale on which it enters, that
    contributes nothing; `coefficient`: published log-odds per unit of that scale, None where only a fit uses it."""

    name: str
    unit: str
    low: float
    high: float
    read: Callable[[Seen], float | None]
    neutral: float = 0.0
    coefficient: float | None = None
    log: bool = False
    # None known is the same as none: such a feature is neutral at zero in every model.
    counted: bool = False

    def scaled(self, value: float) -> float:
        """The observed value on the scale on which it enters."""
        bounded = self.low if value < self.low else self.high if value > self.high else value
        return log2(1.0 + bounded) if self.log else bounded


def compared(health: Health, before: Health | None) -> int | None:
    """The earlier score that a change is counted from. None too where the two rest on other inputs: what came to be
    known is no change of the client."""
    if health.score is None or before is None or before.score is None:
        return None
    now, then = health.observed, before.observed
    return before.score if now is None or then is None or _alike(now, then) else None


@lru_cache(maxsize=4096)
def _alike(now: frozenset[str], then: frozenset[str]) -> bool:
    return len(now & then) >= SAME_INPUTS * len(now | then)


def _health_change(seen: Seen) -> float | None:
    then = compared(seen.health, seen.before)
    return None if then is None or seen.health.score is None else seen.health.score - then


def _days_left(seen: Seen) -> float | None:
    return None if seen.facts.renewal_on is None else (seen.facts.renewal_on - seen.on).days


def _activity(seen: Seen) -> float | None:
    """Actions, else logins, per working day and seat; per active user where the seats are unknown, else as one."""
    use = seen.facts.use
    if use is None:
        return None
    done = use.events_now if use.events_now is not None else use.logins_now
    return None if done is None else done / max(seen.facts.seats or use.users_now or 1, 1)


def _silence(seen: Seen) -> float | None:
    met = seen.facts.exchanges
    if met is None:
        return None
    return (seen.on - met.last_two_way).days if met.last_two_way else FEATURES["silence"].high


def _departures(seen: Seen) -> float | None:
    return seen.facts.past.departures if seen.facts.past else None


def _open_tickets(seen: Seen) -> float | None:
    desk = seen.facts.support
    return None if desk is None else inputs.load(desk)


def _tickets(seen: Seen) -> float | None:
    desk = seen.facts.support
    return None if desk is None else desk.open_urgent + desk.open_high + desk.open_other + desk.closed_90


def _tenure(seen: Seen) -> float | None:
    months = seen.facts.past.tenure_months if seen.facts.past else None
    return None if months is None else months / 12


def _renewed(seen: Seen) -> float | None:
    past = seen.facts.past
    return past.renewed if past and past.renewed + past.lost else None


def _of_use(name: str) -> Callable[[Seen], float | None]:
    return lambda seen: getattr(seen.facts.use, name) if seen.facts.use else None


def _of_past(name: str) -> Callable[[Seen], float | None]:
    return lambda seen: getattr(seen.facts.past, name) if seen.facts.past else None


def _component(name: str) -> Callable[[Seen], float | None]:
    place = COMPONENTS.index(name)
    return lambda seen: seen.health.parts[place] if seen.health.parts else None


def _value(component: str, line: str, key: str) -> Callable[[Seen], float | None]:
    """A number that the explanation of the score already holds."""

    place = COMPONENTS.index(component)

    def read(seen: Seen) -> float | None:
        for one in seen.health.inputs[place] if seen.health.inputs else ():
            if one.name == line:
                found = one.values.get(key)
                return float(found) if isinstance(found, int | float) else None
        return None

    return read


# The published model: the names that product.md asks for, and each coefficient's reason. docs/churn.md has the table.
_PUBLISHED = (
    # The score already weighs usage, exchanges, satisfaction and history; ten points double the odds.
    Feature("health", "points", 0, 100, lambda s: s.health.score, 80, -0.07),
    # A fall is news that the level does not hold yet: ten points lost weigh as six to seven points of level.
    Feature("health_change", "points in 30 days", -30, 20, _health_change, 0, -0.045),
    # What people do precedes what they say: half of the usage gone doubles the odds again.
    Feature("usage_change", "share in 30 days", -0.8, 0.5, lambda s: inputs.usage_change(s.facts)[1], 0, -1.5),
    # Habit holds: each doubling of what a seat does in a day lowers the odds by 18 %. Neutral: seven actions.
    Feature("activity", "actions a day and seat", 0, 255, _activity, 3, -0.2, log=True),
    # Near the renewal less time is left to turn things around.
    Feature("days_left", "days", 0, 365, _days_left, 180, -0.0015),
    # A client that no longer answers. Neutral: three weeks.
    Feature("silence", "days", 0, 120, _silence, 21, 0.006),
    # Each sponsor, champion or decision maker who left within a year takes a reason to stay along.
    Feature("departures", "people in 365 days", 0, 2, _departures, 0, 0.5, counted=True),
    # What is broken today: an urgent ticket counts 2, a high one 1, others 0.25.
    Feature("open_tickets", "weighted tickets", 0, 4, _open_tickets, 0, 0.2, counted=True),
    # Needing help often, solved or not.
    Feature("tickets", "tickets in 90 days", 0, 31, _tickets, 0, 0.1, log=True, counted=True),
    # Leaving is likeliest in the first years: each later one lowers the odds by 16 %. Neutral: three.
    Feature("tenure", "years", 0, 10, _tenure, 3, -0.18),
    # Who signed again did so knowing the product. Neutral: once.
    Feature("renewed", "terms", 0, 3, _renewed, 1, -0.15),
)
# What a fit may also learn from; finer than the score alone.
_FITTED = (
    Feature("usage", "points", 0, 100, _component("usage")),
    Feature("engagement", "points", 0, 100, _component("engagement")),
    Feature("satisfaction", "points", 0, 100, _component("satisfaction")),
    Feature("history", "points", 0, 100, _component("history")),
    Feature("users", "people a day", 0, 1e6, _of_use("users_now"), log=True),
    Feature("events", "actions a day", 0, 1e9, _of_use("events_now"), log=True),
    Feature("logins", "logins a day", 0, 1e9, _of_use("logins_now"), log=True),
    Feature("seat_share", "share", 0, 1.5, _value("usage", "seats", "share")),
    Feature("features", "features", 0, 500, _of_use("features_used"), log=True),
    Feature("idle", "days", 0, 90, _value("usage", "recency", "days"), log=True),
    Feature("seats", "seats", 0, 1e6, lambda s: s.facts.seats, log=True),
    Feature(
        "exchanges", "exchanges in 30 days", 0, 60, _value("engagement", "frequency", "count"), log=True, counted=True
    ),
    Feature("nps", "0-10", 0, 10, _value("satisfaction", "nps", "mean")),
    Feature("csat", "1-5", 1, 5, _value("satisfaction", "csat", "mean")),
    Feature("ticket_csat", "1-5", 1, 5, _value("satisfaction", "ticket_csat", "mean")),
    Feature("resolution", "hours", 0, 2000, _value("satisfaction", "resolution", "hours"), log=True),
    Feature("arr", "cents", 0, 1e12, _of_past("arr_now"), log=True),
    Feature("arr_change", "share in 12 months", -1, 1, _value("history", "arr", "change")),
    Feature("contractions", "falls in 365 days", 0, 4, _of_past("contractions"), counted=True),
)
FEATURES: Mapping[str, Feature] = {feature.name: feature for feature in (*_PUBLISHED, *_FITTED)}
# The base is the log-odds of an account of health 80 that is neutral in everything else: 6 % leave at a renewal.
DEFAULT: Coefficients = {
    BASE: -2.76,
    **{feature.name: feature.coefficient for feature in _PUBLISHED if feature.coefficient is not None},
}
