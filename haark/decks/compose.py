"""Composes an outline into pages of shapes: header, footer, columns, and continuations of what is too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

from haark.decks import (
    blocks_cards,
    blocks_chart,
    blocks_panel,
    blocks_picture,
    blocks_table,
    blocks_text,
    clean,
    fit,
    logos,
    outline,
)
from haark.decks.place import Context, Drawn, block_of, hairline, stack, words
from haark.decks.shapes import HEIGHT, WIDTH, Box, Page, Para, Shape, TextShape, Waves
from haark.decks.theme import WHITE, Theme, theme
from haark.decks.words import others, word

LEFT, MEASURE = 54.0, 852.0
TOP, BOTTOM = 158.4, 470.0
COLUMN_GAP = 42.0
TITLE_ROOM = 706.0
MOST_PAGES = 6
"""Pages of one slide; what is left then is only counted."""

DRAWERS: dict[type, Any] = {
    outline.Agenda: blocks_table.agenda,
    outline.Table: blocks_table.table,
    outline.Decisions: blocks_text.decisions,
    outline.Quotes: blocks_text.quotes,
    outline.Columns: blocks_panel.columns,
    outline.Callout: blocks_text.callout,
    outline.Bullets: blocks_text.bullets,
    outline.NextDate: blocks_text.next_date,
    outline.Objectives: blocks_cards.objectives,
    outline.Metrics: blocks_cards.metrics,
    outline.LineChart: blocks_chart.line_chart,
    outline.Bars: blocks_chart.bars,
    outline.Waterfall: blocks_chart.waterfall,
    outline.Roadmap: blocks_chart.roadmap,
    outline.Picture: blocks_picture.picture,
}


class Frame(Protocol):
    """What stands around the blocks of a page: ours (`House`), or an organisation's template (`corporate.frame`)."""

    def context(self, slide: outline.Slide) -> Context:
        """Colours and language of a slide's page."""
        ...

    def ground(self, slide: outline.Slide) -> str:
        """Colour of the page below the blocks."""
        ...

    def area(self, slide: outline.Slide) -> Box:
        """Where the blocks go."""
        ...

    def head(self, slide: outline.Slide, part: int) -> list[Shape]:
        """Section and title; `part` counts the pages of one slide from 0."""
        ...

    def foot(self, slide: outline.Slide, number: int) -> list[Shape]:
        """Source, footer and page number."""
        ...

    def cover(self, cover: outline.Cover) -> tuple[Shape, ...]:
        """The whole first page."""
        ...


class House:
    """Our own pages: 960 x 540 points, white, the cover in the brand's colour."""

    def __init__(self, deck: outline.Deck) -> None:
        self.deck = deck
        self.colors = Context(theme(deck.brand), deck.language)

    def context(self, slide: outline.Slide) -> Context:
        return self.colors

    def ground(self, slide: outline.Slide) -> str:
        cover = any(isinstance(block, outline.Cover) for block in slide.blocks)
        return self.colors.theme.brand if cover else WHITE

    def area(self, slide: outline.Slide) -> Box:
        return Box(LEFT, TOP, MEASURE, BOTTOM - TOP)

    def head(self, slide: outline.Slide, part: int) -> list[Shape]:
        return _head(self.deck, slide, part, self.colors)

    def foot(self, slide: outline.Slide, number: int) -> list[Shape]:
        return _footer(self.deck, slide, number, self.colors)

    def cover(self, cover: outline.Cover) -> tuple[Shape, ...]:
        return _cover(self.deck, cover, self.colors.theme)


def compose(
    deck: outline.Deck, slide_key: str | None = None, frame: Callable[[outline.Deck], Frame] = House
) -> tuple[outline.Deck, tuple[Page, ...]]:
    """The cleaned deck and its pages (what its edition shows); `slide_key` keeps that slide alone, shown or not.

    Page numbers are those of the whole deck. `frame` is made from the cleaned deck, which holds that slide alone then.
    """
    if slide_key is not None and frame is House:
        return _alone(deck, slide_key)
    deck = clean.outline(deck, deck.language)
    around = frame(deck)
    pages: list[Page] = []
    for slide in deck.slides:
        if not deck.shows(slide) and slide.key != slide_key:
            continue
        pages += _pages(slide, len(pages) + 1, around)
    if slide_key is not None:
        pages = [page for page in pages if page.slide.key == slide_key]
    return deck, tuple(pages)


