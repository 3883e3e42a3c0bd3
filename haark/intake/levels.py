"""Intervals with an amount, such as overlapping subscriptions, as one level over time: its value from each date on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """`amount` from `day` on (ISO date), and why it changed: new, expansion, contraction or churn."""

    day: str
    amount: int
    reason: str


def deltas(start: str, end: str | None, amount: int) -> list[tuple[str, int]]:
    """What an interval active on `start <= d < end` adds to the level, and when. Empty or zero: nothing."""
    if not amount or (end is not None and end <= start):
        return []
    return [(start, amount)] if end is None else [(start, amount), (end, -amount)]


def levels(changes: Iterable[tuple[str, int]]) -> Iterator[Level]:
    """The level after each day on which it moved; `changes` are (day, sum of its deltas), by ascending day."""
    before = 0
    for day, change in changes:
        amount = before + change
        if amount != before:
            yield Level(day, amount, reason(before, amount))
        before = amount


def reason(before: int, after: int) -> str:
    """Why a level moved: from nothing is new, to nothing is churn."""
    if before <= 0:
        return "new"
    if after <= 0:
        return "churn"
    return "expansion" if after > before else "contraction"
