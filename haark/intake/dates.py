"""Dates and instants as people write them; the order of day and month is decided by the whole column."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from haark.formats import fold
from haark.intake.wording import N_, AtFault, Refused

ORDERS = frozenset({"ymd", "dmy", "mdy"})
EARLIEST, LATEST = 1900, 2200
NUMERIC = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})(?:[T ,]+(.+))?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
NAMED = re.compile(
    r"(?:(\d{1,2})(?:er|st|nd|rd|th)?[-. ]+)?([^\W\d]+)\.?[-, ]*"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?,?[- ]+)?(\d{2,4})(?:[T ,]+(.+))?"
)
CLOCK = re.compile(
    r"(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?"
)
# Beginnings that tell the twelve months apart in French, English and Ukrainian (after folding).
MONTHS = (
    ("janv", "jan", "січ"), ("fev", "feb", "лют"), ("mars", "mar", "бер"), ("avr", "apr", "квіт"),
    ("mai", "may", "трав"), ("juin", "jun", "черв"), ("juil", "jul", "лип"), ("aou", "aug", "серп"),
    ("sep", "вер"), ("oct", "жовт"), ("nov", "лист"), ("dec", "груд"),
)  # fmt: skip


def possible_orders(text: str) -> frozenset[str]:
    """The orders in which `text` may be read; all of them when it says nothing about the order."""
    found = NUMERIC.fullmatch(text)
    if not found:
        return ORDERS
    first, sign, second, third = found.group(1), found.group(2), int(found.group(3)), found.group(4)
    if len(first) == 4:
        return frozenset({"ymd"})
    if len(third) not in (2, 4) or len(first) > 2:
        return ORDERS
    if sign == ".":
        return frozenset({"dmy"})
    if int(first) > 12 >= second:
        return frozenset({"dmy"})
    if second > 12 >= int(first):
        return frozenset({"mdy"})
    return frozenset({"dmy", "mdy"}) if int(first) <= 12 else ORDERS


class OrderEvidence:
    """What the texts of one column say together about its date order."""

    def __init__(self) -> None:
        self.orders = ORDERS
        self.example = ""  # the text that narrowed the orders last
        self.contradiction: tuple[str, str] | None = None
        self.matters = False  # some text reads differently as dmy and as mdy

    def see(self, text: str) -> None:
        possible = possible_orders(text)
        if self.contradiction or possible == ORDERS:
            return
        left = self.orders & possible
        if not left:
            self.contradiction = (self.example, text)
            return
        numeric = NUMERIC.fullmatch(text)
        if numeric and len(possible) == 2:
            self.matters = self.matters or int(numeric[1]) != int(numeric[3])
        if left != self.orders:
            self.orders, self.example = left, text

    @property
    def order(self) -> str | None:
        """The one order left, None while two are possible and would give different days."""
        if len(self.orders) == 1:
            return next(iter(self.orders))
        return "dmy" if not self.matters else None


def mixed_orders(file: str, column: str, first: str, second: str) -> AtFault:
    """Two orders in one column: nobody can say what the others of its dates mean."""
    return AtFault(
        N_(
            "Dans « %(file)s », la colonne « %(column)s » mélange deux ordres de date : « %(first)s » "
            "et « %(second)s ». Écrivez toutes ses dates de la même façon."
        ),
        file=file,
        column=column,
        first=first,
        second=second,
    )


def parse_day(text: str, order: str, formats: Sequence[str] = ()) -> date:
    """The calendar date that `text` names; a time of day after it is ignored. Raises Refused."""
    return _parse(text, order, formats)[0]


def parse_instant(text: str, order: str, zone: tzinfo, formats: Sequence[str] = ()) -> datetime:
    """The instant, in UTC. Without an offset it is local to `zone`; without a time it is the day's first."""
    day, clock = _parse(text, order, formats)
    moment = datetime.combine(day, clock)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _parse(text: str, order: str, formats: Sequence[str]) -> tuple[date, time]:
    if formats:
        return _by_format(text, formats)
    if len(text) == 10 and text[4] == text[7] == "-":  # by far the commonest
        try:
            return _in_range(date.fromisoformat(text), text), time()
        except ValueError:
            pass
    numeric = NUMERIC.fullmatch(text)
    if numeric:
        first, _, second, third, rest = numeric.groups()
        if len(first) == 4:
            parts = (int(first), int(second), int(third))
        elif order == "mdy":
            parts = (_year(third), int(first), int(second))
        else:
            parts = (_year(third), int(second), int(first))
        return _date(parts, text), _clock(rest, text)
    compact = COMPACT.fullmatch(text)
    if compact:
        return _date((int(compact[1]), int(compact[2]), int(compact[3])), text), time()
    named = NAMED.fullmatch(text)
    month = _month(named[2]) if named else None
    if named and month and (named[1] or named[3]):
        return _date((_year(named[4]), month, int(named[1] or named[3])), text), _clock(named[5], text)
    raise Refused(N_("« %(value)s » n’est pas une date"), value=text[:60])


def _by_format(text: str, formats: Iterable[str]) -> tuple[date, time]:
    for pattern in formats:
        try:
            moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - without %z the zone is the caller's
        except ValueError:
            continue
        return _in_range(moment.date(), text), moment.timetz()
    raise Refused(
        N_("« %(value)s » n’est pas une date au format %(format)s"), value=text[:60], format=" / ".join(formats)
    )


def _year(text: str) -> int:
    """Two digits follow POSIX: 69-99 are the 1900s."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= 69 else 2000)


def _month(word: str) -> int | None:
    plain = fold(word)
    for number, beginnings in enumerate(MONTHS, start=1):
        if plain.startswith(tuple(map(fold, beginnings))):
            return number
    return None


def _date(parts: tuple[int, int, int], text: str) -> date:
    try:
        return _in_range(date(*parts), text)
    except ValueError as error:
        raise Refused(N_("« %(value)s » n’est pas une date qui existe"), value=text[:60]) from error


def _in_range(day: date, text: str) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise Refused(
            N_("« %(value)s » : l’année doit être entre %(first)s et %(last)s"),
            value=text[:60],
            first=EARLIEST,
            last=LATEST,
        )
    return day


def _clock(text: str | None, whole: str) -> time:
    if not text:
        return time()
    found = CLOCK.fullmatch(text.strip())
    if not found:
        raise Refused(N_("« %(value)s » n’est pas une heure"), value=whole[:60])
    hour, minute, second, fraction, half, offset = found.groups()
    hours = int(hour) % 12 + (12 if half[0] in "pP" else 0) if half else int(hour)
    try:
        return time(hours, int(minute), int(second or 0), int((fraction or "0").ljust(6, "0")), _offset(offset))
    except ValueError as error:
        raise Refused(N_("« %(value)s » n’est pas une heure"), value=whole[:60]) from error


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
