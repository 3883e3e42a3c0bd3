"""Where on the drawn slide each text stands that can be edited, so that it can be opened in place. Pure.

The engine knows no fields: a field is found again by its words among the paragraphs of the composed page. A text that
is not found (empty, or drawn as part of a chart) keeps its form below the slide, which every text has.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from haark.decks.shapes import PAD, Box, Page, Para, TableShape, TextShape
from haark.reviews.content.context import Field

SHORTEST = 3
SPACES = re.compile(r"[\s\u00a0\u202f]+")
MARGIN = 3.0


@dataclass(frozen=True)
class Spot:
    """A place on a page of 960 x 540 points that opens the field `name`; `size` and `weight` of its type, in points."""

    name: str
    box: Box
    size: float
    weight: int
    colour: str
    ground: str


def find(page: Page, fields: Sequence[Field]) -> tuple[Spot, ...]:
    """The spots of a page, one for each field that is seen on it, in reading order."""
    open_ = [(field, _wanted(field)) for field in fields if field.name != "notes"]
    found: dict[str, Spot] = {}
    for para, box, role in _paras(page):
        name = _match(_flat(para.text), role, open_)
        if name is None:
            continue
        spot = Spot(name, box, para.size, para.weight, para.color, page.ground)
        found[name] = replace(found[name], box=_around(found[name].box, box)) if name in found else spot
    return tuple(found.values())


def _wanted(field: Field) -> tuple[str, ...]:
    lines = field.current.splitlines() if field.kind == "lines" else [field.current]
    return tuple(words for words in map(_flat, lines) if len(words) >= SHORTEST)


def _match(shown: str, role: str, fields: list[tuple[Field, tuple[str, ...]]]) -> str | None:
    """The field that a paragraph shows: the title is the headline where its words are nobody else's."""
    for field, wanted in fields:
        if any(_same(shown, words) or (role == "title" and shown.startswith(f"{words} ")) for words in wanted):
            return field.name  # the cover's title goes on with the period
    return "headline" if role == "title" else None


def _same(shown: str, words: str) -> bool:
    if shown == words or shown.endswith(f". {words}"):  # «2. …» in a numbered list
        return True
    cut = shown.removesuffix("…").rstrip()
    return shown.endswith("…") and len(cut) > 12 and words.startswith(cut)


def _flat(text: str) -> str:
    return SPACES.sub(" ", text).strip()


def _paras(page: Page) -> Iterator[tuple[Para, Box, str]]:
    for shape in page.shapes:
        if isinstance(shape, TextShape):
            top = shape.box.y
            if shape.anchor != "top":
                top += (shape.box.h - shape.height) / (2 if shape.anchor == "middle" else 1)
            for para in shape.paras:
                yield para, Box(shape.box.x, top + para.gap, shape.box.w, para.height - para.gap), shape.role
                top += para.height
        elif isinstance(shape, TableShape):
            yield from _cells(shape)


def _cells(table: TableShape) -> Iterator[tuple[Para, Box, str]]:
    y = table.box.y + table.header
    for row in table.rows:
        x = table.box.x
        for cell, column in zip(row.cells, table.columns, strict=True):
            if isinstance(cell, Para):
                wide = column.width - column.inset - PAD
                yield cell, Box(x + column.inset, y + (row.height - cell.height) / 2, wide, cell.height), "cell"
            x += column.width
        y += row.height


def _around(one: Box, other: Box) -> Box:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right, bottom = max(one.x + one.w, other.x + other.w), max(one.y + one.h, other.y + other.h)
    return Box(x, y, right - x, bottom - y)
