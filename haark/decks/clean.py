"""Cleans every text of an outline, once, before anything is measured or written.

XML forbids most control characters, U+FFFE, U+FFFF and lone surrogates: PowerPoint would refuse the file. Bidirectional
controls are dropped as well, since they can reorder what a reader sees. Lengths are bounded, so that no text costs more
than a slide can show.
"""

import dataclasses
import re
import unicodedata
from typing import Any, TypeVar

from haark.decks.outline import AgendaItem, Annotation, Column, RoadmapItem, Slide, Step

T = TypeVar("T")
LONGEST = 4_000
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
SPACES = re.compile(r"[ \t\r\f\v\u2028\u2029\u0085]+")
GROUPS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
UNITS = re.compile(r"(?<=\d) (?=(?:%|€|\$|£|₴|°|k€|M€|h|min|j|s|ans?|pts?)(?!\w))")
DAYS = re.compile(r"(?<=\d) (?=[^\W\d_]{3,5}\.(?!\w)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?!\w))")
BEFORE_SIGN = re.compile(r" (?=[;:?!»](?:\s|$|[)\u00a0]))")
OPENING = re.compile(r"« ")
# In a title a number goes with its word, and a year with its month or quarter.
COUNTED = re.compile(r"(?<=\d) (?=\w)")
DATED = re.compile(r"(?<=[\w.]) (?=\d{4}(?!\d))")
BLANK_LINES = re.compile(r" ?\n[ \n]*")


def text(raw: str) -> str:
    """`raw` without what a document cannot hold, spaces folded, at most LONGEST characters; line breaks stay."""
    kept = FORBIDDEN.sub("", raw[: 4 * LONGEST].replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(char for char in kept if ord(char) < 0x1_0000 or (ord(char) & 0xFFFE) != 0xFFFE)
    kept = unicodedata.normalize("NFC", kept)
    return BLANK_LINES.sub("\n", SPACES.sub(" ", kept)).strip()[:LONGEST]


def bind(words: str, language: str) -> str:
    """Spaces that must not break a line made unbreakable: in figures and days, before units and, in French,
    punctuation."""
    bound = DAYS.sub("\u00a0", UNITS.sub("\u00a0", GROUPS.sub("\u202f" if language == "fr" else "\u00a0", words)))
    if language == "uk":
        bound = bound.replace("р..", "р.")  # a date that ends a sentence brings its own full stop
    if language == "fr":
        bound = OPENING.sub("«\u202f", BEFORE_SIGN.sub("\u202f", bound))
    return bound


def bind_title(words: str) -> str:
    """«4 objectifs», «8 sept. 2026» and «Q4 2026» held together, within 24 characters so that lines still break."""
    bound = DATED.sub("\u00a0", COUNTED.sub("\u00a0", words))
    return bound if all(len(part) <= 24 for part in bound.split(" ")) else words


def outline(value: T, language: str) -> T:
    """A copy of a deck, slide or block in which every string has gone through `text` and `bind`."""
    return _clean(value, language)


def _clean(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return bind(text(value), language)
    if isinstance(value, tuple):
        return tuple(_clean(item, language) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _field(value, field.name, language) for field in dataclasses.fields(value)}
        return type(value)(**fields)
    return value


def _field(owner: Any, name: str, language: str) -> Any:
    """A field cleaned; NaN, infinities and absurd sizes are unknown where a field can be, else zero."""
    value = getattr(owner, name)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not -1e15 < value < 1e15:
        return 0 if isinstance(owner, (Step, AgendaItem, RoadmapItem, Annotation, Column, Slide)) else None
    cleaned = _clean(value, language)
    return bind_title(cleaned) if name == "headline" and isinstance(owner, Slide) else cleaned
