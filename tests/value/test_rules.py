"""RO-1 to RO-4: the arithmetic of value, and what stays unknown."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haark.value.rules import FACTORS, Line, evaluate, evaluate_cases, gain_of

REFERENCE = Line("time_saved", "Agents", 10, 8, 220, 3500, 30)

cents = st.integers(0, 10**12)
quantities = st.one_of(st.none(), st.floats(0, 10_000, allow_nan=False))
lines = st.builds(
    Line,
    category=st.sampled_from(("time_saved", "cost_saved", "revenue_gained", "strategic")),
    people=quantities,
    hours_per_day=quantities,
    days_per_year=quantities,
    hourly_cost_cents=st.one_of(st.none(), cents),
    saved_percent=st.one_of(st.none(), st.floats(0, 100, allow_nan=False)),
    amount_cents=st.one_of(st.none(), cents),
)


def test_the_reference_case_is_exact():
    result = evaluate([REFERENCE], 2_400_000, 1_000_000)
    gain = result.gains[0]
    assert (gain.hours, gain.cost_cents, gain.gain_cents) == (17_600, 61_600_000, 18_480_000)
    assert result.net_cents == 15_080_000
    assert (result.roi_percent, result.roi_percent_exact, result.payback_months) == (443, 443.5, 2.2)
    assert result.missing == () and result.incomplete == 0


@pytest.mark.parametrize("factor", FACTORS)
def test_a_missing_factor_leaves_the_gain_unknown_and_is_named(factor):
    gain = gain_of(Line(**{**REFERENCE.__dict__, factor: None}))
    assert gain.gain_cents is None
    assert gain.missing == (factor,)


def test_an_unknown_line_is_left_out_of_the_total_and_counted():
    result = evaluate([REFERENCE, Line("cost_saved", "Outils remplacés")], 0, 1_000_000)
    assert result.yearly_gain_cents == 18_480_000
    assert result.incomplete == 1


def test_unknown_costs_are_not_free():
    result = evaluate([REFERENCE], None, 0)
    assert (result.roi, result.payback_months, result.net_cents) == (None, None, None)
    assert result.missing == ("licence",)


def test_a_gain_without_investment_has_no_return():
    result = evaluate([REFERENCE], 0, 0)
    assert result.roi_percent is None and result.missing == ("investment",)
    assert result.payback_months == 0


def test_a_loss_truncates_towards_zero_and_never_pays_back():
    result = evaluate([Line("cost_saved", amount_cents=0)], 1_000, 0)
    assert result.roi_percent == -100 and result.payback_months is None
    assert evaluate([Line("cost_saved", amount_cents=995)], 1_000, 0).roi_percent == 0


def test_strategic_value_is_words_and_never_counts():
    result = evaluate([Line("strategic", "Conformité", amount_cents=500_000)], 1, 1)
    assert result.yearly_gain_cents is None and result.incomplete == 0 and result.missing == ("gain",)


def test_a_stated_amount_is_the_gain_even_beside_factors():
    assert gain_of(Line("time_saved", people=3, amount_cents=42)).gain_cents == 42


def test_a_tenth_is_a_tenth():
    assert gain_of(Line("time_saved", "", 0.1, 1, 3, 100, 100)).gain_cents == 30


@settings(deadline=None)
@given(st.lists(lines, max_size=6), st.one_of(st.none(), cents), st.one_of(st.none(), cents))
def test_the_total_is_the_sum_of_what_is_known(found, licence, one_time):
    result = evaluate(found, licence, one_time)
    known = [gain.gain_cents for gain in result.gains if gain.counted]
    assert result.yearly_gain_cents == (sum(known) if known else None)
    assert sum(result.by_category.values()) == (result.yearly_gain_cents or 0)
    assert (result.roi is None) == bool(result.missing)


@settings(deadline=None)
@given(lines, st.sampled_from(FACTORS))
def test_more_of_a_factor_never_lowers_a_gain(line, factor):
    gain = gain_of(line)
    value = getattr(line, factor)
    if gain.gain_cents is None or value is None:
        return
    more = gain_of(Line(**{**line.__dict__, factor: math.ceil(value) + 1}))
    assert more.gain_cents is not None and more.gain_cents >= gain.gain_cents


@settings(deadline=None)
@given(cents, st.integers(1, 10**12))
def test_the_whole_percent_never_says_more_than_the_exact_one(gain, investment):
    result = evaluate([Line("cost_saved", amount_cents=gain)], investment, 0)
    assert result.roi_percent is not None and result.roi_percent_exact is not None and result.roi is not None
    assert abs(result.roi_percent) <= abs(result.roi_percent_exact) <= abs(result.roi * 100) + 1e-6


RANGED = Line("time_saved", "Agents", 10, 8, 220, 3500, 30, saved_percent_low=20, saved_percent_high=40)


def test_three_cases_around_the_reference():
    """20 %, 30 % and 40 % of 616 000 €: 123 200, 184 800 and 246 400 €; the expected case stays RO-3."""
    cases = evaluate_cases([RANGED], 2_400_000, 1_000_000)
    assert list(cases) == ["low", "expected", "high"]
    assert [case.yearly_gain_cents for case in cases.values()] == [12_320_000, 18_480_000, 24_640_000]
    assert [case.roi_percent for case in cases.values()] == [262, 443, 624]
    assert [case.payback_months for case in cases.values()] == [3.3, 2.2, 1.7]
    assert list(evaluate_cases([REFERENCE], 2_400_000, 1_000_000)) == ["expected"]


def test_a_line_without_a_range_counts_the_same_in_each_case():
    fixed = Line("cost_saved", "Outil remplacé", amount_cents=500_000)
    cases = evaluate_cases([RANGED, fixed], 0, 1)
    assert [case.yearly_gain_cents for case in cases.values()] == [12_820_000, 18_980_000, 25_140_000]


@settings(deadline=None)
@given(st.lists(lines, max_size=6), st.integers(0, 100), st.integers(0, 100), cents, cents)
def test_cases_are_in_order(found, less, more, licence, one_time):
    """What is at most the expected share, or amount, gives at most its gain; unknown stays unknown in each case."""
    ranged = [
        replace(
            line,
            saved_percent_low=None if line.saved_percent is None else line.saved_percent * less / 100,
            saved_percent_high=None if line.saved_percent is None else min(100, line.saved_percent * (1 + more / 100)),
            amount_low_cents=None if line.amount_cents is None else line.amount_cents * less // 100,
            amount_high_cents=None if line.amount_cents is None else line.amount_cents * (100 + more) // 100,
        )
        for line in found
    ]
    cases = evaluate_cases(ranged, licence, one_time)
    expected = cases["expected"]
    assert expected == evaluate(ranged, licence, one_time)
    gains = [case.yearly_gain_cents for case in cases.values()]
    if expected.yearly_gain_cents is None:
        assert gains == [None] * len(gains)
    else:
        assert gains == sorted(gains)
