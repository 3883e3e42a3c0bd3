"""The first page on an organisation's cover: title and subtitle in its placeholders, names, date, the client's logo."""

from __future__ import annotations

from dataclasses import replace

from haark.decks import fit
from haark.decks.blocks_picture import pixels
from haark.decks.compose import mark
from haark.decks.corporate import area, colours, fonts
from haark.decks.corporate.report import Holder, Layout, Report
from haark.decks.corporate.titles import set_in
from haark.decks.outline import Cover, Deck
from haark.decks.shapes import Box, Para, Picture, Shape, TextShape
from haark.decks.theme import on_ground
from haark.decks.words import word

SHRINK = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.42)
SMALLEST = 12.0
"""Points on a page of 540 below which nothing on a cover is set in a placeholder."""
LOGO = (150.0, 44.0)
"""Largest width and height of the client's logo on a page of 540 points."""


def subtitle_of(layout: Layout) -> Holder | None:
    """Where the words below the title go: the subtitle, else the largest text that is not beside the title."""
    found = layout.holder("subTitle")
    if found is not None:
        return found
    texts = [one for one in layout.holders if one.form == "body" and not one.style.vertical]
    return max(texts, key=lambda one: area.area(one.box), default=None)


def cover_shapes(deck: Deck, cover: Cover, layout: Layout, report: Report) -> tuple[Shape, ...]:
    """Shapes in points of the page itself: the cover is not scaled."""
    title = layout.title
    assert title is not None
    place = area.cut_title(title.box, layout.fixed)
    line = set_in(cover.title, replace(title, box=place), report.height, limit=5)
    shapes: list[Shape] = [
        TextShape(place, (Para(line.lines, line.size, layout.ink, firm="\n" in cover.title),), "title")
    ]
    below = subtitle_of(layout)
    names = " × ".join(name for name in (deck.organisation, deck.client) if name)
    rest = [text for text in (cover.subtitle, names, cover.meta, mark(deck)) if text]
    taken = [place]
    if below is not None and rest:
        paras, rest = _fitted(rest, below, report.height)
        shapes.append(TextShape(below.box, paras, "heading"))
        taken.append(below.box)
    if rest:
        shape = _free_words(rest, title, below, layout, report)
        shapes.append(shape)
        taken.append(shape.box)
    logo = _logo(deck, taken, layout, report)
    return (*shapes, logo) if logo is not None else tuple(shapes)


def _fitted(texts: list[str], holder: Holder, high: float) -> tuple[tuple[Para, ...], list[str]]:
    """The texts set in the placeholder, and those left over where it is too small for all of them.

    The first one is set at its own size where there is room; names and date are smaller.
    """
    left, top, right, bottom = holder.style.insets
    room = (holder.box.w - left - right) / fonts.width(holder.style.font)
    tall, natural = holder.box.h - top - bottom, fonts.natural(holder.style.font) * holder.style.leading
    for count, steps in ((len(texts), SHRINK[:4]), (1, SHRINK)):
        for step in steps:
            sizes = [max(holder.style.size * step * (0.75 if at else 1), SMALLEST * high / 540) for at in range(count)]
            paras = tuple(
                _para(text, room, size, natural, 3, gap=0.35 * size if at else 0.0)
                for at, (text, size) in enumerate(zip(texts, sizes, strict=False))
            )
            if sum(para.height for para in paras) <= tall:
                return paras, texts[count:]
    size = max(holder.style.size * SHRINK[-1], SMALLEST * high / 540)
    return (_para(texts[0], room, size, natural, max(int(tall / (size * natural)), 1)),), texts[1:]


def _para(text: str, room: float, size: float, natural: float, limit: int, gap: float = 0.0) -> Para:
    fitted = fit.wrap(text, room, size, fit.Face(500), limit)
    return Para(fitted.lines, size, "#000000", leading=natural, gap=gap)


def _free_words(texts: list[str], title: Holder, below: Holder | None, layout: Layout, report: Report) -> TextShape:
    """Below (else above) title and subtitle, what the layout has no placeholder for."""
    by = report.height / 540
    page = Box(title.box.x, 0.05 * report.height, max(title.box.w, 0.4 * report.width), 0.9 * report.height)
    page = replace(page, w=min(page.w, 0.96 * report.width - page.x))
    above = [title.box] if below is None else [title.box, below.box]
    blocked = [*above, *(area.grown(box) for box in layout.fixed)]
    blocked += [area.grown(one.box) for one in layout.holders if one.form in area.FOOTERS]
    place = area.largest_free(page, blocked) or Box(page.x, 0.8 * report.height, page.w, 0.15 * report.height)
    colors = on_ground(colours.primary(report.colors, layout.ground), layout.ground, layout.ink)
    wider = fonts.width(report.fonts[-1])
    for size in (18, 16, 14, 12, 10):
        paras = [
            replace(_para(text, place.w / wider, size * by, 1.3, 3, gap=5 * by if at else 0), color=colors.ink)
            for at, text in enumerate(texts)
        ]
        if sum(para.height for para in paras) <= place.h:
            break
    high = sum(para.height for para in paras)
    top = place.y + 6 * by if place.y >= above[-1].y else place.y + place.h - high - 6 * by
    side = "center" if (below or title).style.align == "ctr" else "left"
    paras = [replace(para, align=side) for para in paras]  # type: ignore[arg-type]  # one of shapes.Side
    return TextShape(Box(place.x, top, place.w, high), tuple(paras), "text")


def _logo(deck: Deck, taken: list[Box], layout: Layout, report: Report) -> Picture | None:
    """The client's logo in the first corner that is free; ours is the template's own."""
    data = deck.brand.client_logo
    size = pixels(data) if data else None
    if data is None or size is None or layout.title is None:
        return None
    by = report.height / 540
    share = min(LOGO[0] * by / size[0], LOGO[1] * by / size[1])
    wide, high = size[0] * share, size[1] * share
    left, right = layout.title.box.x + layout.title.style.insets[0], report.width * 0.95 - wide
    above, top, low = layout.title.box.y - high - 12 * by, report.height * 0.06, report.height * 0.94 - high
    fixed = [*taken, *layout.fixed, *(one.box for one in layout.holders if one.form in area.FOOTERS)]
    for x, y in ((left, above), (left, top), (right, top), (right, low), (left, low)):
        box = Box(x, y, wide, high)
        inside = x >= 0 and y >= 0 and x + wide <= report.width and y + high <= report.height
        if inside and not any(area.overlap(area.grown(box, 6), other) > 0 for other in fixed):
            return Picture(box, data, f"{word(deck.language, 'logo')} {deck.client}".strip())
    return None
