"""Logos that people send: known by what they hold, small, trimmed, without what a program wrote into them."""

import io
import struct
import zlib

import pytest
import sqlalchemy as sa
from PIL import Image

from haark import clock
from haark.extensions import db
from haark.files import domain as files
from haark.files import logos
from haark.files.images import ImageRefused
from haark.files.models import StoredFile
from tests.support.logos import picture

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def bomb() -> bytes:
    """A PNG of some hundred bytes that says it is 60 000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "none"),
        (SVG, "svg"),
        (b"GIF89a" + b"\0" * 60, "kind"),
        (b"%PDF-1.7", "kind"),
        (picture()[:-400], "kind"),
        (picture()[:40] + b"<html>" * 40, "kind"),
        (picture((10, 10)), "small"),
        (picture((80, 80), ink="#00000000"), "blank"),
        (bomb(), "size"),
        (picture() + b"\0" * logos.MOST_BYTES, "size"),
    ],
)
def test_what_is_no_logo_is_refused_with_a_reason(app, content, reason):
    with app.app_context(), pytest.raises(ImageRefused) as refused:
        logos.keep(content, "logo.png", at=clock.now())
    assert refused.value.reason == reason and str(logos.REFUSALS[reason])
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_a_logo_is_trimmed_made_small_and_loses_its_comments(app):
    with app.app_context():
        kept = logos.keep(picture((2400, 900), margin=300), "Logo «Valmorin».png", at=clock.now())
        content = files.read(kept)
    assert kept.media_type == "image/png" and kept.size == len(content) < 60_000
    assert b"secret" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size[0] / image.size[1] == pytest.approx(2400 / 900, rel=0.02)
        assert image.size[0] <= 640 and image.size[1] <= 320 and image.mode == "RGBA"


def test_a_photograph_stays_a_jpeg_whatever_it_is_called(app):
    with app.app_context():
        kept = logos.keep(picture((900, 900), ground="#ffffff", kind="JPEG"), "logo.svg", at=clock.now())
        with Image.open(io.BytesIO(files.read(kept))) as image:
            assert (image.format, image.size, kept.media_type) == ("JPEG", (320, 320), "image/jpeg")
