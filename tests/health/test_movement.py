"""What moved between two scores, and where an account stands."""

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from hypothesis import given, settings

from haark.health import record
from haark.health.facts import Facts
from haark.health.movement import Movement, moved, strengths, weaknesses
from haark.health.record import Model, Scored
from haark.health.rules import DEFAULT_WEIGHTS, Health, score
from tests.health.given import EXCHANGES, ON, USE, ago, anything, facts


def between(now: Facts, before: Facts) -> Movement:
    return moved(score(now, DEFAULT_WEIGHTS, ON), score(before, DEFAULT_WEIGHTS, ago(30)))


def test_the_changes_of_the_components_add_up_to_the_change() -> None:
    steady = replace(USE, users_now=66.0, last_reported=ago(31), last_used=ago(31))
    movement = between(facts(), facts(use=steady))
    assert movement.change < 0
    assert round(sum(value or 0 for value in movement.components.values()), 6) == movement.change
    first = movement.reasons()[0]
    assert (first.component, first.name) == ("usage", "trend")
    assert round(first.values["change"], 3) == -0.318
    assert first.before["change"] == 0
    assert first.effect < 0


def test_the_reasons_push_the_way_the_score_went() -> None:
    rising = between(facts(), facts(exchanges=replace(EXCHANGES, two_way_30=0, last_two_way=ago(95))))
    assert rising.change > 0
    assert rising.reasons()
    assert all(one.effect > 0 for one in rising.reasons())
    assert len(rising.reasons()) <= 3


def test_nothing_moved_when_nothing_changed() -> None:
    same = score(facts(), DEFAULT_WEIGHTS, ON)
    movement = moved(same, same)
    assert (movement.change, movement.inputs, movement.reasons()) == (0, (), ())


def test_without_an_earlier_score_nothing_is_said_to_have_moved() -> None:
    now = score(facts(), DEFAULT_WEIGHTS, ON)
    for before in (None, score(Facts(), DEFAULT_WEIGHTS, ago(30))):
        movement = moved(now, before)
        assert (movement.change, movement.components, movement.inputs) == (None, {}, ())


def test_a_component_that_became_known_counts_in_the_change() -> None:
    movement = between(facts(), facts(use=None))
    assert round(sum(value or 0 for value in movement.components.values()), 6) == movement.change
    assert all(one.component != "usage" for one in movement.inputs)


def test_strengths_and_weaknesses_name_their_inputs() -> None:
    health = score(facts(), DEFAULT_WEIGHTS, ON)
    assert "stability" in [one.line.input.name for one in strengths(health)]
    assert weaknesses(health)[0].line.input.name == "trend"
    named = {one.line.input.name for one in (*strengths(health), *weaknesses(health))}
    assert len(named) == len(strengths(health)) + len(weaknesses(health))


def row(known: Facts, health: Health, day: date = ON) -> SimpleNamespace:
    """A snapshot as the database gives it back."""
    kept = record.row_of(Scored(known, health, None, None), Model(DEFAULT_WEIGHTS, 90))
    columns = dict(zip(record.COLUMNS, kept, strict=True))
    parsed = {name: json.loads(columns[name]) for name in ("components", "churn_factors")}
    return SimpleNamespace(day=day, **columns | parsed)


@given(anything)
@settings(max_examples=200, deadline=None)
def test_what_is_kept_reads_back_as_it_was(known: Facts) -> None:
    health = score(known, DEFAULT_WEIGHTS, ON)
    assert record.facts_of(json.loads(json.dumps(record.plain_of(known)))) == known
    assert record.health_of(row(known, health)) == health


def test_a_score_of_other_formulas_shows_its_numbers_without_inventing_their_reasons() -> None:
    health = score(facts(), DEFAULT_WEIGHTS, ON)
    kept = row(facts(), health)
    kept.score, kept.components["parts"][0][0] = 71, 60
    again = record.health_of(kept)
    assert (again.score, again.components[0].score, again.components[0].lines) == (71, 60, ())
    assert moved(health, again).change == health.score - 71
