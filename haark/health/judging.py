"""Facts gathered and judged; nothing is written. What is kept of it is the domain's choice."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from haark.health import churn, gathering, inputs, queries, record, rules
from haark.health.movement import moved
from haark.health.queries import COMPARED, Explanation
from haark.health.record import Kept, Model, Scored
from haark.settings import queries as settings


def model() -> Model:
    """The weights, the half-life and the coefficients in use: one statement besides the settings'."""
    return Model(dict(settings.get("health.weights")), settings.get("health.half_life"), *queries.fitted())


def judged(ids: Sequence[int], on: date, earlier: Mapping[int, Kept], by: Model) -> Iterator[tuple[int, Scored]]:
    """The accounts of a chunk (ids in ascending order) on a date, one after the other; `earlier` holds their scores of
    30 days before. Who needs numbers alone lets go of each before the next: its memory is then used again."""
    for ident, facts in gathering.facts_of(ids, on).items():
        health = rules.score(facts, by.weights, on, by.half_life)
        before = earlier[ident].health if ident in earlier else None
        yield ident, Scored(facts, health, before, churn.probability(facts, health, before, on, by.coefficients))


def as_of(account_id: int, on: date) -> Explanation:
    """The score of one account with what was known on a date, made now with today's settings; nothing is kept."""
    by, day = model(), on - timedelta(COMPARED)
    earlier = record.kept(dict(judged([account_id], day, {}, by))[account_id])
    now = dict(judged([account_id], on, {account_id: earlier}, by))[account_id]
    change = inputs.usage_change(now.facts)[1]
    movement = moved(now.health, earlier.health)
    factors = record.factors_of(churn.judge(now.facts, now.health, now.before, on, by.coefficients))
    return Explanation(now.health, earlier.health, movement, change, now.churn, factors, earlier.churn)
