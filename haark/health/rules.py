"""The health score: pure, explained, and adding up. docs/health.md says the same in prose, with every figure.

    health = score(facts, {"usage": 40, "engagement": 25, "satisfaction": 20, "history": 15}, on)

The same facts, weights and date always give the same score (HL-7). Every step can be redone by hand: input points are
whole and add up to the component's score, contributions have one decimal and add up to the score shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class Health:
    """`score` 0-100 or None without any data; `coverage` and `confidence` are fractions of 1. `observed` names the
    inputs that were known, None where nobody kept which."""

    on: date
    score: int | None
    band: str
    coverage: float
    confidence: float
    components: tuple[Component, ...]
    observed: frozenset[str] | None = None

    @property
    def known(self) -> int:
        """How many components have data («3 of 4»)."""
        return sum(1 for part in self.components if part.score is not None)

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
    gathered = {
        "usage": inputs.usage(facts, on),
        "engagement": inputs.engagement(facts, on),
        "satisfaction": inputs.satisfaction(facts, on, half_life),
        "history": inputs.history(facts, on),
    }
    parts = {name: _component_score(lines) for name, lines in gathered.items()}
    known = {name: weights.get(name, 0) for name in COMPONENTS if parts[name] is not None}
    total = sum(known.values())
    exact = {name: weight * (parts[name] or 0) for name, weight in known.items()}
    result = combined(parts, weights)
    caps = [ceil(round(1000 * weight / total, 6)) if total else 0 for weight in known.values()]
    tenths = dict(zip(exact, shares(list(exact.values()), 10 * (result or 0), caps), strict=True))
    components = tuple(
        Component(
            name,
            parts[name],
            known.get(name, 0) / total if total else 0.0,
            tenths[name] / 10 if name in tenths else None,
            gathered[name],
        )
        for name in COMPONENTS
    )
    observed = frozenset(line.name for lines in gathered.values() for line in lines if line.fraction is not None)
    share, sure = len(known) / len(COMPONENTS), _confidence(gathered, weights)
    return Health(on, result, band_of(result), share, sure, components, observed)


def combined(parts: Mapping[str, int | None], weights: Mapping[str, float]) -> int | None:
    """The score of known components (0-100 each, None: unknown), as `score` makes it: weighted mean, rounded half up.

    >>> combined({"usage": 54, "engagement": None, "satisfaction": 80, "history": 70}, DEFAULT_WEIGHTS)
    64
    """
    known = [(weights.get(name, 0), part) for name, part in parts.items() if part is not None]
    total = sum(weight for weight, _ in known)
    return rounded(sum(weight * part for weight, part in known) / total) if total else None


def _component_score(lines: tuple[Input, ...]) -> int | None:
    known = [(line.weight, line.fraction) for line in lines if line.fraction is not None]
    total = sum(weight for weight, _ in known)
    return rounded(100 * sum(weight * fraction for weight, fraction in known) / total) if total else None


def _confidence(gathered: Mapping[str, tuple[Input, ...]], weights: Mapping[str, float]) -> float:
    """Share of the weight that has fresh data: by component, the share of its inputs' weight that is fresh (HL-9)."""
    total = sum(weights.get(name, 0) for name in COMPONENTS)
    if not total:
        return 0.0
    fresh = 0.0
    for name, lines in gathered.items():
        possible = sum(line.weight for line in lines)
        if possible:
            fresh += weights.get(name, 0) * sum(line.weight for line in lines if line.fresh) / possible
    return fresh / total
