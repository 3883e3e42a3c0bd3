"""Whether the words of a slide fit: composed as for every output, then what was cut there is looked for. Pure."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from haark.decks import clean
from haark.decks.compose import compose
from haark.decks.fit import ELLIPSIS
from haark.decks.outline import Deck, Slide
from haark.decks.shapes import Page, Para, StatusCell, TableShape, TextShape
from haark.decks.words import others

# What is no text of the page: keys, what is read aloud instead of a drawing, the speaker's notes.
APART = frozenset({"key", "alt", "notes", "tone", "state", "align", "digest", "data"})
MOST_LEFT = 60


@dataclass(frozen=True)
class Fitted:
    """`cut`: the texts whose end is missing; `pages`: how many pages the slide takes."""

    cut: tuple[str, ...]
    pages: int


def slide(deck: Deck, one: Slide) -> Fitted:
    """How a slide fits the pages of its deck. The same slide is measured once per process."""
    frame = dataclasses.replace(deck, slides=(), brand=dataclasses.replace(deck.brand, logo=None, client_logo=None))
    return _measured(dataclasses.replace(frame, edition="internal"), dataclasses.replace(one, notes="", hidden=False))


def texts(one: Any) -> Iterator[str]:
    """Every text that a slide shows."""
    if isinstance(one, str):
        if one.strip():
            yield one
    elif isinstance(one, tuple):
        for item in one:
            yield from texts(item)
    elif dataclasses.is_dataclass(one) and not isinstance(one, type):
        for name in _shown(type(one)):
            yield from texts(getattr(one, name))


@cache
def _shown(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind) if item.name not in APART)


@lru_cache(maxsize=512)
def _measured(frame: Deck, one: Slide) -> Fitted:
    _deck, pages = compose(dataclasses.replace(frame, slides=(one,)))
    said = [" ".join(text.split()) for text in texts(clean.outline(one, frame.language))]
    left = {others(frame.language, count) for count in range(1, MOST_LEFT)}
    cut = []
    for page in pages:
        for text in _drawn(page):
            if _bare(text) in left:
                cut.append(_bare(text))
            elif text.endswith(ELLIPSIS) and text not in said:
                start = text[: -len(ELLIPSIS)].rstrip()
                cut += [whole for whole in said if whole != text and _begins(whole, start)][:1]
    return Fitted(tuple(dict.fromkeys(cut)), len(pages))


def _begins(whole: str, start: str) -> bool:
    """Whether a text was cut after `start`, which may begin with a number set before it («1. …»)."""
    return any(part and whole.startswith(part) for part in (start, _bare(start)))


def _bare(text: str) -> str:
    """Without the number that lists set before their points."""
    number, _space, rest = text.partition(" ")
    return rest if number[:-1].isdigit() and number.endswith(".") else text


def _drawn(page: Page) -> Iterator[str]:
    for shape in page.shapes:
        if isinstance(shape, TextShape):
            for para in shape.paras:
                yield _words(para)
        elif isinstance(shape, TableShape):
            for column in shape.columns:
                yield _words(column.heading)
            for row in shape.rows:
                for cell in row.cells:
                    if isinstance(cell, Para):
                        yield _words(cell)
                    elif isinstance(cell, StatusCell):
                        yield cell.word


def _words(para: Para) -> str:
    return " ".join(para.text.split())
