"""The health score: pure, explained, and adding up. docs/health.md says the same in prose, with every figure.

    health = score(facts, {"usage": 40, "engagement": 25, "satisfaction": 20, "history": 15}, on)

The same facts, weights and date always give the same score (HL-7). Every step can be redone by hand: input points are
whole and add up to the component's score, contributions have one decimal and add up to the score shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import ceil, floor

from haark.health import inputs
from haark.health.facts import Facts
from haark.health.inputs import Input

COMPONENTS = ("usage", "engagement", "satisfaction", "history")
GREEN_FROM, YELLOW_FROM = 80, 50
# Below this share of fresh evidence the score is shown as provisional (HL-9).
FIRM_FROM = 0.6
DEFAULT_WEIGHTS: Mapping[str, float] = {"usage": 40, "engagement": 25, "satisfaction": 20, "history": 15}


@dataclass(frozen=True, slots=True)
class Line:
    """An input with the whole points it gave, out of `maximum`; None and 0 where the input is unknown."""

    input: Input
    points: int | None
    maximum: int


@dataclass(frozen=True, slots=True)
class Component:
    """`score` 0-100 or None (unknown). `weight` is the effective one, a fraction; known ones add up to 1.

    `points` is its contribution to the score, with one decimal; None where unknown.
    """

    name: str
    score: int | None
    weight: float
    points: float | None
    inputs: tuple[Input, ...] = ()

    @property
    def band(self) -> str:
        """The colour of the component by itself, on the same bounds as the score."""
        return band_of(self.score)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The inputs with their points, which add up to the component's score; worked out when somebody asks."""
        known = [one for one in self.inputs if one.fraction is not None]
        maxima = shares([one.weight for one in known], 100, [100] * len(known))
        earned = shares([one.weight * (one.fraction or 0) for one in known], self.score or 0, maxima)
        given = iter(zip(earned, maxima, strict=True))
        return tuple(Line(one, None, 0) if one.fraction is None else Line(one, *next(given)) for one in self.inputs)


