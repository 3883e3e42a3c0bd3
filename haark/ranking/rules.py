"""Whom to meet first when not everybody can be met: a weighted mix of measures, and three tiers (PF-8). Pure.

Each measure becomes points between 0 and 1. Amounts and shares stand by their *place* among all clients (the share of
those below, and half of those equal), so that one giant does not flatten the others; ratings stand on their own scale.
The score is the mean of the points by weight. What is unknown of a client is left out and the rest reweighted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from haark.accounts.rules import Levels, arr_at

TIERS = ("A", "B", "C")
# Measure -> the ends of its own scale; None: its place among all clients counts.
MEASURES: dict[str, tuple[float, float] | None] = {
    "lifetime": None,  # revenue so far plus ARR x expected years left, in cents
    "arr": None,  # in cents
    "potential": None,  # open deals, in cents
    "growth": None,  # ARR over twelve months, a fraction
    "employees": None,
    "nps": (0, 10),
    "csat": (1, 5),
    "health": (0, 100),
}
# Nobody plans further ahead, however loyal a client is.
MOST_YEARS = 10.0
DAYS_A_YEAR = 365.25

Values = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One measure of one client: its value, `points` (0-1), the share of the weight (0-1) and what both give."""

    measure: str
    value: float
    points: float
    share: float

    @property
    def gives(self) -> float:
        return self.points * self.share


@dataclass(frozen=True, slots=True)
class Rank:
    """A client's score (0-1) with its parts, and the measures that are wanted but unknown."""

    score: float
    parts: tuple[Part, ...]
    unknown: tuple[str, ...]


def years_left(churn: float | None, days_to_renewal: int | None, usual: float) -> float:
    """Years that a client is expected to stay, at most ten.

    With a probability p to leave at each yearly renewal, (1 - p) / p more terms follow the one that runs (the mean of
    the geometric distribution). Where p is unknown it is `usual`, a setting.
    """
    if churn is None:
        return min(usual, MOST_YEARS)
    running = max(days_to_renewal or 0, 0) / DAYS_A_YEAR
    return MOST_YEARS if churn <= 0 else min(running + (1 - churn) / churn, MOST_YEARS)


def revenue_so_far(history: Levels, declared: int | None, start: date | None, on: date) -> int | None:
    """Cents earned until a day: each level of ARR for as long as it held; a declared ARR since the contract began.

    None where neither says since when something is paid.
    """
    if not history:
        if declared is None or start is None:
            return None
        history = ((start, declared),)
    ends = [day for day, _ in history[1:]] + [on]
    spans = zip(history, ends, strict=True)
    return round(sum(level * max((min(end, on) - day).days, 0) for (day, level), end in spans) / DAYS_A_YEAR)


def lifetime(history: Levels, declared: int | None, start: date | None, on: date, years: float) -> int | None:
    """Lifetime value in cents: revenue so far plus today's ARR for the years expected; None where one is unknown."""
    past, now = revenue_so_far(history, declared, start, on), arr_at(history, declared, on)
    return None if past is None or now is None else past + round(now * years)


def place(value: float, ordered: Sequence[float]) -> float:
    """Share of `ordered` (ascending, `value` among them) below a value, with half of those equal: 0-1."""
    below, upto = bisect_left(ordered, value), bisect_right(ordered, value)
    return place_of(below, upto - below, len(ordered))


def place_of(below: int, equal: int, known: int) -> float:
    """The same from counts; half where nothing is known to compare with."""
    return (below + equal / 2) / known if known else 0.5


def on_scale(measure: str, value: float) -> float:
    """Points of a rating on its own scale, 0-1."""
    scale = MEASURES[measure]
    assert scale is not None
    low, high = scale
    return min(max((value - low) / (high - low), 0.0), 1.0)


def rank(values: Values, points: Mapping[str, float], weights: Mapping[str, float]) -> Rank | None:
    """The score of one client from its `values` and their `points`; None where nothing that weighs is known."""
    wanted = [name for name in MEASURES if weights.get(name, 0) > 0]
    known = [name for name in wanted if values.get(name) is not None]
    total = sum(weights[name] for name in known)
    if not total:
        return None
    parts = tuple(Part(name, values[name] or 0, points[name], weights[name] / total) for name in known)
    score = round(sum(part.gives for part in parts), 6)
    return Rank(score, parts, tuple(name for name in wanted if name not in known))


def ranks(clients: Mapping[int, Values], weights: Mapping[str, float]) -> dict[int, float]:
    """The score of each client that has one, among all of them."""
    placed = [name for name, scale in MEASURES.items() if scale is None and weights.get(name, 0) > 0]
    orders = {name: sorted(v for one in clients.values() if (v := one.get(name)) is not None) for name in placed}
    found: dict[int, float] = {}
    for ident, values in clients.items():
        points = {
            name: place(value, orders[name]) if name in orders else on_scale(name, value)
            for name, value in values.items()
            if value is not None and weights.get(name, 0) > 0
        }
        if (made := rank(values, points, weights)) is not None:
            found[ident] = made.score
    return found


def tiers(scores: Mapping[int, float], shares: Mapping[str, float]) -> dict[int, str]:
    """A, B or C of each client: the best `shares` percent (A, then B), each rounded up to whole clients, then the rest.

    Equal scores stand together, in the better tier.
    """
    ordered = sorted(scores.values(), reverse=True)
    first = ceil(len(ordered) * shares["A"] / 100)
    second = ceil(len(ordered) * (shares["A"] + shares["B"]) / 100)
    best = ordered[first - 1] if first else None
    good = ordered[second - 1] if second else None
    return {ident: _tier(score, best, good) for ident, score in scores.items()}


def _tier(score: float, best: float | None, good: float | None) -> str:
    if best is not None and score >= best:
        return "A"
    return "B" if good is not None and score >= good else "C"
