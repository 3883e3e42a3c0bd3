"""Overlapping intervals give, on each day, the sum of those that are active."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from haark.intake.levels import deltas, levels

FIRST = date(2024, 1, 1)
Interval = tuple[int, int | None, int]


def iso(day: int) -> str:
    return (FIRST + timedelta(days=day)).isoformat()


@given(st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(0, 45), st.integers(0, 5)), max_size=12))
def test_a_level_is_the_sum_of_the_active_intervals_every_day(intervals: list[Interval]) -> None:
    summed: dict[str, int] = defaultdict(int)
    for start, end, amount in intervals:
        for day, change in deltas(iso(start), None if end is None else iso(end), amount):
            summed[day] += change
    steps = list(levels(sorted(summed.items())))
    assert all(before.amount != after.amount for before, after in pairwise(steps))
    for day in range(50):
        active = sum(amount for start, end, amount in intervals if start <= day and (end is None or day < end))
        shown = [step.amount for step in steps if step.day <= iso(day)]
        assert (shown[-1] if shown else 0) == active


def test_reasons() -> None:
    moves = [("2024-01-01", 100), ("2024-02-01", 50), ("2024-03-01", -80), ("2024-04-01", -70), ("2024-05-01", 10)]
    assert [(step.amount, step.reason) for step in levels(moves)] == [
        (100, "new"), (150, "expansion"), (70, "contraction"), (0, "churn"), (10, "new"),
    ]  # fmt: skip


def test_an_end_and_a_start_of_the_same_amount_on_one_day_is_no_change() -> None:
    assert [step.day for step in levels([("2024-01-01", 100), ("2024-02-01", 0)])] == ["2024-01-01"]
