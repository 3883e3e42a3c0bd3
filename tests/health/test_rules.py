"""The score: its bounds, its parts, and what must hold whatever the facts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haark.health import inputs, rules
from haark.health.facts import KEY_ROLES, Answer, Facts, Past, Use
from haark.health.rules import DEFAULT_WEIGHTS, Health, band_of, rounded, score, shares
from tests.health.given import EXCHANGES, ON, PAST, SUPPORT, USE, ago, anything, facts, uses, weights

UNKNOWN = {
    "usage": {"use": None},
    "engagement": {"exchanges": None},
    "satisfaction": {"nps": (), "csat": (), "ticket_csat": (), "support": None},
    "history": {"past": None},
}


def judged(known: Facts) -> Health:
    return score(known, DEFAULT_WEIGHTS, ON)


def part(health: Health, name: str) -> rules.Component:
    return next(one for one in health.components if one.name == name)


def line(health: Health, component: str, name: str) -> rules.Line:
    return next(one for one in part(health, component).lines if one.input.name == name)


@pytest.mark.parametrize(
    ("value", "band"),
    [(100, "green"), (80, "green"), (79, "yellow"), (50, "yellow"), (49, "red"), (0, "red"), (None, "")],
)
def test_bands_have_exact_bounds(value: int | None, band: str) -> None:
    assert band_of(value) == band


@pytest.mark.parametrize(("exact", "whole"), [(79.5, 80), (79.4999, 79), (49.5, 50), (49.49999999999, 50), (0.0, 0)])
def test_the_band_is_that_of_the_rounded_score(exact: float, whole: int) -> None:
    assert rounded(exact) == whole


def test_the_reference_case_by_hand() -> None:
    """Usage: 45 of 80 seats 19.7 of 35, -31.8 % 12.1 of 40, 5 of 6 features 12.5 of 15, used yesterday 10 of 10."""
    health = judged(facts())
    usage = part(health, "usage")
    assert usage.score == 54
    assert [one.points for one in usage.lines] == [20, 12, 12, 10]
    assert [one.maximum for one in usage.lines] == [35, 40, 15, 10]
    assert part(health, "history").score == 86
    assert usage.weight == 0.4


def test_without_any_data_there_is_no_score() -> None:
    health = judged(Facts())
    assert (health.score, health.band, health.coverage, health.confidence) == (None, "", 0.0, 0.0)
    assert [one.points for one in health.components] == [None] * 4


def test_contacts_and_seats_alone_are_no_data() -> None:
    health = judged(Facts(seats=80, roles_known=frozenset(KEY_ROLES), roles_held=frozenset(KEY_ROLES)))
    assert health.score is None
    assert judged(Facts(past=Past(departures=0, contractions=0))).score is None
    assert judged(Facts(past=Past(tenure_months=44, arr_now=12_000_000))).score is None


@pytest.mark.parametrize("name", rules.COMPONENTS)
def test_an_unknown_component_lends_its_weight_and_invents_nothing(name: str) -> None:
    whole, partial = judged(facts()), judged(facts(**UNKNOWN[name]))
    gone = part(partial, name)
    assert (gone.score, gone.points, gone.weight) == (None, None, 0.0)
    assert partial.coverage == 0.75
    assert partial.known == 3
    others = [one for one in rules.COMPONENTS if one != name]
    total = sum(DEFAULT_WEIGHTS[one] for one in others)
    for other in others:
        assert part(partial, other).score == part(whole, other).score
        assert part(partial, other).weight == pytest.approx(DEFAULT_WEIGHTS[other] / total)
    exact = sum(DEFAULT_WEIGHTS[one] * part(whole, one).score for one in others) / total
    assert partial.score == rounded(exact)
    assert partial.confidence < whole.confidence


def test_use_that_stopped_is_zero_but_use_never_reported_is_unknown() -> None:
    stopped = judged(facts(use=Use(last_reported=ago(40), last_used=ago(40), users_now=0.0, users_before=30.0)))
    assert part(stopped, "usage").score == 0
    assert not line(stopped, "usage", "seats").input.fresh
    assert part(judged(facts(use=None)), "usage").score is None


def test_the_trend_follows_active_users_else_actions_else_logins() -> None:
    assert inputs.usage_change(facts()) == ("users", pytest.approx(45 / 66 - 1))
    only_events = replace(USE, users_now=None, users_before=None)
    assert inputs.usage_change(facts(use=only_events)) == ("events", pytest.approx(280 / 412 - 1))
    logins = replace(only_events, events_now=None, logins_now=5.0, logins_before=4.0)
    assert inputs.usage_change(facts(use=logins)) == ("logins", 0.25)
    assert inputs.usage_change(Facts()) == ("", None)
    assert inputs.usage_change(facts(use=replace(USE, users_before=0.0, events_before=0.0))) == ("", None)


def test_confidence_is_the_fresh_share_of_the_weight() -> None:
    stale_usage = judged(facts(use=replace(USE, last_reported=ago(15))))
    assert judged(facts()).confidence - stale_usage.confidence == pytest.approx(0.4)
    assert not judged(facts()).provisional
    only_past = judged(Facts(past=PAST))
    assert only_past.confidence == pytest.approx(0.15)
    assert only_past.provisional


def test_a_sponsor_who_left_costs_half_of_the_key_people() -> None:
    without = judged(facts(roles_held=frozenset({"champion", "decision_maker"})))
    assert line(without, "engagement", "key_people").input.fraction == 0.5
    assert line(without, "engagement", "key_people").input.values["sponsor"] == "left"


@pytest.mark.parametrize(
    ("urgent", "high", "other", "fraction"),
    [(0, 0, 0, 1.0), (1, 0, 0, 0.5), (1, 1, 4, 0.0), (0, 1, 0, 0.75), (9, 9, 9, 0.0)],
)
def test_open_tickets_weigh_by_priority(urgent: int, high: int, other: int, fraction: float) -> None:
    desk = replace(SUPPORT, open_urgent=urgent, open_high=high, open_other=other)
    assert line(judged(facts(support=desk)), "satisfaction", "support").input.fraction == fraction


def test_shares_add_up_and_respect_their_caps() -> None:
    assert shares([1, 1, 1], 100, [100, 100, 100]) == [34, 33, 33]
    assert shares([25, 25, 0], 100, [50, 50, 10]) == [50, 50, 0]
    assert shares([0, 0], 0, [5, 5]) == [0, 0]
    assert sum(shares([20, 25, 28.9, 15], 86, [20, 25, 40, 15])) == 86


@given(anything, weights)
@settings(max_examples=300, deadline=None)
def test_contributions_add_up_to_the_score_and_points_to_the_component(known: Facts, chosen: dict[str, float]) -> None:
    health = score(known, chosen, ON)
    points = [one.points for one in health.components if one.points is not None]
    assert round(sum(points), 6) == (health.score or 0)
    assert (health.score is None) == (not points)
    assert health.score is None or 0 <= health.score <= 100
    assert 0 <= health.confidence <= 1
    assert health.coverage == health.known / 4
    if health.score is not None:
        assert sum(one.weight for one in health.components) == pytest.approx(1)
    for one in health.components:
        earned = [each.points for each in one.lines if each.points is not None]
        assert sum(earned) == (one.score or 0)
        assert all(0 <= each.points <= each.maximum for each in one.lines if each.points is not None)


@given(anything, weights)
@settings(max_examples=100, deadline=None)
def test_the_same_input_gives_the_same_score(known: Facts, chosen: dict[str, float]) -> None:
    assert score(known, chosen, ON) == score(known, dict(reversed(chosen.items())), ON)


@given(anything, uses, st.floats(0, 100), st.floats(0, 1000), st.integers(0, 6), st.booleans())
@settings(max_examples=400, deadline=None)
def test_more_usage_never_lowers_the_score(
    known: Facts, use: Use, users: float, events: float, features: int, today: bool
) -> None:
    """More active users, actions and logins in the present window, more features, a later day of use."""
    more = replace(
        use,
        users_now=None if use.users_now is None else use.users_now + users,
        events_now=None if use.events_now is None else use.events_now + events,
        logins_now=None if use.logins_now is None else use.logins_now + events,
        features_used=min(6, use.features_used + features),
        last_used=ON if today else use.last_used,
    )
    assert judged(replace(known, use=more)).score >= judged(replace(known, use=use)).score


@given(st.integers(0, 364), st.integers(0, 364))
def test_an_older_answer_never_weighs_more_than_a_newer_one(one: int, other: int) -> None:
    newer, older = sorted((one, other))
    assert inputs.weight_of(Answer(ago(older), 5), ON) <= inputs.weight_of(Answer(ago(newer), 5), ON)
    assert inputs.weight_of(Answer(ago(90), 5), ON) == 0.5


@given(st.integers(0, 300), st.integers(1, 60), st.floats(0, 10), st.floats(0, 10))
@settings(max_examples=100, deadline=None)
def test_of_two_answers_the_newer_one_moves_the_mean_at_least_as_much(
    newest: int, gap: int, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    good_news = judged(Facts(nps=(Answer(ago(newest), high), Answer(ago(newest + gap), low))))
    bad_news = judged(Facts(nps=(Answer(ago(newest), low), Answer(ago(newest + gap), high))))
    assert good_news.score >= bad_news.score


@given(anything, st.sampled_from(rules.COMPONENTS))
@settings(max_examples=200, deadline=None)
def test_removing_a_component_never_changes_another(known: Facts, name: str) -> None:
    whole, partial = judged(known), judged(replace(known, **UNKNOWN[name]))
    for before, after in zip(whole.components, partial.components, strict=True):
        if after.name == name:
            assert after.score is None
        else:
            assert after.score == before.score
            assert after.weight >= before.weight


def test_the_date_moves_the_score_by_itself() -> None:
    """Evidence ages: a month later the same facts say less."""
    later = score(facts(), DEFAULT_WEIGHTS, date(2026, 12, 20))
    assert later.score < judged(facts()).score
    assert later.confidence < judged(facts()).confidence
    assert EXCHANGES.last_two_way + timedelta(52) == date(2026, 12, 20)
