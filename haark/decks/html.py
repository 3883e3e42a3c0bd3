"""Slides for the screen: each page as one SVG that scales with its place in the page.

Same composition as the PDF, colours and places as presentation attributes only, so it needs no style sheet and passes a
content security policy without `unsafe-inline`. Words stay text: they can be selected and are read aloud.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from markupsafe import Markup, escape

from haark.charts import num
from haark.decks import svg
from haark.decks.compose import compose
from haark.decks.outline import Deck
from haark.decks.pdf import SHAPES, curves
from haark.decks.shapes import (
    HEIGHT,
    PAD,
    WIDTH,
    BarCell,
    Box,
    CellShape,
    ChartShape,
    Page,
    Para,
    Picture,
    Rect,
    Shape,
    TableShape,
    TextShape,
    Waves,
)
from haark.decks.theme import theme
from haark.decks.waves import CANVAS

FAMILY = 'font-family="Inter Haark, Inter, sans-serif"'
FAMILIES = {weight: f'{FAMILY} font-weight="{weight}"' for weight in (400, 500, 600)}
ASCENT, NATURAL = 0.969, 1.21
EMPTY = Markup()


def render_html(deck: Deck, slide_key: str | None = None) -> Markup:
    """The slide `slide_key` (hidden or not), or every visible one: an `<svg class="deck">` a page, nothing else."""
    return Markup("").join(draw(*compose(deck, slide_key)))


def draw(deck: Deck, pages: Sequence[Page]) -> list[Markup]:
    """An `<svg class="deck">` for each composed page."""
    pen = svg.Pen(theme(deck.brand), deck.language, FAMILIES)
    return [_page(page, pen) for page in pages]


def draw_under(deck: Deck, page: Page, over: Markup) -> Markup:
    """One composed page with `over`, SVG of the caller's, on top of it."""
    return _page(page, svg.Pen(theme(deck.brand), deck.language, FAMILIES), over)


def _page(page: Page, pen: svg.Pen, over: Markup = EMPTY) -> Markup:
    shapes = "".join(_shape(shape, pen) for shape in page.shapes)
    body = svg.rect(0, 0, WIDTH, HEIGHT, page.ground) + shapes + str(over)  # str: a Markup would escape what it joins
    head = f'<svg class="deck" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" lang="{escape(pen.language)}" role="group" '
    head += f'aria-label="{escape(page.title or page.slide.headline)}" data-slide="{escape(page.slide.key)}">'
    return Markup(head + body + "</svg>")  # noqa: S704 - every text inside was escaped where it was written


def _shape(shape: Shape, pen: svg.Pen) -> str:
    if isinstance(shape, TextShape):
        return _text(shape, pen)
    if isinstance(shape, Rect):
        box = shape.box
        return svg.rect(box.x, box.y, box.w, box.h, shape.fill, shape.radius)
    if isinstance(shape, TableShape):
        return _table(shape, pen)
    if isinstance(shape, ChartShape):
        title = f"<title>{escape(shape.alt)}</title>" if shape.alt else ""
        place = f'transform="translate({num(shape.box.x)} {num(shape.box.y)})"'
        return f'<g {place} role="img">{title}{svg.chart(shape, pen)}</g>'
    if isinstance(shape, Picture):
        return _picture(shape)
    if isinstance(shape, Waves):
        return f'<g transform="scale({WIDTH / CANVAS[0]:g})" aria-hidden="true">{curves(shape.color)}</g>'
    raise TypeError(f"no drawing for {type(shape).__name__}")


def _text(shape: TextShape, pen: svg.Pen) -> str:
    top = shape.box.y
    if shape.anchor != "top":
        top += (shape.box.h - shape.height) / (2 if shape.anchor == "middle" else 1)
    body = ""
    for para in shape.paras:
        body += _para(para, Box(shape.box.x, top, shape.box.w, para.height), pen)
        top += para.height
    if shape.role in ("title", "heading"):
        return f'<g role="heading" aria-level="{2 if shape.role == "title" else 3}">{body}</g>'
    return body


