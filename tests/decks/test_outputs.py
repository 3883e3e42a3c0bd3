"""The same words and figures in every output (DK-1), slide by slide (DK-4)."""

import re

import pytest

from haark.decks import outline
from haark.decks.html import render_html
from haark.decks.markdown import render_markdown
from haark.decks.pdf import render_pdf
from haark.decks.pptx import render_pptx
from tests.decks import parity, reading, sample, stress

SAMPLES = {"fr": sample.french, "en": sample.english, "uk": sample.ukrainian}


@pytest.fixture(params=SAMPLES)
def deck(request):
    return SAMPLES[request.param]()


def test_every_output_says_the_same(deck, tmp_path):
    pages = reading.pdf_pages(render_pdf(deck), tmp_path)
    made = render_pptx(deck), str(render_html(deck)), render_markdown(deck)
    assert parity.differences(deck, pages, *made) == []


def test_charts_carry_the_outlines_numbers():
    books = reading.charts(render_pptx(sample.french()))
    metrics = next(
        block for slide in sample.french().slides for block in slide.blocks if isinstance(block, outline.Metrics)
    )
    for item, book in zip(metrics.items, books, strict=False):
        assert [row[:2] for row in book[1:]] == [[point.label, point.value] for point in item.series]
    line = sample.french().slides[4].blocks[0]
    assert [row[:2] for row in books[4][1:]] == [[point.label, point.value] for point in line.points]
    bars = sample.french().slides[4].aside[0]
    assert [row[1] for row in books[5][1:]] == [point.value for point in bars.items]
    steps = sample.french().slides[10].blocks[0].steps
    assert [row[2] for row in books[6][1:]] == [abs(step.value) for step in steps]


def test_unknown_values_are_gaps_and_not_zeros():
    book = reading.charts(render_pptx(sample.english()))[0]
    july = next(row for row in book if row[0] == "Jul")
    assert july[1] is None and july[2] == 50


def test_the_same_outline_gives_the_same_words():
    deck = sample.english()
    assert str(render_html(deck)) == str(render_html(deck))
    assert render_markdown(deck) == render_markdown(deck)


def test_the_screen_needs_no_style_and_escapes_what_people_type():
    nasty = "<script>alert(1)</script>\" onload='x' {{ 7*7 }}"
    drawn = str(render_html(stress.every_block(nasty, 2)))
    assert " style=" not in drawn and "<style" not in drawn
    assert "<script" not in drawn and not re.search(r"<[^>]* on\w+\s*=\s*['\"]x", drawn.replace("&#39;", ""))


def test_one_slide_is_shown_even_hidden():
    shown, hidden = stress.slide(key="a"), outline.Slide("b", "", "Caché", hidden=True)
    deck = stress.deck(shown, hidden)
    assert str(render_html(deck)).count("<svg") == 1
    assert 'data-slide="b"' in render_html(deck, "b") and str(render_html(deck, "b")).count("<svg") == 1


def test_markdown_cannot_be_broken_by_words():
    nasty = "# titre\n| a | b |\n<b>gras</b> [lien](javascript:x) `code`"
    written = render_markdown(stress.deck(stress.slide(stress.table(1, nasty), words=nasty)))
    assert "<b>" not in written and "](javascript" not in written.replace("\\]", "")
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert {re.sub(r"\\\|", "", row).count("|") for row in rows} == {5}
