"""What moved between two scores of an account, and where it stands: numbers and names for the page to word (HL-9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from haark.health.inputs import Value
from haark.health.rules import Component, Health, Line

# Shares of an input's points from which it is called a strength, and below which a weakness.
STRONG, WEAK = 0.8, 0.5
MOST_REASONS = 3
# An effect below half a point of the score explains nothing that a person sees.
WORTH_TELLING = 0.5


@dataclass(frozen=True, slots=True)
class Moved:
    """One input between two scores. `effect`: how many points of the score the observation itself moved, at today's
    weights (points also move a little when another input becomes known or ages); `values` and `before` are what was
    observed now and then."""

    component: str
    name: str
    effect: float
    points: int
    points_before: int
    values: Mapping[str, Value] = field(default_factory=dict)
    before: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Movement:
    """The change between two scores. `components`: change of each contribution, adding up to `change`; None where the
    component is unknown on both sides. `inputs`: every input that moved, the largest effect first."""

    score: int | None
    before: int | None
    change: int | None
    components: dict[str, float | None]
    inputs: tuple[Moved, ...]

    def reasons(self) -> tuple[Moved, ...]:
        """At most three inputs that pushed the score the way it went, the strongest first; none when it stood still."""
        way = self.change or 0
        pushed = [one for one in self.inputs if one.effect * way > 0 and abs(one.effect) >= WORTH_TELLING]
        return tuple(pushed[:MOST_REASONS])

    def pushed(self) -> tuple[tuple[str, float], ...]:
        """The components that pushed the score the way it went, with their points, the strongest first: what is left
        to say when no single input is a reason (a component became known, or many moved a little)."""
        way = self.change or 0
        found = [(name, points) for name, points in self.components.items() if points is not None and points * way > 0]
        return tuple(sorted(found, key=lambda pair: (-abs(pair[1]), pair[0]))[:MOST_REASONS])


@dataclass(frozen=True, slots=True)
class Standing:
    """An input that earned much or little of its points."""

    component: str
    line: Line


def moved(now: Health, before: Health | None) -> Movement:
    """What moved since `before`. Without an earlier score nothing is said to have moved."""
    if before is None or before.score is None or now.score is None:
        return Movement(now.score, before.score if before else None, None, {}, ())
    pairs = list(zip(now.components, before.components, strict=True))
    components = {part.name: _difference(part, earlier) for part, earlier in pairs}
    inputs = [one for part, earlier in pairs for one in _inputs(part, earlier)]
    inputs.sort(key=lambda one: (-abs(one.effect), one.component, one.name))
    return Movement(now.score, before.score, now.score - before.score, components, tuple(inputs))


def _difference(now: Component, before: Component) -> float | None:
    if now.points is None and before.points is None:
        return None
    return round((now.points or 0) - (before.points or 0), 1)


def _inputs(now: Component, before: Component) -> list[Moved]:
    earlier = {line.input.name: line for line in before.lines}
    found = []
    for line in now.lines:
        then = earlier.get(line.input.name)
        if then is None or line.points is None or then.points is None:
            continue
        gained = (line.input.fraction or 0) - (then.input.fraction or 0)
        if gained or line.points != then.points:
            effect = round(gained * line.maximum * now.weight, 2)
            numbers = (effect, line.points, then.points)
            found.append(Moved(now.name, line.input.name, *numbers, line.input.values, then.input.values))
    return found


def strengths(health: Health) -> list[Standing]:
    """Inputs that earned at least 80 % of their points, the weightiest first."""
    return _standing(health, lambda share: share >= STRONG, lambda share: share)


def weaknesses(health: Health) -> list[Standing]:
    """Inputs that earned less than half of their points, the most points of the score missed first."""
    return _standing(health, lambda share: share < WEAK, lambda share: 1 - share)


def _standing(health: Health, wanted: Callable[[float], bool], size: Callable[[float], float]) -> list[Standing]:
    ranked = [
        (part.weight * line.maximum * size(line.input.fraction), Standing(part.name, line))
        for part in health.components
        for line in part.lines
        if line.input.fraction is not None and wanted(line.input.fraction)
    ]
    ranked.sort(key=lambda pair: (-pair[0], pair[1].component, pair[1].line.input.name))
    return [standing for _, standing in ranked]
