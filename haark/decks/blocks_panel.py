"""Drawer of panels side by side: each a title over points parted by thin lines, all in one size."""

from __future__ import annotations

from itertools import product

from haark.decks.blocks_text import cut_list
from haark.decks.outline import Columns, Panel
from haark.decks.place import Context, Drawn, block_of, hairline, rule, within, words
from haark.decks.shapes import Box, Para, Shape

Measures = tuple[float, float, int]
PANEL_SIZES: tuple[Measures, ...] = ((15, 12.0, 3), (13, 8.0, 3), (11.5, 5.0, 2), (10, 3.5, 2))
"""Points of text, the room above and below, and lines at most."""
LEAST_SHARE = 0.7
"""A panel is never narrower than this beside the widest one."""


def columns(block: Columns, box: Box, context: Context) -> Drawn:
    """Panels side by side: line, kicker, title, points parted by thin lines."""
    panels = block.panels[:4]
    if not panels:
        return Drawn((), 0)
    # The panels of a row are written in one size: the largest at which the fullest of them fits, also if it takes some
    # width from the others.
    drawn: list[tuple[Drawn, bool]] = []
    for measures, shares in product(PANEL_SIZES, ([1.0] * len(panels), _shares(panels))):
        drawn = _row(panels, _side_by_side(box, shares), measures, context)
        if all(whole for _one, whole in drawn):
            break
    kept = [one for one, _whole in drawn]
    return Drawn(tuple(shape for one in kept for shape in one.shapes), max(one.height for one in kept))


def _row(
    panels: tuple[Panel, ...], places: list[Box], measures: Measures, context: Context
) -> list[tuple[Drawn, bool]]:
    titles = _panel_titles(panels, places, context)
    high = max(title.height for title in titles)
    return [
        _panel(panel, at, title, high, measures, context)
        for panel, at, title in zip(panels, places, titles, strict=True)
    ]


def _side_by_side(box: Box, shares: list[float]) -> list[Box]:
    """Places of panels whose widths are as their shares; one alone takes half."""
    gap = 30.0
    room = box.w - gap * max(len(shares) - 1, 1)
    total = max(sum(shares), 2.0 if len(shares) == 1 else 0.0)
    widths = [room * share / total for share in shares]
    lefts = [box.x + sum(widths[:index]) + gap * index for index in range(len(shares))]
    return [Box(left, box.y, wide, box.h) for left, wide in zip(lefts, widths, strict=True)]


def _shares(panels: tuple[Panel, ...]) -> list[float]:
    """How wide each panel should be beside the others, by how much it says."""
    said = [sum(len(item) for item in panel.items) for panel in panels]
    return [max(LEAST_SHARE, length / max(*said, 1)) for length in said]


def _panel_titles(panels: tuple[Panel, ...], places: list[Box], context: Context) -> list[Para]:
    """The titles in one size: the largest at which each takes one line, else two lines of it."""

    def set_in(sizes: tuple[float, ...], lines: int) -> list[Para]:
        ink = context.theme.ink
        return [
            words(one.title, at.w, sizes, lines, ink, weight=600, tracking=-0.02, leading=1.25, display=True)
            for one, at in zip(panels, places, strict=True)
        ]

    size = min(title.size for title in set_in((22, 20, 18, 16), 1))
    return set_in((size, 15), 2)


def _panel(
    panel: Panel, box: Box, title: Para, high: float, measures: Measures, context: Context
) -> tuple[Drawn, bool]:
    """The panel with its points in one of PANEL_SIZES, and whether all of them are there in full."""
    theme, (size, pad, limit) = context.theme, measures
    shapes: list[Shape] = [rule(box.x, box.y, box.w, theme)]
    y = box.y + 13
    if panel.kicker:
        kicker = words(panel.kicker, box.w, (11.5, 10), 1, theme.accent, weight=600, leading=1.4)
        shapes.append(block_of(box.x, y, box.w, kicker))
        y += kicker.height + 3
    shapes.append(block_of(box.x, y, box.w, title, role="heading"))
    y += high + 14
    end = box.y + box.h
    items = cut_list(panel.items, max(int((end - y) / (size * 1.42 + 2 * pad)), 1), context.language)
    paras = [words(item, box.w, (size,), limit, theme.ink, leading=1.42) for item in items]
    whole = y + sum(para.height + 2 * pad for para in paras) <= end and len(items) == len(panel.items)
    for para in paras:
        kept = within((para,), end - y - 2 * pad)
        if not kept:
            break
        shapes += [hairline(box.x, y, box.w, theme), block_of(box.x, y + pad, box.w, *kept, role="list")]
        y += kept[0].height + 2 * pad
    return Drawn(tuple(shapes), min(y - box.y, box.h)), whole
