"""The two names at the head of a cover, ours x theirs, each with its logo where there is one."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import lru_cache

from PIL import Image

from haark.decks import fit
from haark.decks.blocks_picture import pixels
from haark.decks.outline import Deck
from haark.decks.place import words
from haark.decks.shapes import Box, Picture, Rect, Shape, TextShape
from haark.decks.theme import INK, WHITE, Theme, contrast
from haark.decks.words import word

MIDDLE = 63.0
"""Where the line of names stands, in points from the top of the page."""
ROOM = (130.0, 34.0)
"""Width and height of a logo at most, in points."""
WORDMARK = 2.2
"""From this many widths to a height a logo spells the name: writing it beside would say it twice."""
EDGE = 4.0
SEEN, LOST = 2.0, 0.12
"""Below a contrast of SEEN a pixel is lost on its ground; beyond a share of LOST the logo gets a plate."""
OPAQUE = 96
"""From this much of 255 on a pixel counts as drawn."""
NAMES = (220.0, 300.0)


def names(deck: Deck, colors: Theme, left: float) -> list[Shape]:
    """Logos where there are some, names else and beside symbols; one line that begins at `left`."""
    shapes: list[Shape] = []
    x = left
    pairs = ((deck.organisation, deck.brand.logo), (deck.client, deck.brand.client_logo))
    for index, (name, data) in enumerate(pairs):
        size = pixels(data) if data else None
        if not name and not size:
            continue
        if x > left:
            cross = words("×", 20, (17,), 1, colors.on_brand_soft)
            shapes.append(TextShape(Box(x, MIDDLE - 13, 24, 26), (replace(cross, align="center"),), anchor="middle"))
            x += 32
        if data and size:
            drawn, wide = _logo(data, size, name, x, deck.language, colors)
            shapes += drawn
            x += wide + 10
        if name and not (size and size[0] >= WORDMARK * size[1]):
            para = words(name, NAMES[index], (17, 15, 13), 1, colors.on_brand, weight=600, tracking=-0.02)
            room = fit.width(para.lines[0], para.size, fit.Face(600, -0.02)) + 8
            shapes.append(TextShape(Box(x, MIDDLE - 13, room, 26), (para,), anchor="middle"))
            x += room + 4
    return shapes


def _logo(
    data: bytes, size: tuple[int, int], name: str, x: float, language: str, colors: Theme
) -> tuple[list[Shape], float]:
    """The logo in its own proportions, on a plate where it would be lost on the cover; and how wide all is."""
    scale = min(ROOM[0] / size[0], ROOM[1] / size[1])
    wide, high = size[0] * scale, size[1] * scale
    ground = plate(data, colors.brand)
    edge = EDGE if ground else 0.0
    alt = f"{word(language, 'logo')} {name}".strip()
    picture = Picture(Box(x + edge, MIDDLE - high / 2, wide, high), data, alt)
    if not ground:
        return [picture], wide
    box = Box(x, MIDDLE - high / 2 - edge, wide + 2 * edge, high + 2 * edge)
    return [Rect(box, ground, 4.0), picture], box.w


@lru_cache(maxsize=64)
def plate(data: bytes, ground: str) -> str:
    """The colour of the plate that a transparent logo needs on `ground`: white, ink, or "" where it reads as it is.

    A logo without transparency brings its own ground and needs none.
    """
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        if not image.has_transparency_data:
            return ""
        small = image.convert("RGBA").resize((24, 24), Image.Resampling.BOX)
    raw = small.tobytes()
    quads = (raw[at : at + 4] for at in range(0, len(raw), 4))
    seen = [quad[:3] for quad in quads if quad[3] > OPAQUE]
    if not seen or _lost(seen, ground) <= LOST:
        return ""
    return min((WHITE, INK), key=lambda colour: _lost(seen, colour))


def _lost(seen: list[bytes], ground: str) -> float:
    """The share of pixels, 0 to 1, that hardly differ from a ground."""
    return sum(contrast(f"#{pixel.hex()}", ground) < SEEN for pixel in seen) / len(seen)
