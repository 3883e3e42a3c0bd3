"""Money, numbers, dates by language. Pure: the language is an argument (the pages' filters pass the current one)."""

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal

LANGUAGES = ("fr", "en", "uk")
LOCALES = {"fr": "fr_FR", "en": "en_GB", "uk": "uk_UA"}
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "UAH": "₴", "CHF": "CHF", "CAD": "CA$"}
MINUS = "\u2212"
UNKNOWN = {"fr": "n. d.", "en": "n/a", "uk": "н. д."}


def number(value: float | int | None, language: str, decimals: int | None = None) -> str:
    """`12345.6` -> «12 345,6». `decimals` fixes the places; without it at most two and no trailing zeros."""
    if value is None:
        return UNKNOWN[language]
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "" if decimals == 0 else ".##")
    return format_decimal(value, format=pattern, locale=LOCALES[language]).replace("-", MINUS)


def signed(value: float | int | None, language: str, decimals: int = 0, unit: str = "") -> str:
    """A change with its sign: «+4», «−12», «0»."""
    if value is None:
        return UNKNOWN[language]
    shown = round(value, decimals)
    text = number(abs(shown), language, decimals)
    sign = "+" if shown > 0 else MINUS if shown < 0 else ""
    return f"{sign}{text}{chr(0xA0) + unit if unit else ''}"


def percent(fraction: float | None, language: str, decimals: int = 0, sign: bool = False) -> str:
    """A fraction as a percentage: 0.243 -> «24 %» (fr), «24%» (en)."""
    if fraction is None:
        return UNKNOWN[language]
    value = fraction * 100
    text = signed(value, language, decimals) if sign else number(round(value, decimals), language, decimals)
    return text + ("%" if language == "en" else "\u00a0%")


def money(cents: int | None, language: str, currency: str = "EUR", decimals: int = 0) -> str:
    """Whole cents as money: 12000000 -> «120 000 €» (fr), «€120,000» (en)."""
    if cents is None:
        return UNKNOWN[language]
    symbol = SYMBOLS.get(currency, currency)
    text = number(abs(cents) / 100, language, decimals)
    sign = MINUS if cents < 0 and text.strip("0.,") else ""
    if language == "en":
        return f"{sign}{symbol}{text}" if len(symbol) == 1 else f"{sign}{symbol}\u00a0{text}"
    return f"{sign}{text}\u00a0{symbol}"


def money_short(cents: int | None, language: str, currency: str = "EUR") -> str:
    """Money for tight places: «6,49 M€», «94 k€», «850 €»."""
    if cents is None:
        return UNKNOWN[language]
    value, symbol = cents / 100, SYMBOLS.get(currency, currency)
    for floor, divisor, unit, decimals in ((999_500, 1e6, "M", 2), (9_995, 1e3, "k", 0)):
        if abs(value) >= floor:
            text = number(round(value / divisor, decimals), language, decimals)
            return (
                f"{symbol}{text}{unit.lower() if unit == 'k' else 'm'}"
                if language == "en"
                else f"{text}\u00a0{unit}{symbol}"
            )
    return money(cents, language, currency)


def day(value: date | None, language: str) -> str:
    """«12 nov. 2026»."""
    return UNKNOWN[language] if value is None else format_date(value, "d MMM y", locale=LOCALES[language])


def day_week(value: date | None, language: str) -> str:
    """«jeu. 12 nov. 2026», for a day that is yet to be agreed on."""
    return UNKNOWN[language] if value is None else format_skeleton("yMMMEd", value, locale=LOCALES[language])


def day_long(value: date | None, language: str) -> str:
    """«12 novembre 2026»."""
    return UNKNOWN[language] if value is None else format_date(value, "d MMMM y", locale=LOCALES[language])


def day_short(value: date | None, language: str) -> str:
    """«12 nov.», for places where the year is evident."""
    return UNKNOWN[language] if value is None else format_date(value, "d MMM", locale=LOCALES[language])


def month(value: date | None, language: str) -> str:
    """«novembre 2026», as a heading without article."""
    return UNKNOWN[language] if value is None else format_skeleton("yMMMM", value, locale=LOCALES[language])


def month_short(value: date, language: str) -> str:
    """«nov.», for chart axes."""
    return format_date(value, "LLL", locale=LOCALES[language])


def instant(value: datetime | None, language: str, zone: str) -> str:
    """«12 nov. 2026, 06:10» in the reader's time zone."""
    if value is None:
        return UNKNOWN[language]
    return format_datetime(value, "d MMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=LOCALES[language])


def hour(value: datetime | None, language: str, zone: str) -> str:
    """«06:10» in the reader's time zone, for what happened today."""
    if value is None:
        return UNKNOWN[language]
    return format_datetime(value, "HH:mm", tzinfo=ZoneInfo(zone), locale=LOCALES[language])


def fold(text: str) -> str:
    """Text for searching and matching: without accents, case or doubled spaces («Société» -> «societe»)."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


# What makes a spreadsheet run a cell.
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula. Plain numbers stay; reading takes the sign off again."""
    if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def safe_value(text: str) -> str:
    """A text as a cell that no spreadsheet runs and that reading gives back to the letter: one that somebody wrote with
    an apostrophe before its sign gets a second one, so that the sign taken off is always the one put on."""
    if text.lstrip("'").startswith(FORMULA) and not NUMBER.fullmatch(text):
        return "'" + text
    return text
