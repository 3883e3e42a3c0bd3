"""Drawers of the blocks made of words: decisions, quotes, panels, callouts, bullets, dates."""

from __future__ import annotations

from dataclasses import replace

from haark.decks.outline import Bullets, Callout, Decisions, NextDate, Quote, Quotes
from haark.decks.place import Context, Drawn, block_of, rule, within, words
from haark.decks.shapes import Box, Para, Rect, Shape, TextShape
from haark.decks.words import others


def cut_list(items: tuple[str, ...], limit: int, language: str) -> tuple[str, ...]:
    """At most `limit` items; the last one then says how many are left out."""
    if len(items) <= limit:
        return items
    return (*items[: limit - 1], others(language, len(items) - limit + 1))


def decisions(block: Decisions, box: Box, context: Context) -> Drawn:
    """A panel in the brand's colour with numbered points, and a note below."""
    theme, pad = context.theme, 22.0
    inner = box.w - 2 * pad
    title = words(block.title, inner, (12, 10.5), 2, theme.on_brand_soft, weight=600)
    note = (words(block.note, box.w, (11.5, 10), 4, theme.ink2, leading=1.4),) if block.note else ()
    below = sum(para.height for para in note) + (19 if note else 0)
    room = max(box.h - below - 2 * pad, 30)
    paras = (title, *_numbered(block.items, inner, room - title.height, context))
    paras = within(paras, room)
    high = sum(para.height for para in paras)
    text = TextShape(Box(box.x + pad, box.y + pad, inner, high), paras, "list")
    shapes: list[Shape] = [Rect(Box(box.x, box.y, box.w, high + 2 * pad), theme.brand, 5), text]
    kept = within(note, box.h - high - 2 * pad - 19)
    if kept:
        shapes.append(block_of(box.x, box.y + high + 2 * pad + 19, box.w, *kept))
    return Drawn(tuple(shapes), min(box.h, high + 2 * pad + (below if kept else 0)))


def _numbered(items: tuple[str, ...], room: float, height: float, context: Context) -> list[Para]:
    """The points at the largest size at which all fit; a size less when that saves a line."""
    chosen = cut_list(items, 9, context.language)
    tries = [
        [_point(index, item, room, size, gap, limit, context) for index, item in enumerate(chosen, 1)]
        for size, gap, limit in ((16, 14.0, 5), (15, 13.0, 5), (14, 11.0, 4), (12, 8.0, 3), (10.5, 6.0, 2))
    ]
    if sum(len(para.lines) for para in tries[1]) < sum(len(para.lines) for para in tries[0]):
        tries = tries[1:]
    return next((paras for paras in tries if sum(para.height for para in paras) <= height), tries[-1])


def _point(index: int, item: str, room: float, size: float, gap: float, limit: int, context: Context) -> Para:
    lead = f"{index}."
    color = context.theme.on_brand
    return words(f"{lead} {item}", room, (size,), limit, color, lead=lead, leading=1.35, gap=gap)


def quotes(block: Quotes, box: Box, context: Context) -> Drawn:
    """The first quote in large; the others in a second column, or below when the box is narrow."""
    if not block.items:
        return Drawn((), 0)
    if box.w < 600 or len(block.items) == 1:
        return _quote_column(block.items, box, context, large=True)
    left = Box(box.x, box.y + 18, box.w * 0.58, box.h - 18)
    right = Box(box.x + box.w * 0.64, box.y + 18, box.w * 0.36, box.h - 18)
    first = _quote_column(block.items[:1], left, context, large=True)
    others_ = _quote_column(block.items[1:], right, context, large=False)
    return Drawn(first.shapes + others_.shapes, 18 + max(first.height, others_.height))


def _quote_column(items: tuple[Quote, ...], box: Box, context: Context, *, large: bool) -> Drawn:
    """Quotes below one another, as many as have room, then how many are left out."""
    gap, least = 26.0, 62.0
    count = min(len(items), max(int((box.h + gap) / (least + gap)), 1))
    foot = 20.0 if count < len(items) else 0.0
    shapes: list[Shape] = []
    y, end = box.y, box.y + box.h - foot
    for index, item in enumerate(items[:count]):
        big, left = large and index == 0, count - index
        share = (end - y - gap * (left - 1)) / left * (1.3 if large and index == 0 and left > 1 else 1)
        place = Box(box.x, y, box.w, share)
        drawn = _large(item, place, context) if big else _small(item, place, context)
        shapes += drawn.shapes
        y += drawn.height + (gap if left > 1 else 0)
    if foot:
        more = words(others(context.language, len(items) - count), box.w, (10,), 1, context.theme.ink3)
        shapes.append(block_of(box.x, min(y + 6, end + 6), box.w, more))
        y += foot
    return Drawn(tuple(shapes), min(y - box.y, box.h))


