"""What own slides can be made of: the account's figures and series, and what of the library fits it."""

from haark import locale
from haark.reviews import figures
from haark.reviews.assembly import Book
from haark.reviews.content.context import Composer
from haark.reviews.content.series import SERIES, drawn
from haark.reviews.wording import Words


def known_figures(book: Book) -> list[tuple[str, str]]:
    """(key, «Utilisateurs actifs : 45») of every figure that has a value, in the reader's language."""
    language = locale.current()
    words, currency = Words(language), book.material.facts["account"]["currency"]
    return [
        (key, words("pair", label=words(found.label, name=found.name), value=figures.show(found, language, currency)))
        for key, found in book.figures.items()
        if found.value is not None
    ]


def known_series(book: Book) -> list[tuple[str, str]]:
    """(key, name) of the series with enough points to draw, in the reader's language."""
    words = Words(locale.current())
    make = Composer.of(book.material, "own")
    return [(name, words(f"series.{name}")) for name in SERIES if drawn(make, name) is not None]
