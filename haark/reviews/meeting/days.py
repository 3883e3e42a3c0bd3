"""A day at the end of a line, as people write it in French, English and Ukrainian. Pure.

Days are written day first: 20/11, 20.11.2026, 2026-11-20, «20 nov.», demain, tomorrow, завтра, vendredi, next friday,
+7j, in 2 weeks, через 3 дні. Without a year the next such day is meant; one that passed within the last two months is
not moved a year ahead in silence, it is told as past.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from haark.formats import fold

RECENT = timedelta(61)
FARTHEST = 3660  # days; «+99999j» is a slip
MONTHS: Mapping[int, tuple[str, ...]] = {
    1: ("janvier", "january", "січня", "січень"),
    2: ("fevrier", "february", "лютого", "лютий"),
    3: ("mars", "march", "березня", "березень"),
    4: ("avril", "april", "квітня", "квітень"),
    5: ("mai", "may", "травня", "травень"),
    6: ("juin", "june", "червня", "червень"),
    7: ("juillet", "july", "липня", "липень"),
    8: ("aout", "august", "серпня", "серпень"),
    9: ("septembre", "september", "вересня", "вересень"),
    10: ("octobre", "october", "жовтня", "жовтень"),
    11: ("novembre", "november", "листопада", "листопад"),
    12: ("decembre", "december", "грудня", "грудень"),
}
WEEKDAYS: tuple[tuple[str, ...], ...] = (
    ("lundi", "monday", "понеділок", "понеділка"),
    ("mardi", "tuesday", "вівторок", "вівторка"),
    ("mercredi", "wednesday", "середа", "середу", "середи"),
    ("jeudi", "thursday", "четвер", "четверга"),
    ("vendredi", "friday", "п'ятниця", "п'ятницю", "п'ятниці"),
    ("samedi", "saturday", "субота", "суботу", "суботи"),
    ("dimanche", "sunday", "неділя", "неділю", "неділі"),
)
NEAR: Mapping[str, int] = {
    **dict.fromkeys(("aujourd'hui", "today", "сьогодні"), 0),
    **dict.fromkeys(("demain", "tomorrow", "завтра"), 1),
    **dict.fromkeys(("apres-demain", "after-tomorrow", "післязавтра"), 2),
}
DAY_UNITS = ("j", "jour", "jours", "d", "day", "days", "д", "день", "дні", "днів")
WEEK_UNITS = ("s", "sem", "semaine", "semaines", "w", "week", "weeks", "т", "тиж", "тиждень", "тижні", "тижнів")
# After these a day is part of the text: «la réunion de mardi».
PART_OF = frozenset(["de", "du", "of", "з", "із"])
# Words that lead to a day and are no part of the text: «pour le 20/11», «by friday», «до п'ятниці».
LEADS = frozenset(
    [
        "pour",
        "le",
        "la",
        "au",
        "avant",
        "d'ici",
        "d'ici-le",
        "by",
        "on",
        "before",
        "for",
        "due",
        "until",
        "the",
        "до",
        "на",
        "к",
    ]
)


def _flat(text: str) -> str:
    """Folded, with one kind of apostrophe."""
    return fold(text.replace("\u2019", "'").replace("\u02bc", "'"))


_MONTH_OF = {_flat(name): number for number, names in MONTHS.items() for name in names}
SHORTEST = 3  # letters of a month: «nov»
_WEEKDAY_OF = {_flat(name): number for number, names in enumerate(WEEKDAYS) for name in names}
_NEAR = {_flat(word): days for word, days in NEAR.items()}
_UNITS = {_flat(unit): days for units, days in ((DAY_UNITS, 1), (WEEK_UNITS, 7)) for unit in units}
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?\.?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_PLUS = re.compile(r"\+(\d{1,4})\s*([^\W\d]*)")
_AHEAD = ("dans", "in", "через", "за")
_NEXT_WEEK = ("next", "наступного", "наступної", "наступну")
_COMING = ("prochain", "prochaine", "цього", "цієї", "цю", "this", "ce", "cette")


def ending(words: list[str], on: date) -> tuple[int, date] | None:
    """How many of the last words name a day, and which, as of day `on`; None where they name none. At most four words
    are looked at, the longest reading wins: «vendredi prochain» before «prochain»."""
    for count in range(min(4, len(words)), 0, -1):
        found = read([_flat(word) for word in words[-count:]], on)
        if found is not None:
            before = _flat(words[-count - 1]) if len(words) > count else ""
            return None if before in PART_OF else (count, found)
    return None


def read(words: list[str], on: date) -> date | None:
    """The day that these folded words name together; None when they name none."""
    for reading in _readings(words, on):
        if reading is not None:
            return reading
    return None


def without_lead(words: list[str]) -> list[str]:
    """The words before a day, without those that only lead to it."""
    kept = list(words)
    while kept and _flat(kept[-1]).strip(",;:") in LEADS:
        kept.pop()
    return kept


def _readings(words: list[str], on: date) -> Iterator[date | None]:
    text = " ".join(words)
    if text in _NEAR:
        yield on + timedelta(_NEAR[text])
    if text in ("day after tomorrow", "the day after tomorrow"):
        yield on + timedelta(2)
    if found := _ISO.fullmatch(text):
        yield _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(text):
        yield _dated(int(found[1]), int(found[2]), found[3], on)
    if found := _PLUS.fullmatch(text):
        yield _ahead(int(found[1]), found[2] or "j", on)
    if len(words) == 3 and words[0] in _AHEAD and words[1].isdecimal():
        yield _ahead(int(words[1][:5]), words[2], on)
    yield _weekday(words, on)
    yield _named(words, on)


def _ahead(count: int, unit: str, on: date) -> date | None:
    days = count * _UNITS.get(unit, 0)
    return on + timedelta(days) if 0 < days <= FARTHEST else None


def _weekday(words: list[str], on: date) -> date | None:
    """The coming one, from tomorrow on; «next friday» and «наступної п'ятниці» are those of the week after this one."""
    rest = [word for word in words if word not in (*_NEXT_WEEK, *_COMING)]
    if len(rest) != 1 or len(words) > 2 or rest[0] not in _WEEKDAY_OF:
        return None
    wanted = _WEEKDAY_OF[rest[0]]
    if any(word in _NEXT_WEEK for word in words):
        return on - timedelta(on.weekday()) + timedelta(7 + wanted)
    return on + timedelta((wanted - on.weekday() - 1) % 7 + 1)


def _named(words: list[str], on: date) -> date | None:
    """«20 nov.», «20 novembre 2026», «Nov 20», «20 листопада»."""
    if not 2 <= len(words) <= 3:
        return None
    first, second = words[0].rstrip(".,"), words[1].rstrip(".,")
    number, name = (first, second) if first.isdecimal() else (second, first)
    month, year = _month(name), words[2] if len(words) == 3 else None
    if month is None or not number.isdecimal() or len(number) > 2 or (year and not re.fullmatch(r"\d{4}", year)):
        return None
    return _dated(int(number), month, year, on)


def _month(name: str) -> int | None:
    """The month that a beginning of three letters or more names; «jui» could be two, so it is none."""
    found = {number for full, number in _MONTH_OF.items() if len(name) >= SHORTEST and full.startswith(name)}
    return found.pop() if len(found) == 1 else None


def _dated(day: int, month: int, year: str | None, on: date) -> date | None:
    if year is not None:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = _made(on.year, month, day)
    if this is None:  # 29 February of another year
        return next((found for ahead in range(1, 9) if (found := _made(on.year + ahead, month, day))), None)
    if this >= on or on - this <= RECENT:
        return this
    return _made(on.year + 1, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year <= 2199 else None
    except ValueError:
        return None
