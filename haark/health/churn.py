"""The probability that a client leaves at its next renewal (HL-5): pure, documented, and adding up. See docs/churn.md.

    churn = judge(facts, health, before, on, coefficients)

Logistic: log-odds = base + sum(coefficient x (feature - neutral)). A feature that is unknown contributes nothing, so
that it neither threatens nor reassures. The published coefficients were reasoned, not measured: `DEFAULT` and the
reasons in `FEATURES` say what each is worth, and a fit on the organisation's own renewals replaces them.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from math import exp, floor, log, log2
from typing import NamedTuple

from haark.health import inputs
from haark.health.facts import Facts
from haark.health.rules import Health, rounded

Coefficients = Mapping[str, float]
BASE = "base"
# Fitted models bring their own neutral values under this prefix: «neutral.health».
NEUTRAL = "neutral."
# Two scores are compared when they have this share of their inputs in common.
SAME_INPUTS = 0.75
# Log-odds beyond which a probability could no longer be told from 0 or 1.
FARTHEST = 12.0


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
        bounded = min(max(value, self.low), self.high)
        return log2(1.0 + bounded) if self.log else bounded


@dataclass(frozen=True, slots=True)
class Factor:
    """One known feature: the observed `value` in its unit, and its `effect` in log-odds (positive: towards leaving)."""

    name: str
    value: float
    effect: float


@dataclass(frozen=True, slots=True)
class Churn:
    """`probability` 0-1, both excluded; `factors` by weight, the strongest first. Their effects and the base's add up
    to the log-odds of the probability."""

    probability: float
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The probability in whole percentage points: `base` plus the parts is exactly `total`, the percent shown."""

    base: int
    parts: tuple[tuple[Factor, int], ...]
    total: int


def judge(
    facts: Facts, health: Health, before: Health | None, on: date, coefficients: Coefficients | None = None
) -> Churn | None:
    """The probability of leaving at the next renewal, from what was known on a date.

    `before` is the score of 30 days earlier, None where there was none. Without `coefficients` the published ones hold.
    None without a score, or without a renewal to come.
    """
    if health.score is None or facts.renewal_on is None or facts.renewal_on < on:
        return None
    weights = DEFAULT if coefficients is None else coefficients
    return weigh(values(facts, health, before, on, weights.keys()), weights)


def values(
    facts: Facts, health: Health, before: Health | None, on: date, wanted: Set[str] | None = None
) -> dict[str, float]:
    """Every feature that is known, in its unit; `wanted` names those that somebody will look at (None: all)."""
    seen = Seen(facts, health, before, on)
    found = {name: one.read(seen) for name, one in FEATURES.items() if wanted is None or name in wanted}
    return {name: float(value) for name, value in found.items() if value is not None}


def weigh(known: Mapping[str, float], coefficients: Coefficients) -> Churn:
    """The probability that known features give."""
    factors = [
        Factor(name, known[name], coefficients[name] * (feature.scaled(known[name]) - neutral_of(name, coefficients)))
        for name, feature in FEATURES.items()
        if name in known and coefficients.get(name)
    ]
    factors.sort(key=lambda factor: (-abs(factor.effect), factor.name))
    return Churn(logistic(coefficients[BASE] + sum(one.effect for one in factors)), tuple(factors))


def neutral_of(name: str, coefficients: Coefficients) -> float:
    """The value, on its scale, at which a feature contributes nothing."""
    return coefficients.get(NEUTRAL + name, FEATURES[name].neutral)


def logistic(log_odds: float) -> float:
    """Log-odds to a probability, kept inside (0, 1)."""
    return 1.0 / (1.0 + exp(-min(max(log_odds, -FARTHEST), FARTHEST)))


def log_odds_of(probability: float) -> float:
    """A probability inside (0, 1) to log-odds."""
    return log(probability / (1.0 - probability))


def split(churn: Churn) -> Split:
    """What each factor adds to the base rate, in whole points that add up to the percent shown: «9 + 14 - 5 = 18».

    Log-odds add up, percents do not. The way from the base rate to the probability is therefore taken as a straight
    line: each factor gets the share of the way that its effect is of all effects. Rounded by largest remainder.
    """
    whole = sum(one.effect for one in churn.factors)
    origin = logistic(log_odds_of(churn.probability) - whole)
    base, total = rounded(100 * origin), rounded(100 * churn.probability)
    # Points per unit of log-odds: the slope of the line, or of the curve where effects cancel out.
    flat = abs(whole) < 1e-6
    slope = 100 * (origin * (1 - origin) if flat else (churn.probability - origin) / whole)
    parts = _whole([slope * one.effect for one in churn.factors], total - base)
    return Split(base, tuple(zip(churn.factors, parts, strict=True)), total)


def _whole(parts: Sequence[float], total: int) -> list[int]:
    """The parts as whole numbers that add up to `total`, each as near as that allows; ties go to the earlier part."""
    result = [floor(part + 0.5) for part in parts]
    while parts and (missing := total - sum(result)):
        step = 1 if missing > 0 else -1
        nearest = max(range(len(parts)), key=lambda i: (step * (parts[i] - result[i]), -i))
        result[nearest] += step
    return result


def _health_change(seen: Seen) -> float | None:
    """Unknown where the two scores rest on other inputs: what came to be known is no change of the client."""
    if seen.health.score is None or seen.before is None or seen.before.score is None:
        return None
    now, then = seen.health.observed, seen.before.observed
    if now is not None and then is not None and len(now & then) < SAME_INPUTS * len(now | then):
        return None
    return seen.health.score - seen.before.score


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
    return None if desk is None else sum(w * getattr(desk, f"open_{level}") for level, w in inputs.TICKET_LOAD.items())


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
    return lambda seen: next((part.score for part in seen.health.components if part.name == name), None)


def _value(component: str, line: str, key: str) -> Callable[[Seen], float | None]:
    """A number that the explanation of the score already holds."""

    def read(seen: Seen) -> float | None:
        for part in seen.health.components:
            for one in part.inputs:
                if part.name == component and one.name == line:
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
