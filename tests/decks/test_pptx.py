"""The PowerPoint: valid against the schema, editable, and opened by LibreOffice with the same pages."""

import os
import shutil
import subprocess

import pytest
from openxml_audit import validate_pptx
from pptx.oxml.ns import qn

from haark.decks.compose import compose
from haark.decks.pptx import render_pptx
from haark.decks.theme import WHITE, contrast, theme
from tests.decks import reading, sample, stress

DECKS = {"fr": sample.french(), "en": sample.english(), "uk": sample.ukrainian(), **stress.decks()}


@pytest.mark.parametrize("name", DECKS)
def test_it_is_valid_against_the_schema(name, tmp_path):
    path = tmp_path / "deck.pptx"
    path.write_bytes(render_pptx(DECKS[name]))
    result = validate_pptx(path)
    assert result.is_valid, [str(error) for error in result.errors[:5]]


def test_it_is_16_to_9_with_titles_notes_numbers_and_language():
    show = reading.presentation(render_pptx(sample.french()))
    assert show.slide_width / show.slide_height == pytest.approx(16 / 9)
    assert [layout.name for layout in show.slide_layouts] == ["Haark cover", "Haark content"]
    slides = list(show.slides)
    assert all(slide.shapes.title is not None and slide.shapes.title.text for slide in slides)
    assert slides[0].notes_slide.notes_text_frame.text.startswith("Accueillir")
    fields = [slide._element.findall(f".//{qn('a:fld')}") for slide in slides]
    assert [len(found) for found in fields] == [0] + [1] * 11
    assert fields[4][0].get("type") == "slidenum" and reading.letters(fields[4][0]) == "5"
    languages = {run.get("lang") for slide in slides for run in slide._element.iter(qn("a:rPr"))}
    assert languages == {"fr-FR"}
    assert show.core_properties.title == "QBR Q4 2026, Groupe Valmorin"


def test_charts_and_tables_are_native_and_described():
    show = reading.presentation(render_pptx(sample.french()))
    frames = [shape for slide in show.slides for shape in slide.shapes if shape.has_chart or shape.has_table]
    assert sum(shape.has_chart for shape in frames) == 7
    assert sum(shape.has_table for shape in frames) == 4
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in frames)


def test_shape_numbers_are_unique_on_each_slide():
    for deck in (sample.french(), stress.decks()["fifteen of each"]):
        for slide in reading.presentation(render_pptx(deck)).slides:
            numbers = [element.get("id") for element in slide._element.iter(qn("p:cNvPr"))]
            assert len(numbers) == len(set(numbers))


def test_colours_follow_the_theme():
    slide = reading.presentation(render_pptx(sample.english())).slides[0]
    assert slide._element.findall(f".//{qn('a:schemeClr')}")
    master = slide.slide_layout.slide_master.part
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    assert b"3B2A6B" in master.part_related_by(kind).blob


def test_any_brand_reads():
    for primary, secondary, tint in (
        ("#ffee00", "#ffd0d0", "#fff"),
        ("#ffffff", "#ffffff", "#000000"),
        ("x", "", "#12"),
    ):
        brand = type(sample.french().brand)(primary, secondary, tint)
        colors = theme(brand)
        assert contrast(colors.on_brand, colors.brand) >= 4.5
        assert contrast(colors.on_brand_soft, colors.brand) >= 4.5
        assert contrast(colors.accent, WHITE) >= 4.5
        assert contrast(colors.brand_text, colors.tint) >= 4.5 and contrast(colors.brand_text, WHITE) >= 4.5
        assert contrast(colors.ink, colors.tint) >= 7


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    if shutil.which("soffice") is None:
        assert os.environ.get("CI") != "true", "LibreOffice is missing: bin/setup --dev installs it"
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    chosen = {"fr": DECKS["fr"], "long": DECKS["long name"], "odd": DECKS["odd characters"]}
    for name, deck in chosen.items():
        (folder / f"{name}.pptx").write_bytes(render_pptx(deck))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *(str(folder / f"{name}.pptx") for name in chosen)], check=True, capture_output=True)
    return {name: (folder / f"{name}.pdf", deck) for name, deck in chosen.items()}


@pytest.mark.parametrize("name", ["fr", "long", "odd"])
def test_libreoffice_opens_it_with_the_same_pages_and_nothing_outside(office, name):
    path, deck = office[name]
    assert len(reading.reader(path.read_bytes()).pages) == len(compose(deck)[1])
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, encoding="utf-8", errors="replace"
    ).stdout
    for line in boxes.splitlines():
        if "<word" in line:
            left, top, right, bottom = (float(part.split('"')[0]) for part in line.split('="')[1:5])
            assert left >= -1 and top >= -1 and right <= 961 and bottom <= 541, line
