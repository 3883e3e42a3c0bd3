"""Headers as words: what is left of «Date de renouvellement», `renewal_date` and `RenewalDate` to compare. Pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from haark.formats import fold

LITTLE = frozenset(
    (
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "un",
        "une",
        "en",
        "a",
        "au",
        "aux",
        "et",
        "the",
        "of",
        "an",
        "and",
        "for",
        "to",
    )
)
HUMP = re.compile(r"(?<=[a-zа-яіїєґé])(?=[A-ZА-ЯІЇЄҐÉ])")
WORD = re.compile(r"[^\W_]+")
# Amounts in thousands or millions, as headers say it: «ARR (k€)», «CA en M€», «ARR in thousands».
UNITS = (
    ("1000", re.compile(r"\b[kK]\s?(?:€|\$|£|EUR|USD|euros?)|milliers|thousands|тис\b")),
    ("1000000", re.compile(r"\bM\s?(?:€|\$|£|EUR|USD|euros?)|millions?\b|млн\b")),
)
ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[€$£₴]|n°", re.IGNORECASE)


@dataclass(frozen=True)
class Vocabulary:
    """The words of synonyms.toml: names of files by kind, monthly revenue, and by kind and column its phrases."""

    names: Mapping[str, frozenset[str]]
    monthly: frozenset[tuple[str, ...]]
    phrases: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]

    @property
    def known(self) -> frozenset[str]:
        """Every phrase as one text, to find the header row by."""
        return frozenset(
            " ".join(phrase) for columns in self.phrases.values() for found in columns.values() for phrase in found
        )


def words(header: str) -> tuple[str, ...]:
    """`header` cut into folded words, without units, asides and little words."""
    text = HUMP.sub(" ", ASIDE.sub(" ", header)) if not header.isupper() else ASIDE.sub(" ", header)
    found = WORD.findall(fold(text.replace("’", "'")))
    return tuple(word for word in found if word not in LITTLE) or tuple(found)


def factor(header: str) -> str:
    """What amounts under this header are multiplied by, "" for plain units."""
    return next((number for number, pattern in UNITS if pattern.search(header)), "")


@cache
def vocabulary() -> Vocabulary:
    written = tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text(encoding="utf-8"))
    names = {kind: frozenset(fold(word) for word in found) for kind, found in written.pop("names").items()}
    monthly = frozenset(words(phrase) for phrase in written.pop("monthly")["words"])
    phrases = {
        kind: {column: tuple(dict.fromkeys(map(words, found))) for column, found in columns.items()}
        for kind, columns in written.items()
    }
    return Vocabulary(names, monthly, phrases)
