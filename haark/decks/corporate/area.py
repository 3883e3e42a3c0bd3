"""Where Haark's blocks may stand on a layout: below the title, above the footer, beside logos and bands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from haark.decks.corporate.read import Sheet, Still
from haark.decks.corporate.report import Holder
from haark.decks.shapes import Box

FILLED = ("obj", "body", "tbl", "chart", "pic", "dgm", "media", "clipArt")
FOOTERS = ("dt", "ftr", "sldNum")
AIR = 7.0
"""Points kept between blocks and what the template draws."""
GROUND = 0.7
"""Share of the region that a shape must cover to be its ground rather than in its way."""


@dataclass(frozen=True)
class Spot:
    """A free place, the colour below it and what it had to avoid."""

    box: Box
    ground: str
    avoided: tuple[str, ...]


def content(sheet: Sheet, master_body: Box | None, wide: float, high: float) -> Spot | None:
    """The free place for blocks on a layout with a title; None when nothing is left."""
    title = next((one for one in sheet.holders if one.form in ("title", "ctrTitle")), None)
    page = Box(0, 0, wide, high)
    region = _region(sheet, title, master_body, wide, high)
    if region is None:
        return None
    region, ground, ways = _grounded(sheet, region, page)
    blocked = [grown(one.box) for one in sheet.holders if one.form in FOOTERS]
    blocked += [title.box] if title is not None else []
    best = largest_free(region, [*blocked, *(grown(one.box) for one in ways)])
    if best is None:
        return None
    best = _aligned(best, title)
    avoided = tuple(one.name for one in ways if overlap(grown(one.box), region) > 1)
    return Spot(best, ground, avoided)


def _region(sheet: Sheet, title: Holder | None, master_body: Box | None, wide: float, high: float) -> Box | None:
    """What the layout means for content: its large placeholders, else the master's text, else the page's inside."""
    large = [
        one.box for one in sheet.holders if one.form in FILLED and one.box.h >= 0.2 * high and one.box.w >= 0.2 * wide
    ]
    head = title.box if title is not None else Box(0, 0, 0, 0)
    if large:
        around = union(large)
        if overlap(around, head) > 0.25 * area(head) and area(head):
            around = max(large, key=area)
        return _lowered(around, sheet, high)
    below = head.y + head.h if title is not None and head.y + head.h < 0.6 * high else 0.04 * high
    if master_body is not None and overlap(master_body, head) < 0.25 * area(head):
        top = max(below, min(master_body.y, below + 0.06 * high))
        return _lowered(Box(master_body.x, top, master_body.w, master_body.y + master_body.h - top), sheet, high)
    left = max(head.x, 0.01 * wide) if title is not None else 0.05 * wide
    right = min(max(head.x + head.w, 0.9 * wide), 0.99 * wide) if title is not None else 0.95 * wide
    if below > 0.85 * high or right - left < 72:
        return None
    return _lowered(Box(left, below + AIR, right - left, 0.95 * high - below - AIR), sheet, high)


def _aligned(box: Box, title: Holder | None) -> Box:
    """Inside the edges of the title's words where the boxes share an edge: words and blocks then stand in one line."""
    if title is None:
        return box
    left, _top, right, _bottom = title.style.insets
    left = min(left, 12.0) if abs(box.x - title.box.x) < 2 else 0.0
    right = min(right, 12.0) if abs(box.x + box.w - title.box.x - title.box.w) < 2 else 0.0
    return Box(box.x + left, box.y, box.w - left - right, box.h)


def _lowered(region: Box, sheet: Sheet, high: float) -> Box:
    """Down to the footer where that is just below: a source needs a line there."""
    end = region.y + region.h
    tops = [one.box.y for one in sheet.holders if one.form in FOOTERS and one.box.y >= end - 1]
    if tops and min(tops) - end < 0.06 * high:
        end = max(end, min(tops) - AIR)
    return Box(region.x, region.y, region.w, min(end, 0.98 * high) - region.y)


def _grounded(sheet: Sheet, region: Box, page: Box) -> tuple[Box, str, list[Still]]:
    """The region inside the panel that it stands on, that panel's colour, and the shapes in the way."""
    ground = sheet.ground
    ways: list[Still] = []
    for one in sheet.stills:
        if not one.drawn:
            continue
        common = meet(one.box, region)
        if one.fill is not None and common is not None and area(common) >= GROUND * area(region):
            ground = one.fill or ground
            region = common
            ways = []  # what lies below the panel is not seen
        elif meet(one.box, page) is not None:
            ways.append(one)
    return region, ground, ways


def ground_at(sheet: Sheet, box: Box) -> str:
    """The colour behind `box`: that of the topmost panel which covers it, else the page's."""
    ground = sheet.ground
    for one in sheet.stills:
        if one.fill and overlap(one.box, box) >= GROUND * area(box):
            ground = one.fill
    return ground


def cut_title(title: Box, fixed: Iterable[Box]) -> Box:
    """The title's place without the part that a logo or a stamp covers at one side; lines are no hindrance."""
    for one in fixed:
        common = meet(grown(one), title)
        if common is None or min(one.h, one.w) < 3 or common.w > 0.5 * title.w or area(common) > 0.5 * area(title):
            continue
        left = Box(title.x, title.y, common.x - title.x, title.h)
        start = common.x + common.w
        right = Box(start, title.y, title.x + title.w - start, title.h)
        title = max((left, right), key=lambda part: part.w)
    return title


def largest_free(region: Box, blocked: list[Box]) -> Box | None:
    """The largest rectangle of `region` that touches none of `blocked`."""
    walls = [common for box in blocked if (common := meet(box, region)) is not None][:24]
    xs = sorted({region.x, region.x + region.w, *(edge for box in walls for edge in (box.x, box.x + box.w))})
    best, most = None, 0.0
    for at, left in enumerate(xs):
        for right in xs[at + 1 :]:
            inside = [box for box in walls if box.x < right - 0.1 and box.x + box.w > left + 0.1]
            top = region.y
            for edge in [*sorted(inside, key=lambda box: box.y), Box(0, region.y + region.h, 0, 0)]:
                room = (right - left) * (edge.y - top)
                if edge.y > top and room > most:
                    best, most = Box(left, top, right - left, edge.y - top), room
                top = max(top, edge.y + edge.h)
    return best


def meet(one: Box, other: Box) -> Box | None:
    """What two boxes share; None when that is nothing."""
    left, top = max(one.x, other.x), max(one.y, other.y)
    right, bottom = min(one.x + one.w, other.x + other.w), min(one.y + one.h, other.y + other.h)
    return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None


def overlap(one: Box, other: Box) -> float:
    """Shared surface in square points."""
    common = meet(one, other)
    return area(common) if common is not None else 0.0


def area(box: Box) -> float:
    """Surface in square points."""
    return max(box.w, 0) * max(box.h, 0)


def union(boxes: list[Box]) -> Box:
    """The smallest box around all of them."""
    left, top = min(one.x for one in boxes), min(one.y for one in boxes)
    right, bottom = max(one.x + one.w for one in boxes), max(one.y + one.h for one in boxes)
    return Box(left, top, right - left, bottom - top)


def grown(box: Box, by: float = AIR) -> Box:
    """With some air around it; lines have no height of their own."""
    return Box(box.x - by, box.y - by, box.w + 2 * by, box.h + 2 * by)
