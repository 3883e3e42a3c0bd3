"""Exact bounds of a rating's life and of what disagrees (HL-8)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.health.disagreement import KINDS, disagreements, expired, expiry

ON = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("band", "rating", "change", "found"),
    [
        ("green", 2, None, ("rated_low",)),
        ("green", 3, None, ()),
        ("red", 4, None, ("rated_high",)),
        ("red", 3, None, ()),
        ("yellow", 1, -0.5, ()),
        ("yellow", 5, 0.5, ()),
        ("green", None, -0.0001, ("money_down",)),
        ("green", None, 0.0, ()),
        ("red", None, 0.0001, ("money_up",)),
        ("green", 1, -0.2, ("rated_low", "money_down")),
        ("red", 5, 0.2, ("rated_high", "money_up")),
        ("", 1, 1.0, ()),
        ("green", 5, 0.3, ()),
        ("red", 1, -0.3, ()),
    ],
)
def test_what_disagrees(band: str, rating: int | None, change: float | None, found: tuple[str, ...]) -> None:
    assert disagreements(band, rating, change) == found


@given(st.sampled_from(("", "green", "yellow", "red")), st.none() | st.integers(1, 5), st.none() | st.floats(-1, 3))
def test_unknown_sides_and_yellow_disagree_with_nothing(band: str, rating: int | None, change: float | None) -> None:
    found = disagreements(band, rating, change)
    assert set(found) <= set(KINDS)
    if band in ("", "yellow"):
        assert found == ()
    if rating is None:
        assert not {"rated_low", "rated_high"} & set(found)


def test_a_rating_counts_through_its_last_day() -> None:
    rated = ON - timedelta(60)
    assert expiry(rated, 60) == ON
    assert expired(rated, ON, 60, owner_changed=False) == ""
    assert expired(rated, ON + timedelta(1), 60, owner_changed=False) == "age"
    assert expired(ON, ON, 60, owner_changed=True) == "owner"
