"""Whether predictions came true: AUC with its interval, calibration, lift, Wilson intervals. Pure statistics (HL-6).

Every function takes plain numbers; which accounts and whose predictions is the affair of haark/health/replay.py.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Any

# Two-sided 95 %.
Z = 1.959964
# From so many departures and so many who stayed on something is said; fewer would be chance.
FEWEST = 30
# Bounds of the calibration table: finer where most accounts are.
EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 1.0)
GROUPS = 10


@dataclass(frozen=True, slots=True)
class Auc:
    """Area under the ROC curve, 0-1, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`, with the 95 % Wilson interval of the share; all zero for an empty total."""

    count: int
    total: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Accounts whose probability lies in low <= p < high (the last bin holds 1 too): what was announced on average,
    and who left."""

    low: float
    high: float
    predicted: float
    observed: Share


@dataclass(frozen=True, slots=True)
class Tenth:
    """One group of accounts by falling probability. `lift`: its share of departures against everybody's."""

    decile: int
    n: int
    losses: int
    lift: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a set of predictions is worth. `auc` is None where there are too few outcomes to say.

    `brier` (mean squared error) and `log_loss` (mean, natural logarithm) are None for an empty set.
    """

    accounts: int
    losses: int
    auc: Auc | None
    calibration: tuple[Bin, ...]
    lift: tuple[Tenth, ...]
    brier: float | None
    log_loss: float | None

    @property
    def predicts(self) -> bool:
        """Whether chance alone (0.5) is ruled out: the whole interval lies above it."""
        return self.auc is not None and self.auc.low > 0.5

    @property
    def enough(self) -> bool:
        return enough(self.losses, self.accounts - self.losses)


def enough(losses: int, stayed: int) -> bool:
    """Whether there are outcomes enough of both kinds."""
    return losses >= FEWEST and stayed >= FEWEST


def verdict(predictions: Sequence[float], left: Sequence[bool]) -> Verdict:
    """Everything that is said of predictions (probabilities) against what happened."""
    losses = sum(left)
    measured = auc(predictions, left) if enough(losses, len(left) - losses) else None
    errors = [(p - gone) ** 2 for p, gone in zip(predictions, left, strict=True)]
    surprise = [-log(p if gone else 1 - p) for p, gone in zip(predictions, left, strict=True)]
    return Verdict(
        len(left),
        losses,
        measured,
        calibration(predictions, left),
        lift(predictions, left),
        sum(errors) / len(errors) if errors else None,
        sum(surprise) / len(surprise) if surprise else None,
    )


def auc(scores: Sequence[float], left: Sequence[bool]) -> Auc:
    """The chance that one who left had a higher score than one who stayed, ties counting half (Mann-Whitney).

    Interval by DeLong, DeLong and Clarke-Pearson (1988): the variance of each side's placements, cut to 0..1. With two
    of each at least; ZeroDivisionError below.
    """
    gone = sorted(score for score, out in zip(scores, left, strict=True) if out)
    here = sorted(score for score, out in zip(scores, left, strict=True) if not out)
    above = [_placement(here, score) for score in gone]
    below = [1 - _placement(gone, score) for score in here]
    value = sum(above) / len(above)
    spread = sqrt(_variance(above, value) / len(above) + _variance(below, value) / len(below))
    return Auc(value, max(0.0, value - Z * spread), min(1.0, value + Z * spread))


def _placement(ordered: Sequence[float], score: float) -> float:
    """The share of `ordered` that lies below `score`, ties counting half."""
    return (bisect_left(ordered, score) + bisect_right(ordered, score)) / (2 * len(ordered))


def _variance(values: Sequence[float], mean: float) -> float:
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def wilson(count: int, total: int) -> Share:
    """A share with its 95 % interval (Wilson 1927, without continuity correction): honest for small numbers too."""
    if not total:
        return Share(0, 0, 0.0, 0.0, 0.0)
    share, z2 = count / total, Z * Z
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z * sqrt(share * (1 - share) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    return Share(count, total, share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def calibration(predictions: Sequence[float], left: Sequence[bool]) -> tuple[Bin, ...]:
    """What was announced against who left, by the bounds of EDGES; bins without accounts are left out."""
    inside: list[list[tuple[float, bool]]] = [[] for _ in EDGES[1:]]
    for p, gone in zip(predictions, left, strict=True):
        inside[min(bisect_right(EDGES, p), len(EDGES) - 1) - 1].append((p, gone))
    return tuple(
        Bin(low, high, sum(p for p, _ in found) / len(found), wilson(sum(gone for _, gone in found), len(found)))
        for (low, high), found in zip(pairwise(EDGES), inside, strict=True)
        if found
    )


def lift(predictions: Sequence[float], left: Sequence[bool]) -> tuple[Tenth, ...]:
    """Ten groups of equal size (to one) by falling probability; fewer than ten accounts make none.

    Equal probabilities keep the order in which they were given.
    """
    total, losses = len(left), sum(left)
    if total < GROUPS or not losses:
        return ()
    order = sorted(range(total), key=lambda i: -predictions[i])
    groups = []
    for tenth in range(GROUPS):
        members = order[tenth * total // GROUPS : (tenth + 1) * total // GROUPS]
        gone = sum(left[i] for i in members)
        groups.append(Tenth(tenth + 1, len(members), gone, gone / len(members) / (losses / total)))
    return tuple(groups)


def plain(found: Verdict) -> dict[str, Any]:
    """The JSON of `bin/haark backtest` (contract.md)."""
    return {
        "accounts": found.accounts,
        "losses": found.losses,
        "auc": round(found.auc.value, 4) if found.auc else None,
        "auc_interval": [round(found.auc.low, 4), round(found.auc.high, 4)] if found.auc else None,
        "predicts": found.predicts,
        "calibration": [
            {
                "from": one.low,
                "to": one.high,
                "n": one.observed.total,
                "predicted": round(one.predicted, 4),
                "observed": round(one.observed.value, 4),
            }
            for one in found.calibration
        ],
        "lift": [
            {"decile": one.decile, "n": one.n, "losses": one.losses, "lift": round(one.lift, 4)} for one in found.lift
        ],
    }
