"""Facts gathered and judged; nothing is written. What is kept of it is the domain's choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haark.health import churn, inputs, queries, record, rules
from haark.health.churn import Churn
from haark.health.facts import Facts
from haark.health.movement import moved
from haark.health.queries import COMPARED, Explanation
from haark.health.record import Kept
from haark.health.rules import Health
from haark.settings import queries as settings


@dataclass(frozen=True, slots=True)
class Model:
    """What the organisation settled on. `coefficients` are those of the churn probability, None: the published ones."""

    weights: Mapping[str, float]
    half_life: float
    coefficients: Mapping[str, float] | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One account on the date: what was known, its score, the score of 30 days before (None where nothing was known
    then), and the probability of leaving at the next renewal (None without a score or without a renewal to come)."""

    facts: Facts
    health: Health
    before: Health | None
    churn: Churn | None


def model() -> Model:
    """The weights, the half-life and the coefficients in use: one statement besides the settings'."""
    return Model(settings.get("health.weights"), settings.get("health.half_life"), queries.coefficients())


def judged(ids: Sequence[int], on: date, earlier: Mapping[int, Kept], by: Model) -> dict[int, Scored]:
    """The accounts of a chunk (ids in ascending order) on a date; `earlier` holds their scores of 30 days before."""
    found = {}
    for ident, facts in queries.facts_of(ids, on).items():
        health = rules.score(facts, by.weights, on, by.half_life)
        before = earlier[ident].health if ident in earlier else None
        found[ident] = Scored(facts, health, before, churn.judge(facts, health, before, on, by.coefficients))
    return found


def as_of(account_id: int, on: date) -> Explanation:
    """The score of one account with what was known on a date, made now with today's settings; nothing is kept."""
    by, day = model(), on - timedelta(COMPARED)
    earlier = judged([account_id], day, {}, by)[account_id]
    kept = {account_id: record.kept(earlier.health, earlier.churn)}
    now = judged([account_id], on, kept, by)[account_id]
    told = record.kept(now.health, now.churn)
    change = inputs.usage_change(now.facts)[1]
    before, churn_before = kept[account_id].health, kept[account_id].churn
    return Explanation(now.health, before, moved(now.health, before), change, told.churn, told.factors, churn_before)
