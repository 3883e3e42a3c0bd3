"""Drawers of tables: the general one, and the agenda."""

from __future__ import annotations

from dataclasses import replace

from haark.decks import fit
from haark.decks.outline import Agenda, AgendaItem, Cell, Column, Progress, Status, Table
from haark.decks.outline import Text as TextCell
from haark.decks.place import Context, Drawn, block_of, words
from haark.decks.shapes import (
    PAD,
    BarCell,
    Box,
    CellShape,
    Para,
    Rect,
    Shape,
    StatusCell,
    TableColumn,
    TableRow,
    TableShape,
)
from haark.decks.words import word

CHIP = 33.0
"""Points that a state needs besides its word."""
DENSITIES = ((12.5, 9.0, 3), (11.5, 6.0, 3), (10.5, 4.0, 2))
"""Body size, space above and below, lines at most: from airy to dense."""


def table(block: Table, box: Box, context: Context) -> Drawn:
    """Rows as airy as the box allows; those that do not fit even when dense go on to a further page."""
    theme = context.theme
    head: tuple[Shape, ...] = ()
    top = box.y
    if block.title:
        title = block_of(
            box.x, top, box.w, words(block.title, box.w, (14, 12), 1, theme.ink, weight=600), role="heading"
        )
        head, top = (title,), top + title.height + 8
    if not block.rows or not block.columns:
        note = words(block.empty or word(context.language, "empty"), box.w, (13,), 2, theme.ink3)
        return Drawn((*head, block_of(box.x, top, box.w, note)), top - box.y + note.height)
    columns = _columns(block, box.w, context)
    header = max(column.heading.height for column in columns) + 6
    room = box.y + box.h - top - header
    rows, size, rest = _rows(block, columns, room, context)
    high = header + sum(row.height for row in rows)
    shape = TableShape(Box(box.x, top, box.w, high), columns, rows, header, size, block.title)
    left = replace(block, rows=rest) if rest else None
    return Drawn((*head, shape), top - box.y + high, left)


def _columns(block: Table, room: float, context: Context) -> tuple[TableColumn, ...]:
    weights = [column.width for column in block.columns]
    if len(set(weights)) == 1:
        weights = [_natural(block, index) for index in range(len(block.columns))]
    total = sum(weights) or 1
    result: list[TableColumn] = []
    for column, wide in zip(block.columns, _widths(block, [room * weight / total for weight in weights]), strict=True):
        inset = 16.0 if result and result[-1].heading.align == "right" and column.align == "left" else 0.0
        room_ = max(wide - PAD - inset, 20)
        heading = words(column.title, room_, (10, 9), 2, context.theme.ink3, weight=500, align=column.align)
        result.append(TableColumn(wide, heading, inset))
    return tuple(result)


def _widths(block: Table, widths: list[float]) -> list[float]:
    """Widths in which no state and no figure is cut, taken from the columns of words: for narrow pages."""
    needs = [_whole(block, index) for index in range(len(widths))]
    lacking = sum(max(need - wide, 0) for need, wide in zip(needs, widths, strict=True))
    spare = [max(wide - max(need, 90.0), 0) for need, wide in zip(needs, widths, strict=True)]
    if not lacking or sum(spare) <= lacking:
        return widths
    share = lacking / sum(spare)
    return [max(wide, need) - free * share for wide, need, free in zip(widths, needs, spare, strict=True)]


def _whole(block: Table, index: int) -> float:
    """What a column of states or of figures needs on one line; 0 for words, which can wrap."""
    cells = [row[index] for row in block.rows[:40] if index < len(row)]
    states = [fit.width(cell.word[:40], 10.5, fit.Face(600)) + CHIP for cell in cells if isinstance(cell, Status)]
    figures = [
        fit.width(cell.text, 11.5, fit.Face(600)) + PAD
        for cell in cells
        if isinstance(cell, TextCell) and block.columns[index].align == "right" and len(cell.text) <= 12
    ]
    return min(max([*states, *figures], default=0.0), 130.0)


def _natural(block: Table, index: int) -> float:
    """Width a column would like, from its words, within bounds."""
    longest = fit.width(block.columns[index].title, 10, fit.Face(500))
    for row in block.rows[:40]:
        cell = row[index] if index < len(row) else TextCell("")
        if isinstance(cell, Progress):
            longest = max(longest, 135.0)
        elif isinstance(cell, Status):
            longest = max(longest, fit.width(cell.word[:60], 10.5, fit.Face(600)) + CHIP)
        else:
            longest = max(longest, fit.width(cell.text[:80], 12.5, fit.Face(600 if cell.strong else 400)))
    return min(max(longest + PAD, 52.0), 280.0)


