"""Words that stay inside the house, wherever a text goes to a client (DK-8, XB-7). Pure.

Finds words of the lists in a text: folded, on word boundaries, with the sentence they stand in.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

LONGEST = 160
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "inside.toml").read_text(encoding="utf-8"))


@cache
def pattern(name: str, language: str) -> re.Pattern[str]:
    """The words of list `name` in a language and in English, the longest first."""
    words = {*_lists()[name][language], *_lists()[name]["en"]}
    parts = [
        re.escape(fold(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else "")
        for word in sorted(words, key=lambda word: (-len(word), word))
    ]
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)")


def found(text: str, name: str, language: str) -> tuple[str, str] | None:
    """The first word of the list in `text` as it is written there, and its sentence; None where there is none."""
    looked = pattern(name, language)
    # Most texts hold nothing: one look at the whole before each sentence is taken apart.
    if not looked.search(fold(text)):
        return None
    for sentence in SENTENCE.split(text):
        folded = fold(sentence)
        hit = looked.search(folded)
        if hit is None:
            continue
        word = sentence[hit.start() : hit.end()] if len(folded) == len(sentence) else hit.group()
        return word, shorten(sentence)
    return None


def fold(text: str) -> str:
    """Without case and accents, character by character where Unicode allows, so that places stay the same."""
    return "".join(_folded(char) for char in text.translate(APOSTROPHES))


@cache
def _folded(char: str) -> str:
    # й and ї are letters of their own, not и and і with a sign.
    if "\u0400" <= char <= "\u04ff":
        return char.casefold()
    plain = "".join(one for one in unicodedata.normalize("NFD", char) if not unicodedata.combining(one))
    return (plain or char).casefold() if len(plain.casefold()) == 1 else char


def shorten(sentence: str) -> str:
    """A quotation that fits a line."""
    clean = " ".join(sentence.split())
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1].rstrip() + "…"
