import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.measures import rules

ON = date(2026, 11, 12)  # a Thursday
EVE = ON - timedelta(1)


def test_nps_of_the_public_survey(shared_data: Path) -> None:
    """The known answer of product.md, by the function the product uses."""
    with (shared_data / "nps" / "nps_survey.csv").open(newline="") as handle:
        scores = [float(row["score"]) for row in csv.DictReader(handle)]
    assert len(scores) == 20_268
    assert rules.nps(scores) == pytest.approx(10.859, abs=5e-4)


def test_nps_by_hand() -> None:
    assert rules.nps([]) is None
    assert rules.nps([10, 9, 8, 7, 6]) == pytest.approx(20)
    assert rules.nps([0]) == -100


def test_the_windows_are_thirty_complete_days_each() -> None:
    span = rules.windows(EVE)
    assert span.now == (date(2026, 10, 13), date(2026, 11, 11))
    assert span.before == (date(2026, 9, 13), date(2026, 10, 12))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-2, 90))
def test_working_days_and_weekends_share_the_calendar(start: date, length: int) -> None:
    end = start + timedelta(length)
    days = [start + timedelta(n) for n in range(length + 1)]
    assert rules.working_days(start, end) == sum(1 for day in days if day.weekday() < 5)
    assert len(rules.weekends(start, end)) + rules.working_days(start, end) == len(days)
    weeks = [
        first + timedelta(n) for first, last in rules.work_weeks(start, end) for n in range((last - first).days + 1)
    ]
    assert weeks == [day for day in days if day.weekday() < 5]


def test_a_mean_leaves_out_the_days_before_the_first_report() -> None:
    now = rules.windows(EVE).now
    assert rules.mean_per_working_day(220, now, date(2024, 1, 1)) == 10.0  # 22 working days
    assert rules.mean_per_working_day(30, now, date(2026, 11, 9)) == 10.0  # Monday to Wednesday
    assert rules.mean_per_working_day(None, now, date(2024, 1, 1)) is None
    assert rules.mean_per_working_day(0, now, None) is None
    assert rules.mean_per_working_day(0, now, date(2024, 1, 1)) == 0.0


def test_too_short_a_past_is_no_comparison() -> None:
    """The window before ends on Monday 12 October."""
    assert rules.covered(date(2024, 1, 1), EVE) == (22, 21)
    assert rules.covered(date(2026, 9, 29), EVE) == (22, 10)
    assert rules.covered(date(2026, 9, 30), EVE) == (22, 0)
    assert rules.covered(date(2026, 11, 9), EVE) == (3, 0)
    assert rules.mean_over(100, 10) == 10.0
    assert (rules.mean_over(100, 0), rules.mean_over(None, 10)) == (None, None)


@pytest.mark.parametrize(
    ("kind", "direction", "answer"),
    [
        ("email", "in", True),
        ("email", "both", True),
        ("email", "out", False),
        ("email", "", False),
        ("call", "", True),
        ("call", "out", False),
        ("meeting", "", True),
        ("note", "in", False),
    ],
)
def test_two_way_means_that_the_client_took_part(kind: str, direction: str, answer: bool) -> None:
    assert rules.is_two_way(kind, direction) is answer


def test_the_desk_as_it_was_then() -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 11, day, tzinfo=UTC)

    tickets = [(at(1), at(3), "normal"), (at(2), at(20), "urgent"), (at(5), None, "high"), (at(15), None, "urgent")]
    desk = rules.desk(tickets, at(1), at(10))
    assert (desk.open, desk.critical, desk.opened, desk.closed, desk.hours) == (2, 1, 3, 1, 48.0)
    assert rules.desk([], at(1), at(10)).hours is None
