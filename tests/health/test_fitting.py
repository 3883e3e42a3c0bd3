"""Coefficients from outcomes: against scikit-learn, deterministic, and no better than chance on noise."""

import random

import numpy as np
import pytest

from haark.health import churn, fitting
from haark.health.churn import BASE, DEFAULT, FEATURES, NEUTRAL

NAMES = ("health", "usage_change", "tickets", "tenure", "arr")
LEAD = 90


def made(count: int, signal: float, seed: int = 3) -> tuple[list[dict[str, float]], list[bool]]:
    """Accounts whose departures follow health, usage and tickets as strongly as `signal` says."""
    dice = random.Random(seed)
    rows, left = [], []
    for _ in range(count):
        row = {
            "health": dice.uniform(20, 100),
            "usage_change": dice.gauss(0, 0.2),
            "tickets": float(dice.randrange(12)),
            "tenure": dice.uniform(0, 9),
            "arr": dice.uniform(1e5, 1e7),
        }
        odds = -1 + signal * ((60 - row["health"]) / 20 - 3 * row["usage_change"] + (row["tickets"] - 5) / 6)
        rows.append(row)
        left.append(dice.random() < churn.logistic(odds))
    return rows, left


def test_it_is_scikit_learns_logistic_regression() -> None:
    from sklearn.linear_model import LogisticRegression  # here: it takes seconds to load
    from sklearn.metrics import roc_auc_score

    """The same penalty on the same standardised features gives the same coefficients and the same ranking."""
    rows, left = made(600, 1.0)
    model = fitting.fit(rows, left, LEAD)
    matrix = np.array([[FEATURES[name].scaled(row[name]) for name in NAMES] for row in rows])
    spreads = matrix.std(axis=0)
    theirs = LogisticRegression(C=1 / fitting.RIDGE, tol=1e-10, max_iter=1000)
    theirs.fit((matrix - matrix.mean(axis=0)) / spreads, left)
    for name, weight, spread in zip(NAMES, theirs.coef_[0], spreads, strict=True):
        assert model[name] == pytest.approx(weight / spread, rel=1e-4)
    ours = [churn.weigh(row, model).probability for row in rows]
    given = theirs.predict_proba((matrix - matrix.mean(axis=0)) / spreads)[:, 1]
    assert ours == pytest.approx(list(given), abs=1e-4)
    assert abs(roc_auc_score(left, ours) - roc_auc_score(left, given)) < 1e-6


def test_the_same_rows_give_the_same_model() -> None:
    rows, left = made(200, 1.0)
    assert fitting.fit(rows, left, LEAD) == fitting.fit(rows, left, LEAD)
    groups = list(range(200))
    assert fitting.compare(rows, left, groups, LEAD) == fitting.compare(rows, left, groups, LEAD)


def test_what_is_unknown_takes_no_side() -> None:
    rows, left = made(300, 1.0)
    for index, row in enumerate(rows):
        if index % 3 == 0:
            del row["usage_change"], row["tickets"]
    model = fitting.fit(rows, left, LEAD)
    row = {"health": 50.0}
    mean = {"usage_change": model[NEUTRAL + "usage_change"], "tickets": 0.0}
    assert churn.weigh(row, model).probability == pytest.approx(churn.weigh({**row, **mean}, model).probability)


def test_too_rare_or_constant_features_stay_out() -> None:
    rows, left = made(100, 1.0)
    rows[0]["nps"] = 3.0
    for row in rows:
        row["seats"] = 10.0
        row["days_left"] = 90.0
    model = fitting.fit(rows, left, LEAD)
    assert not {"nps", "seats"} & set(model)
    assert (model["days_left"], model[NEUTRAL + "days_left"]) == (DEFAULT["days_left"], 90.0)
    assert BASE in model


def test_with_signal_the_fit_is_proposed() -> None:
    rows, left = made(600, 1.0)
    found = fitting.compare(rows, left, list(range(600)), LEAD)
    assert found.better
    assert found.fitted.auc is not None and found.published.auc is not None
    assert found.fitted.auc.value >= found.published.auc.value
    assert found.fitted.brier < found.published.brier  # type: ignore[operator]


def test_on_noise_nothing_is_proposed() -> None:
    rows, left = made(400, 0.0)
    found = fitting.compare(rows, left, list(range(400)), LEAD)
    assert not found.better


def test_sixty_outcomes_do_not_run_away() -> None:
    rows, left = made(60, 2.0)
    model = fitting.fit(rows, left, LEAD)
    assert all(abs(model[name] * 10) < 10 for name in ("health", "tenure"))


def test_a_client_with_several_terms_stays_in_one_fold() -> None:
    groups = [1, 1, 2, 3, 3, 4, 5, 6, 7, 8]
    left = [False, True, False, False, False, True, False, False, False, False]
    folds = fitting.folds_of(left, groups)
    assert folds[0] == folds[1] and folds[3] == folds[4]
    assert folds[1] != folds[5]
    assert set(folds) <= set(range(fitting.FOLDS))
