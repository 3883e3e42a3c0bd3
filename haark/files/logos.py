"""Logos, ours and our clients': taken in small enough to travel with every deck, without empty margins."""

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from haark.files import domain as files
from haark.files import images
from haark.files.images import ImageRefused
from haark.files.models import StoredFile

BOX = (640, 320)
"""Width and height at most, in pixels: a cover prints a logo 130 points wide."""
MOST_BYTES = 2_000_000
LEAST = 24
"""The longer side at least, in pixels: less is a blur on a projector."""
REFUSALS: dict[str, LazyString] = {
    "none": _l("Choisissez un fichier."),
    "size": _l(
        "Ce fichier est trop gros\N{NARROW NO-BREAK SPACE}: 2\N{NO-BREAK SPACE}Mo et 40 millions de pixels au plus."
    ),
    "svg": _l("Un dessin SVG peut contenir du code\N{NARROW NO-BREAK SPACE}: exportez-le en PNG."),
    "kind": _l("Ce fichier n’est ni un PNG ni un JPEG lisible."),
    "small": _l("Cette image est trop petite\N{NARROW NO-BREAK SPACE}: 24 pixels de large ou de haut au moins."),
    "blank": _l("Cette image est entièrement transparente."),
}


def keep(content: bytes, name: str, *, at: datetime) -> StoredFile:
    """The stored logo of an uploaded PNG or JPEG. Raises ImageRefused, with a key of REFUSALS, and StorageFull."""
    if not content:
        raise ImageRefused("none")
    image, kind = images.reduced(content, (BOX[0] * 4, BOX[1] * 4), MOST_BYTES)
    if image.mode == "RGBA":
        visible = image.getbbox(alpha_only=True)
        if visible is None:
            raise ImageRefused("blank")
        image = image.crop(visible)
    if max(image.size) < LEAST:
        raise ImageRefused("small")
    image.thumbnail(BOX)
    return files.keep(images.written(image, kind), name, f"image/{kind}", at=at)
