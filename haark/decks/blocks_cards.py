"""Drawers of cards in a row: objectives with their targets, and large figures with their small bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from haark.decks import fit
from haark.decks.outline import Metric, Metrics, ObjectiveCard, Objectives
from haark.decks.place import Context, Drawn, block_of, hairline, rule, within, words
from haark.decks.shapes import Box, ChartShape, Para, Series, Shape, TextShape

ROOM = 8
"""Cards on one page; more go on to the next."""
GAP = 30.0


def objectives(block: Objectives, box: Box, context: Context) -> Drawn:
    """Up to four cards in a row, eight in two rows, the rest on a further page."""
    boxes, count = _grid(len(block.cards), box)
    shapes: list[Shape] = []
    cards = block.cards[:count]
    if boxes and boxes[0].h > 200:
        shapes += _objective_row(cards, boxes, context)
    else:
        for card, place in zip(cards, boxes, strict=True):
            shapes += _small_objective(card, place, context)
    rest = Objectives(block.cards[count:]) if len(block.cards) > count else None
    return Drawn(tuple(shapes), _used(shapes, box), rest)


def metrics(block: Metrics, box: Box, context: Context) -> Drawn:
    """Large figures, each with its recent values as bars when there are any."""
    boxes, count = _grid(len(block.items), box)
    shapes: list[Shape] = []
    for row in sorted({place.y for place in boxes}):
        here = [(item, at) for item, at in zip(block.items, boxes, strict=False) if at.y == row]
        shapes += _metric_row([item for item, _at in here], [at for _item, at in here], context)
    rest = Metrics(block.items[count:]) if len(block.items) > count else None
    return Drawn(tuple(shapes), _used(shapes, box), rest)


def _grid(count: int, box: Box) -> tuple[list[Box], int]:
    """Places of the cards, and how many there are of them."""
    narrow = box.w < 600
    columns = min(2 if narrow else 4, max(count, 1))
    rows = 1 if count <= columns or box.h < 220 else 2
    if rows == 2:
        columns = min(columns, math.ceil(count / 2))
    wide = (box.w - GAP * (columns - 1)) / max(columns, 1 if narrow else 2)
    wide = min(wide, (box.w - GAP) / 2) if not narrow else wide
    tall = (box.h - 20 * (rows - 1)) / rows
    places = [
        Box(box.x + column * (wide + GAP), box.y + row * (tall + 20), wide, tall)
        for row in range(rows)
        for column in range(columns)
    ]
    return places[:count], min(count, rows * columns)


def _used(shapes: list[Shape], box: Box) -> float:
    return max((shape.box.y + shape.box.h for shape in shapes), default=box.y) - box.y


def _large(text: str, room: float, sizes: tuple[float, ...], context: Context, tail: str = "") -> Para:
    """A figure on one line, its unit at half the size behind it."""
    face = fit.Face(600, -0.04)
    for size in sizes:
        behind = fit.width(f" {tail}", size / 2, fit.Face(600)) + 0.1 * size if tail else 0.0
        if fit.width(text, size, face) + behind <= room:
            break
    else:
        behind = min(behind, room / 3)
        tail = fit.wrap(tail, room / 3, size / 2, fit.Face(600), 1).text if tail else ""
    line = fit.wrap(text, room - behind, size, face, 1)
    return Para(line.lines, size, context.theme.brand_text, 600, tail=tail, tracking=-0.04, leading=1.05, display=True)


def _objective_row(cards: Sequence[ObjectiveCard], boxes: Sequence[Box], context: Context) -> list[Shape]:
    """Cards side by side: targets in one size, and everything at one height."""
    theme, wide = context.theme, boxes[0].w
    size = min(_large(card.target, wide, (50, 44, 38, 32, 26, 20), context).size for card in cards)
    names = [words(card.name, wide, (16, 14, 12), 2, theme.ink, weight=600, leading=1.25) for card in cards]
    bodies = [_target(card, wide, size, context) for card in cards]
    below = max(max(name.height for name in names), 40) + 55
    lowest = max(sum(para.height for para in body) for body in bodies)
    shapes: list[Shape] = []
    for card, box, name, body in zip(cards, boxes, names, bodies, strict=True):
        shapes.append(rule(box.x, box.y + 12, box.w, theme))
        shapes.append(block_of(box.x, box.y + 25, box.w, name, role="heading"))
        shapes.append(block_of(box.x, box.y + below, box.w, *body))
        y = box.y + below + lowest + 26
        if card.why and y + 40 < box.y + box.h:
            why = within((words(card.why, box.w, (13, 11.5), 4, theme.ink2, leading=1.4),), box.y + box.h - y - 14)
            shapes += [hairline(box.x, y, box.w, theme), block_of(box.x, y + 14, box.w, *why)]
    return shapes


def _target(card: ObjectiveCard, wide: float, size: float, context: Context) -> list[Para]:
    """The day, the target in large, and where it started."""
    theme = context.theme
    caption = words(card.target_caption, wide, (10,), 1, theme.ink3)
    big = replace(_large(card.target, wide, (size,), context), gap=4)
    start = " ".join(part for part in (card.baseline_label, card.baseline) if part)
    base = replace(words(start, wide, (11.5, 10), 2, theme.ink2, leading=1.4, gap=11), trail=card.baseline)
    return [caption, big, *([base] if start else [])]


def _small_objective(card: ObjectiveCard, box: Box, context: Context) -> list[Shape]:
    theme = context.theme
    name = words(card.name, box.w, (13, 11.5), 2, theme.ink, weight=600, leading=1.25)
    caption = words(card.target_caption, box.w, (9,), 1, theme.ink3, gap=5)
    big = _large(card.target, box.w, (28, 24, 20, 16), context)
    start = " ".join(part for part in (card.baseline_label, card.baseline) if part)
    base = words(start, box.w, (10,), 1, theme.ink2, gap=4)
    why = words(card.why, box.w, (10,), 2, theme.ink2, gap=3) if card.why else None
    paras = [caption, big, *([base] if start else []), *([why] if why else [])]
    top = block_of(box.x, box.y + 10, box.w, name, role="heading")
    kept = within(paras, box.h - 10 - top.height)
    return [rule(box.x, box.y, box.w, theme), top, block_of(box.x, box.y + 10 + top.height, box.w, *kept)]


def _metric_row(items: Sequence[Metric], boxes: Sequence[Box], context: Context) -> list[Shape]:
    """Figures side by side in one size, their bars at one height."""
    theme, dense = context.theme, boxes[0].h < 200
    sizes = (30, 26, 22, 18) if dense else (44, 38, 32, 26, 20)
    size = min(_large(item.value, boxes[0].w, sizes, context, item.unit).size for item in items)
    texts = [_told(item, box, size, dense, context) for item, box in zip(items, boxes, strict=True)]
    lowest = max(text.box.y + text.height for text in texts)
    shapes: list[Shape] = []
    for item, box, text in zip(items, boxes, texts, strict=True):
        shapes += [rule(box.x, box.y + (0 if dense else 10), box.w, theme), text]
        room = box.y + box.h - lowest - (6 if dense else 26)
        if item.series and room >= 46:
            high = min(room, 140.0)
            y = box.y + box.h - high - (0 if dense else room - high)
            shapes.append(ChartShape(Box(box.x, y, box.w, high), Series(item), item.alt))
    return shapes


def _told(item: Metric, box: Box, size: float, dense: bool, context: Context) -> TextShape:
    """The figure, what it counts, and what is to be said of it."""
    theme = context.theme
    big = _large(item.value, box.w, (size,), context, item.unit)
    label = words(item.label, box.w, (12, 11) if dense else (14, 12), 2, theme.ink, weight=600, leading=1.25, gap=8)
    paras = [big, label]
    if item.caption:
        paras.append(words(item.caption, box.w, (10,) if dense else (11.5, 10), 2, theme.ink2, leading=1.4, gap=2))
    return block_of(box.x, box.y + (0 if dense else 10) + 13, box.w, *within(paras, box.h - 13))
