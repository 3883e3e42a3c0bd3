"""The probability of leaving: known answers, properties of every feature, and parts that add up."""

from dataclasses import replace
from datetime import timedelta
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.health import churn, rules
from haark.health.churn import BASE, DEFAULT, FEATURES, Churn
from haark.health.facts import Facts
from tests.health.given import ON, PAST, SUPPORT, USE, ago, facts

MODEL = [name for name in FEATURES if name in DEFAULT]
KNOWN = st.fixed_dictionaries(
    {}, optional={name: st.floats(-1e3, 1e5, allow_nan=False) for name in MODEL}
)  # also far outside of what can be observed


def judged(**changed: object) -> Churn:
    """Groupe Valmorin, or nearly, with a renewal in 60 days; the score of 30 days before was 80."""
    whole = facts(renewal_on=ON + timedelta(60), **changed)
    now = replace(rules.score(whole, rules.DEFAULT_WEIGHTS, ON), score=68)
    found = churn.judge(whole, now, replace(now, score=80), ON)
    assert found is not None
    return found


def test_the_worked_example_of_the_guide() -> None:
    """docs/churn.md does this by hand."""
    known = {
        "health": 68,
        "health_change": -12,
        "usage_change": -0.32,
        "days_left": 60,
        "open_tickets": 1,
        "tickets": 3,
        "tenure": 44 / 12,
        "renewed": 2,
    }
    found = churn.weigh(known, DEFAULT)
    effects = {one.name: round(one.effect, 2) for one in found.factors}
    assert effects == {
        "health": 0.84,
        "health_change": 0.54,
        "usage_change": 0.48,
        "open_tickets": 0.2,
        "tickets": 0.2,
        "days_left": 0.18,
        "renewed": -0.15,
        "tenure": -0.12,
    }
    assert found.probability == pytest.approx(1 / (1 + exp(2.76 - 2.17)), abs=1e-4)
    split = churn.split(found)
    assert (split.base, split.total) == (6, 36)
    assert split.base + sum(points for _, points in split.parts) == 36


def test_a_day_or_a_unit_moves_the_figure() -> None:
    here = judged().probability
    for moved in (
        judged(use=replace(USE, users_now=44.0)),
        judged(support=replace(SUPPORT, open_high=2)),
        judged(past=replace(PAST, departures=1)),
    ):
        assert moved.probability > here
    near = churn.weigh({"days_left": 59}, DEFAULT).probability
    assert near > churn.weigh({"days_left": 60}, DEFAULT).probability


@pytest.mark.parametrize(
    ("known", "low", "high"),
    [
        ({"health": 90, "usage_change": 0, "days_left": 200, "tenure": 4, "renewed": 2}, 0.01, 0.06),
        ({"health": 81, "health_change": 0, "usage_change": 0.0, "days_left": 200, "tenure": 3}, 0.01, 0.06),
        ({"health": 42, "health_change": -5, "usage_change": -0.1, "days_left": 30}, 0.5, 0.9),
        ({}, 0.05, 0.07),
    ],
)  # fmt: skip
def test_it_is_sensible_everywhere(known: dict[str, float], low: float, high: float) -> None:
    assert low <= churn.weigh(known, DEFAULT).probability <= high


def test_nothing_is_said_without_a_score_or_a_renewal_to_come() -> None:
    whole = facts()
    now = rules.score(whole, rules.DEFAULT_WEIGHTS, ON)
    assert churn.judge(whole, now, None, ON) is None
    assert churn.judge(replace(whole, renewal_on=ago(1)), now, None, ON) is None
    assert churn.judge(replace(whole, renewal_on=ON), now, None, ON) is not None
    empty = Facts(renewal_on=ON + timedelta(60))
    assert churn.judge(empty, rules.score(empty, rules.DEFAULT_WEIGHTS, ON), None, ON) is None


def test_scores_from_other_inputs_are_no_trend() -> None:
    """What came to be known is no change of the client."""
    whole = facts(renewal_on=ON + timedelta(60))
    now = rules.score(whole, rules.DEFAULT_WEIGHTS, ON)
    bare = rules.score(Facts(use=USE, seats=80), rules.DEFAULT_WEIGHTS, ago(30))
    assert "health_change" in churn.values(whole, now, now, ON)
    assert "health_change" not in churn.values(whole, now, bare, ON)
    assert "health_change" not in churn.values(whole, now, None, ON)


@given(KNOWN)
def test_it_is_a_probability_and_its_parts_add_up(known: dict[str, float]) -> None:
    found = churn.weigh(known, DEFAULT)
    assert 0 < found.probability < 1
    assert {one.name for one in found.factors} == set(known)
    weights = [abs(one.effect) for one in found.factors]
    assert weights == sorted(weights, reverse=True)
    whole = DEFAULT[BASE] + sum(one.effect for one in found.factors)
    assert found.probability == pytest.approx(churn.logistic(whole))
    split = churn.split(found)
    assert split.total == rules.rounded(100 * found.probability)
    assert split.base + sum(points for _, points in split.parts) == split.total


@given(KNOWN, st.sampled_from(MODEL), st.floats(-100, 400), st.floats(0, 100))
def test_each_feature_pulls_one_way(known: dict[str, float], name: str, value: float, more: float) -> None:
    lower = churn.weigh({**known, name: value}, DEFAULT).probability
    higher = churn.weigh({**known, name: value + more}, DEFAULT).probability
    assert (higher - lower) * DEFAULT[name] >= -1e-12


@given(KNOWN, st.sampled_from(MODEL))
def test_what_is_unknown_contributes_nothing(known: dict[str, float], name: str) -> None:
    """Without a feature it is as with its neutral value."""
    feature = FEATURES[name]
    neutral = 2**feature.neutral - 1 if feature.log else feature.neutral
    without = {key: value for key, value in known.items() if key != name}
    with_it = churn.weigh({**without, name: neutral}, DEFAULT).probability
    assert with_it == pytest.approx(churn.weigh(without, DEFAULT).probability)


def test_every_published_coefficient_is_a_documented_feature() -> None:
    assert set(DEFAULT) - {BASE} == {name for name, feature in FEATURES.items() if feature.coefficient is not None}