def _large(item: Quote, box: Box, context: Context) -> Drawn:
    theme = context.theme
    person = _person(item, box.w, context, stacked=True)
    room = box.h - sum(para.height for para in person)
    for size in (31, 26, 22, 18, 15, 13):
        text = words(
            item.text, box.w, (size,), 12, theme.brand_text, weight=500, tracking=-0.02, leading=1.26, display=True
        )
        if text.height <= room:
            break
    paras = (*within((text,), room), *person)
    return Drawn((block_of(box.x, box.y, box.w, *paras, role="quote"),), sum(para.height for para in paras))


def _small(item: Quote, box: Box, context: Context) -> Drawn:
    theme, top = context.theme, 14.0
    person = _person(item, box.w, context, stacked=False)
    room = box.h - top - sum(para.height for para in person)
    for size in (17, 15, 13, 11):
        text = words(item.text, box.w, (size,), 8, theme.ink, leading=1.4)
        if text.height <= room:
            break
    paras = (*within((text,), room), *person)
    high = sum(para.height for para in paras)
    return Drawn(
        (rule(box.x, box.y, box.w, theme), block_of(box.x, box.y + top, box.w, *paras, role="quote")), top + high
    )


def _person(item: Quote, room: float, context: Context, *, stacked: bool) -> tuple[Para, ...]:
    theme = context.theme
    if stacked:
        who = words(item.who, room, (14, 12), 1, theme.ink, weight=600, gap=22)
        role = (words(item.role, room, (11.5, 10), 2, theme.ink2, leading=1.4),) if item.role else ()
        return (who, *role)
    line = ", ".join(part for part in (item.who, item.role) if part)
    return (words(line, room, (11.5, 10), 2, theme.ink2, lead=item.who, leading=1.4, gap=10),)


def callout(block: Callout, box: Box, context: Context) -> Drawn:
    """One sentence on the brand's tint."""
    theme, pad = context.theme, 11.5
    text = " ".join(part for part in (block.title, block.text) if part)
    inner = box.w - 32
    para = words(text, inner, (13, 12, 11), 5, theme.brand_text, lead=block.title, leading=1.42)
    kept = within((para,), max(box.h - 2 * pad, para.size * para.leading))
    high = sum(one.height for one in kept)
    ground = Rect(Box(box.x, box.y, box.w, high + 2 * pad), theme.tint, 4)
    return Drawn((ground, block_of(box.x + 16, box.y + pad, inner, *kept)), high + 2 * pad)


def bullets(block: Bullets, box: Box, context: Context) -> Drawn:
    """A ruled title with its points; a single point is a paragraph."""
    theme, top = context.theme, 13.0
    head = (words(block.title, box.w, (14, 12), 2, theme.ink, weight=600, leading=1.25),) if block.title else ()
    single = len(block.items) == 1
    for size, gap in ((13.0, 7.0), (12.0, 5.0), (11.0, 4.0), (10.0, 3.0)):
        size = min(size, 11.5) if single else size
        items = cut_list(block.items, 12, context.language)
        room = box.w - (0 if single else 14)
        lines = 8 if single else 3
        paras = [
            words(item, room, (size,), lines, theme.ink2, leading=1.4, gap=4 if single else gap, bullet=not single)
            for item in items
        ]
        if top + sum(para.height for para in (*head, *paras)) <= box.h:
            break
    kept = within((*head, *paras), box.h - top)
    shapes: list[Shape] = [rule(box.x, box.y, box.w, theme)]
    if head and kept:
        shapes.append(block_of(box.x, box.y + top, box.w, kept[0], role="heading"))
    body = kept[len(head) :]
    if body:
        first = top + sum(para.height for para in kept[: len(head)])
        shapes.append(block_of(box.x, box.y + first, box.w, *body, role="text" if single else "list"))
    return Drawn(tuple(shapes), top + sum(para.height for para in kept))


def next_date(block: NextDate, box: Box, context: Context) -> Drawn:
    """A label and a date in large."""
    theme, top = context.theme, 13.0
    label = words(block.label, box.w, (10,), 1, theme.ink3, leading=1.4)
    value = words(block.value, box.w, (21, 18, 15, 12), 2, theme.brand_text, weight=600, tracking=-0.02, display=True)
    kept = within((label, replace(value, gap=2)), box.h - top)
    text = block_of(box.x, box.y + top, box.w, *kept)
    return Drawn((rule(box.x, box.y, box.w, theme), text), top + text.height)
