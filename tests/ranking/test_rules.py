"""Known answers of the ranking, and its properties."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from haark.ranking import rules

ON = date(2026, 11, 12)
WEIGHTS = {"arr": 40, "nps": 20, "lifetime": 40}
amounts = st.integers(0, 10**9)
clients = st.dictionaries(
    st.integers(1, 500),
    st.fixed_dictionaries(
        {"arr": st.none() | amounts, "lifetime": st.none() | amounts, "nps": st.none() | st.integers(0, 10)}
    ),
    min_size=1,
    max_size=40,
)


def test_lifetime_value_of_the_reference():
    """Two years at 100 000 €, one at 120 000 €, and 2 more expected: 320 000 + 240 000 €."""
    history = [(date(2023, 11, 12), 100_000_00), (date(2025, 11, 12), 120_000_00)]
    past = rules.revenue_so_far(history, None, None, ON)
    assert past is not None and abs(past - 320_000_00) < 100_00  # a year is 365.25 days
    assert rules.lifetime(history, None, None, ON, 2) == past + 240_000_00
    assert rules.revenue_so_far([], 50_000_00, date(2024, 11, 12), ON) == round(50_000_00 * 730 / 365.25)
    assert rules.revenue_so_far([], 50_000_00, None, ON) is None, "nobody knows since when"
    assert rules.lifetime([], None, date(2024, 1, 1), ON, 3) is None


def test_expected_years():
    assert rules.years_left(None, 30, 3) == 3
    assert rules.years_left(0.5, 0, 3) == 1  # one more term on average
    assert round(rules.years_left(0.2, 365, 3), 2) == 5.0  # the running one and four more
    assert rules.years_left(0.0, 10, 3) == rules.years_left(0.01, 10, 3) == rules.MOST_YEARS
    assert rules.years_left(1.0, -20, 3) == 0


def test_a_score_by_hand():
    """ARR before 3 of 4 and equal to itself: 3.5 / 4; NPS 9 of 10; the lifetime value unknown, its weight shared."""
    points = {"arr": rules.place(40, [10, 20, 30, 40]), "nps": rules.on_scale("nps", 9)}
    found = rules.rank({"arr": 40, "nps": 9, "lifetime": None}, points, WEIGHTS)
    assert found is not None and found.unknown == ("lifetime",)
    assert points == {"arr": 0.875, "nps": 0.9}
    assert [(part.measure, round(part.share, 4)) for part in found.parts] == [("arr", 0.6667), ("nps", 0.3333)]
    assert found.score == round(0.875 * 2 / 3 + 0.9 / 3, 6)
    assert rules.rank({"arr": None, "health": 80}, {"health": 0.8}, WEIGHTS) is None


def test_tiers_are_twenty_thirty_and_the_rest():
    scores = {ident: ident / 100 for ident in range(1, 11)}
    found = rules.tiers(scores, {"A": 20, "B": 30})
    assert [found[ident] for ident in range(10, 0, -1)] == ["A"] * 2 + ["B"] * 3 + ["C"] * 5
    assert rules.tiers({1: 0.5}, {"A": 20, "B": 30}) == {1: "A"}
    assert set(rules.tiers({1: 0.5, 2: 0.5, 3: 0.5}, {"A": 20, "B": 30}).values()) == {"A"}, "equals stand together"
    assert rules.tiers({}, {"A": 20, "B": 30}) == {}


@given(clients)
def test_parts_add_up_and_stay_between_zero_and_one(values):
    scores = rules.ranks(values, WEIGHTS)
    assert all(0 <= score <= 1 for score in scores.values())
    assert set(scores) == {i for i, one in values.items() if any(v is not None for v in one.values())}
    orders = {n: sorted(v for one in values.values() if (v := one[n]) is not None) for n in ("arr", "lifetime")}
    for ident, score in scores.items():
        own = {name: value for name, value in values[ident].items() if value is not None}
        points = {n: rules.place(v, orders[n]) if n in orders else rules.on_scale(n, v) for n, v in own.items()}
        found = rules.rank(values[ident], points, WEIGHTS)
        assert found is not None and found.score == score
        assert abs(sum(part.gives for part in found.parts) - score) < 1e-5
        assert abs(sum(part.share for part in found.parts) - 1) < 1e-9


@given(clients, st.integers(1, 10**6))
def test_more_of_a_measure_never_ranks_lower(values, more):
    ident = min(values)
    if values[ident]["arr"] is None:
        values[ident]["arr"] = 0
    before = rules.ranks(values, WEIGHTS)
    richer = values | {ident: values[ident] | {"arr": values[ident]["arr"] + more}}
    after = rules.ranks(richer, WEIGHTS)
    assert after[ident] >= before[ident]
    ahead = sum(score > before[ident] for score in before.values())
    assert sum(score > after[ident] for score in after.values()) <= ahead


@given(st.dictionaries(st.integers(), st.floats(0, 1), max_size=60), st.integers(1, 60), st.integers(0, 40))
def test_a_better_score_never_has_a_worse_tier(scores, first, second):
    found = rules.tiers(scores, {"A": first, "B": second})
    ordered = sorted(scores, key=lambda ident: -scores[ident])
    assert [found[ident] for ident in ordered] == sorted(found.values())
    assert not scores or list(found.values()).count("A") >= len(scores) * first / 100
