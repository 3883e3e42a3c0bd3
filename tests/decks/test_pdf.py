"""The PDF: tagged, with bookmarks, metadata, language and embedded fonts, and nothing fetched."""

import io
import re
import subprocess

import pdfua
import pytest
from PIL import Image

from haark.decks import pdf
from haark.decks.compose import compose
from haark.decks.shapes import HEIGHT, WIDTH
from tests.decks import reading, sample, stress


@pytest.fixture(scope="module")
def french(tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "french.pdf"
    path.write_bytes(pdf.render_pdf(sample.french()))
    return path


def test_it_has_a_page_a_slide_of_the_right_size(french):
    pages = reading.reader(french.read_bytes()).pages
    assert len(pages) == 12
    assert {(float(page.mediabox.width), float(page.mediabox.height)) for page in pages} == {(WIDTH, HEIGHT)}


def test_bookmarks_metadata_and_language(french):
    document = reading.reader(french.read_bytes())
    titles = [mark.title for mark in document.outline]
    assert len(titles) == 12 and titles[0] == "Business Review Q4 2026"
    assert titles[8] == "D’ici un an, Sillage couvre Lyon et anticipe vos retards"
    assert document.metadata.title == "QBR Q4 2026, Groupe Valmorin"
    assert document.metadata.author == "Claire Delorme"
    assert document.trailer["/Root"]["/Lang"] == "fr"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("make", [sample.french, sample.english, sample.ukrainian])
def test_it_passes_the_machine_checks_of_pdf_ua(make, tmp_path):
    path = tmp_path / "deck.pdf"
    path.write_bytes(pdf.render_pdf(make()))
    assert pdfua.validate(str(path)).findings == ()


def test_every_font_is_embedded_and_ours(tmp_path):
    path = tmp_path / "uk.pdf"
    path.write_bytes(pdf.render_pdf(sample.ukrainian()))
    lines = subprocess.run(
        ["pdffonts", str(path)], check=True, capture_output=True, encoding="utf-8", errors="replace"
    ).stdout.splitlines()[2:]
    assert lines and all("+H" in line for line in lines), lines
    assert all(line.split()[-5] == "yes" for line in lines)


def test_words_stay_on_the_page_as_drawn(tmp_path):
    path = tmp_path / "stress.pdf"
    path.write_bytes(pdf.render_pdf(stress.decks()["fifteen of each"]))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, encoding="utf-8", errors="replace"
    ).stdout
    seen = 0
    for line in boxes.splitlines():
        if "<word" not in line:
            continue
        left, top, right, bottom = (float(part.split('"')[0]) for part in line.split('="')[1:5])
        seen += 1
        assert left >= 0 and top >= 0 and right <= WIDTH and bottom <= HEIGHT, line
    assert seen > 1_000


@pytest.mark.parametrize("make", [sample.french, sample.english, sample.ukrainian])
def test_drawn_lines_are_not_wider_than_measured(make, tmp_path):
    """What the composition promised is what WeasyPrint drew: right edges agree with the measured ones."""
    path = tmp_path / "deck.pdf"
    path.write_bytes(pdf.render_pdf(make()))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, encoding="utf-8", errors="replace"
    ).stdout
    words = [line for line in boxes.splitlines() if "<word" in line]
    rights = [float(line.split('xMax="')[1].split('"')[0]) for line in words]
    assert max(rights) <= 54 + 852 + 1


def test_no_file_and_no_address_is_ever_read(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG\r\n\x1a\n")
    press = pdf.warm()
    for address in (f"file://{secret}", "file:///etc/passwd", "http://127.0.0.1:1/x.png", "ftp://h/x", "asset:../x"):
        with pytest.raises(ValueError, match="disallowed"):
            press._fetcher.fetch(address)
    hostile = f'"><img src="file://{secret}"/><style>@import url(file:///etc/passwd)</style>'
    source, _ = pdf.document(stress.every_block(hostile, 1))
    assert "<style" not in source
    assert all(address.startswith("data:") for address in re.findall(r'<img[^>]* src="([^"]*)', source))


def test_a_logo_is_drawn_and_a_broken_one_left_out():
    logo = reading_logo()
    good = stress.deck(sample.french().slides[0])
    deck = type(good)(**{**vars(good), "brand": type(good.brand)(logo=logo, client_logo=b"\x89PNG\r\n\x1a\nbroken")})
    pictures = [shape for shape in compose(deck)[1][0].shapes if type(shape).__name__ == "Picture"]
    assert len(pictures) == 1
    assert (60, 30) in {image.image.size for image in reading.reader(pdf.render_pdf(deck)).pages[0].images}


def reading_logo():
    out = io.BytesIO()
    Image.new("RGB", (60, 30), "#e0a458").save(out, "PNG")
    return out.getvalue()
