"""The end of the contract term that runs on a date."""

from datetime import date

import pytest

from haark.accounts.rules import term_end

SPRING, NEXT = date(2025, 3, 31), date(2026, 3, 31)
RENEWED = [(SPRING, "renewed")]


@pytest.mark.parametrize(
    ("terms", "renewal_date", "on", "end"),
    [
        ([], None, date(2025, 1, 1), None),
        ([], NEXT, date(2025, 6, 1), NEXT),
        ([], NEXT, NEXT, NEXT),  # it is today
        ([], NEXT, date(2026, 4, 1), None),  # past, and nobody wrote how it ended
        (RENEWED, NEXT, date(2025, 6, 1), NEXT),
        (RENEWED, NEXT, date(2025, 1, 1), SPRING),  # as of the past, the end that came first
        ([*RENEWED, (NEXT, "lost")], NEXT, date(2025, 1, 1), SPRING),
        ([*RENEWED, (NEXT, "lost")], NEXT, date(2025, 6, 1), NEXT),  # the day was known, how it would end was not
        ([*RENEWED, (NEXT, "renewed")], NEXT, NEXT, None),  # settled today, the next date is not written yet
        ([(SPRING, "lost")], NEXT, date(2025, 6, 1), None),  # the client had left
    ],
)
def test_the_term_that_runs_on_a_date(
    terms: list[tuple[date, str]], renewal_date: date | None, on: date, end: date | None
) -> None:
    assert term_end(terms, renewal_date, on) == end
