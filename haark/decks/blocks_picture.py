"""Drawer of pictures: as large as the place allows, with the caption below."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image

from haark.decks.outline import Picture
from haark.decks.place import Context, Drawn, block_of, words
from haark.decks.shapes import Box, Shape
from haark.decks.shapes import Picture as PictureShape

LARGEST = 16_000_000
"""Pixels of a picture; a larger one is not drawn."""
POINT = 0.75
"""Points of a pixel: a small picture is not blown up beyond this."""
SPACE = 10.0


def picture(block: Picture, box: Box, context: Context) -> Drawn:
    """The picture in the middle of its place; one that does not open is replaced by what it would show, in words."""
    size = pixels(block.data) if block.data else None
    told = block.caption if size else block.caption or block.alt
    caption = words(told, box.w, (12, 10.5), 3, context.theme.ink2, leading=1.35) if told else None
    below = caption.height + SPACE if caption else 0.0
    shapes: list[Shape] = []
    y = box.y
    if size:
        scale = min(box.w / size[0], max(box.h - below, 20.0) / size[1], POINT * 2)
        wide, high = size[0] * scale, size[1] * scale
        shapes.append(PictureShape(Box(box.x + (box.w - wide) / 2, y, wide, high), block.data, block.alt or told))
        y += high + SPACE
    if caption:
        shapes.append(block_of(box.x, y, box.w, caption))
        y += caption.height
    return Drawn(tuple(shapes), min(y - box.y, box.h))


@lru_cache(maxsize=32)
def pixels(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG that decodes; None for anything else, which is then not drawn."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            size = image.size
            if size[0] * size[1] > LARGEST or not all(size):
                return None
            image.load()
            return size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