def _alone(deck: outline.Deck, key: str) -> tuple[outline.Deck, tuple[Page, ...]]:
    """One slide for a preview: of those before it only the number of pages is needed, which seldom changes."""
    number, found = 1, [slide for slide in deck.slides if slide.key == key][:1]
    for slide in deck.slides[: deck.slides.index(found[0])] if found else ():
        number += _length(slide, deck.language) if deck.shows(slide) else 0
    deck = clean.outline(replace(deck, slides=tuple(found)), deck.language)
    return deck, tuple(page for slide in deck.slides for page in _pages(slide, number, House(deck)))


@lru_cache(maxsize=256)
def _length(slide: outline.Slide, language: outline.Language) -> int:
    """How many pages a slide takes on our own pages, whatever the names and colours around it."""
    bare = outline.Deck("", language, "", "", "", "", "", "", (slide,))
    bare = clean.outline(bare, language)
    return len(_pages(bare.slides[0], 1, House(bare)))


def _draw(block: outline.Block, box: Box, context: Context) -> Drawn:
    drawer = DRAWERS.get(type(block))
    return drawer(block, box, context) if drawer else Drawn((), 0)


def _pages(slide: outline.Slide, number: int, around: Frame) -> list[Page]:
    cover = next((block for block in slide.blocks if isinstance(block, outline.Cover)), None)
    if cover is not None:
        return [Page(slide, number, 0, around.ground(slide), around.cover(cover))]
    pages: list[Page] = []
    main, aside = list(slide.blocks), list(slide.aside)
    context, area = around.context(slide), around.area(slide)
    while True:
        part = len(pages)
        shapes, main, aside = _body(slide, main, aside, area, context)
        if (main or aside) and part + 1 == MOST_PAGES:
            shapes += _left_over(main + aside, area, context)
            main, aside = [], []
        head, foot = around.head(slide, part), around.foot(slide, number + part)
        pages.append(Page(slide, number + part, part, around.ground(slide), (*head, *shapes, *foot)))
        if not main and not aside:
            return pages


def _body(
    slide: outline.Slide, main: list[outline.Block], aside: list[outline.Block], area: Box, context: Context
) -> tuple[list[Shape], list[outline.Block], list[outline.Block]]:
    """One page of the body: shapes, and what is left of each column."""
    if not main or not aside:
        shapes, rest = stack(main or aside, area, context, _draw)
        return (shapes, rest, []) if main else (shapes, [], rest)
    share = min(max(slide.split, 0.32), 0.68)
    wide = (area.w - COLUMN_GAP) * share
    left = Box(area.x, area.y, wide, area.h)
    right = Box(area.x + wide + COLUMN_GAP, area.y, area.w - COLUMN_GAP - wide, area.h)
    shapes, rest = stack(main, left, context, _draw)
    more, aside_rest = stack(aside, right, context, _draw)
    return [*shapes, *more], rest, aside_rest


def _left_over(blocks: list[outline.Block], area: Box, context: Context) -> list[Shape]:
    """The line that counts what no page shows."""
    counts = (
        getattr(block, "rows", ()) or getattr(block, "items", ()) or getattr(block, "cards", ()) for block in blocks
    )
    count = sum(len(items) for items in counts)
    para = words(others(context.language, max(count, 1)), area.w, (10,), 1, context.theme.ink3)
    return [block_of(area.x, area.y + area.h + 4, area.w, para)]


def kicker(slide: outline.Slide, part: int, language: str) -> str:
    """The words above a title: the section, marked on the pages that go on."""
    return slide.section + (f" ({word(language, 'continued')})" if part else "")


