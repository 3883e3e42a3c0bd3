"""Two editions of one deck (DK-8): what is internal is in no file of the client's, and ours says what it is."""

import io
import zipfile
from dataclasses import replace

import pytest

from haark.decks import outline as o
from haark.decks.html import render_html
from haark.decks.markdown import render_markdown
from haark.decks.pdf import render_pdf
from haark.decks.pptx import render_pptx
from haark.decks.present import screens
from haark.decks.telling import untold
from tests.decks import campaign, reading, sample

HEALTH = o.Slide(
    "health", "Santé", "Santé 68, en baisse de 12 points", (o.Bullets("", ("Churn probable",)),), internal=True
)


@pytest.fixture(scope="module")
def deck():
    french = sample.french()
    first, second, *rest = french.slides
    return replace(french, slides=(first, second, HEALTH, *rest[:2]))


def everything(packed: bytes) -> str:
    """All XML of an Office file as one text."""
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        return " ".join(
            found.read(name).decode("utf-8") for name in found.namelist() if name.endswith((".xml", ".rels"))
        )


def texts(deck, folder) -> dict[str, str]:
    return {
        "pdf": " ".join(page.extract_text() for page in reading.reader(render_pdf(deck)).pages),
        "pptx": everything(render_pptx(deck)),
        "html": str(render_html(deck)),
        "md": render_markdown(deck),
        "present": " ".join(f"{screen.title} {screen.notes} {screen.drawing}" for screen in screens(deck)),
    }


def test_the_clients_edition_holds_nothing_internal_in_any_format(deck, tmp_path):
    for form, text in texts(deck, tmp_path).items():
        assert "Santé" not in text and "Churn" not in text and "Interne" not in text, form
        assert "Valmorin" in text


def test_the_internal_edition_shows_it_and_is_marked_on_cover_and_pages(deck, tmp_path):
    ours = deck.for_edition("internal")
    for form, text in texts(ours, tmp_path).items():
        assert "Churn probable" in text and "Interne" in text, form
    document = reading.reader(render_pdf(ours))
    assert all("Interne" in page.extract_text() for page in document.pages)
    assert document.metadata.title.endswith("Interne")
    slides = list(reading.presentation(render_pptx(ours)).slides)
    assert len(slides) == len(document.pages) == 5
    assert all("Interne" in reading.slide_words(slide, "fr") for slide in slides)


def test_the_speakers_notes_stay_at_home_when_asked(deck):
    words = deck.slides[0].notes
    assert words[:20] in everything(render_pptx(deck))
    kept = deck.for_edition("client", notes=False)
    assert words[:20] not in everything(render_pptx(kept)) and words[:20] not in render_markdown(kept)
    assert "notesSlide" not in everything(render_pptx(kept))


@pytest.mark.parametrize("make", [sample.french, sample.ukrainian])
def test_a_deck_made_twice_is_the_same_but_for_its_dates(make):
    deck = make()
    assert campaign.same(deck, render_pdf(make()), render_pptx(make()))


def test_painters_tell_each_page():
    told = []
    deck = sample.french()
    render_pptx(deck, lambda *said: told.append(said))
    assert told == [("draw", number, 12) for number in range(1, 13)]
    told.clear()
    render_pdf(deck, lambda *said: told.append(said))
    laid_out = [number for stage, number, _total in told if stage == "layout"]
    assert laid_out == list(range(12))
    assert told[12:] == [("draw", number, 12) for number in range(1, 13)]
    assert render_pdf(deck, untold) == render_pdf(deck)
