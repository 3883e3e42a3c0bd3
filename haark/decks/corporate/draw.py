"""Draws a deck on an organisation's template: its layouts, its placeholders, its colours, our blocks."""

from __future__ import annotations

import io
from collections.abc import Mapping as Pairs
from copy import deepcopy
from typing import Any

from pptx import Presentation

from haark.decks.compose import compose
from haark.decks.corporate.frame import Guest
from haark.decks.corporate.ink import GuestInk, ink_of
from haark.decks.corporate.inspect import report_of
from haark.decks.corporate.mapping import chosen
from haark.decks.corporate.package import open_package
from haark.decks.corporate.paint import CoverPainter, GuestPainter
from haark.decks.corporate.reduce import reduced
from haark.decks.outline import Cover, Deck
from haark.decks.pptx import bare, finish, take_notes
from haark.decks.telling import Tell, untold

MAPPING = "{http://schemas.openxmlformats.org/presentationml/2006/main}clrMapOvr"


def render(deck: Deck, data: bytes, wanted: Pairs[str, str], told: Tell = untold) -> bytes:
    """The slides as a PowerPoint file on the template `data`; `wanted`: role -> key of a layout; `told` hears of pages.

    Raises Refused when the template cannot be used.
    """
    package = open_package(data)
    cleaned = reduced(package)
    report = report_of(package, cleaned)
    mapping = chosen(report, wanted)
    frames: list[Guest] = []

    def frame(clean: Deck) -> Guest:
        frames.append(Guest(clean, report, mapping))
        return frames[0]

    deck, pages = compose(deck, frame=frame)
    show = Presentation(io.BytesIO(cleaned.data))
    layouts = {
        f"{place}.{at}": layout
        for place, master in enumerate(show.slide_masters)
        for at, layout in enumerate(master.slide_layouts)
    }
    inks: dict[tuple[str, bool], GuestInk] = {}
    for done, page in enumerate(pages, start=1):
        on = frames[0].stage(page.slide)
        cover = any(isinstance(block, Cover) for block in page.slide.blocks)
        key = on.layout.key, cover
        ink = inks.setdefault(key, ink_of(on, report, deck.language))
        slide = bare(show, layouts[on.layout.key])
        _take_colours(slide, layouts[on.layout.key])
        (CoverPainter if cover else GuestPainter)(slide, page, ink, on).paint()
        take_notes(slide, page)
        told("draw", done, len(pages))
    return finish(show, deck, ink_of(frames[0].main, report, deck.language))


def _take_colours(slide: Any, layout: Any) -> None:
    """A slide does not inherit its layout's own mapping of colours: PowerPoint copies it, so do we."""
    own, theirs = slide._element.find(MAPPING), layout._element.find(MAPPING)
    if theirs is None or not len(theirs) or theirs[0].tag.endswith("masterClrMapping"):
        return
    if own is not None:
        slide._element.remove(own)
    slide._element.cSld.addnext(deepcopy(theirs))
