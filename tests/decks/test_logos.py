"""Logos on the cover: in their own proportions, off the title, seen on the brand's colour, described in each output."""

import io
from itertools import pairwise

import pytest
from PIL import Image

from haark.decks.compose import compose
from haark.decks.html import render_html
from haark.decks.logos import ROOM, plate
from haark.decks.outline import Brand
from haark.decks.pdf import render_pdf
from haark.decks.pptx import render_pptx
from haark.decks.shapes import Picture, Rect, TextShape
from haark.decks.theme import INK, WHITE, brand_contrasts, contrast
from tests.decks import reading, sample, stress
from tests.support.logos import picture

SIZES = {"wide": (640, 60), "square": (200, 200), "tall": (40, 320), "tiny": (24, 20), "endless": (640, 4)}
DARK = Brand().primary


def cover(ours: bytes | None, theirs: bytes | None, client: str = "Groupe Valmorin"):
    base = stress.deck(sample.french().slides[0], client=client)
    return type(base)(**{**vars(base), "organisation": "Sillage", "brand": Brand(logo=ours, client_logo=theirs)})


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("client", ("Groupe Valmorin", stress.LONG_NAME), ids=("name", "long-name"))
def test_a_logo_keeps_its_proportions_and_covers_nothing(name, client):
    size = SIZES[name]
    shapes = compose(cover(picture(size), picture(size, ground="#ffffff"), client))[1][0].shapes
    pictures = [shape for shape in shapes if isinstance(shape, Picture)]
    assert len(pictures) == 2
    for one in pictures:
        with Image.open(io.BytesIO(one.data)) as image:
            assert one.box.w / one.box.h == pytest.approx(image.size[0] / image.size[1], rel=0.01)
        assert one.box.w <= ROOM[0] + 0.01 and one.box.h <= ROOM[1] + 0.01
        assert one.alt.startswith("Logo ")
    line = [shape for shape in shapes if isinstance(shape, (Picture, TextShape)) and shape.box.y < 100]
    assert all(
        left.box.x + left.box.w <= right.box.x + 0.01 for left, right in pairwise(sorted(line, key=lambda s: s.box.x))
    )
    below = min(shape.box.y for shape in shapes if isinstance(shape, TextShape) and shape.role == "title")
    assert all(shape.box.y + shape.box.h < below for shape in shapes if isinstance(shape, (Picture, Rect)))
    assert all(shape.box.x + shape.box.w <= 906 for shape in line)


def test_a_wordmark_is_not_said_twice_and_a_symbol_has_its_name_beside():
    def texts(deck):
        shapes = compose(deck)[1][0].shapes
        return [shape.paras[0].text for shape in shapes if isinstance(shape, TextShape) and shape.box.y < 100]

    assert texts(cover(picture((600, 100)), picture((100, 100)))) == ["×", "Groupe Valmorin"]
    assert texts(cover(None, None)) == ["Sillage", "×", "Groupe Valmorin"]
    assert texts(cover(b"\x89PNG\r\n\x1a\nbroken", picture((600, 100)))) == ["Sillage", "×"]


@pytest.mark.parametrize(
    ("ink", "ground", "below"),
    [
        ("#0d4a57", DARK, WHITE),  # dark on dark
        ("#ffffff", DARK, ""),  # reads as it is
        ("#ffffff", "#ffffff", INK),  # white on white
        ("#e9b949", DARK, ""),
    ],
)
def test_a_logo_that_would_be_lost_lies_on_a_plate(ink, ground, below):
    assert plate(picture(ink=ink), ground) == below
    assert plate(picture(ink=ink, ground="#fefefe"), ground) == ""  # it brings its own ground


def test_every_output_shows_both_and_says_whose_they_are(tmp_path):
    deck = cover(picture((300, 80), ink=DARK), picture((120, 120), ground="#ffffff", kind="JPEG"))
    assert len(reading.reader(render_pdf(deck)).pages[0].images) >= 2
    slide = reading.presentation(render_pptx(deck)).slides[0]
    told = [shape._element.nvPicPr.cNvPr.get("descr") for shape in slide.shapes if shape.shape_type == 13]
    assert told == ["Logo Sillage", "Logo Groupe Valmorin"]
    page = str(render_html(deck, "cover"))
    assert "<title>Logo Sillage</title>" in page and "<title>Logo Groupe Valmorin</title>" in page
    assert page.count("<image ") == 2


def test_contrasts_of_a_brand_are_measured():
    found = brand_contrasts(Brand("#0c4a57", "#ffee00", "#e7f1f3"))
    assert found["primary"] == (contrast("#0c4a57", WHITE), 4.5)
    assert found["secondary"][0] < 4.5 and found["tint"][0] > 7 and found["on_tint"][0] > 4.5
    assert brand_contrasts(Brand("blue", "", "#12"))["primary"][0] == 1.0
