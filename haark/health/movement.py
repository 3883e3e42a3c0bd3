"""What moved between two scores of an account, and where it stands: numbers and names for the page to word (HL-9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from haark.health.inputs import Value
from haark.health.rules import Component, Health, Line

# Shares of an input's points from which it is called a strength, and below which a weakness.
STRONG, WEAK = 0.8, 0.5
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Moved:
    """One input between two scores. `effect`: how many points of the whole score it moved (None where it was or
    became unknown); `values` and `before` are its observations now and then."""

    component: str
    name: str
    effect: float | None
    points: int | None
    points_before: int | None
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
        """At most three inputs that pushed the score the way it went; the largest either way when it stood still."""
        way = self.change or 0
        pushed = [one for one in self.inputs if one.effect and one.effect * way > 0] if way else self.inputs
        return tuple(pushed[:MOST_REASONS])


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
    inputs.sort(key=lambda one: (-abs(one.effect or 0), one.component, one.name))
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
        if then is None or line.points is None or then.points is None or line.points == then.points:
            continue
        effect = round((line.points * now.weight) - (then.points * before.weight), 2)
        found.append(
            Moved(now.name, line.input.name, effect, line.points, then.points, line.input.values, then.input.values)
        )
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
