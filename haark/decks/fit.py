"""Measures text and makes it fit: the one set of rules behind every output, so that none overflows.

Widths are Inter's advances without kerning (static/fonts/deck/widths.json, thousandths of an em), which Inter's kerning
only shortens. Characters that Inter lacks count as wide as the widest fallback. Lengths are points.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

WIDTHS_FILE = Path(__file__).resolve().parents[2] / "static/fonts/deck/widths.json"
ELLIPSIS = "…"
UNKNOWN, WIDE = 800, 1350
PIECES = re.compile(r"[^ \u2009]+[ \u2009]*")
SAFETY = 1.01


@dataclass(frozen=True)
class Face:
    """How a text is set: weight 400, 500 or 600, and tracking in em."""

    weight: int = 400
    tracking: float = 0.0


@dataclass(frozen=True)
class Fitted:
    """A text at the size that fits: `lines` as they break, `cut` when the end is missing."""

    size: float
    lines: tuple[str, ...]
    cut: bool = False

    @property
    def text(self) -> str:
        """The lines as one text."""
        return " ".join(self.lines)


class Table(dict[str, int]):
    """Advances by character; one that Inter lacks gets a guess, once."""

    def __missing__(self, char: str) -> int:
        self[char] = _guess(char)
        return self[char]


@functools.cache
def _tables() -> dict[int, Table]:
    return {int(weight): Table(table) for weight, table in json.loads(WIDTHS_FILE.read_text(encoding="utf-8")).items()}


def width(text: str, size: float, face: Face = Face()) -> float:
    """Length of one line in points."""
    return _points(sum(map(_tables()[face.weight].__getitem__, text)), len(text), size, face)


def _points(advances: int, characters: int, size: float, face: Face) -> float:
    return (advances / 1000 + face.tracking * characters) * size * SAFETY


def _guess(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    wide = unicodedata.east_asian_width(char) in "WF" or ord(char) >= 0x1_0000
    return WIDE if wide else UNKNOWN


def wrap(text: str, box: float, size: float, face: Face = Face(), limit: int = 1_000) -> Fitted:
    """Breaks `text` into at most `limit` lines of `box` points; the last one ends with an ellipsis when text is left.

    Words longer than a line break between characters. Line breaks in the text are kept.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _greedy(paragraph, box, size, face, limit + 1 - len(lines))
        if len(lines) > limit:
            kept = lines[:limit]
            kept[-1] = _ellipsis(kept[-1], box, size, face)
            return Fitted(size, tuple(kept), cut=True)
    return Fitted(size, tuple(lines))


def _greedy(paragraph: str, box: float, size: float, face: Face, limit: int) -> list[str]:
    lines: list[str] = []
    current, used = "", 0.0
    for piece in PIECES.findall(paragraph):
        if len(lines) >= limit:
            break
        long = width(piece.rstrip(" \u2009"), size, face)
        if current and used + long > box:
            lines.append(current.rstrip(" \u2009"))
            current, used = "", 0.0
        if long > box:
            heads, piece = _broken(piece, box, size, face, limit - len(lines))
            lines += heads
        current += piece
        used += width(piece, size, face)
    if current and len(lines) < limit:
        lines.append(current.rstrip(" \u2009"))
    return lines or [""]


def _broken(word: str, box: float, size: float, face: Face, limit: int) -> tuple[list[str], str]:
    """At most `limit` full lines of a word longer than a line, each of at least one character, and what is left."""
    sums = list(accumulate(map(_tables()[face.weight].__getitem__, word), initial=0))
    heads: list[str] = []
    end, at = len(word.rstrip(" \u2009")), 0
    while at < end and len(heads) < limit and _points(sums[end] - sums[at], end - at, size, face) > box:
        low, high = at + 1, len(word)
        while low < high:
            middle = (low + high + 1) // 2
            fits = _points(sums[middle] - sums[at], middle - at, size, face) <= box
            low, high = (middle, high) if fits else (low, middle - 1)
        heads.append(word[at:low])
        at = low
    return heads, word[at:]


def _ellipsis(line: str, box: float, size: float, face: Face) -> str:
    short = line
    while short and width(short + ELLIPSIS, size, face) > box:
        short = short[:-1]
    return short.rstrip(" ,;:.\u202f\u00a0") + ELLIPSIS


def fit(text: str, box: float, sizes: Sequence[float], limit: int, face: Face = Face()) -> Fitted:
    """The largest of `sizes` (falling) at which `text` takes at most `limit` lines, else the smallest, cut."""
    for size in sizes:
        fitted = wrap(text, box, size, face, limit)
        if not fitted.cut and not _split_word(text, fitted):
            return fitted
    return wrap(text, box, sizes[-1], face, limit)


def _split_word(text: str, fitted: Fitted) -> bool:
    """Whether a word was broken between characters (a smaller size is then better)."""
    return len("".join(fitted.lines).split()) > 0 and fitted.text.split() != text.split()


def balance(fitted: Fitted, box: float, face: Face = Face()) -> Fitted:
    """The same lines with the narrowest box that keeps their number, so that a two-line title has even lines."""
    if len(fitted.lines) < 2 or fitted.cut:
        return fitted
    low, high = box / 2, box
    while high - low > 4:
        middle = (low + high) / 2
        again = wrap(fitted.text, middle, fitted.size, face)
        low, high = (low, middle) if len(again.lines) <= len(fitted.lines) else (middle, high)
    return wrap(fitted.text, high, fitted.size, face)
