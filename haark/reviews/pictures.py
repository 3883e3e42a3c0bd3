"""Pictures of own slides: taken in once at a size that slides can carry.

A photograph of 12 megapixels would travel with every preview; what a slide shows needs 1 600 points of width.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from haark.files import domain as files
from haark.files import images
from haark.files.images import ImageRefused as PictureRefused
from haark.files.models import StoredFile

__all__ = ["PictureRefused", "keep", "of"]
LARGEST = 1600
"""Width and height at most, in pixels."""
MOST_BYTES = 10_000_000


def keep(content: bytes, name: str, *, at: datetime) -> dict[str, Any]:
    """What `data` of an image slide says of its file: `file_id`, `sha256`, `width`, `height`.

    The picture is turned upright, made smaller where it is large, and loses what a camera wrote into it (place, owner).
    Raises PictureRefused, and store.StorageFull.
    """
    small, kind = images.reduced(content, (LARGEST, LARGEST), MOST_BYTES)
    row: StoredFile = files.keep(images.written(small, kind), name, f"image/{kind}", at=at)
    return {"file_id": row.id, "sha256": row.sha256, "width": small.size[0], "height": small.size[1]}


def of(slides: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """The bytes of these slides' pictures by hash; a file that is gone is left out, and the slide says so."""
    wanted = {str(data["sha256"]) for data in slides if data.get("sha256")}
    found = {}
    for digest in wanted:
        with suppress(OSError, ValueError):
            found[digest] = images.read(digest)
    return found
