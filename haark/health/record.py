"""A score as it is kept in a `HealthSnapshot`: plain JSON, and back to the same values."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from haark.health.churn import Churn
from haark.health.inputs import Input
from haark.health.rules import Component, Health, Line


@dataclass(frozen=True, slots=True)
class Kept:
    """A score as it was shown; `churn` 0-1 and the factors that explain it, [{name, value, effect}]."""

    health: Health
    churn: float | None
    factors: tuple[dict[str, Any], ...]


def row_of(health: Health, churn: Churn | None) -> dict[str, Any]:
    """The columns of a snapshot but its key."""
    return {
        "score": health.score,
        "band": health.band,
        "coverage": health.coverage,
        "confidence": health.confidence,
        "components": components_of(health),
        "churn": churn.probability if churn else None,
        "churn_factors": _factors(churn),
    }


def kept(health: Health, churn: Churn | None) -> Kept:
    """A score that is being made, as it will be read again."""
    return Kept(health, churn.probability if churn else None, tuple(_factors(churn)))


def _factors(churn: Churn | None) -> list[dict[str, Any]]:
    return [asdict(factor) for factor in churn.factors] if churn else []


def components_of(health: Health) -> list[dict[str, Any]]:
    """The components with their inputs, as JSON values."""
    return [
        {
            "name": part.name,
            "score": part.score,
            "weight": part.weight,
            "points": part.points,
            "inputs": [_plain(line) for line in part.lines],
        }
        for part in health.components
    ]


def _plain(line: Line) -> dict[str, Any]:
    one = line.input
    return {
        "name": one.name,
        "weight": one.weight,
        "fraction": one.fraction,
        "source": one.source,
        "fresh": one.fresh,
        "start": one.start.isoformat() if one.start else None,
        "end": one.end.isoformat() if one.end else None,
        "values": one.values,
        "points": line.points,
        "maximum": line.maximum,
    }


def kept_of(row: Any) -> Kept:
    """A `HealthSnapshot` row as what was shown of it."""
    return Kept(health_of(row), row.churn, tuple(row.churn_factors))


def health_of(row: Any) -> Health:
    """A `HealthSnapshot` row as the score it was."""
    parts = tuple(
        Component(part["name"], part["score"], part["weight"], part["points"], tuple(map(_line, part["inputs"])))
        for part in row.components
    )
    return Health(row.day, row.score, row.band, row.coverage, row.confidence, parts)


def _line(kept: dict[str, Any]) -> Line:
    start, end = (date.fromisoformat(kept[name]) if kept[name] else None for name in ("start", "end"))
    one = Input(
        kept["name"], kept["weight"], kept["fraction"], kept["source"], kept["fresh"], start, end, kept["values"]
    )
    return Line(one, kept["points"], kept["maximum"])
