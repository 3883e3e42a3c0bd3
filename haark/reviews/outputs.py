"""From a deck to bytes: which formats and editions there are, what they are called, who writes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, get_args

from haark.decks.outline import Deck, Edition
from haark.decks.telling import Tell, untold
from haark.formats import fold

MEDIA = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "md": "text/markdown; charset=utf-8",
}
# Imported when asked for: a page that only shows a review loads neither WeasyPrint nor python-pptx.
WRITERS = {"pdf": "pdf:render_pdf", "pptx": "pptx:render_pptx", "md": "markdown:render_markdown"}
EDITIONS: tuple[Edition, ...] = get_args(Edition)
# The mark in a file's name, which travels better in ASCII.
MARKS = {"fr": "Interne"}


@dataclass(frozen=True)
class Variant:
    """Which reading of a review a file holds: for whom, whether the speaker's notes go along, and of which facts.

    By default what the client gets (DK-8), with the notes that PowerPoint shows to the speaker (DK-3), of the facts
    that the review shows; `snapshot`: the id of earlier ones (XB-4).
    """

    edition: Edition = "client"
    notes: bool = True
    snapshot: int | None = None

    @classmethod
    def asked(cls, values: Mapping[str, str]) -> "Variant":
        """What an address or a form asks for; anything unknown is the client's edition."""
        internal, kept = values.get("edition") == "internal", values.get("snapshot", "")
        snapshot = int(kept) if kept.isdecimal() and len(kept) < 10 else None
        return cls("internal" if internal else "client", values.get("notes") != "no", snapshot)

    @property
    def parameters(self) -> dict[str, Any]:
        """What `asked` reads, for an address; None where it is the default."""
        internal = self.edition == "internal"
        notes = None if self.notes else "no"
        return {"edition": "internal" if internal else None, "notes": notes, "snapshot": self.snapshot}

    def of(self, deck: Deck) -> Deck:
        """The deck as this variant shows it."""
        plain = self.edition == "client" and self.notes
        return deck if plain else deck.for_edition(self.edition, notes=self.notes)


CLIENT = Variant()


def write(deck: Deck, form: str, told: Tell = untold) -> bytes:
    """The deck as `pdf`, `pptx` or `md`; `told` hears how far it is. KeyError for another format."""
    module, _colon, name = WRITERS[form].partition(":")
    writer: Callable[..., bytes | str] = getattr(import_module(f"haark.decks.{module}"), name)
    made = writer(deck) if form == "md" else writer(deck, told)
    return made.encode("utf-8") if isinstance(made, str) else made


def file_name(account: str, period: str, form: str, deck: Deck | None = None, read_on: str = "") -> str:
    """`A-2e4581-2024-Q4.pdf`, of an internal edition `A-2e4581-2024-Q4-Interne.pdf`, of facts read on an earlier day
    `A-2e4581-2024-Q4-2024-10-01.pdf`.

    What is not a letter, a digit, a dot, `-` or `_` becomes `-`.
    """
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in fold_case(account))
    mark = f"-{read_on}" if read_on else ""
    if deck is not None and deck.edition == "internal":
        mark += "-" + MARKS.get(deck.language, "Internal")
    return f"{kept.strip('-.')[:80] or 'account'}-{period}{mark}.{form}"


def fold_case(text: str) -> str:
    """Without accents, its case kept: file names travel through systems that disagree about accents."""
    return "".join(fold(char).upper() if char.isupper() else fold(char) or "-" for char in text)
