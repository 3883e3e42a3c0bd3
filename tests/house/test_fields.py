"""Numbers, money and dates as people type them, in their own language."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haark.fields import one_line, paragraphs, read_number, write_number


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("12,5", "fr", "12.5"),
        ("12.5", "fr", "12.5"),
        ("1 234,5", "fr", "1234.5"),
        ("1\u202f234,5", "fr", "1234.5"),
        ("24\u00a0000 €", "fr", "24000"),
        ("1.234.567", "fr", "1234567"),
        ("1.234,56", "fr", "1234.56"),
        ("1,234", "fr", "1.234"),
        ("1,234", "en", "1234"),
        ("1,234.56", "en", "1234.56"),
        ("€24,000", "en", "24000"),
        ("3,5", "en", "3.5"),
        ("30 %", "uk", "30"),
        ("−4,2", "uk", "-4.2"),
        ("-4.2", "en", "-4.2"),
    ],
)
def test_numbers_as_people_write_them(text, language, value):
    assert read_number(text, language) == Decimal(value)


@pytest.mark.parametrize("text", ["", "dix", "1e5", "nan", "inf", "--3", "1,2,x", ",", "9" * 14, "0x10"])
def test_not_numbers(text):
    with pytest.raises(ValueError):
        read_number(text, "fr")


@settings(deadline=None)
@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from(("fr", "en", "uk")))
def test_what_a_field_shows_reads_back(value, language):
    assert read_number(write_number(value, language), language) == value


@settings(deadline=None)
@given(st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3)), st.sampled_from(("fr", "en", "uk")))
def test_floats_come_back_as_they_were(value, language):
    assert float(read_number(write_number(value, language), language)) == value


def test_text_is_cleaned_of_what_a_database_refuses():
    assert one_line("  Rouvrir\x00 les\r\n accès\t") == "Rouvrir les accès"
    assert paragraphs("\r\nUn\r\ndeux\r\x00trois ") == "Un\ndeux\ntrois"
