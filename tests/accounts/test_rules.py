from datetime import date

import pytest

from haark.accounts import rules

LEVELS = [(date(2024, 3, 1), 1_000_00), (date(2025, 6, 1), 1_500_00), (date(2026, 1, 15), 1_200_00)]


@pytest.mark.parametrize(
    ("arr", "segment"),
    [
        (None, ""),
        (0, "standard"),
        (4_999_00, "standard"),
        (4_999_99, "standard"),
        (5_000_00, "growth"),
        (19_999_99, "growth"),
        (20_000_00, "strategic"),
        (100_000_00, "strategic"),
        (100_000_01, "enterprise"),
        (100_001_00, "enterprise"),
    ],
)
def test_segments_have_exact_bounds(arr: int | None, segment: str) -> None:
    assert rules.segment_of(arr) == segment


@pytest.mark.parametrize(
    ("employees", "size"),
    [
        (None, ""),
        (0, ""),
        (1, "1-49"),
        (49, "1-49"),
        (50, "50-249"),
        (249, "50-249"),
        (250, "250-999"),
        (999, "250-999"),
        (1000, "1000+"),
    ],
)
def test_sizes_have_exact_bounds(employees: int | None, size: str) -> None:
    assert rules.size_of(employees) == size


def test_mrr_is_a_twelfth() -> None:
    assert rules.mrr_cents(12_000_000) == 1_000_000
    assert rules.mrr_cents(100) == 8
    assert rules.mrr_cents(102) == 9  # 8.5 cents
    assert rules.mrr_cents(None) is None


def test_arr_holds_from_its_day_until_the_next_level() -> None:
    assert rules.arr_at(LEVELS, 9, date(2024, 2, 29)) is None
    assert rules.arr_at(LEVELS, 9, date(2024, 3, 1)) == 1_000_00
    assert rules.arr_at(LEVELS, 9, date(2025, 5, 31)) == 1_000_00
    assert rules.arr_at(LEVELS, 9, date(2026, 12, 31)) == 1_200_00
    assert rules.arr_at([], 9, date(2020, 1, 1)) == 9
    assert rules.arr_at([], None, date(2020, 1, 1)) is None


def test_evolution_is_unknown_for_a_new_logo() -> None:
    assert rules.evolution(12_000, 10_800) == pytest.approx(0.1111, abs=1e-4)
    assert rules.evolution(12_000, None) is None
    assert rules.evolution(12_000, 0) is None
    assert rules.evolution(0, 10_000) == -1
    assert rules.evolution(None, 10_000) is None


def test_a_year_of_arr_ends_today_and_starts_eleven_months_before() -> None:
    arr = rules.arr_over_year(LEVELS, None, date(2026, 3, 31))
    assert (arr.now, arr.before) == (1_200_00, 1_000_00)
    assert len(arr.months) == 12
    assert arr.months[0] == 1_000_00  # 30 April 2025
    assert arr.months[1] == 1_000_00  # 31 May 2025, a day before the rise
    assert arr.months[2] == 1_500_00
    assert arr.months[-1] == 1_200_00


def test_a_declared_arr_says_nothing_of_the_past() -> None:
    arr = rules.arr_over_year([], 50_000, date(2026, 3, 31))
    assert (arr.now, arr.before, arr.change) == (50_000, None, None)
    assert set(arr.months) == {None}


def test_contractions_count_falls_within_the_days() -> None:
    assert rules.contractions(LEVELS, date(2025, 12, 31), date(2026, 12, 31)) == 1
    assert rules.contractions(LEVELS, date(2026, 1, 15), date(2026, 12, 31)) == 0
    assert rules.contractions([], date(2026, 1, 15), date(2026, 12, 31)) is None


@pytest.mark.parametrize(
    ("start", "on", "months"),
    [
        (date(2023, 3, 1), date(2026, 11, 12), 44),
        (date(2024, 1, 31), date(2024, 2, 28), 0),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
        (date(2025, 5, 12), date(2026, 5, 11), 11),
        (date(2025, 5, 12), date(2026, 5, 12), 12),
        (date(2027, 1, 1), date(2026, 5, 12), None),
        (None, date(2026, 5, 12), None),
    ],
)
def test_tenure_counts_whole_months(start: date | None, on: date, months: int | None) -> None:
    assert rules.tenure_months(start, on) == months


def test_months_end_where_the_month_ends() -> None:
    assert rules.add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert rules.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert rules.add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)


def test_days_left_until_the_renewal() -> None:
    assert rules.days_left(date(2027, 1, 11), date(2026, 11, 12)) == 60
    assert rules.days_left(date(2026, 11, 11), date(2026, 11, 12)) == -1
    assert rules.days_left(None, date(2026, 11, 12)) is None


def test_a_rate_is_that_of_the_month_or_of_the_latest_before_it() -> None:
    rates = {"USD": {"2026-09": 0.9, "2026-11": 0.92}}
    assert rules.rate_of("EUR", "EUR", {}, date(2026, 1, 1)) == 1.0
    assert rules.rate_of("USD", "EUR", rates, date(2026, 11, 12)) == 0.92
    assert rules.rate_of("USD", "EUR", rates, date(2026, 10, 12)) == 0.9
    assert rules.rate_of("USD", "EUR", rates, date(2026, 8, 12)) is None
    assert rules.rate_of("GBP", "EUR", rates, date(2026, 11, 12)) is None
    assert rules.converted(1_000, 0.92) == 920
    assert rules.converted(1_000, None) is None
