"""Native PowerPoint tables. A state is a coloured shape and a word; progress is a bar drawn over its cell."""

from __future__ import annotations

from dataclasses import replace
from xml.sax.saxutils import quoteattr

from haark.decks.ooxml import NAMESPACES, Ink, paragraph, shape, transform
from haark.decks.shapes import PAD, BarCell, Box, CellShape, Para, StatusCell, TableColumn, TableShape

SIGNS = {"ok": "●", "warn": "◆", "bad": "▼", "neutral": "■"}
SLACK = 4.0
"""Points of a cell's right margin given back to its text, where a viewer's font runs wider than Inter."""


def table(number: int, shape_: TableShape, ink: Ink, alt: str) -> str:
    """`<p:graphicFrame>` of a table; headings are a header row for screen readers."""
    grid = "".join(f'<a:gridCol w="{ink.emu(column.width)}"/>' for column in shape_.columns)
    heads = "".join(
        _cell(column.heading, column, ink, last=index == len(shape_.columns) - 1, head=True)
        for index, column in enumerate(shape_.columns)
    )
    rows = f'<a:tr h="{ink.emu(shape_.header)}">{heads}</a:tr>'
    for row in shape_.rows:
        cells = "".join(
            _cell(cell, column, ink, last=index == len(row.cells) - 1)
            for index, (cell, column) in enumerate(zip(row.cells, shape_.columns, strict=True))
        )
        rows += f'<a:tr h="{ink.emu(row.height)}">{cells}</a:tr>'
    head = f'<p:nvGraphicFramePr><p:cNvPr id="{number}" name="Table {number}" descr={quoteattr(alt)}/>'
    head += '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
    data = f'<a:tbl><a:tblPr firstRow="1"/><a:tblGrid>{grid}</a:tblGrid>{rows}</a:tbl>'
    kind = "http://schemas.openxmlformats.org/drawingml/2006/table"
    graphic = f'<a:graphic><a:graphicData uri="{kind}">{data}</a:graphicData></a:graphic>'
    return f"<p:graphicFrame {NAMESPACES}>{head}{transform(shape_.box, 'p', ink.scale)}{graphic}</p:graphicFrame>"


def bars(number: int, shape_: TableShape, ink: Ink) -> list[str]:
    """Progress bars over their cells: track and filling, the latter with its alternative text."""
    drawn: list[str] = []
    y = shape_.box.y + shape_.header
    for row in shape_.rows:
        x = shape_.box.x
        for cell, column in zip(row.cells, shape_.columns, strict=True):
            if isinstance(cell, BarCell):
                drawn += _bar(
                    number + len(drawn), cell, Box(x + column.inset, y, column.width - column.inset, row.height), ink
                )
            x += column.width
        y += row.height
    return drawn


def _bar(number: int, cell: BarCell, box: Box, ink: Ink) -> list[str]:
    wide = min(box.w - PAD, 135.0)
    track = Box(box.x, box.y + (box.h - 7.5) / 2, wide, 7.5)
    drawn = [shape(number, "Track", track, ink, fill=ink.theme.track, radius=1.5, descr=cell.label)]
    if cell.fraction is not None:
        filled = replace(track, w=max(wide * min(max(cell.fraction, 0), 1), 2.2))
        fill = ink.theme.tone(cell.tone).fill
        drawn.append(shape(number + 1, "Progress", filled, ink, fill=fill, radius=1.1))
    return drawn


def _cell(cell: CellShape, column: TableColumn, ink: Ink, *, last: bool, head: bool = False) -> str:
    line = f'<a:lnB w="{ink.emu(1.5 if head else 0.75)}">{ink.fill(ink.theme.ink if head else ink.theme.line)}</a:lnB>'
    none = "".join(f'<a:{side} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
    right = 0 if last else PAD - SLACK
    if column.heading.align == "right":
        right = 0 if last else PAD
    margins = f'marL="{ink.emu(column.inset)}" marR="{ink.emu(right)}" marT="0" marB="0"'
    anchor = "t" if head else "ctr"
    look = f'<a:tcPr {margins} anchor="{anchor}">{none}{line}<a:noFill/></a:tcPr>'
    return f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{_words(cell, ink)}</a:txBody>{look}</a:tc>"


def _words(cell: CellShape, ink: Ink) -> str:
    if isinstance(cell, Para):
        return paragraph(cell, ink)
    if isinstance(cell, StatusCell):
        tone = ink.theme.tone(cell.tone)
        sign = SIGNS.get(cell.tone, SIGNS["neutral"])
        words = f"\u00a0{sign}\u00a0{cell.word}\u00a0"
        return paragraph(Para((words,), 10.5, tone.text, 600, ground=tone.soft), ink)
    return f'<a:p><a:endParaRPr lang="{ink.locale}" sz="{ink.size(9)}"/></a:p>'
