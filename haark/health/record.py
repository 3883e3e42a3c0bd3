"""A score as it is kept in a `HealthSnapshot`: the facts it was made from, and its numbers.

The explanation is not kept. Score and churn probability are pure functions, so their explanation is made again from the
facts when somebody asks why; a day of a large portfolio then takes a fraction of the room and of the time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from json import JSONEncoder
from operator import attrgetter
from typing import Any, NamedTuple

from haark.health import churn as leaving
from haark.health import rules
from haark.health.churn import Churn
from haark.health.facts import Answer, Exchanges, Facts, Past, Support, Use
from haark.health.features import compared
from haark.health.inputs import Input
from haark.health.rules import Health

Plain = dict[str, Any]
# Two probabilities from the same formula differ by less than this, whatever the machine.
SAME = 1e-9


class Kept(NamedTuple):
    """A score as it was shown; `churn` 0-1 and the factors that explain it, [{name, value, effect}].

    Read in short, `health` has no components and `factors` is empty.
    """

    health: Health
    churn: float | None
    factors: tuple[Plain, ...] = ()


class Model(NamedTuple):
    """What the organisation settled on. `coefficients` are those of the churn probability, those of the `fitted` model
    (the id of a ChurnModel); both None: the published ones."""

    weights: Mapping[str, float]
    half_life: float
    coefficients: Mapping[str, float] | None = None
    fitted: int | None = None


class Scored(NamedTuple):
    """One account on the date: what was known, its score, the score of 30 days before (None where nothing was known
    then), and the probability 0-1 of leaving at the next renewal (None without a score or a renewal to come)."""

    facts: Facts
    health: Health
    before: Health | None
    churn: float | None


# The columns of a snapshot but its key, in the order of `row_of`.
COLUMNS = ("score", "band", "coverage", "confidence", "components", "inputs", "churn", "churn_factors")
NO_FACTORS = "[]"
_json = JSONEncoder(separators=(",", ":"), check_circular=False).encode


def row_of(one: Scored, by: Model) -> tuple[Any, ...]:
    """The values of COLUMNS as the database holds them: JSON as text, with which a later score of the day compares."""
    health = one.health
    known = {
        "parts": [[part] for part in health.parts],
        "facts": plain_of(one.facts),
        "before": compared(health, one.before),
    }
    settled = _settled(tuple(by.weights.items()), by.half_life, by.fitted)
    return (
        health.score,
        health.band,
        health.coverage,
        health.confidence,
        settled + _json(known)[1:],
        _written(health.observed or frozenset()),
        one.churn,
        NO_FACTORS,
    )


@lru_cache(maxsize=16)
def _settled(weights: tuple[tuple[str, float], ...], half_life: float, fitted: int | None) -> str:
    """What is the same for everybody, written once: the beginning of each snapshot's JSON."""
    return _json({"weights": dict(weights), "half_life": half_life, "model": fitted})[:-1] + ","


@lru_cache(maxsize=4096)
def _written(names: frozenset[str]) -> str:
    return " ".join(sorted(names))


def kept(one: Scored) -> Kept:
    """A score that is being made, as it will be read again, in short."""
    return Kept(one.health, one.churn)


def factors_of(churn: Churn | None) -> tuple[Plain, ...]:
    """The factors as plain values, the strongest first."""
    return tuple(factor._asdict() for factor in churn.factors) if churn else ()


def kept_of(row: Any) -> Kept:
    """A whole `HealthSnapshot` row as what was shown of it; `row.coefficients` are those of its model, None without."""
    health = health_of(row)
    return Kept(health, row.churn, tuple(row.churn_factors) or _factors(row, health))


def _factors(row: Any, health: Health) -> tuple[Plain, ...]:
    """Made again from what was kept; nothing where the formulas have changed since."""
    known = row.components
    if row.churn is None or isinstance(known, list) or (known.get("model") and row.coefficients is None):
        return ()
    then = known.get("before")
    before = None if then is None else Health(row.day, then, "", 0.0, 0.0, health.observed)
    made = leaving.judge(facts_of(known["facts"]), health, before, row.day, row.coefficients)
    return factors_of(made) if made and abs(made.probability - row.churn) < SAME else ()


