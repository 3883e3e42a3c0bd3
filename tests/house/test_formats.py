"""Money, dates and the clock, as the reader's language writes them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from haark import clock, formats

DAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("language", "money", "short", "change", "day"),
    [
        ("fr", "120\u202f000\u00a0€", "6,49\u00a0M€", "−32\u00a0%", "12 nov. 2026"),
        ("en", "€120,000", "€6.49m", "−32%", "12 Nov 2026"),
        ("uk", "120\u00a0000\u00a0€", "6,49\u00a0M€", "−32\u00a0%", "12 лист. 2026"),
    ],
)
def test_each_language_writes_its_own_way(language: str, money: str, short: str, change: str, day: str) -> None:
    assert formats.money(12_000_000, language) == money
    assert formats.money_short(649_000_000, language) == short
    assert formats.percent(-0.318, language, sign=True) == change
    assert formats.day(DAY, language) == day


def test_unknown_is_said_and_never_zero() -> None:
    assert formats.money(None, "fr") == "n. d."
    assert formats.percent(None, "en") == "n/a"
    assert formats.number(0, "fr") == "0"


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert formats.signed(-0.4, "fr") == "0"
    assert formats.signed(-12, "fr") == "−12"
    assert formats.signed(4, "fr") == "+4"


def test_folding_finds_societe() -> None:
    assert formats.fold("  Société   GÉNÉRALE ") == "societe generale"


def test_the_clock_moves_for_business_and_never_for_leases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HAARK_TODAY", "2026-11-12")
    assert clock.today() == DAY
    assert clock.day_of(clock.moment()) == DAY
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5
    held = tmp_path / "today"
    held.write_text("2026-11-12T23:30:00+00:00")
    monkeypatch.setenv("HAARK_TODAY", f"@{held}")
    assert clock.today("Europe/Paris") == date(2026, 11, 13)
    assert clock.today("America/Montreal") == DAY
    held.write_text("2027-01-01")
    assert clock.today() == date(2027, 1, 1)
