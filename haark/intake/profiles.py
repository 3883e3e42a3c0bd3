"""What the cells of one column look like: addresses, dates, numbers, yes or no; and how they are written."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from haark.formats import fold
from haark.intake.converters import EMAIL, FALSE, TRUE, clean
from haark.intake.dates import NUMERIC, OrderEvidence, parse_day, possible_orders
from haark.intake.evidence import MarkEvidence
from haark.intake.numerals import CURRENCIES, CURRENCY_SIGN, SPACES, decimal_mark, parse_number
from haark.intake.wording import Refused

SAMPLES = 3
SAMPLE_CHARS = 80
DISTINCT = 200
# A column is what this share of its filled cells are: the rest are mistakes, to be refused one by one.
SHARE = 2 / 3
URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
PHONE = re.compile(r"\+?[\d\s().\-/]{8,20}")
GROUPED = re.compile(rf"\d([{SPACES}.,])\d{{3}}(?!\d)")
# What people write where they know nothing. It tells nothing about the column; importing it is refused all the same.
NOTHING = frozenset(
    (
        "-",
        "–",
        "—",
        "?",
        "n.c.",
        "nc",
        "n/a",
        "na",
        "n.d.",
        "nd",
        "#n/a",
        "null",
        "none",
        "inconnu",
        "unknown",
        "tbd",
        "н/д",
    )
)
CODE = re.compile(r"[A-Z]{3}")


@dataclass
class Profile:
    """One column, as far as it was read. `kinds` counts cells by nature; `words` are its distinct texts, while few."""

    header: str
    position: int
    filled: int = 0
    samples: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    orders: OrderEvidence = field(default_factory=OrderEvidence)
    marks: MarkEvidence = field(default_factory=MarkEvidence)
    groups: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)  # of numbers: with which decimal mark; of dates: the order
    currencies: Counter[str] = field(default_factory=Counter)
    example: str = ""  # the most telling number
    many: bool = False  # more distinct texts than `words` keeps
    _known: dict[str, str] = field(default_factory=dict)
    _distinct: set[int] = field(default_factory=set)

    @property
    def nature(self) -> str:
        """email, date, number, boolean, url, phone, currency or text; '' for a blank column."""
        if not self.filled:
            return ""
        counted = self.kinds.copy()
        told = self.filled - counted.pop("blank", 0)  # a lone dash says nothing
        bits = counted.pop("bit", 0)  # 0 and 1 are numbers beside numbers, else yes and no
        alone = not counted["boolean"] and len(self.words) < 2
        counted["number" if counted["number"] or alone else "boolean"] += bits
        name, times = counted.most_common(1)[0]
        return "" if not told else name if times >= SHARE * told else "text"

    @property
    def unique(self) -> bool:
        """Whether every value stood once, but for a few mistakes."""
        return len(self._distinct) >= 0.99 * self.filled

    @property
    def unsettled(self) -> bool:
        """Whether the rest of the column may still decide how it is read."""
        if self.nature == "date":
            return len(self.orders.orders) > 1
        return self.nature == "number" and bool(self.marks.unclear) and not self.marks.marks

    def see(self, cell: Any) -> None:
        """One more cell. Cells that cannot be read are passed over: their row will be refused, with the reason."""
        try:
            text = clean(cell)
        except Refused:
            return
        if not text:
            return
        self.filled += 1
        self._distinct.add(hash(text))
        if len(self.samples) < SAMPLES and text[:SAMPLE_CHARS] not in self.samples:
            self.samples.append(text[:SAMPLE_CHARS])
        if len(self.words) < DISTINCT or text in self.words:
            self.words[text[:SAMPLE_CHARS]] += 1
        else:
            self.many = True
        self.kinds[self._kind(cell, text)] += 1

    def watch(self, cell: Any) -> None:
        """A cell further down: only what decides how dates and numbers are read."""
        try:
            text = clean(cell) if isinstance(cell, str) else ""
        except Refused:
            return
        if text and text not in self._known:
            self._remember(text, self._judge(text))

    def _kind(self, cell: Any, text: str) -> str:
        if isinstance(cell, bool):
            return "boolean"
        if isinstance(cell, date | time):
            return "date"
        if isinstance(cell, int | float):
            return "number"
        kind = self._known.get(text)
        if kind is None:
            kind = self._remember(text, self._judge(text))
        if kind == "date":
            self._count_order(text)
        elif kind == "number":
            self._count_marks(text)
        return kind

    def _remember(self, text: str, kind: str) -> str:
        if len(self._known) > 20_000:
            self._known.clear()
        self._known[text] = kind
        if kind == "date":
            self.orders.see(text)
        elif kind == "number":
            self.marks.see(text)
        return kind

    def _judge(self, text: str) -> str:
        if fold(text) in NOTHING:
            return "blank"
        if "@" in text:
            return "email" if EMAIL.fullmatch(text) else "text"
        if URL.match(text):
            return "url"
        if (CODE.fullmatch(text) and text in CURRENCIES.values()) or text in CURRENCIES:
            return "currency"
        if text in ("0", "1"):
            return "bit"
        if fold(text) in TRUE | FALSE:
            return "boolean"
        if not any(sign.isdigit() for sign in text):
            return "text"
        if _is_number(text):
            return "number"
        if _is_date(text):
            return "date"
        return "phone" if PHONE.fullmatch(text) else "text"

    def _count_order(self, text: str) -> None:
        possible = possible_orders(text)
        self.written[next(iter(possible)) if len(possible) == 1 else "?" if len(possible) == 2 else ""] += 1

    def _count_marks(self, text: str) -> None:
        self.written[decimal_mark(text)] += 1
        for sign in GROUPED.findall(text):
            self.groups[" " if sign in SPACES and sign not in "'’" else sign] += 1
        found = CURRENCY_SIGN.search(text)
        if found:
            sign = found.group()
            self.currencies[CURRENCIES.get(sign, CURRENCIES.get(sign.lower().rstrip("."), sign.upper()))] += 1
        if tells(text) > tells(self.example):
            self.example = text


def tells(text: str) -> int:
    return sum(not sign.isalnum() for sign in text)


def _is_number(text: str) -> bool:
    try:
        parse_number(text, ".")
    except Refused:
        return False
    return True


def _is_date(text: str) -> bool:
    numeric = NUMERIC.fullmatch(text)
    for order in ("dmy", "mdy") if numeric else ("dmy",):
        try:
            parse_day(text, order)
        except Refused:
            continue
        return True
    return False


def of_table(headers: Iterable[str]) -> list[Profile]:
    return [Profile(header, position) for position, header in enumerate(headers)]
