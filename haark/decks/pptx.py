"""Outline to PowerPoint: real text, native tables and charts with their data, notes, numbers, alternative text."""

from __future__ import annotations

import io
from typing import Any

from pptx.oxml import parse_xml

from haark import clock
from haark.decks import pptx_charts, pptx_table
from haark.decks.compose import compose
from haark.decks.ooxml import NAMESPACES, Ink, body, placeholder, shape, transform
from haark.decks.outline import Deck, LineChart
from haark.decks.packing import stable
from haark.decks.plot import Note, plot
from haark.decks.pptx_template import CONTENT, COVER, blank
from haark.decks.shapes import Box, ChartShape, Page, Para, Picture, Rect, Shape, Side, TableShape, TextShape, Waves
from haark.decks.telling import Tell, untold
from haark.decks.theme import theme

HOLDERS = {
    "title": 'type="title"',
    "section": 'type="body" sz="quarter" idx="13"',
}
FIELD = '<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">{}<a:t>{}</a:t></a:fld>'


def render_pptx(deck: Deck, told: Tell = untold) -> bytes:
    """The visible slides as a PowerPoint file (16:9); `told` hears of each page drawn.

    The same outline gives the same bytes but for the two dates in its properties.
    """
    deck, pages = compose(deck)
    ink = Ink(theme(deck.brand), deck.language)
    show = blank(ink.theme)
    for done, page in enumerate(pages, start=1):
        cover = any(isinstance(one, Waves) for one in page.shapes)
        slide = bare(show, show.slide_layouts[COVER if cover else CONTENT])
        Painter(slide, page, ink, cover=cover).paint()
        take_notes(slide, page)
        told("draw", done, len(pages))
    return finish(show, deck, ink)


def finish(show: Any, deck: Deck, ink: Ink) -> bytes:
    """The file, with its properties."""
    _properties(show, deck, ink)
    out = io.BytesIO()
    show.save(out)
    return stable(out.getvalue())


def _properties(show: Any, deck: Deck, ink: Ink) -> None:
    facts = show.core_properties
    facts.title, facts.author, facts.language = deck.title[:250], deck.author[:250], ink.locale
    facts.last_modified_by = deck.author[:250]
    facts.created = facts.modified = clock.now().replace(tzinfo=None)
    facts.subject = " ".join(part for part in (deck.kind_label, deck.period_label, deck.client) if part)[:250]
    facts.keywords, facts.comments, facts.category = deck.kind_label[:250], "", "Business review"


def bare(show: Any, layout: Any) -> Any:
    """A new slide of a layout without any of its placeholders: those that are filled are added, no others."""
    slide = show.slides.add_slide(layout)
    tree = slide.shapes._spTree
    for child in list(tree)[2:]:
        tree.remove(child)
    return slide


def take_notes(slide: Any, page: Page) -> None:
    """The speaker's notes, on every page of a slide."""
    if page.slide.notes:
        slide.notes_slide.notes_text_frame.text = page.slide.notes


