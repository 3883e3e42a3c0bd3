"""Drawers of charts: lines, bars, waterfalls, and the roadmap made of plain shapes."""

from __future__ import annotations

from dataclasses import replace

from haark.decks import fit
from haark.decks.outline import Bars, Lane, LineChart, Roadmap, RoadmapItem, Waterfall
from haark.decks.place import Context, Drawn, block_of, hairline, words
from haark.decks.shapes import Box, ChartShape, Rect, Shape, Side, TextShape

NAMES = 110.0
"""Width of the names of the lanes, in points."""
LANES = 7
STEPS = 9
POINTS = 60


def line_chart(block: LineChart, box: Box, context: Context) -> Drawn:
    """Title and chart; only the last POINTS points are drawn."""
    head, top = _title(block.title, box, context)
    dropped = max(len(block.points) - POINTS, 0)
    note = block.annotation
    if note is not None and note.index >= 0:
        note = replace(note, index=note.index - dropped) if note.index >= dropped else None
    points = tuple(
        replace(point, label=_short(point.label, 84), display=_short(point.display, 70))
        for point in block.points[dropped:]
    )
    target = _short(block.target_label, 200)
    shown = replace(block, points=points, annotation=note, target_label=target)
    place = Box(box.x, top, box.w, min(box.y + box.h - top, 285.0))
    return Drawn((*head, ChartShape(place, shown, block.alt)), place.y + place.h - box.y)


def _short(words: str, room: float) -> str:
    """One line of `room` points at the size of labels, for charts that cannot wrap."""
    return fit.wrap(words, room, 9, limit=1).text


def bars(block: Bars, box: Box, context: Context) -> Drawn:
    """Title and horizontal bars; those that do not fit go on to a further page."""
    head, top = _title(block.title, box, context)
    room = box.y + box.h - top
    count = min(len(block.items), max(int(room / 21), 1))
    maximum = block.maximum or max((point.value or 0 for point in block.items), default=0) or None
    shown = replace(block, items=block.items[:count], maximum=maximum)
    place = Box(box.x, top, box.w, min(room, 36.0 * max(count, 1)))
    rest = replace(block, items=block.items[count:], maximum=maximum) if count < len(block.items) else None
    return Drawn((*head, ChartShape(place, shown, block.alt)), place.y + place.h - box.y, rest)


def waterfall(block: Waterfall, box: Box, context: Context) -> Drawn:
    """Title and steps, nine at most."""
    head, top = _title(block.title, box, context)
    place = Box(box.x, top, box.w, min(box.y + box.h - top, 262.0))
    shown = replace(block, steps=block.steps[-STEPS:])
    return Drawn((*head, ChartShape(place, shown, block.alt)), place.y + place.h - box.y)


def _title(title: str, box: Box, context: Context) -> tuple[tuple[Shape, ...], float]:
    if not title:
        return (), box.y
    para = words(title, box.w, (14, 12), 1, context.theme.ink, weight=600, leading=1.25)
    return (block_of(box.x, box.y, box.w, para, role="heading"),), box.y + para.height + 12


def roadmap(block: Roadmap, box: Box, context: Context) -> Drawn:
    """Lanes of bars over columns of time; overlapping bars of a lane stand below one another."""
    theme = context.theme
    wide = (box.w - NAMES) / max(len(block.columns), 1)
    lanes = block.lanes[:LANES]
    bottom = 42.0 if block.legend else 20.0
    high = min(78.0, (box.h - 28 - bottom) / max(len(lanes), 1))
    end = box.y + 28 + high * len(lanes)
    shapes: list[Shape] = []
    for index, name in enumerate(block.columns):
        x = box.x + NAMES + index * wide
        color = theme.brand_text if index == 0 else theme.ink3
        shapes.append(Rect(Box(x, box.y, 0.75, end - box.y), theme.line))
        shapes.append(block_of(x + 6, box.y, wide - 8, words(name, wide - 8, (11.5, 9), 1, color, weight=600)))
    if block.today is not None and 0 <= block.today <= len(block.columns):
        shapes += _today(block, box, wide, end, context)
    for index, lane in enumerate(lanes):
        shapes += _lane(lane, Box(box.x, box.y + 28 + index * high, box.w, high), wide, len(block.columns), context)
    used = end - box.y + 18
    if block.legend:
        legend = words(block.legend, box.w, (10, 9), 1, theme.ink3)
        shapes.append(block_of(box.x, end + 22, box.w, legend))
        used = end - box.y + 22 + legend.height
    return Drawn(tuple(shapes), min(used, box.h))


