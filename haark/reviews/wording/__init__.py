"""What decks and prep sheets say, in the client's language: data per language, with plural forms (DK-5).

A phrase is a text with named places, or one text for each plural category (CLDR: one, few, many, other), chosen by `n`;
`zero` wins for exactly none. The three languages hold the same keys, which a test checks.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from haark.formats import LANGUAGES

Phrase = str | dict[str, str]


@cache
def phrases(language: str) -> dict[str, Phrase]:
    """Every phrase of a language. KeyError for a language that Haark does not speak."""
    if language not in LANGUAGES:
        raise KeyError(language)
    text = (Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8")
    found: dict[str, Phrase] = tomllib.loads(text)
    return found


class Words:
    """The phrases of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.phrases = phrases(language)
        self.plural = Locale.parse(language).plural_form

    def __call__(self, key: str, n: int | float | None = None, /, **values: Any) -> str:
        """The phrase `key`, its places filled. `n` chooses the plural form, and fills {n} unless a text is given."""
        phrase = self.phrases[key]
        if isinstance(phrase, dict):
            phrase = phrase["zero"] if n == 0 and "zero" in phrase else phrase.get(self._form(n), phrase["other"])
        if n is not None:
            values.setdefault("n", n)
        return phrase.format(**values)

    def _form(self, n: int | float | None) -> str:
        return str(self.plural(n if n is not None else 0))