def _head(deck: outline.Deck, slide: outline.Slide, part: int, context: Context) -> list[Shape]:
    colors = context.theme
    section = words(kicker(slide, part, deck.language), MEASURE, (10.5,), 1, colors.accent, weight=600)
    face = fit.Face(600, -0.022)
    fitted = fit.balance(fit.fit(slide.headline, TITLE_ROOM, (27, 24, 21), 2, face), TITLE_ROOM, face)
    title = Para(fitted.lines, fitted.size, colors.ink, 600, tracking=-0.022, leading=1.16, display=True, firm=True)
    return [
        TextShape(Box(LEFT, 44.6, MEASURE, section.height), (section,), "section"),
        TextShape(Box(LEFT, 66.0, TITLE_ROOM + 40, 66.0), (title,), "title"),
    ]


def _footer(deck: outline.Deck, slide: outline.Slide, number: int, context: Context) -> list[Shape]:
    colors, y = context.theme, 498.0
    name = " ".join(part for part in (deck.kind_label, deck.period_label) if part)
    client = fit.wrap(deck.client, 180, 9, limit=1).text
    foot = " · ".join(part for part in (mark(deck), client, name) if part)
    right = words(f"{foot} ·" if foot else "", 300, (9, 8), 1, colors.ink3, align="right")
    digits = fit.width(str(number), 9) + 3
    wide = fit.width(right.text, right.size) + 2
    room = MEASURE - digits - wide - 24
    source = words(slide.source, room, (9, 8, 7.5), 2, colors.ink3, leading=1.25)
    page = words(str(number), digits, (9,), 1, colors.ink3)
    end = LEFT + MEASURE - digits
    return [
        hairline(LEFT, 490.5, MEASURE, colors),
        TextShape(Box(LEFT, y, room, 24), (source,), "footer"),
        TextShape(Box(end - wide, y, wide, 14), (right,), "footer"),
        TextShape(Box(end + 2.5, y, digits + 12, 14), (page,), "number"),
    ]


def mark(deck: outline.Deck) -> str:
    """«Interne» on what the client must not get, and the deck's remark; nothing on the client's usual edition."""
    internal = word(deck.language, "internal") if deck.edition == "internal" else ""
    return " · ".join(part for part in (internal, deck.remark) if part)


def _cover(deck: outline.Deck, cover: outline.Cover, colors: Theme) -> tuple[Shape, ...]:
    shapes: list[Shape] = [Waves(Box(0, 0, WIDTH, HEIGHT), colors.on_brand)]
    shapes += logos.names(deck, colors, LEFT)
    if deck.edition == "internal":
        sign = words(word(deck.language, "internal"), 160, (15,), 1, colors.on_brand, weight=600, align="right")
        shapes.append(TextShape(Box(LEFT + MEASURE - 160, 16, 160, 26), (sign,), anchor="middle"))
    title = _cover_title(cover.title, colors)
    high = title.height
    shapes.append(TextShape(Box(LEFT, 196.0, 560, max(high, 60)), (title,), "title"))
    y = 196.0 + high + 22
    if cover.subtitle:
        room = 472.0 - y
        subtitle = words(cover.subtitle, 461, (19, 17, 15), max(int(room / 26), 1), colors.on_brand_soft, leading=1.35)
        shapes.append(block_of(LEFT, y, 461, subtitle))
    if cover.meta:
        meta = words(cover.meta, 560, (12, 10.5), 1, colors.on_brand_soft)
        shapes.append(block_of(LEFT, 477.0, 560, meta))
    if deck.remark:
        remark = words(deck.remark, 270, (12, 10.5), 1, colors.on_brand, weight=600, align="right")
        shapes.append(block_of(LEFT + MEASURE - 270, 477.0, 270, remark))
    return tuple(shapes)


def _cover_title(text: str, colors: Theme) -> Para:
    face = fit.Face(600, -0.038)
    for size, limit in ((54, 3), (44, 3), (36, 4), (28, 5)):
        fitted = fit.fit(text, 560, (size,), limit, face)
        if not fitted.cut:
            break
    return Para(fitted.lines, fitted.size, colors.on_brand, 600, tracking=-0.038, leading=1.04, display=True, firm=True)
