"""An organisation's own template: read with care, mapped, filled; the words of our own pages, inside its safe area."""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openxml_audit import validate_pptx
from PIL import Image
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from haark.decks import corporate
from haark.decks.compose import compose
from haark.decks.corporate import Refused, Report
from haark.decks.corporate.area import grown, largest_free, overlap
from haark.decks.corporate.frame import Guest
from haark.decks.outline import Brand
from haark.decks.pptx import render_pptx
from haark.decks.shapes import Box, TextShape
from haark.decks.theme import contrast
from tests.conftest import SHARED
from tests.decks import reading, sample, stress
from tests.decks.templates import SYNTHETIC, bomb, package, png, rewritten

REAL = {path.name: path for path in sorted((SHARED / "pptx_templates").glob("*.p*tx"))}
STRESS = [stress.decks()[key] for key in ("long name", "fifteen of each")]
DECKS = {"fr": sample.french(), "en": sample.english(), "uk": sample.ukrainian()}


def bytes_of(name: str) -> bytes:
    return REAL[name].read_bytes() if name in REAL else SYNTHETIC[name]()


def test_the_real_templates_are_there():
    if not REAL:
        pytest.skip("the real templates of shared/data are not beside this checkout")
    assert len(REAL) >= 4


@pytest.fixture(scope="module", params=[*REAL, *SYNTHETIC])
def template(request):
    data = bytes_of(request.param)
    report = corporate.inspect(data)
    return request.param, data, report, corporate.map_layouts(report)


def test_a_report_survives_being_kept(template):
    _name, _data, report, _mapping = template
    assert Report.from_dict(report.to_dict()) == report
    assert report.width > report.height and report.fonts and report.colors["accent1"].startswith("#")


def test_every_deck_on_it_is_valid_and_says_the_same(template, tmp_path):
    name, data, _report, mapping = template
    path = tmp_path / "deck.pptx"
    # All three languages on the real ones; on the others one, in turn.
    at = list(SYNTHETIC).index(name) if name in SYNTHETIC else 0
    for deck in DECKS.values() if name in REAL else [list(DECKS.values())[at % 3]]:
        made = corporate.render(deck, data, mapping.to_dict())
        path.write_bytes(made)
        result = validate_pptx(path)
        assert result.is_valid, (name, [str(error) for error in result.errors[:5]])
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            names = archive.namelist()
        assert len(names) == len(set(names))
        assert len([one for one in names if one.startswith("ppt/slides/slide")]) == len(compose(deck)[1])
        ours = [reading.slide_words(slide, deck.language) for slide in reading.presentation(render_pptx(deck)).slides]
        theirs = [reading.slide_words(slide, deck.language) for slide in reading.presentation(made).slides]
        for own, guest in zip(ours, theirs, strict=True):
            assert own - {"·"} == guest - {"·"}, (name, own ^ guest)


def test_figures_notes_titles_numbers_and_language_come_along(template):
    _name, data, _report, mapping = template
    deck = sample.french()
    made = corporate.render(deck, data, mapping.to_dict())
    assert reading.charts(made) == reading.charts(render_pptx(deck))
    show = reading.presentation(made)
    slides = list(show.slides)
    assert all(slide.shapes.title is not None and slide.shapes.title.text for slide in slides)
    assert slides[0].notes_slide.notes_text_frame.text.startswith("Accueillir")
    fields = [slide._element.findall(f".//{qn('a:fld')}") for slide in slides]
    assert [len(found) for found in fields] == [0] + [1] * 11 and reading.letters(fields[4][0]) == "5"
    assert {run.get("lang") for slide in slides for run in slide._element.iter(qn("a:rPr"))} == {"fr-FR"}
    assert show.core_properties.title == "QBR Q4 2026, Groupe Valmorin"
    frames = [shape for slide in slides for shape in slide.shapes if shape.has_chart or shape.has_table]
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in frames)