class Painter:
    """Draws one page on one slide."""

    def __init__(self, slide: Any, page: Page, ink: Ink, *, cover: bool) -> None:
        self.slide, self.page, self.ink, self.cover = slide, page, ink, cover
        self.tree = slide.shapes._spTree

    def paint(self) -> None:
        """Every shape in reading order; a text inside the rectangle before it becomes that rectangle's own text."""
        shapes, index = self.page.shapes, 0
        footers = 0
        while index < len(shapes):
            one, following = shapes[index], shapes[index + 1] if index + 1 < len(shapes) else None
            if isinstance(one, Rect) and isinstance(following, TextShape) and _inside(following.box, one.box):
                self._filled(one, following)
                index += 2
                continue
            if isinstance(one, TextShape) and one.role == "footer":
                self._footer(one, first=footers == 0)
                footers += 1
            else:
                self._one(one)
            index += 1

    def _one(self, one: Shape) -> None:
        if isinstance(one, TextShape):
            self._text(one)
        elif isinstance(one, Rect):
            if not self._layouts_line(one):
                self._add(shape(self._id(), "Ground", one.box, self.ink, fill=one.fill, radius=one.radius))
        elif isinstance(one, TableShape):
            self._table(one)
        elif isinstance(one, ChartShape):
            pptx_charts.add(self.slide, one, self.ink)
            self._note(one)
        elif isinstance(one, Picture):
            box = one.box
            place = (self.ink.emu(length) for length in (box.x, box.y, box.w, box.h))
            picture = self.slide.shapes.add_picture(io.BytesIO(one.data), *place)
            picture._element.nvPicPr.cNvPr.set("descr", one.alt)

    def _layouts_line(self, rect: Rect) -> bool:
        """Whether the layout already draws this line (the footer's)."""
        return not self.cover and rect.box.y == 490.5

    def _text(self, one: TextShape) -> None:
        if not one.paras:
            return
        if one.role == "title":
            self._title(one)
        elif one.role == "section":
            self._section(one)
        elif one.role == "number":
            self._number(one)
        else:
            self._plain(one)

    def _plain(self, one: TextShape) -> None:
        self._add(shape(self._id(), "Text", roomy(one), self.ink, text=body(one.paras, self.ink, one.anchor)))

    def _title(self, one: TextShape) -> None:
        kind = 'type="ctrTitle"' if self.cover else HOLDERS["title"]
        words = body(one.paras, self.ink, one.anchor)
        self._add(placeholder(self._id(), "Title", kind, roomy(one), words))

    def _section(self, one: TextShape) -> None:
        words = body(one.paras, self.ink, one.anchor)
        self._add(placeholder(self._id(), "Section", HOLDERS["section"], roomy(one), words))

    def _footer(self, one: TextShape, *, first: bool) -> None:
        kind = 'type="body" sz="quarter" idx="14"' if first else 'type="ftr" sz="quarter" idx="11"'
        if first and not one.paras[0].text:
            return
        name = "Source" if first else "Footer"
        self._add(placeholder(self._id(), name, kind, roomy(one), body(one.paras, self.ink)))

    def _number(self, one: TextShape) -> None:
        """The slide number as a field, since PowerPoint does not inherit it from the layout."""
        kind = 'type="sldNum" sz="quarter" idx="12"'
        self._add(placeholder(self._id(), "Slide number", kind, roomy(one), self._counted(one)))

    def _counted(self, one: TextShape) -> str:
        words = body(one.paras, self.ink)
        start, end = words.index("<a:r>"), words.index("</a:r>") + len("</a:r>")
        run = words[start:end]
        look = run[run.index("<a:rPr") : run.index("</a:rPr>") + len("</a:rPr>")]
        return words[:start] + FIELD.format(look, one.paras[0].text) + words[end:]

    def _filled(self, rect: Rect, text: TextShape) -> None:
        outer, inner = rect.box, text.box
        insets = (
            inner.x - outer.x,
            inner.y - outer.y if text.anchor == "top" else 0,
            max(outer.x + outer.w - inner.x - inner.w - 4, 0),
            8 if text.anchor == "top" else 0,
        )
        words = body(text.paras, self.ink, text.anchor, insets)
        self._add(shape(self._id(), "Text", outer, self.ink, fill=rect.fill, radius=rect.radius, text=words))

    def _table(self, one: TableShape) -> None:
        alt = one.title or self.page.title
        self._add(pptx_table.table(self._id(), one, self.ink, alt))
        for bar in pptx_table.bars(self._id(), one, self.ink):
            self._add(bar)

    def _note(self, one: ChartShape) -> None:
        """The annotation of a line chart: a text over the chart and its pointer."""
        if not isinstance(one.chart, LineChart):
            return
        geometry = plot(one.chart, one.box, self.ink.language)
        if geometry is None or geometry.note is None:
            return
        note, theme_ = geometry.note, self.ink.theme
        align: Side = "right" if note.anchor == "end" else "left"
        para = Para(note.lines, 9.5, theme_.ink2, leading=13 / 9.5, align=align)
        x = one.box.x + note.x - (140 if align == "right" else 0)
        box = Box(x, one.box.y + note.y, 140, para.height + 2)
        self._add(shape(self._id(), "Annotation", box, self.ink, text=body((para,), self.ink)))
        self._pointer(note, one.box)

    def _pointer(self, note: Note, origin: Box) -> None:
        (x1, y1), (x2, y2) = note.start, note.end
        flips = (' flipH="1"' if x2 < x1 else "") + (' flipV="1"' if y2 < y1 else "")
        box = Box(origin.x + min(x1, x2), origin.y + min(y1, y2), abs(x2 - x1), abs(y2 - y1))
        place = transform(box, scale=self.ink.scale).replace("<a:xfrm>", f"<a:xfrm{flips}>")
        line = f'<a:ln w="{self.ink.emu(0.75)}">{self.ink.fill(self.ink.theme.ink3)}</a:ln>'
        self._add(
            f'<p:cxnSp {NAMESPACES}><p:nvCxnSpPr><p:cNvPr id="{self._id()}" name="Pointer"/><p:cNvCxnSpPr/><p:nvPr/>'
            f'</p:nvCxnSpPr><p:spPr>{place}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{line}</p:spPr></p:cxnSp>'
        )

    def _id(self) -> int:
        """The next free shape number of this slide."""
        return 2 + len(self.tree) * 2

    def _add(self, xml: str) -> None:
        self.tree.append(parse_xml(xml))


def _inside(inner: Box, outer: Box) -> bool:
    return (
        inner.x >= outer.x
        and inner.y >= outer.y - 0.01
        and inner.x + inner.w <= outer.x + outer.w + 0.01
        and inner.y + inner.h <= outer.y + outer.h + 0.01
    )


def roomy(one: TextShape) -> Box:
    """A little wider and higher than measured: bold is heavier than Inter's 600, and Inter may be missing."""
    box = one.box
    more = min(box.w * 0.04, 12.0)
    x = box.x - more if one.paras and one.paras[0].align == "right" else box.x
    return Box(x, box.y, box.w + more, box.h + (4 if one.anchor == "top" else 0))
