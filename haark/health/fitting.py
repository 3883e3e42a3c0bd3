"""Coefficients from the organisation's own renewals: ridge-regularised logistic regression, and what it is worth.

Pure: rows of known feature values and who left in, coefficients and figures out. The same rows always give the same
result. numpy is imported when a fit is asked for, never for a page.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from haark.health import backtest, churn
from haark.health.backtest import Verdict
from haark.health.churn import BASE, DEFAULT, FEATURES, NEUTRAL

Rows = Sequence[Mapping[str, float]]

# Penalty on squared standardised coefficients: holds thirty features down with sixty outcomes, vanishes with thousands.
RIDGE = 10.0
FOLDS = 5
# A feature is learned from when at least this share of the outcomes know it.
KNOWN_FROM = 0.2
# The lead before an outcome is the same for all: the nearness of the renewal cannot be learned, it keeps its published
# coefficient, and is neutral at the lead.
KEPT = "days_left"
STEPS, CLOSE = 50, 1e-10


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same outcomes predicted by models that had not seen them (`fitted`), and by the published coefficients, which
    no outcome shaped. An earlier fit is no fair rival: it has seen most of them."""

    fitted: Verdict
    published: Verdict

    @property
    def better(self) -> bool:
        """Whether the fitted model predicts at all, ranks at least as well, and is nearer to what happened."""
        if not self.fitted.predicts or self.fitted.auc is None or self.published.auc is None:
            return False
        nearer = (self.fitted.log_loss or 0) < (self.published.log_loss or 0)
        return nearer and self.fitted.auc.value >= self.published.auc.value


def fit(rows: Rows, left: Sequence[bool], lead: int) -> dict[str, float]:
    """Coefficients in the form of `churn.DEFAULT`, with the means of these rows as neutral values.

    Maximum likelihood with RIDGE/2 x |w|^2 on standardised features, the intercept free, by Newton's method. What is
    unknown takes the mean, hence neither side; a `counted` feature takes 0. `lead`: days between cut-off and outcome.
    """
    import numpy as np

    names, matrix, means, spreads = _design(rows)
    weights = np.zeros(len(names) + 1)
    x = np.column_stack([np.ones(len(rows)), matrix])
    y = np.array(left, dtype=float)
    penalty = np.diag([0.0, *[RIDGE] * len(names)])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -churn.FARTHEST, churn.FARTHEST)))
        slope = x.T @ (p - y) + penalty @ weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + penalty
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if float(np.abs(step).max()) < CLOSE:
            break
    found = {BASE: float(weights[0])}
    for name, weight, mean, spread in zip(names, weights[1:], means, spreads, strict=True):
        found[name] = float(weight / spread)
        if FEATURES[name].counted:
            found[BASE] -= found[name] * mean
        else:
            found[NEUTRAL + name] = mean
    found[KEPT], found[NEUTRAL + KEPT] = DEFAULT[KEPT], float(lead)
    return found


def _design(rows: Rows) -> tuple[list[str], Any, list[float], list[float]]:
    """The features worth learning from, and the rows standardised: names, matrix, means and spreads."""
    import numpy as np

    names, columns, means, spreads = [], [], [], []
    for name, feature in FEATURES.items():
        known = [name in row for row in rows]
        if name == KEPT or sum(known) < KNOWN_FROM * len(rows):
            continue
        raw = np.array([feature.scaled(row.get(name, 0.0)) for row in rows])
        have = np.array(known) | feature.counted
        mean = float(raw[have].mean())
        column = np.where(have, raw - mean, 0.0)
        spread = float(column.std())
        if spread > CLOSE:
            names.append(name)
            columns.append(column / spread)
            means.append(mean)
            spreads.append(spread)
    return names, np.column_stack(columns) if columns else np.zeros((len(rows), 0)), means, spreads


def compare(rows: Rows, left: Sequence[bool], groups: Sequence[Hashable], lead: int) -> Comparison:
    """Cross-validation in FOLDS: each fold is predicted by a fit on the others, and by the published coefficients.

    Outcomes of one group (a client with several terms) stay in one fold, so that no model meets somebody it knows.
    """
    folds = folds_of(left, groups)
    predicted = [0.0] * len(rows)
    for fold in range(FOLDS):
        here = [i for i, where in enumerate(folds) if where == fold]
        rest = [i for i, where in enumerate(folds) if where != fold]
        model = fit([rows[i] for i in rest], [left[i] for i in rest], lead)
        for i in here:
            predicted[i] = churn.weigh(rows[i], model).probability
    given = [churn.weigh(row, DEFAULT).probability for row in rows]
    return Comparison(backtest.verdict(predicted, left), backtest.verdict(given, left))


def folds_of(left: Sequence[bool], groups: Sequence[Hashable]) -> list[int]:
    """The fold (0 to FOLDS - 1) of each outcome: groups with and without a departure are dealt out in turn, in the
    order in which they come."""
    parting: dict[Hashable, bool] = {}
    for group, gone in zip(groups, left, strict=True):
        parting[group] = parting.get(group, False) or gone
    dealt = {True: 0, False: 0}
    fold: dict[Hashable, int] = {}
    for group, gone in parting.items():
        fold[group] = dealt[gone] % FOLDS
        dealt[gone] += 1
    return [fold[group] for group in groups]


def figures(found: Verdict) -> dict[str, Any]:
    """What is kept with a model: the JSON of a backtest, and the two errors."""
    return {**backtest.plain(found), "brier": _round(found.brier), "log_loss": _round(found.log_loss)}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