def test_blocks_stay_in_the_safe_area_even_when_the_words_do_not(template):
    """On the page, above the footer, beside what the template draws, below its title."""
    name, _data, report, mapping = template
    for deck in (*DECKS.values(), *STRESS):
        guests = []

        def frame(clean, guests=guests):
            guests.append(Guest(clean, report, mapping))
            return guests[0]

        for page in compose(deck, frame=frame)[1]:
            if page.slide.key == "cover":
                continue
            on = guests[0].stage(page.slide)
            layout = on.layout
            for shape in page.shapes:
                if isinstance(shape, TextShape) and shape.role in ("title", "number", "footer", "section"):
                    continue
                by, box = on.scale, shape.box
                real = Box(box.x * by, box.y * by, box.w * by, box.h * by)
                assert real.x >= -0.1 and real.y >= -0.1, (name, page.slide.key, shape)
                assert real.x + real.w <= report.width + 0.1 and real.y + real.h <= report.height + 0.1, (name, shape)
                assert overlap(real, layout.title.box) < 1, (name, page.slide.key, shape)
                for holder in layout.holders:
                    if holder.form in ("ftr", "sldNum", "dt"):
                        assert overlap(real, holder.box) < 1, (name, page.slide.key, holder.name, shape)


def test_titles_fit_their_place(template):
    """Every line of a title within its box, at a size that reads."""
    _name, data, report, mapping = template
    made = reading.presentation(corporate.render(sample.french(), data, mapping.to_dict()))
    layout = report.layout(mapping.content)
    assert layout is not None and layout.title is not None
    for slide in list(made.slides)[1:]:
        sizes = [int(run.get("sz")) / 100 for run in slide.shapes.title._element.iter(qn("a:rPr")) if run.get("sz")]
        assert all(size >= 11 * report.height / 540 for size in sizes), sizes


def test_nothing_of_the_templates_own_slides_is_left(template):
    _name, data, _report, mapping = template
    deck = sample.english()
    with zipfile.ZipFile(io.BytesIO(corporate.render(deck, data, mapping.to_dict()))) as archive:
        names = set(archive.namelist())
        for rels in [one for one in names if one.endswith(".rels")]:
            assert b'TargetMode="External"' not in archive.read(rels).replace(b"'", b'"')
    assert not any("webextension" in one or "thumbnail" in one or "printerSettings" in one for one in names)


def test_colours_read_on_the_templates_ground(template):
    _name, _data, report, mapping = template
    guest = Guest(sample.french(), report, mapping)
    colors = guest.main.theme
    ground = guest.main.layout.ground
    assert contrast(colors.ink, ground) >= 6.5
    for color, behind in (
        (colors.ink2, ground),
        (colors.ink3, ground),
        (colors.accent, ground),
        (colors.brand_text, ground),
        (colors.brand_text, colors.tint),
        (colors.on_brand, colors.brand),
        (colors.on_brand_soft, colors.brand),
        *((colors.tone(kind).text, colors.tone(kind).soft) for kind in ("ok", "warn", "bad")),
    ):
        assert contrast(color, behind) >= 4.49, (color, behind)


# What a mapping picks, by type first and then by name.


def test_layouts_are_found_by_type_and_by_name():
    for name, cover, agenda, content in (
        ("posit_template.potx", "Title Slide", "Title and Content", "Title and Content"),
        ("posit_bank-marketing.pptx", "Title Slide", "Title Only", "Title Only"),
        ("pythonpptx_default.pptx", "Title Slide", "Title Only", "Title Only"),
        ("iconcore_template.potx", "表紙", "目次", "汎用2"),
    ):
        if name not in REAL:
            pytest.skip("the real templates of shared/data are not beside this checkout")
        report = corporate.inspect(bytes_of(name))
        mapping = corporate.map_layouts(report)
        named = [report.layout(key).name for key in (mapping.cover, mapping.agenda, mapping.content)]
        assert named == [cover, agenda, content]


def test_names_count_where_types_are_missing():
    report = corporate.inspect(SYNTHETIC["weird names"]())
    mapping = corporate.map_layouts(report)
    assert report.layout(mapping.cover).name == "Обкладинка — синя"
    assert report.layout(mapping.content).name == "03_Тільки заголовок (v2)"


