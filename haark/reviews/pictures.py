"""Pictures of own slides: taken in once at a size that slides can carry, read once per process.

A photograph of 12 megapixels would travel with every preview; what a slide shows needs 1 600 points of width.
"""

import io
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

from PIL import Image, ImageOps

from haark.files import domain as files
from haark.files import store
from haark.files.models import StoredFile

LARGEST = 1600
"""Width and height at most, in pixels."""
MOST_PIXELS = 40_000_000
MOST_BYTES = 10_000_000
QUALITY = 86


class PictureRefused(Exception):
    """`reason`: `size` (too large), `kind` (neither PNG nor JPEG, or it does not open)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def keep(content: bytes, name: str, *, at: datetime) -> dict[str, Any]:
    """What `data` of an image slide says of its file: `file_id`, `sha256`, `width`, `height`.

    The picture is turned upright, made smaller where it is large, and loses what a camera wrote into it (place, owner).
    Raises PictureRefused, and store.StorageFull.
    """
    small, size, kind = _reduced(content)
    row: StoredFile = files.keep(small, name, f"image/{kind}", at=at)
    return {"file_id": row.id, "sha256": row.sha256, "width": size[0], "height": size[1]}


def of(slides: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """The bytes of these slides' pictures by hash; a file that is gone is left out, and the slide says so."""
    wanted = {str(data["sha256"]) for data in slides if data.get("sha256")}
    found = {}
    for digest in wanted:
        with suppress(OSError, ValueError):
            found[digest] = _read(str(store.folder()), digest)
    return found


@lru_cache(maxsize=24)
def _read(_folder: str, digest: str) -> bytes:
    return store.read(digest)


def _reduced(content: bytes) -> tuple[bytes, tuple[int, int], str]:
    if len(content) > MOST_BYTES:
        raise PictureRefused("size")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.size[0] * image.size[1] > MOST_PIXELS:
                raise PictureRefused("size")
            kind = "png" if image.format == "PNG" else "jpeg"
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LARGEST, LARGEST))
            upright = upright.convert("RGBA" if kind == "png" and upright.has_transparency_data else "RGB")
            out = io.BytesIO()
            upright.save(out, kind, **({"optimize": True} if kind == "png" else {"quality": QUALITY}))
            return out.getvalue(), upright.size, kind
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as odd:
        raise PictureRefused("kind") from odd
