"""The probability that a client leaves at its next renewal (HL-5): pure, documented, and adding up. See docs/churn.md.

    churn = judge(facts, health, before, on, coefficients)

Logistic: log-odds = base + sum(coefficient x (feature - neutral)). A feature that is unknown contributes nothing, so
that it neither threatens nor reassures. The published coefficients were reasoned, not measured: features.py says what
each is worth and why, and a fit on the organisation's own renewals replaces them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, floor, log
from typing import NamedTuple

from haark.health.facts import Facts
from haark.health.features import BASE, DEFAULT, FEATURES, Coefficients, Feature, Seen
from haark.health.rules import Health, rounded

__all__ = ["BASE", "DEFAULT", "FEATURES", "Coefficients"]

# Fitted models bring their own neutral values under this prefix: «neutral.health».
NEUTRAL = "neutral."
# Log-odds beyond which a probability could no longer be told from 0 or 1.
FARTHEST = 12.0


class Factor(NamedTuple):
    """One known feature: the observed `value` in its unit, and its `effect` in log-odds (positive: towards leaving)."""

    name: str
    value: float
    effect: float


class Churn(NamedTuple):
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


def probability(
    facts: Facts, health: Health, before: Health | None, on: date, coefficients: Coefficients | None = None
) -> float | None:
    """The probability of leaving at the next renewal, from what was known on a date.

    `before` is the score of 30 days earlier, None where there was none. Without `coefficients` the published ones hold.
    None without a score, or without a renewal to come.
    """
    if not _is_told(facts, health, on):
        return None
    model, seen = _model(coefficients), Seen(facts, health, before, on)
    return _leaving(model, _effects(model, [feature.read(seen) for feature, _, _ in model.terms]))


def judge(
    facts: Facts, health: Health, before: Health | None, on: date, coefficients: Coefficients | None = None
) -> Churn | None:
    """The same with the factors that explain it."""
    if not _is_told(facts, health, on):
        return None
    return weigh(values(facts, health, before, on), DEFAULT if coefficients is None else coefficients)


def _is_told(facts: Facts, health: Health, on: date) -> bool:
    return health.score is not None and facts.renewal_on is not None and facts.renewal_on >= on


def values(facts: Facts, health: Health, before: Health | None, on: date) -> dict[str, float]:
    """Every feature that is known, in its unit."""
    seen = Seen(facts, health, before, on)
    found = {name: one.read(seen) for name, one in FEATURES.items()}
    return {name: float(value) for name, value in found.items() if value is not None}


class _Model(NamedTuple):
    """What coefficients say: features that matter, in the order of FEATURES, each with its neutral value and weight."""

    base: float
    terms: tuple[tuple[Feature, float, float], ...]


def _model(coefficients: Coefficients | None) -> _Model:
    return _PUBLISHED if coefficients is None else _prepared(tuple(coefficients.items()))


@lru_cache(maxsize=16)
def _prepared(coefficients: tuple[tuple[str, float], ...]) -> _Model:
    known = dict(coefficients)
    features = [feature for name, feature in FEATURES.items() if known.get(name)]
    return _Model(known[BASE], tuple((one, neutral_of(one.name, known), known[one.name]) for one in features))


def _effects(model: _Model, values: Sequence[float | None]) -> list[float | None]:
    """The effect of each term's value, in log-odds; None where it is unknown."""
    return [
        None if value is None else coefficient * (feature.scaled(value) - neutral)
        for (feature, neutral, coefficient), value in zip(model.terms, values, strict=True)
    ]


def _leaving(model: _Model, effects: Sequence[float | None]) -> float:
    return logistic(model.base + sum([effect for effect in effects if effect is not None]))


def weigh(known: Mapping[str, float], coefficients: Coefficients) -> Churn:
    """The probability that known features give, with the effect of each."""
    model = _model(coefficients)
    effects = _effects(model, [known.get(feature.name) for feature, _, _ in model.terms])
    factors = [
        Factor(feature.name, known[feature.name], effect)
        for (feature, _, _), effect in zip(model.terms, effects, strict=True)
        if effect is not None
    ]
    factors.sort(key=lambda factor: (-abs(factor.effect), factor.name))
    return Churn(_leaving(model, effects), tuple(factors))


def neutral_of(name: str, coefficients: Coefficients) -> float:
    """The value, on its scale, at which a feature contributes nothing."""
    return coefficients.get(NEUTRAL + name, FEATURES[name].neutral)


_PUBLISHED = _prepared(tuple(DEFAULT.items()))


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
    factors = churn.factors
    whole = sum(one.effect for one in factors)
    origin = logistic(log_odds_of(churn.probability) - whole)
    base, total = rounded(100 * origin), rounded(100 * churn.probability)
    # Points per unit of log-odds: the slope of the line, or of the curve where effects cancel out.
    flat = abs(whole) < 1e-6
    slope = 100 * (origin * (1 - origin) if flat else (churn.probability - origin) / whole)
    parts = _whole([slope * one.effect for one in factors], total - base)
    return Split(base, tuple(zip(factors, parts, strict=True)), total)


def _whole(parts: Sequence[float], total: int) -> list[int]:
    """The parts as whole numbers that add up to `total`, each as near as that allows; ties go to the earlier part."""
    result = [floor(part + 0.5) for part in parts]
    while parts and (missing := total - sum(result)):
        step = 1 if missing > 0 else -1
        nearest = max(range(len(parts)), key=lambda i: (step * (parts[i] - result[i]), -i))
        result[nearest] += step
    return result
