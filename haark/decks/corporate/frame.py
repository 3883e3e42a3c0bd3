"""What stands around the blocks on an organisation's pages: its title, our section and source, its footer and number.

Blocks are composed in the points of our own pages and scaled to the template's; a title is measured in the template's
own font and size, and made smaller rather than overflow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from haark.decks import fit
from haark.decks.compose import kicker, mark
from haark.decks.corporate import area, colours
from haark.decks.corporate.cover import cover_shapes
from haark.decks.corporate.mapping import Mapping
from haark.decks.corporate.report import Holder, Layout, Report
from haark.decks.corporate.titles import Line, set_in
from haark.decks.outline import Cover, Deck, Slide
from haark.decks.place import Context, words
from haark.decks.shapes import Box, Para, Shape, TextShape
from haark.decks.theme import Theme, on_ground

SOURCE = 25.0
"""Composed height of the source's two lines."""
ABOVE = 18.0
"""Composed points between the blocks and the source, where the count of what is left out may stand."""
SECTION = 23.0
"""Composed height of the section's line above the blocks."""


@dataclass(frozen=True)
class Stage:
    """A layout made ready: its colours and the place of its parts, in composed points."""

    layout: Layout
    theme: Theme
    page: tuple[float, float]

    @property
    def scale(self) -> float:
        return self.layout.scale

    def down(self, box: Box) -> Box:
        """A place of the page in composed points."""
        by = self.scale
        return Box(box.x / by, box.y / by, box.w / by, box.h / by)

    @cached_property
    def room(self) -> Box:
        """The whole free place, in composed points."""
        assert self.layout.area is not None
        return self.down(self.layout.area)

    @cached_property
    def small(self) -> Holder | None:
        """A small text placeholder above the title: the section goes there."""
        title = self.layout.title
        if title is None:
            return None
        fitting = [
            one
            for one in self.layout.holders
            if one.form == "body"
            and one.box.y + one.box.h <= title.box.y + 4
            and one.box.h <= 0.09 * self.page[1]
            and one.box.w >= 0.2 * self.page[0]
            and not one.style.vertical
        ]
        return max(fitting, key=lambda one: one.box.w, default=None)

    @property
    def body(self) -> Box:
        """Where the blocks go."""
        room, top = self.room, 0.0 if self.small else SECTION
        return Box(room.x, room.y + top, room.w, room.h - top - ABOVE - SOURCE)


def stage(layout: Layout, report: Report) -> Stage:
    """A layout that bears content, with the colours that read on it."""
    main = colours.primary(report.colors, layout.ground)
    return Stage(layout, on_ground(main, layout.ground, layout.ink), (report.width, report.height))


class Guest:
    """The frame of a deck on an organisation's template."""

    def __init__(self, deck: Deck, report: Report, mapping: Mapping) -> None:
        self.deck, self.report, self.mapping = deck, report, mapping
        self._stages: dict[tuple[str, bool], Stage] = {}

    def stage(self, slide: Slide) -> Stage:
        """The layout of a slide, made ready once; a cover is composed in the page's own points."""
        cover = any(isinstance(block, Cover) for block in slide.blocks)
        key = self.mapping.of(slide), cover
        if key not in self._stages:
            found = self.report.layout(key[0])
            assert found is not None
            self._stages[key] = stage(replace(found, scale=1.0) if cover else found, self.report)
        return self._stages[key]

    @property
    def main(self) -> Stage:
        """The stage of ordinary slides."""
        return self.stage(Slide("", "", ""))

    def context(self, slide: Slide) -> Context:
        return Context(self.stage(slide).theme, self.deck.language)

    def ground(self, slide: Slide) -> str:
        return self.stage(slide).layout.ground

    def area(self, slide: Slide) -> Box:
        return self.stage(slide).body

    def head(self, slide: Slide, part: int) -> list[Shape]:
        on = self.stage(slide)
        title = on.layout.title
        assert title is not None
        place = area.cut_title(title.box, on.layout.fixed)
        shapes: list[Shape] = [self._section(on, kicker(slide, part, self.deck.language), title)]
        line = set_in(slide.headline, replace(title, box=place), self.report.height)
        shapes.append(TextShape(on.down(place), (_para(line, on),), "title"))
        return shapes

    def _section(self, on: Stage, text: str, title: Holder) -> TextShape:
        if on.small is not None:
            line = set_in(text, on.small, self.report.height, limit=1)
            return TextShape(on.down(on.small.box), (_para(line, on),), "section")
        room = on.room
        para = words(text, room.w, (11.5, 10.5), 1, on.theme.accent, weight=600)
        para = replace(para, align="center" if title.style.align == "ctr" else "left")
        return TextShape(Box(room.x, room.y, room.w, para.height), (para,), "section")

    def foot(self, slide: Slide, number: int) -> list[Shape]:
        """The source below the blocks; the footer and the number in their placeholders, else right of the source."""
        on = self.stage(slide)
        room, y = on.room, on.room.y + on.room.h - SOURCE
        name = " ".join(part for part in (self.deck.kind_label, self.deck.period_label) if part)
        client = fit.wrap(self.deck.client, 180, 9, limit=1).text
        foot = " · ".join(part for part in (mark(self.deck), client, name) if part)
        end, shapes = room.x + room.w, []
        holder = on.layout.holder("sldNum")
        if holder is not None:
            para = _para(Line((str(number),), holder.style.size), on)
            shapes.append(TextShape(on.down(holder.box), (para,), "number"))
        else:
            digits = fit.width(str(number), 9) + 3
            page = words(str(number), digits, (9,), 1, on.theme.ink3, align="right")
            shapes.append(TextShape(Box(end - digits - 2, y, digits + 2, 14), (page,), "number"))
            end -= digits + 5
        holder = on.layout.holder("ftr")
        if holder is not None:
            shapes.append(
                TextShape(on.down(holder.box), (_para(set_in(foot, holder, 0, limit=2, share=0.85), on),), "footer")
            )
        else:
            words_ = f"{foot} ·" if foot and end < room.x + room.w else foot
            para = words(words_, 300, (9, 8), 1, on.theme.ink3, align="right")
            wide = fit.width(para.text, para.size) + 2
            shapes.append(TextShape(Box(end - wide, y, wide, 14), (para,), "footer"))
            end -= wide + 16
        source = words(slide.source, end - room.x - 8, (9, 8, 7.5), 2, on.theme.ink3, leading=1.25)
        return [TextShape(Box(room.x, y, end - room.x - 8, 24), (source,), "footer"), *reversed(shapes)]

    def cover(self, cover: Cover) -> tuple[Shape, ...]:
        found = self.report.layout(self.mapping.cover)
        assert found is not None
        return cover_shapes(self.deck, cover, found, self.report)


def _para(line: Line, on: Stage) -> Para:
    """Words of a placeholder, measured: its own style draws them."""
    return Para(line.lines, line.size / on.scale, on.theme.ink, firm=False)