def _para(para: Para, box: Box, pen: svg.Pen) -> str:
    """The paragraph's lines at their baselines."""
    y = box.y + para.gap + para.size * (para.leading / 2 + ASCENT - NATURAL / 2)
    x = {"left": box.x, "right": box.x + box.w, "center": box.x + box.w / 2}[para.align]
    anchor = {"left": "", "right": ' text-anchor="end"', "center": ' text-anchor="middle"'}[para.align]
    spacing = f' letter-spacing="{para.tracking * para.size:.2f}"' if para.tracking else ""
    body = ""
    if para.bullet:
        body, x = pen.text(x, y, "•", para.size, para.color), x + 14
    for index, runs in enumerate(para.runs()):
        words = "".join(_run(text, bold=bold and para.weight < 600) for text, bold in runs)
        if para.tail and index == len(para.lines) - 1:
            words += f' <tspan font-size="{para.size / 2:g}" letter-spacing="0">{escape(para.tail)}</tspan>'
        place = f'x="{num(x)}" y="{num(y + index * para.size * para.leading)}"'
        look = f'font-size="{para.size:g}" fill="{para.color}"{spacing}{anchor}'
        body += f"<text {place} {look} {FAMILIES[para.weight]}>{words}</text>"
    return body


def _run(text: str, *, bold: bool) -> str:
    return f'<tspan font-weight="600">{escape(text)}</tspan>' if bold else str(escape(text))


def _table(shape: TableShape, pen: svg.Pen) -> str:
    theme_, box = pen.theme, shape.box
    body, x = "", box.x
    for index, column in enumerate(shape.columns):
        place = _cell_box(x, box.y, column.width, column.inset, shape.header, last=index == len(shape.columns) - 1)
        body += _para(column.heading, place, pen)
        x += column.width
    y = box.y + shape.header
    body += svg.rect(box.x, y - 1.5, box.w, 1.5, theme_.ink)
    for row in shape.rows:
        x = box.x
        for index, (cell, column) in enumerate(zip(row.cells, shape.columns, strict=True)):
            place = _cell_box(x, y, column.width, column.inset, row.height, last=index == len(row.cells) - 1)
            body += _cell(cell, place, pen)
            x += column.width
        y += row.height
        body += svg.rect(box.x, y - 0.75, box.w, 0.75, theme_.line)
    return body


def _cell_box(x: float, y: float, wide: float, inset: float, high: float, *, last: bool) -> Box:
    return Box(x + inset, y, wide - inset - (0 if last else PAD), high)


def _cell(cell: CellShape, box: Box, pen: svg.Pen) -> str:
    middle = box.y + box.h / 2
    if isinstance(cell, Para):
        return _para(cell, Box(box.x, middle - cell.height / 2, box.w, cell.height), pen)
    if isinstance(cell, BarCell):
        return _bar(cell, box, pen)
    tone = pen.theme.tone(cell.tone)
    mark = SHAPES[tone.shape].format(tone.fill)
    wide = svg.fit.width(cell.word, 10.5, svg.fit.Face(600)) + 27
    body = svg.rect(box.x, middle - 9, wide, 18, tone.soft, 3)
    body += f'<g transform="translate({num(box.x + 7.5)} {num(middle - 3.5)}) scale(0.583)">{mark}</g>'
    return body + pen.text(box.x + 19, middle + 3.8, cell.word, 10.5, tone.text, 600)


def _bar(cell: BarCell, box: Box, pen: svg.Pen) -> str:
    wide, y = min(box.w, 135.0), box.y + box.h / 2 - 3.75
    body = f"<title>{escape(cell.label)}</title>" + svg.rect(box.x, y, wide, 7.5, pen.theme.track, 1.5)
    if cell.fraction is not None:
        filled = max(wide * min(max(cell.fraction, 0), 1), 2.2)
        body += svg.rect(box.x, y, filled, 7.5, pen.theme.tone(cell.tone).fill, 1.5)
    return f'<g role="img">{body}</g>'


def _picture(shape: Picture) -> str:
    kind = "png" if shape.data[:4] == b"\x89PNG" else "jpeg"
    data = base64.b64encode(shape.data).decode("ascii")
    box = shape.box
    place = f'x="{num(box.x)}" y="{num(box.y)}" width="{num(box.w)}" height="{num(box.h)}"'
    return f'<image {place} href="data:image/{kind};base64,{data}"><title>{escape(shape.alt)}</title></image>'
