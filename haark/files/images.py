"""Pictures that people send: recognised by what they hold, written anew at a size of use, read once per process."""

import io
from functools import lru_cache

from PIL import Image, ImageOps

from haark.files import store

MOST_PIXELS = 40_000_000  # a small file may unfold into gigabytes
QUALITY = 86
FORMATS = ("PNG", "JPEG")


class ImageRefused(Exception):
    """`reason`: `size` (too many bytes or pixels), `svg`, `kind` (neither PNG nor JPEG, or it does not open)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reduced(content: bytes, box: tuple[int, int], most_bytes: int) -> tuple[Image.Image, str]:
    """The picture of a PNG or JPEG file, upright, at most as large as `box`, and `png` or `jpeg`. Raises ImageRefused.

    What a camera or a program wrote into the file (place, owner, text) stays behind: only pixels are kept.
    """
    if len(content) > most_bytes:
        raise ImageRefused("size")
    if b"<svg" in content[:4096].lower():
        raise ImageRefused("svg")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.size[0] * image.size[1] > MOST_PIXELS:
                raise ImageRefused("size")
            image.verify()  # half a file, which WeasyPrint tells Pillow to draw all the same once it is loaded
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            kind = "png" if image.format == "PNG" else "jpeg"
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail(box)
            return upright.convert("RGBA" if kind == "png" and upright.has_transparency_data else "RGB"), kind
    except Image.DecompressionBombError as odd:
        raise ImageRefused("size") from odd
    except (OSError, ValueError, SyntaxError) as odd:
        raise ImageRefused("kind") from odd


def written(image: Image.Image, kind: str) -> bytes:
    """The file of a picture, `png` or `jpeg`."""
    out = io.BytesIO()
    bare = Image.new(image.mode, image.size)
    bare.paste(image)  # without the texts and profiles that travel with a picture
    bare.save(out, kind, **({"optimize": True} if kind == "png" else {"quality": QUALITY}))
    return out.getvalue()


def read(digest: str) -> bytes:
    """The bytes kept under a hash, from memory where this process read them before.

    OSError where they are gone, ValueError where the disk changed them.
    """
    return _read(str(store.folder()), digest)


@lru_cache(maxsize=48)
def _read(_folder: str, digest: str) -> bytes:
    return store.read(digest)
