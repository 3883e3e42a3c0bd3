"""Predictions against what happened: every figure against a count by hand or by brute force."""

import json
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.health import backtest
from haark.health.backtest import FEWEST

CASES = st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()), min_size=4, max_size=60).filter(
    lambda rows: 2 <= sum(left for _, left in rows) <= len(rows) - 2
)


@given(CASES)
def test_the_auc_is_the_share_of_pairs_in_order(rows: list[tuple[float, bool]]) -> None:
    """Brute force over all pairs, ties half; and as scikit-learn says."""
    from sklearn.metrics import roc_auc_score  # here: it takes seconds to load, in every process that collects

    scores, left = [score for score, _ in rows], [gone for _, gone in rows]
    pairs = [(a, b) for a, gone in rows if gone for b, out in rows if not out]
    counted = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs) / len(pairs)
    found = backtest.auc(scores, left)
    assert found.value == pytest.approx(counted)
    assert found.value == pytest.approx(roc_auc_score(left, scores))
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


def test_the_interval_is_delongs() -> None:
    """By hand: placements of those who left 1, 1, 0.5; of those who stayed 1, 1, 0.5."""
    found = backtest.auc([0.9, 0.8, 0.3, 0.1, 0.2, 0.5], [True, True, True, False, False, False])
    above, below = [1, 1, 2 / 3], [1, 1, 2 / 3]
    mean = sum(above) / 3
    variance = sum(sum((one - mean) ** 2 for one in side) / 2 / 3 for side in (above, below))
    assert found.value == pytest.approx(8 / 9)
    assert found.low == pytest.approx(8 / 9 - 1.959964 * variance**0.5)
    assert found.high == 1.0


@given(st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_a_wilson_interval_holds_its_share(case: tuple[int, int]) -> None:
    found = backtest.wilson(*case)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


def test_wilson_as_in_the_tables() -> None:
    """27 of 38 (the design's example), and nobody of ten: never «0 to 0»."""
    some, none = backtest.wilson(27, 38), backtest.wilson(0, 10)
    assert (round(some.low, 3), round(some.high, 3)) == (0.552, 0.830)
    assert (none.low, round(none.high, 3)) == (0.0, 0.278)
    assert backtest.wilson(0, 0) == backtest.Share(0, 0, 0.0, 0.0, 0.0)


def test_few_outcomes_are_not_measured() -> None:
    enough = backtest.verdict([0.9] * FEWEST + [0.1] * FEWEST, [True] * FEWEST + [False] * FEWEST)
    assert enough.auc is not None and enough.auc.value == 1.0 and enough.predicts
    few = backtest.verdict([0.9] * (FEWEST - 1) + [0.1] * 500, [True] * (FEWEST - 1) + [False] * 500)
    assert few.auc is None and not few.predicts
    assert backtest.plain(few)["auc"] is None and backtest.plain(few)["auc_interval"] is None


def test_calibration_counts_every_account_once() -> None:
    predictions = [0.0, 0.099, 0.1, 0.35, 0.6, 1 - 1e-9]
    bins = backtest.calibration(predictions, [False, True, False, True, True, True])
    assert [(one.low, one.high, one.observed.total, one.observed.count) for one in bins] == [
        (0.0, 0.1, 2, 1),
        (0.1, 0.2, 1, 0),
        (0.3, 0.4, 1, 1),
        (0.6, 1.0, 2, 2),
    ]
    assert bins[0].predicted == pytest.approx(0.0495)


def test_lift_by_tenths() -> None:
    """25 accounts, 5 left: all in the two highest tenths."""
    predictions = [index / 25 for index in range(25)]
    left = [index >= 20 for index in range(25)]
    tenths = backtest.lift(predictions, left)
    assert [one.n for one in tenths] == [2, 3, 2, 3, 2, 3, 2, 3, 2, 3]
    assert [one.losses for one in tenths] == [2, 3, 0, 0, 0, 0, 0, 0, 0, 0]
    assert tenths[0].lift == pytest.approx(5.0)
    assert sum(one.n for one in tenths) == 25
    assert backtest.lift(predictions[:9], left[16:]) == ()


def test_the_two_errors_by_hand() -> None:
    found = backtest.verdict([0.8, 0.4], [True, False])
    assert found.brier == pytest.approx((0.04 + 0.16) / 2)
    assert found.log_loss == pytest.approx(-(log(0.8) + log(0.6)) / 2)


def test_the_json_has_the_keys_of_the_contract() -> None:
    plain = backtest.plain(backtest.verdict([0.7] * 40 + [0.2] * 40, [True] * 40 + [False] * 40))
    assert list(plain) == ["accounts", "losses", "auc", "auc_interval", "predicts", "calibration", "lift"]
    assert set(plain["calibration"][0]) == {"from", "to", "n", "predicted", "observed"}
    assert set(plain["lift"][0]) == {"decile", "n", "losses", "lift"}
    json.dumps(plain)