def _rows(
    block: Table, columns: tuple[TableColumn, ...], room: float, context: Context
) -> tuple[tuple[TableRow, ...], float, tuple[tuple[Cell, ...], ...]]:
    """The rows drawn, the size of their text, and the rows of the outline left over."""
    for size, pad, limit in DENSITIES:
        rows = [_row(block.columns, cells, columns, size, pad, limit, context) for cells in block.rows[:60]]
        if len(block.rows) <= 60 and sum(row.height for row in rows) <= room:
            return _airy(rows, room), size, ()
    kept: list[TableRow] = []
    for row in rows:
        if kept and sum(one.height for one in kept) + row.height > room:
            break
        kept.append(row)
    return tuple(kept), size, block.rows[len(kept) :]


def _airy(rows: list[TableRow], room: float) -> tuple[TableRow, ...]:
    """Rows stretched to use the page, without drifting apart."""
    goal = min(room * 0.84 / len(rows), 78.0)
    spare = room - sum(max(row.height, goal) for row in rows)
    if spare < 0:
        goal = 0
    return tuple(replace(row, height=max(row.height, goal)) for row in rows)


def _row(
    titles: tuple[Column, ...],
    cells: tuple[Cell, ...],
    columns: tuple[TableColumn, ...],
    size: float,
    pad: float,
    limit: int,
    context: Context,
) -> TableRow:
    filled = (*cells[: len(columns)], *(TextCell("") for _ in range(len(columns) - len(cells))))
    drawn = tuple(
        _cell(cell, title, column.width - column.inset, size, limit, context)
        for cell, title, column in zip(filled, titles, columns, strict=True)
    )
    tallest = max((cell.height for cell in drawn if isinstance(cell, Para)), default=0.0)
    return TableRow(max(tallest, 18.0) + 2 * pad, drawn)


def _cell(cell: Cell, title: Column, wide: float, size: float, limit: int, context: Context) -> CellShape:
    room = max(wide - PAD, 16)
    if isinstance(cell, Progress):
        return BarCell(cell.fraction, cell.tone, cell.label)
    if isinstance(cell, Status):
        shown = fit.wrap(cell.word, max(room - CHIP + PAD, 16), 10.5, fit.Face(600), 1)
        return StatusCell(cell.tone, shown.text)
    theme = context.theme
    color = theme.ink if cell.strong or title.align == "right" else theme.ink2
    return words(
        cell.text,
        room,
        (size, size - 1),
        limit,
        theme.ink3 if cell.muted else color,
        weight=600 if cell.strong else 400,
        align=title.align,
    )


def agenda(block: Agenda, box: Box, context: Context) -> Drawn:
    """A bar of the durations, then one row a part."""
    theme = context.theme
    shapes: list[Shape] = []
    total = sum(max(item.minutes, 0) for item in block.items) or 1
    longest = max((item.minutes for item in block.items), default=0)
    x = box.x
    for item in block.items:
        wide = (box.w - 3 * (len(block.items) - 1)) * max(item.minutes, 0) / total
        if wide > 0:
            fill = theme.brand if item.minutes == longest else theme.medium
            shapes.append(Rect(Box(x, box.y, wide, 9), fill, 1.5))
            x += wide + 3
    columns = (
        TableColumn(43, words(word(context.language, "number"), 40, (10,), 1, theme.ink3, weight=500)),
        TableColumn(
            box.w - 43 - 150 - 80, words(word(context.language, "part"), 100, (10,), 1, theme.ink3, weight=500)
        ),
        TableColumn(150, words(word(context.language, "who"), 140, (10,), 1, theme.ink3, weight=500)),
        TableColumn(
            80, words(word(context.language, "agenda_minutes"), 70, (10,), 1, theme.ink3, weight=500, align="right")
        ),
    )
    header = 22.0
    room = box.h - 24 - header
    shown = block.items[: max(int(room / 24), 1)]
    high = min(47.5, room / max(len(shown), 1))
    rows = tuple(_part(item, columns, high, context) for item in shown)
    box_ = Box(box.x, box.y + 24, box.w, header + high * len(rows))
    shapes.append(TableShape(box_, columns, rows, header, 16 if high > 36 else 12))
    rest = Agenda(block.items[len(shown) :], block.alt) if len(shown) < len(block.items) else None
    return Drawn(tuple(shapes), 24 + box_.h, rest)


def _part(item: AgendaItem, columns: tuple[TableColumn, ...], high: float, context: Context) -> TableRow:
    theme, big = context.theme, high > 36
    title = words(
        item.title,
        columns[1].width - PAD,
        (16, 14, 12) if big else (12, 10),
        2 if high > 42 else 1,
        theme.ink,
        weight=500,
        leading=1.2,
    )
    who = words(item.who, 140, (12.5, 10.5) if big else (10.5,), 2 if big else 1, theme.ink2, leading=1.25)
    number = words(item.number, 33, (15, 11) if big else (12, 9), 1, theme.accent, weight=600)
    minutes = words(item.minutes_label, 80, (12.5, 10), 1, theme.ink, weight=600, align="right")
    return TableRow(high, (number, title, who, minutes))
