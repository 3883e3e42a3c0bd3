"""Walks the shapes of a master or layout: groups are opened, alternatives chosen, places brought to the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from haark.decks.shapes import Box

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
POINT = 12700

Frame = tuple[float, float, float, float]
"""How a group maps its children: shift and stretch in x and y."""


def number(text: str | None, otherwise: float = 0.0) -> float:
    """A number of the file, `otherwise` where it is missing or none."""
    try:
        return float((text or "").rstrip("%"))
    except ValueError:
        return otherwise


def elements(root: Any) -> Iterator[tuple[Any, Frame]]:
    tree = root.find(f"{P}cSld/{P}spTree")
    if tree is not None:
        yield from _inside(tree, (0, 0, 1, 1), 0)


def _inside(tree: Any, frame: Frame, depth: int) -> Iterator[tuple[Any, Frame]]:
    for element in tree:
        if element.tag == f"{P}grpSp" and depth < 8:
            yield from _inside(element, _nested(element, frame), depth + 1)
        elif element.tag == f"{MC}AlternateContent":
            chosen = element.find(f"{MC}Choice")
            if chosen is not None:
                yield from _inside(chosen, frame, depth + 1)
        elif element.tag in (f"{P}sp", f"{P}pic", f"{P}graphicFrame", f"{P}cxnSp"):
            yield element, frame


def _nested(group: Any, frame: Frame) -> Frame:
    place = group.find(f"{P}grpSpPr/{A}xfrm")
    parts = [place.find(f"{A}{name}") if place is not None else None for name in ("off", "ext", "chOff", "chExt")]
    off, ext, inner, size = parts
    if off is None or ext is None or inner is None or size is None:
        return frame
    wide = number(ext.get("cx")) / (number(size.get("cx")) or 1)
    high = number(ext.get("cy")) / (number(size.get("cy")) or 1)
    x = number(off.get("x")) - number(inner.get("x")) * wide
    y = number(off.get("y")) - number(inner.get("y")) * high
    return frame[0] + x * frame[2], frame[1] + y * frame[3], frame[2] * wide, frame[3] * high


def box_of(element: Any, frame: Frame = (0, 0, 1, 1)) -> Box | None:
    """Where a shape stands, a quarter turn taken into account; None when it inherits its place."""
    place = element.find(f"{P}spPr/{A}xfrm")
    place = element.find(f"{P}xfrm") if place is None else place
    off, ext = (place.find(f"{A}{name}") if place is not None else None for name in ("off", "ext"))
    if off is None or ext is None or place is None:
        return None
    x, y = frame[0] + number(off.get("x")) * frame[2], frame[1] + number(off.get("y")) * frame[3]
    w, h = number(ext.get("cx")) * frame[2], number(ext.get("cy")) * frame[3]
    if 45 <= (number(place.get("rot")) / 60_000) % 180 < 135:
        x, y, w, h = x + (w - h) / 2, y + (h - w) / 2, h, w
    return Box(x / POINT, y / POINT, w / POINT, h / POINT)
