"""Days and hours in a line, said in words or figures. Pure. A day to come is none: what is noted has happened."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from haark.measures.lines import words

FIGURES = (
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{2})\.(?P<m>\d{2})(?P<y>)"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"),
)
ORDINAL = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?")
YEAR = re.compile(r"\d{4}")
HOUR = re.compile(r"(\d{1,2})(?:h(\d{2})?|:(\d{2}))")
LONGEST = 6
FURTHEST = 3_660  # days back: ten years


def day_at(line: Sequence[str], start: int, today: date) -> tuple[date, int] | None:
    """The day that the words from `start` on say and how many of them do; None where they say none.

    A day without its year, or a weekday, is the last one up to `today`.
    """
    for length in range(min(LONGEST, len(line) - start), 0, -1):
        found = _day(tuple(line[start : start + length]), today)
        if found is not None and today - timedelta(FURTHEST) <= found <= today:
            return found, length
    return None


def hour_of(word: str) -> int | None:
    """«14h», «14h30», «14:30» as minutes after midnight."""
    match = HOUR.fullmatch(word)
    if match is None:
        return None
    hours, minutes = int(match[1]), int(match[2] or match[3] or 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None


def _day(said: tuple[str, ...], today: date) -> date | None:
    phrase = " ".join(said)
    if phrase in words.DAYS_AGO:
        return today - timedelta(int(words.DAYS_AGO[phrase]))
    if len(said) == 1:
        return _weekday(phrase, today, strictly=False) or _figures(phrase, today)
    if len(said) == 2:
        for weekday, mark in (said, said[::-1]):
            if mark in words.LAST and weekday in words.WEEKDAYS:
                return _weekday(weekday, today, strictly=True)
    return _ago(said, today) or _month(said, today)


def _weekday(word: str, today: date, *, strictly: bool) -> date | None:
    if word not in words.WEEKDAYS:
        return None
    back = (today.weekday() - int(words.WEEKDAYS[word])) % 7
    return today - timedelta(back or (7 if strictly else 0))


def _figures(word: str, today: date) -> date | None:
    for pattern in FIGURES:
        if match := pattern.fullmatch(word):
            day, month, year = int(match["d"]), int(match["m"]), match["y"]
            # 11/23 is no day of a 23rd month: whoever writes the month first is understood too.
            day, month = (month, day) if month > 12 >= day else (day, month)
            return _dated(day, month, (2000 if len(year) == 2 else 0) + int(year) if year else None, today)
    return None


def _month(said: tuple[str, ...], today: date) -> date | None:
    """«12 novembre», «12 nov 2026», «november 12th»."""
    year = int(said[-1]) if len(said) == 3 and YEAR.fullmatch(said[-1]) else None
    pair = said[:-1] if year else said
    if len(pair) != 2:
        return None
    for number, name in (pair, pair[::-1]):
        match = ORDINAL.fullmatch(number)
        if match and name.rstrip(".") in words.MONTHS:
            return _dated(int(match[1]), int(words.MONTHS[name.rstrip(".")]), year, today)
    return None


def _ago(said: tuple[str, ...], today: date) -> date | None:
    """«il y a 3 jours», «2 weeks ago»."""
    rest = next((said[len(one) :] for one in words.AGO_BEFORE if said[: len(one)] == one), None)
    rest = rest or next((said[: -len(one)] for one in words.AGO_AFTER if said[-len(one) :] == one), None)
    if not rest or len(rest) != 2 or not rest[0].isdecimal() or rest[1] not in words.UNITS or len(rest[0]) > 3:
        return None
    return today - timedelta(int(rest[0]) * words.UNITS[rest[1]])


def _dated(day: int, month: int, year: int | None, today: date) -> date | None:
    for candidate in (year,) if year else (today.year, today.year - 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found <= today:
            return found
    return None
