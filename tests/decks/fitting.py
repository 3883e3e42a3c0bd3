"""Whether text stays in its box in finished files: words placed in a PDF, and frames of a PowerPoint measured."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pptx.oxml.ns import qn
from pptx.util import Length

from haark.decks import fit
from haark.decks.ooxml import NATURAL
from haark.decks.shapes import Box
from tests.decks import reading

SIDE, REACH = 3.0, 0.2
"""Points beside its box, and share of its height above and below it, that a word may take: what pdftotext calls the
height of a word is that of its font, which reaches over a tight line, and LibreOffice has another font than Inter."""


@dataclass(frozen=True)
class Word:
    """A word where it was drawn, in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def drawn(path: Path) -> list[list[Word]]:
    """The words of each page, by pdftotext."""
    text = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, encoding="utf-8", errors="replace"
    ).stdout
    pages: list[list[Word]] = []
    for line in text.splitlines():
        if "<page " in line:
            pages.append([])
        elif "<word " in line:
            places = (float(part.split('"')[0]) for part in line.split('="')[1:5])
            pages[-1].append(Word(line.split(">", 1)[1].rsplit("<", 1)[0], *places))
    return pages


def outside(words: Sequence[Word], boxes: Sequence[Box], wide: float = 960.0, high: float = 540.0) -> list[str]:
    """The words that leave the page, or stand in none of the boxes."""
    found = []
    for word in words:
        if word.left < -1 or word.top < -1 or word.right > wide + 1 or word.bottom > high + 1:
            found.append(f"leaves the page: {word}")
        elif not any(_holds(box, word) for box in boxes):
            found.append(f"in no box: {word}")
    return found


def _holds(box: Box, word: Word) -> bool:
    beside = word.left >= box.x - SIDE and word.right <= box.x + box.w + SIDE
    reach = max(5.0, REACH * (word.bottom - word.top))
    return beside and word.top >= box.y - reach and word.bottom <= box.y + box.h + reach


def frames(packed: bytes) -> list[list[Box]]:
    """Where the shapes of each slide are, in points."""
    return [
        [Box(*(_points(at) for at in (shape.left, shape.top, shape.width, shape.height))) for shape in slide.shapes]
        for slide in reading.presentation(packed).slides
    ]


def measured(packed: bytes) -> list[str]:
    """The text frames and cells of a PowerPoint whose words are higher than they are, by Inter's widths."""
    found = []
    for number, slide in enumerate(reading.presentation(packed).slides, start=1):
        for shape in slide.shapes:
            wrong = _cells(shape.table) if shape.has_table else _frame(shape) if shape.has_text_frame else ()
            found += [f"slide {number}: {one}" for one in wrong]
    return found


def _frame(shape) -> Iterator[str]:
    frame = shape.text_frame
    room = _points(shape.width) - _points(frame.margin_left) - _points(frame.margin_right)
    tall = _points(shape.height) - _points(frame.margin_top) - _points(frame.margin_bottom)
    height = sum(_height(para, room) for para in frame.paragraphs)
    if height > max(tall, 0) + 1.5:
        yield f"{height:.0f} points in {tall:.0f}: {frame.text[:80]}"


def _cells(table) -> Iterator[str]:
    for row in table.rows:
        for cell, column in zip(row.cells, table.columns, strict=True):
            room = _points(column.width) - _points(cell.margin_left) - _points(cell.margin_right)
            height = sum(_height(para, room) for para in cell.text_frame.paragraphs)
            if height > _points(row.height) + 1.5:
                yield f"cell of {height:.0f} points in {_points(row.height):.0f}: {cell.text_frame.text[:80]}"


def _height(para, room: float) -> float:
    """Of a paragraph set in `room` points; its lines break where PowerPoint breaks them, between words."""
    runs = para._p.findall(qn("a:r")) + para._p.findall(qn("a:fld"))
    if not runs:
        return 0.0
    look = runs[0].find(qn("a:rPr"))
    size, bold = int(look.get("sz")) / 100, look.get("b") == "1"
    face = fit.Face(600 if bold else 400, int(look.get("spc") or 0) / 100 / size)
    properties = para._p.find(qn("a:pPr"))
    indent = int(properties.get("marL") or 0) / 12700 if properties is not None else 0.0
    text = para.text.replace("\x0b", "\n")
    tail = 1 if len(runs) > 1 and int(runs[-1].find(qn("a:rPr")).get("sz")) < size * 100 else 0
    lines = fit.wrap(text, room - indent, size, face).lines if not tail else (text,)
    leading = _spacing(properties)
    return len(lines) * size * leading + _before(properties)


def _spacing(properties) -> float:
    found = properties.find(f"{qn('a:lnSpc')}/{qn('a:spcPct')}") if properties is not None else None
    return NATURAL * (int(found.get("val")) / 100_000 if found is not None else 1.0)


def _before(properties) -> float:
    found = properties.find(f"{qn('a:spcBef')}/{qn('a:spcPts')}") if properties is not None else None
    return int(found.get("val")) / 100 if found is not None else 0.0


def _points(length: int) -> float:
    return Length(length).pt