def _today(block: Roadmap, box: Box, wide: float, end: float, context: Context) -> list[Shape]:
    tone = context.theme.tone("bad")
    x = box.x + NAMES + (block.today or 0) * wide
    shapes: list[Shape] = [Rect(Box(x - 0.75, box.y + 20, 1.5, end - box.y - 16), tone.fill)]
    if block.today_label:
        room = min(150.0, box.x + box.w - x)
        align: Side = "left" if room > 60 else "right"
        left = x + 5 if room > 60 else x - 125
        para = words(block.today_label, 120, (9.75,), 1, tone.text, weight=600, align=align)
        shapes.append(block_of(left, end + 3, 120, para))
    return shapes


def _lane(lane: Lane, box: Box, wide: float, columns: int, context: Context) -> list[Shape]:
    theme = context.theme
    rows = _rows(lane.items)
    pitch = (box.h - 12) / max(len(rows), 1)
    name = words(lane.title, NAMES - 10, (10.5, 9), 3, theme.ink, weight=600, leading=1.2)
    lines = min(len(name.lines), max(int(box.h / (name.size * 1.2)), 1))
    name = replace(name, lines=name.lines[:lines])
    shapes: list[Shape] = [
        hairline(box.x, box.y, box.w, theme),
        TextShape(Box(box.x, box.y, NAMES - 10, box.h), (name,), anchor="middle"),
    ]
    for index, row in enumerate(rows):
        tall = min(42.0, pitch - 4)
        for item in row:
            start, end = max(item.start, 0.0), min(item.end, float(columns))
            if end <= start:
                continue
            y = box.y + 6 + index * pitch + (pitch - tall) / 2
            place = Box(box.x + NAMES + start * wide + 3, y, max((end - start) * wide - 6, 8), tall)
            shapes += _bar(item, place, context)
    return shapes


def _rows(items: tuple[RoadmapItem, ...]) -> list[list[RoadmapItem]]:
    """Items in rows (four at most) so that none covers another; what overlaps beyond joins the last row."""
    rows: list[list[RoadmapItem]] = []
    for item in sorted(items[:16], key=lambda one: (one.start, one.end)):
        row = next((row for row in rows if row[-1].end <= item.start + 0.02), None)
        if row is not None:
            row.append(item)
        elif len(rows) < 4:
            rows.append([item])
    return rows


def _bar(item: RoadmapItem, box: Box, context: Context) -> list[Shape]:
    theme = context.theme
    solid = item.state == "committed"
    fill = {"committed": theme.brand, "done": theme.medium}.get(item.state, theme.pale)
    color = theme.on_brand if solid else theme.brand_text if item.state == "planned" else theme.ink
    shapes: list[Shape] = [Rect(box, fill, 4)]
    room, lines = box.w - 14, 2 if box.h > 30 else 1
    if room > 14 and box.h >= 10:
        sizes = tuple(size for size in (10.5, 9.5, 8.5) if size * 1.2 * lines <= box.h) or (7.5,)
        para = words(item.label, room, sizes, lines, color, weight=500, leading=1.2)
        if fit.width(para.lines[0], para.size, fit.Face(500)) <= room + 1:
            shapes.append(TextShape(Box(box.x + 9, box.y, room, box.h), (para,), anchor="middle"))
    return shapes