def test_of_two_masters_the_one_that_fits_is_chosen_and_the_other_can_be():
    report = corporate.inspect(SYNTHETIC["two masters"]())
    assert len(report.masters) == 2 and "masters" in {issue.code for issue in report.issues}
    mapping = corporate.map_layouts(report)
    assert mapping.content.startswith("1."), "the first master has no room below its titles"
    other = next(layout for layout in report.layouts if layout.master == 0 and layout.bears_content)
    assert corporate.chosen(report, {"content": other.key}).content == other.key
    assert corporate.chosen(report, {"content": "9.9", "cover": "x"}) == mapping
    blank = next(layout for layout in report.layouts if layout.title is None)
    assert corporate.chosen(report, {"content": blank.key}).content == mapping.content


def test_what_does_not_fit_is_said():
    def codes(name):
        report = corporate.inspect(SYNTHETIC[name]())
        found = {issue.code for issue in report.issues}
        layout = report.layout(corporate.map_layouts(report).content)
        return found, {issue.code for issue in layout.issues}, report

    assert "four_three" in codes("4:3")[0]
    assert {"no_footer", "no_number"} <= codes("bare")[1]
    assert "title_small" in codes("low title")[1]
    assert "avoided" in codes("logo in the way")[1]
    whole, layout, report = codes("dark panel")
    assert report.layout(corporate.map_layouts(report).content).ground == "#102030" and not whole & {"four_three"}
    blank = next(one for one in report.layouts if one.name == "Blank")
    assert [issue.code for issue in blank.issues] == ["no_title"] and layout is not None


def test_a_logo_on_the_title_narrows_it():
    data = SYNTHETIC["logo in the way"]()
    slide = list(reading.presentation(corporate.render(sample.french(), data, {})).slides)[1]
    inset = slide.shapes.title._element.find(f".//{qn('a:bodyPr')}").get("rIns")
    assert inset is not None and int(inset) > Pt(80)


def test_a_title_beside_a_panel_keeps_the_colour_of_its_own_ground():
    """The blocks stand on the dark panel; title and footer stand on the white page."""
    data = SYNTHETIC["dark panel"]()
    report = corporate.inspect(data)
    layout = report.layout(corporate.map_layouts(report).content)
    assert layout.title.ground == "#ffffff" and layout.ground == "#102030"
    slide = list(reading.presentation(corporate.render(sample.french(), data, {})).slides)[1]
    assert slide.shapes.title._element.find(f".//{qn('a:rPr')}/{qn('a:solidFill')}") is None
    footer = next(shape for shape in slide.shapes if shape.name == "Footer")
    paint = footer._element.find(f".//{qn('a:rPr')}/{qn('a:solidFill')}/*").get("val")
    assert paint == "tx1" or contrast(f"#{paint.lower()}", "#ffffff") >= 4.5


def test_a_slide_takes_the_layouts_own_mapping_of_colours():
    data = SYNTHETIC["own colours"]()
    slide = list(reading.presentation(corporate.render(sample.french(), data, {})).slides)[1]
    assert slide._element.find(f"{qn('p:clrMapOvr')}/{qn('a:overrideClrMapping')}") is not None


def test_the_clients_logo_stands_on_the_cover_beside_nothing_else():
    from dataclasses import replace

    deck = replace(sample.english(), brand=Brand(client_logo=png(300, 100)))
    for name in ("bare", "4:3", *REAL):
        show = reading.presentation(corporate.render(deck, bytes_of(name), {}))
        pictures = [shape for shape in show.slides[0].shapes if shape.shape_type == 13]
        assert len(pictures) == 1 and pictures[0]._element.nvPicPr.cNvPr.get("descr") == "Logo Northwind Traders"


# Files that are refused, each with its reason.


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        corporate.inspect(data)
    return caught.value.reason


