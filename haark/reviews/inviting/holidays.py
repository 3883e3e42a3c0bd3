"""Days on which nobody meets: public holidays of France (metropolitan), and the zone of a country. Pure.

Holidays of other countries are not kept: a slot on one of them is refused by the client, not by Haark.
"""

from datetime import date, timedelta
from functools import cache

from babel import Locale

from haark.formats import LANGUAGES, fold

FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Easter Monday, Ascension Day, Whit Monday: days after Easter Sunday.
MOVABLE = (1, 39, 50)
# Countries with one zone of business, as they stand in the IANA time zone database.
ZONES = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CH": "Europe/Zurich",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "IE": "Europe/Dublin",
    "IN": "Asia/Kolkata",
    "IT": "Europe/Rome",
    "JP": "Asia/Tokyo",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MA": "Africa/Casablanca",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SG": "Asia/Singapore",
    "SK": "Europe/Bratislava",
    "TN": "Africa/Tunis",
    "UA": "Europe/Kyiv",
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher; «Astronomical Algorithms», chapter 8)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, even = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * even + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def french(year: int) -> frozenset[date]:
    """The eleven public holidays of a year (article L3133-1 of the Code du travail)."""
    sunday = easter(year)
    moved = (sunday + timedelta(days) for days in MOVABLE)
    return frozenset((*(date(year, month, day) for month, day in FIXED), *moved))


def country_code(written: str) -> str:
    """«FR» for «fr», «France», «Франція»; '' for what is no country."""
    plain = fold(written)
    if len(plain) == 2:
        return plain.upper() if plain.upper() in Locale("en").territories else ""
    return _names().get(plain, "")


@cache
def _names() -> dict[str, str]:
    return {
        fold(name): code
        for language in LANGUAGES
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }


def zone_of(country: str, otherwise: str) -> str:
    """The zone of a country that has only one; `otherwise` for the others and the unknown."""
    return ZONES.get(country_code(country), otherwise)