def brief_of(row: Any) -> Kept:
    """In short, what the next score is compared with: (account, day, score, inputs, churn)."""
    _, day, score, inputs, churn = row
    return Kept(Health(day, score, rules.band_of(score), 0.0, 0.0, _names(inputs) if inputs else None), churn)


@lru_cache(maxsize=4096)
def _names(inputs: str) -> frozenset[str]:
    return rules.observed(tuple(inputs.split()))


def health_of(row: Any) -> Health:
    """The score made again from what was kept. Where the formulas have changed since, it is what was shown then: the
    numbers of the score and its components, without their inputs."""
    known = row.components
    if isinstance(known, list):  # kept by an earlier version, with its explanation
        weights = {part["name"]: part["weight"] for part in known}
        return _shown(row, [part["score"] for part in known], weights, [_explained(part) for part in known])
    made = rules.score(facts_of(known["facts"]), known["weights"], row.day, known["half_life"])
    parts = [part[0] for part in known["parts"]]  # earlier versions kept weight and points beside the score
    return made if made.score == row.score and list(made.parts) == parts else _shown(row, parts, known["weights"])


def _shown(
    row: Any, parts: Sequence[int | None], weights: Mapping[str, float], inputs: Sequence[tuple[Input, ...]] = ()
) -> Health:
    names = _names(row.inputs) if row.inputs else None
    numbers = (row.score, row.band, row.coverage, row.confidence, names)
    return Health(row.day, *numbers, tuple(parts), tuple(inputs), weights)


def _explained(part: Plain) -> tuple[Input, ...]:
    def day(one: Plain, name: str) -> date | None:
        return date.fromisoformat(one[name]) if one[name] else None

    return tuple(
        Input(
            *(one["name"], one["weight"], one["fraction"], one["source"], one["fresh"]),
            *(day(one, "start"), day(one, "end"), one["values"]),
        )
        for one in part["inputs"]
    )


# The parts of the facts, each kept as the list of its fields; their days come first, as many as is said here.
_PARTS: Mapping[str, tuple[Any, int]] = {
    "use": (Use, 2),
    "exchanges": (Exchanges, 2),
    "support": (Support, 1),
    "past": (Past, 0),
}
_READ = {name: attrgetter(*(field.name for field in fields(kind))) for name, (kind, _) in _PARTS.items()}
_ANSWERS = ("nps", "csat", "ticket_csat")


def plain_of(facts: Facts) -> Plain:
    """Facts as JSON values; what is unknown or empty is left out."""
    found: Plain = {}
    if facts.seats is not None:
        found["seats"] = facts.seats
    if (use := facts.use) is not None:
        first, second, *rest, until = _READ["use"](use)
        found["use"] = [first.isoformat(), second.isoformat() if second else None, *rest]
        if until is not None:
            found["until"] = until.isoformat()
    if (met := facts.exchanges) is not None:
        first, second, *rest = _READ["exchanges"](met)
        found["exchanges"] = [first.isoformat(), second.isoformat() if second else None, *rest]
    if (desk := facts.support) is not None:
        first, *rest = _READ["support"](desk)
        found["support"] = [first.isoformat(), *rest]
    if (past := facts.past) is not None:
        found["past"] = _READ["past"](past)
    for name, given in zip(_ANSWERS, (facts.nps, facts.csat, facts.ticket_csat), strict=True):
        if given:
            found[name] = [[day.isoformat(), score] for day, score in given]
    if facts.roles_known:
        found["known"], found["held"] = _roles(facts.roles_known), _roles(facts.roles_held)
    if facts.renewal_on is not None:
        found["renewal_on"] = facts.renewal_on.isoformat()
    return found


@lru_cache(maxsize=64)
def _roles(roles: frozenset[str]) -> list[str]:
    return sorted(roles)


def facts_of(plain: Plain) -> Facts:
    """The facts again, equal to those that were kept."""
    parts = {}
    for name, (kind, days) in _PARTS.items():
        if (row := plain.get(name)) is not None:
            parts[name] = kind(*(date.fromisoformat(day) if day else None for day in row[:days]), *row[days:])
    if until := plain.get("until"):
        parts["use"].until = date.fromisoformat(until)
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