def test_files_that_are_no_template_are_refused_with_the_reason():
    good = SYNTHETIC["bare"]()
    assert refused(b"") == "empty"
    assert refused(b"%PDF-1.7 hello") == "not_powerpoint"
    assert refused(b"PK\x03\x04 broken") == "broken"
    assert refused(good[: len(good) // 2]) == "broken"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "legacy"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    assert refused(package({"a.txt": b"hello"})) == "not_powerpoint"
    assert refused(bytes(corporate.LARGEST_FILE + 1)) == "too_large"
    assert refused(bomb()) == "bomb"


def test_macros_broken_parts_and_dtds_are_refused():
    good = SYNTHETIC["bare"]()
    macro = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    assert refused(rewritten(good, "[Content_Types].xml", lambda text: text.replace(plain, macro))) == "macros"
    assert refused(rewritten(good, "ppt/vbaProject.bin", lambda _text: b"x")) == "macros"
    layout = "ppt/slideLayouts/slideLayout2.xml"
    assert refused(rewritten(good, layout, lambda text: text[:300])) == "broken"
    dtd = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    assert refused(rewritten(good, layout, lambda text: text.replace(b"?>", b"?>" + dtd, 1))) == "broken"
    strict = b"http://purl.oclc.org/ooxml/presentationml/main"
    usual = b"http://schemas.openxmlformats.org/presentationml/2006/main"
    assert refused(rewritten(good, "ppt/presentation.xml", lambda text: text.replace(usual, strict))) == "strict"


def test_a_template_without_layouts_titles_or_width_is_refused():
    show = Presentation(io.BytesIO(SYNTHETIC["bare"]()))
    show.slide_width, show.slide_height = Emu(6858000), Emu(9144000)
    assert refused(saved(show)) == "portrait"
    show = Presentation()
    for layout in list(show.slide_layouts):
        show.slide_layouts.remove(layout)
    assert refused(saved(show)) == "no_layouts"
    show = Presentation()
    for layout in list(show.slide_layouts):
        if layout.name != "Blank":
            show.slide_layouts.remove(layout)
    assert refused(saved(show)) == "no_title"


def saved(show) -> bytes:
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def test_the_largest_free_place_is_found():
    region = Box(0, 0, 100, 100)
    assert largest_free(region, []) == region
    assert largest_free(region, [Box(0, 0, 100, 20)]) == Box(0, 20, 100, 80)
    assert largest_free(region, [Box(60, 0, 40, 100), Box(0, 90, 60, 10)]) == Box(0, 0, 60, 90)
    assert largest_free(region, [region]) is None
    assert overlap(largest_free(region, [grown(Box(40, 40, 10, 10))]), grown(Box(40, 40, 10, 10))) == 0


def test_it_takes_about_as_long_as_our_own_pages():
    import time

    name = next(iter(REAL), "bare")
    data, deck = bytes_of(name), sample.french()
    corporate.render(deck, data, {}), render_pptx(deck)
    started = time.process_time()
    corporate.render(deck, data, {})
    guest = time.process_time() - started
    started = time.process_time()
    render_pptx(deck)
    assert guest < 2.5 * (time.process_time() - started) + 0.1


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    if shutil.which("soffice") is None:
        assert os.environ.get("CI") != "true", "LibreOffice is missing: bin/setup --dev installs it"
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    for name, deck in OPENED.items():
        (folder / f"{name}.pptx").write_bytes(corporate.render(deck[1], bytes_of(deck[0]), {}))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *(str(folder / f"{name}.pptx") for name in OPENED)], check=True, capture_output=True)
    return folder


OPENED = {
    "dark": ("posit_template.potx" if REAL else "dark panel", sample.french()),
    "narrow": ("posit_bank-marketing.pptx" if REAL else "4:3", sample.english()),
}


@pytest.mark.parametrize("name", OPENED)
def test_libreoffice_opens_it_with_the_same_pages(office, name):
    source, deck = OPENED[name]
    read = reading.reader((office / f"{name}.pdf").read_bytes())
    report = corporate.inspect(bytes_of(source))
    assert len(read.pages) == len(compose(deck)[1])
    assert float(read.pages[0].mediabox.width) == pytest.approx(report.width, abs=1)


def test_a_picture_of_any_size_gives_a_ground():
    from haark.decks.corporate.colours import picture_mean

    assert picture_mean(png(8, 8, "#204060")) == "#204060"
    assert picture_mean(b"GIF89a") is None
    small = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(small, "PNG")
    assert picture_mean(small.getvalue()) is None
