"""From a deck to bytes: which formats there are, what they are called, who writes them."""

from collections.abc import Callable
from importlib import import_module

from haark.decks.outline import Deck
from haark.formats import fold

MEDIA = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "md": "text/markdown; charset=utf-8",
}
# Imported when asked for: a page that only shows a review loads neither WeasyPrint nor python-pptx.
WRITERS = {"pdf": "pdf:render_pdf", "pptx": "pptx:render_pptx", "md": "markdown:render_markdown"}


def write(deck: Deck, form: str) -> bytes:
    """The deck as `pdf`, `pptx` or `md`. KeyError for another format."""
    module, _colon, name = WRITERS[form].partition(":")
    writer: Callable[[Deck], bytes | str] = getattr(import_module(f"haark.decks.{module}"), name)
    made = writer(deck)
    return made.encode("utf-8") if isinstance(made, str) else made


def file_name(account: str, period: str, form: str) -> str:
    """`A-2e4581-2024-Q4.pdf`: what is not a letter, a digit, a dot, `-` or `_` becomes `-`."""
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in fold_case(account))
    return f"{kept.strip('-.')[:80] or 'account'}-{period}.{form}"


def fold_case(text: str) -> str:
    """Without accents, its case kept: file names travel through systems that disagree about accents."""
    return "".join(fold(char).upper() if char.isupper() else fold(char) or "-" for char in text)
