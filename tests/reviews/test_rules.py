"""Periods, kinds, minutes, judgements: known answers and laws."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.cadence import rules as cadence
from haark.cadence.rules import PeriodRefused, Window
from haark.reviews import rules

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(1, 12)
UNITS = st.sampled_from(cadence.UNITS)


def test_agenda_of_fifty_minutes_and_of_seventy_five():
    assert cadence.agenda(50) == (5, 5, 15, 10, 10, 5)
    assert sum(cadence.agenda(75)) == 75


@given(st.integers(0, 600), st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_minutes_always_add_up_and_stay_within_one_of_their_share(total, shares):
    parts = cadence.agenda(total, tuple(shares))
    assert sum(parts) == total
    assert all(abs(part - total * share / sum(shares)) < 1 for part, share in zip(parts, shares, strict=True))


def test_periods_are_read_as_they_are_written():
    quarter = cadence.parse("2024-q4")
    assert (quarter.start, quarter.end) == (date(2024, 10, 1), date(2024, 12, 31))
    assert cadence.parse("2026-H1").end == date(2026, 6, 30)
    assert cadence.parse("2026-11").days == 30
    fiscal = cadence.parse("2026", fiscal_start=4)
    assert (fiscal.start, fiscal.end) == (date(2025, 4, 1), date(2026, 3, 31))


@pytest.mark.parametrize("written", ["", "2026-Q5", "26-Q1", "2026-13", "Q3 2026", "2026-H3", "2026Q1", "0001-Q1"])
def test_what_is_no_period_is_refused(written):
    with pytest.raises(PeriodRefused) as refused:
        cadence.parse(written)
    assert refused.value.reason == "unreadable"


def test_a_future_period_and_one_before_the_account_are_refused():
    today = date(2026, 11, 12)
    with pytest.raises(PeriodRefused, match="future"):
        cadence.admit(cadence.parse("2027-Q1"), today, None)
    with pytest.raises(PeriodRefused, match="before_account"):
        cadence.admit(cadence.parse("2022-Q4"), today, date(2023, 3, 1))
    cadence.admit(cadence.parse("2023-Q1"), today, date(2023, 3, 1))


@given(DAYS, UNITS, MONTHS)
def test_a_period_holds_its_day_is_read_back_and_touches_its_neighbours(day, unit, fiscal):
    period = cadence.containing(day, unit, fiscal)
    assert period.start <= day <= period.end
    assert cadence.parse(period.code, fiscal) == period
    before, after = cadence.previous(period, fiscal), cadence.following(period, fiscal)
    assert before.end + timedelta(days=1) == period.start
    assert period.end + timedelta(days=1) == after.start
    assert before.unit == after.unit == unit


@given(DAYS, UNITS, MONTHS)
def test_a_running_period_is_compared_with_as_many_days_of_the_one_before(day, unit, fiscal):
    period = cadence.containing(day, unit, fiscal)
    before = cadence.previous(period, fiscal)
    now, then = cadence.observed(period, day), cadence.comparable(period, before, day)
    assert then.start == before.start
    assert then.end <= before.end
    assert then.days == now.days or then.end == before.end


def test_whole_months_count_as_one_each():
    assert Window(date(2024, 10, 1), date(2024, 12, 31)).months == 3
    assert Window(date(2026, 2, 1), date(2026, 2, 14)).months == 0.5


def objective(**values):
    base = {"id": 1, "title": "Actifs", "kpi": "", "why": "", "comparator": "ge", "unit": "", "baseline": 50.0}
    base |= {"target": 70.0, "current": 45.0, "current_on": None, "starts_on": "2026-01-01", "due_on": "2026-12-31"}
    return base | {"agreed_on": None, "agreed_by": ""} | values


def test_a_persons_value_decides_whether_an_objective_is_met():
    on = date(2026, 11, 12)
    assert rules.standings([objective()], {}, on)[0].state == "red"
    assert rules.standings([objective()], {1: 72.0}, on)[0].reached


def test_opportunities_wait_for_objectives_and_health():
    on = date(2026, 11, 12)
    unmet = rules.standings([objective()], {}, on)
    met = rules.standings([objective(current=71.0)], {}, on)
    assert rules.opportunity_obstacles(unmet, "red") == ("objectives", "health")
    assert rules.opportunity_obstacles(met, "yellow") == ()


def feature(key, events, adoption, premium=False):
    return {"key": key, "name": key.title(), "premium": premium, "events": events, "adoption": adoption}


def test_little_used_features_are_trained_and_unused_premium_ones_activated():
    features = [feature("a", 90, 0.8), feature("b", 5, 0.29), feature("c", 9, 0.30), feature("d", None, 0.0, True)]
    found = rules.supports(features, {item["key"]: item["adoption"] for item in features})
    assert [(item.kind, item.name) for item in found] == [("training", "B"), ("activation", "D")]


def test_what_was_not_measured_is_not_called_unused():
    features = [feature("d", None, None, True)]
    assert rules.supports(features, {"d": None}) == []
    assert rules.unused_premium(features) == []


def test_only_promoters_are_quoted_those_of_the_period_first():
    comments = [
        {"date": "2026-02-01", "kind": "nps", "score": 10, "in_period": False, "comment": "old"},
        {"date": "2026-10-01", "kind": "nps", "score": 9, "in_period": True, "comment": "now"},
        {"date": "2026-10-02", "kind": "nps", "score": 8, "in_period": True, "comment": "passive"},
        {"date": "2026-10-03", "kind": "csat", "score": 4, "in_period": True, "comment": "fine"},
    ]
    assert [item["comment"] for item in rules.quotable(comments)] == ["now", "old"]
