"""Headers as words: what is left of «Date de renouvellement», `renewal_date` and `RenewalDate` to compare. Pure."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from haark.formats import fold

Words = tuple[str, ...]
LITTLE = frozenset("de du des d la le les l un une en a au aux et the of an and for to з та і".split())  # noqa: SIM905
HUMP = re.compile(r"(?<=[a-zа-яіїєґé])(?=[A-ZА-ЯІЇЄҐÉ])")
WORD = re.compile(r"[^\W_]+")
# Amounts in thousands or millions, as headers say it: «ARR (k€)», «CA en M€», «ARR in thousands».
UNITS = (
    ("1000", re.compile(r"\b[kK]\s?(?:€|\$|£|EUR|USD|euros?)|milliers|thousands|тис\b")),
    ("1000000", re.compile(r"\bM\s?(?:€|\$|£|EUR|USD|euros?)|millions?\b|млн\b")),
)
DOTTED = re.compile(r"\w+\.\w+")
ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[€$£₴]")
NUMBER = re.compile(r"\bn[°º]|№", re.IGNORECASE)


@dataclass(frozen=True)
class Vocabulary:
    """The words of synonyms.toml. `phrases` by kind and column; `ends` those of an interval's end; `values` by kind
    and column what a file's words stand for."""

    names: Mapping[str, frozenset[str]]
    monthly: frozenset[Words]
    parts: Mapping[str, frozenset[Words]]
    phrases: Mapping[str, Mapping[str, tuple[Words, ...]]]
    ends: frozenset[Words]
    values: Mapping[str, Mapping[str, Mapping[str, str]]]
    known: frozenset[str]  # every phrase as one text, to find the header row by
    single: Mapping[str, frozenset[str]]  # every word of a kind's phrases
    hints: Mapping[str, Mapping[str, frozenset[str]]]  # words one of which is enough, by kind and column

    def meant(self, kind: str, column: str) -> Mapping[str, str]:
        """What the words under this column stand for, by folded word."""
        return {**self.values.get("any", {}).get(column, {}), **self.values.get(kind, {}).get(column, {})}


def words(header: str) -> Words:
    """`header` cut into folded words, without units, asides and little words."""
    text = NUMBER.sub(" numero ", header)
    for _, unit in UNITS:
        text = unit.sub(" ", text)
    text = ASIDE.sub(" ", text)
    text = text if text.isupper() else HUMP.sub(" ", text)
    found = WORD.findall(fold(text.replace("'", "’").replace("’я", "я").replace("’", " ")))
    return tuple(word for word in found if word not in LITTLE) or tuple(found)


def own_words(header: str) -> Words:
    """Those of the column without its group or table, «Contact / Téléphone», `subscriptions.mrr`; () for others."""
    if " / " in header:
        return words(header.rsplit(" / ", 1)[1])
    return words(header.split(".")[1]) if DOTTED.fullmatch(header) else ()


def is_monthly(header: str) -> bool:
    """Whether it says a revenue by the month."""
    return says(header, vocabulary().monthly)


def says(header: str, phrases: frozenset[Words]) -> bool:
    """Whether the header, or the column's own words in it, are one of the phrases."""
    return words(header) in phrases or own_words(header) in phrases


def factor(header: str) -> str:
    """What amounts under this header are multiplied by, "" for plain units."""
    return next((number for number, pattern in UNITS if pattern.search(header)), "")


@cache
def vocabulary() -> Vocabulary:
    written = tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text(encoding="utf-8"))
    names = {kind: frozenset(map(fold, found)) for kind, found in written.pop("names").items()}
    monthly, parts, values = written.pop("monthly"), written.pop("parts"), written.pop("values")
    shared, hints = written.pop("shared"), written.pop("hints")
    ends = written["revenue"].pop("end")
    for columns in written.values():
        for column in columns.keys() & shared.keys():
            columns[column] += shared[column]
    phrases = {
        kind: {column: tuple(dict.fromkeys(map(words, found))) for column, found in columns.items()}
        for kind, columns in written.items()
    }
    known = (found for columns in written.values() for each in columns.values() for found in each)
    return Vocabulary(
        names,
        _phrases(monthly["words"]),
        {part: _phrases(found) for part, found in parts.items()},
        phrases,
        _phrases(ends),
        {kind: {column: _turned(found) for column, found in columns.items()} for kind, columns in values.items()},
        frozenset(known),
        {
            kind: frozenset(word for found in columns.values() for phrase in found for word in phrase)
            for kind, columns in phrases.items()
        },
        {kind: {column: frozenset(map(fold, found)) for column, found in each.items()} for kind, each in hints.items()},
    )


def _phrases(found: Iterable[str]) -> frozenset[Words]:
    return frozenset(map(words, found))


def _turned(meanings: Mapping[str, Any]) -> dict[str, str]:
    return {fold(word): meaning for meaning, found in meanings.items() for word in found}
