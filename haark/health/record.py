"""A score as it is kept in a `HealthSnapshot`: the facts it was made from, and its numbers.

The explanation is not kept. The score is a pure function, so it is made again from the facts when somebody asks why; a
day of a large portfolio then takes a fraction of the room and of the time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from haark.health import rules
from haark.health.churn import Churn
from haark.health.facts import Answer, Exchanges, Facts, Past, Support, Use
from haark.health.inputs import Input
from haark.health.rules import COMPONENTS, Component, Health

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A score as it was shown; `churn` 0-1 and the factors that explain it, [{name, value, effect}].

    Read in short, `health` has no components and `factors` is empty.
    """

    health: Health
    churn: float | None
    factors: tuple[Plain, ...] = ()


def row_of(facts: Facts, health: Health, churn: Churn | None, weights: Mapping[str, float], half_life: float) -> Plain:
    """The columns of a snapshot but its key."""
    return {
        "score": health.score,
        "band": health.band,
        "coverage": health.coverage,
        "confidence": health.confidence,
        "components": {
            "weights": dict(weights),
            "half_life": half_life,
            "parts": [[part.score, part.weight, part.points] for part in health.components],
            "facts": plain_of(facts),
        },
        "inputs": " ".join(sorted(health.observed or ())),
        "churn": churn.probability if churn else None,
        "churn_factors": factors_of(churn),
    }


def kept(health: Health, churn: Churn | None) -> Kept:
    """A score that is being made, as it will be read again."""
    return Kept(health, churn.probability if churn else None, tuple(factors_of(churn)))


def factors_of(churn: Churn | None) -> list[Plain]:
    """The factors as plain values."""
    return [{"name": one.name, "value": one.value, "effect": one.effect} for one in churn.factors] if churn else []


def kept_of(row: Any) -> Kept:
    """A whole `HealthSnapshot` row as what was shown of it."""
    return Kept(health_of(row), row.churn, tuple(row.churn_factors))


def brief_of(row: Any) -> Kept:
    """The same in short: what the next score is compared with."""
    observed = _names(row.inputs) if row.inputs else None
    return Kept(Health(row.day, row.score, row.band, row.coverage, row.confidence, (), observed), row.churn)


@lru_cache(maxsize=4096)
def _names(inputs: str) -> frozenset[str]:
    return frozenset(inputs.split())


def health_of(row: Any) -> Health:
    """The score made again from what was kept. Where the formulas have changed since, it is what was shown then: the
    numbers of the score and its components, without their inputs."""
    known = row.components
    if isinstance(known, list):  # kept by an earlier version, with its explanation
        return _shown(row, [_explained(part) for part in known])
    made = rules.score(facts_of(known["facts"]), known["weights"], row.day, known["half_life"])
    parts = [Component(name, *part) for name, part in zip(COMPONENTS, known["parts"], strict=True)]
    same = [(one.score, one.points) for one in made.components] == [(one.score, one.points) for one in parts]
    return made if same and made.score == row.score else _shown(row, parts)


def _shown(row: Any, parts: Sequence[Component]) -> Health:
    return Health(row.day, row.score, row.band, row.coverage, row.confidence, tuple(parts))


def _explained(part: Plain) -> Component:
    def day(one: Plain, name: str) -> date | None:
        return date.fromisoformat(one[name]) if one[name] else None

    inputs = tuple(
        Input(
            *(one["name"], one["weight"], one["fraction"], one["source"], one["fresh"]),
            *(day(one, "start"), day(one, "end"), one["values"]),
        )
        for one in part["inputs"]
    )
    return Component(part["name"], part["score"], part["weight"], part["points"], inputs)


_PARTS = {"use": Use, "exchanges": Exchanges, "support": Support, "past": Past}
_READ = {name: attrgetter(*(field.name for field in fields(kind))) for name, kind in _PARTS.items()}
# Where these hold days, which JSON does not know.
_DAYS = {"use": (0, 1), "exchanges": (0, 1), "support": (0,), "past": ()}
_ANSWERS = ("nps", "csat", "ticket_csat")


def plain_of(facts: Facts) -> Plain:
    """Facts as JSON values; what is unknown or empty is left out."""
    found: Plain = {}
    if facts.seats is not None:
        found["seats"] = facts.seats
    for name, read in _READ.items():
        if (part := getattr(facts, name)) is not None:
            row = list(read(part))
            for place in _DAYS[name]:
                row[place] = row[place].isoformat() if row[place] else None
            found[name] = row
    for name in _ANSWERS:
        if given := getattr(facts, name):
            found[name] = [[one.on.isoformat(), one.score] for one in given]
    if facts.roles_known:
        found["known"], found["held"] = sorted(facts.roles_known), sorted(facts.roles_held)
    if facts.renewal_on is not None:
        found["renewal_on"] = facts.renewal_on.isoformat()
    return found


def facts_of(plain: Plain) -> Facts:
    """The facts again, equal to those that were kept."""
    parts = {}
    for name, kind in _PARTS.items():
        if (row := plain.get(name)) is not None:
            row = list(row)
            for place in _DAYS[name]:
                row[place] = date.fromisoformat(row[place]) if row[place] else None
            parts[name] = kind(*row)
    for name in _ANSWERS:
        parts[name] = tuple(Answer(date.fromisoformat(day), score) for day, score in plain.get(name, ()))
    renewal = plain.get("renewal_on")
    return Facts(
        seats=plain.get("seats"),
        roles_known=frozenset(plain.get("known", ())),
        roles_held=frozenset(plain.get("held", ())),
        renewal_on=date.fromisoformat(renewal) if renewal else None,
        **parts,
    )
