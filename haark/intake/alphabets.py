"""Which eight-bit encoding makes a text of some European language out of bytes: by its letters, and how they alternate.

Statistical guessing needs more text than the few names of a short file. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

CYRILLIC = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъ"
GREEK = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ"
# Encodings with the letters of the languages that are written in them, and the vowels where the whole alphabet is
# foreign: of these a bit less than half of all letters are vowels.
CANDIDATES = (
    *((name, CYRILLIC, "аеєиіїоуюяыэё") for name in ("cp1251", "koi8_u", "mac_cyrillic", "iso8859_5", "cp866")),
    *((name, GREEK, "αεηιουωάέήίόύώϊϋΐΰ") for name in ("cp1253", "iso8859_7")),
    *((name, "ąćęłńóśźż", "") for name in ("cp1250", "iso8859_2")),
    *((name, "áčďéěíňóřšťúůýžľĺôŕä", "") for name in ("cp1250", "iso8859_2")),
    *((name, "áéíóöőúüű", "") for name in ("cp1250", "iso8859_2")),
    *((name, "ăâîşţșț", "") for name in ("cp1250", "iso8859_2")),
    ("cp1254", "çğıöşüâîû", ""),
    ("mac_roman", "àâäáãåçéèêëíìîïñóòôöõøœúùûüÿæß", ""),
)
PUNCTUATION = frozenset("€£«»‘’“”„–—…°№·•\u00a0§©®™")
VOWELS = 0.43
HUMP = re.compile(r"[^\W\d_A-Z]*[a-zа-яα-ω][А-ЯΑ-Ω]")
ENOUGH = 0.75


@dataclass(frozen=True)
class Guess:
    encoding: str
    worth: float  # 0-1


def best(sample: bytes) -> Guess | None:
    """The likeliest of the encodings, None when none makes sense of the bytes."""
    found = max(_guesses(sample), key=lambda guess: guess.worth, default=None)
    return found if found and found.worth >= ENOUGH else None


def _guesses(sample: bytes) -> Iterator[Guess]:
    for name, letters, vowels in CANDIDATES:
        text = sample.decode(name, errors="replace")
        foreign = [sign for sign in text if ord(sign) > 127 and sign not in PUNCTUATION]
        if not foreign:
            continue
        alphabet = {*letters, *letters.upper(), "İ" if name == "cp1254" else "ς"}
        worth = sum(sign in alphabet for sign in foreign) / len(foreign)
        if vowels:
            share = sum(sign.lower() in vowels for sign in foreign) / len(foreign)
            worth -= abs(share - VOWELS) + len(HUMP.findall(text)) / len(foreign)
        yield Guess(name, worth)