@dataclass(slots=True)
class Health:
    """`score` 0-100 or None without any data; `coverage` and `confidence` are fractions of 1.

    `parts` are the scores of COMPONENTS (None: unknown) and `inputs` what they were made from, both empty where only
    the score itself is known; `observed` names the inputs that were known, None where nobody kept which.
    """

    on: date
    score: int | None
    band: str
    coverage: float
    confidence: float
    observed: frozenset[str] | None = None
    parts: tuple[int | None, ...] = ()
    inputs: tuple[tuple[Input, ...], ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def components(self) -> tuple[Component, ...]:
        """The components with what each contributes, which adds up to the score; worked out when somebody asks."""
        if not self.parts:
            return ()
        known = [index for index, part in enumerate(self.parts) if part is not None]
        weight = {index: self.weights.get(COMPONENTS[index], 0) for index in known}
        total = sum(weight.values())
        exact = [weight[index] * (self.parts[index] or 0) for index in known]
        caps = [ceil(round(1000 * weight[index] / total, 6)) if total else 0 for index in known]
        tenths = dict(zip(known, shares(exact, 10 * (self.score or 0), caps), strict=True))
        return tuple(
            Component(
                name,
                self.parts[index],
                weight.get(index, 0) / total if total else 0.0,
                tenths[index] / 10 if index in tenths else None,
                self.inputs[index] if self.inputs else (),
            )
            for index, name in enumerate(COMPONENTS)
        )

    @property
    def known(self) -> int:
        """How many components have data («3 of 4»)."""
        return len(COMPONENTS) - self.parts.count(None) if self.parts else 0

    @property
    def usage_until(self) -> date | None:
        """Where the data of its usage end, while that is not the eve of the day; None too where nothing is known."""
        ends = [one.end for part in self.inputs[:1] for one in part if one.name == "trend"]
        return ends[0] if ends and ends[0] and (self.on - ends[0]).days > 1 else None

    @property
    def provisional(self) -> bool:
        """Too little of the weight rests on fresh evidence."""
        return self.score is not None and self.confidence < FIRM_FROM


def band_of(score: int | None) -> str:
    """green 80-100, yellow 50-79, red below 50, on the rounded score; '' without a score (HL-1)."""
    if score is None:
        return ""
    return "green" if score >= GREEN_FROM else "yellow" if score >= YELLOW_FROM else "red"


def rounded(value: float) -> int:
    """Half up; noise of floating point below a millionth does not decide."""
    return floor(round(value, 6) + 0.5)


def shares(parts: Sequence[float], total: int, caps: Sequence[int]) -> list[int]:
    """Splits `total` in proportion to `parts` into whole numbers that add up exactly (largest remainder).

    No share exceeds its cap (the caps together allow `total`); ties go to the earlier part.
    """
    whole = sum(parts)
    if whole <= 0 or total == 0:
        return [0] * len(parts)
    exact = [round(part * total / whole, 9) for part in parts]
    result = [min(floor(value), cap) for value, cap in zip(exact, caps, strict=True)]
    order = sorted(range(len(parts)), key=lambda i: (result[i] - exact[i], i))
    while (missing := total - sum(result)) > 0:
        for index in [i for i in order if result[i] < caps[i]][:missing]:
            result[index] += 1
    return result


def score(facts: Facts, weights: Mapping[str, float], on: date, half_life: float = inputs.HALF_LIFE) -> Health:
    """The health of one account on a date. `facts` must hold nothing later than `on` (the queries see to it).

    `weights` are any non-negative numbers by component; unknown components lend theirs to the others (HL-2).
    `half_life`: days after which an answer of the client weighs half.
    """
    lines = (
        inputs.usage(facts, on),
        inputs.engagement(facts, on),
        inputs.satisfaction(facts, on, half_life),
        inputs.history(facts, on),
    )
    parts: dict[str, int | None] = {}
    names: list[str] = []
    possible = sure = 0.0
    for component, part in zip(COMPONENTS, lines, strict=True):
        weight = weights.get(component, 0)
        parts[component], fresh = _component(part, names) if part else (None, 0.0)
        possible += weight
        sure += weight * fresh
    result, scores = combined(parts, weights), tuple(parts.values())
    share = (len(scores) - scores.count(None)) / len(scores)
    confidence = sure / possible if possible else 0.0
    known_inputs = observed(tuple(names))
    return Health(on, result, band_of(result), share, confidence, known_inputs, scores, lines, weights)


@lru_cache(maxsize=4096)
def observed(names: tuple[str, ...]) -> frozenset[str]:
    """The names of known inputs as a set: one set for all accounts of which the same is known."""
    return frozenset(names)


def combined(parts: Mapping[str, int | None], weights: Mapping[str, float]) -> int | None:
    """The score of known components (0-100 each, None: unknown), as `score` makes it: weighted mean, rounded half up.

    >>> combined({"usage": 54, "engagement": None, "satisfaction": 80, "history": 70}, DEFAULT_WEIGHTS)
    64
    """
    total = earned = 0.0
    for name, part in parts.items():
        if part is not None:
            weight = weights.get(name, 0)
            total += weight
            earned += weight * part
    return rounded(earned / total) if total else None


def _component(lines: tuple[Input, ...], names: list[str]) -> tuple[int | None, float]:
    """The score of a component from its known inputs, whose names are added to `names`; and the share of its inputs'
    weight that is fresh (HL-9)."""
    earned = total = fresh = possible = 0.0
    for name, weight, fraction, _, recent, _, _, _ in lines:
        possible += weight
        if recent:
            fresh += weight
        if fraction is not None:
            earned += weight * fraction
            total += weight
            names.append(name)
    return rounded(100 * earned / total) if total else None, fresh / possible if possible else 0.0
