"""A person's own slides and copies of standard ones stand among the others and are edited like them."""

import io
import json
from dataclasses import replace

import pytest
from PIL import Image

from haark import clock
from haark.decks.html import render_html
from haark.decks.markdown import render_markdown
from haark.decks.outline import Bars, LineChart, Metrics, Picture, Table
from haark.decks.pdf import render_pdf
from haark.decks.pptx import render_pptx
from haark.formats import LANGUAGES
from haark.reviews import assembly, pictures
from haark.reviews.content import Edit, Place, own
from tests.reviews.test_deck import stored_of

DATA = {
    "text": {"headline": "Lyon attend son feu vert", "body": "Site prêt\nÉquipe nommée"},
    "figures": {
        "items": [
            {"figure": "usage.active"},
            {"label": "Palettes par jour", "value": "1 240", "source": "ERP de Valmorin"},
            {"figure": "relation.nps", "label": "Recommandation"},
        ]
    },
    "table": {
        "headline": "Les trois sites",
        "columns": ["Site", "Badges", "Part"],
        "rows": [["Orléans", "17", "12 %"], ["Lyon", "240"], ["", "", ""]],
        "source": "inventaire du 2 novembre",
    },
    "chart": {"series": "active", "form": "line", "comment": "La baisse suit l’arrêt des badges."},
    "quote": {"quote": "On gagne une heure par jour.", "speaker": "Paul Meyer", "role": "chef d’équipe"},
    "story": {"story_id": 4, "title": "Un transporteur a divisé ses litiges par deux", "result": "−52 % de litiges"},
    "roadmap": {
        "items": [
            {"item_id": 1, "title": "Badges dématérialisés", "benefit": "Plus de carte à recréer", "stage": "planned"},
            {"item_id": 2, "title": "Export ERP", "stage": "in_progress", "available_on": "2027-03-31"},
        ]
    },
}


def photo(width: int = 40, height: int = 20, kind: str = "png") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#0c4a57").save(out, kind)
    return out.getvalue()


@pytest.fixture
def stored(story) -> assembly.Stored:
    """Groupe Valmorin's review with one own slide of each kind, a picture, and a copy of the usage slide."""
    with story.app.app_context():
        plain = stored_of(story.id("Groupe Valmorin"), "2026-Q4")
        kept = pictures.keep(photo(), "quai.png", at=clock.moment())
        data = {**DATA, "image": {**kept, "alt": "Le quai d’Orléans", "caption": "Quai 4, novembre"}}
        mine = [Place(f"own-{kind}", kind=kind, data=json.loads(json.dumps(value))) for kind, value in data.items()]
        copy = Place("usage-2", kind="copy", source_key="usage")
        yield replace(plain, places=[*plain.places, *mine, copy], pictures=pictures.of([data["image"]]))


def block(book: assembly.Book, key: str):
    return book.page(key).slide.blocks[0]


def test_each_kind_of_own_slide_says_what_the_person_put_in(stored):
    assert set(DATA) | {"image"} == set(own.KINDS)
    book = assembly.assemble(stored)
    assert all(book.page(f"own-{kind}").state == "ready" for kind in own.KINDS)
    assert book.page("own-text").slide.headline == "Lyon attend son feu vert"
    metrics = block(book, "own-figures")
    assert isinstance(metrics, Metrics) and [item.value for item in metrics.items][1:2] == ["1 240"]
    assert "ERP de Valmorin" in book.page("own-figures").slide.source
    table = block(book, "own-table")
    assert isinstance(table, Table) and [len(row) for row in table.rows] == [3, 3]
    assert [column.align for column in table.columns] == ["left", "right", "right"]
    assert isinstance(block(book, "own-chart"), LineChart)
    bars = replace(stored, places=[Place("b", kind="chart", data={"series": "adoption"})])
    assert isinstance(block(assembly.assemble(bars), "b"), Bars)
    picture = block(book, "own-image")
    assert isinstance(picture, Picture) and (picture.width, picture.height) == (40, 20) and picture.data


def test_own_slides_are_edited_like_standard_ones(stored):
    edits = {("own-text", "body"): Edit("Feu vert donné"), ("own-text", "headline"): Edit("Lyon démarre")}
    page = assembly.assemble(replace(stored, edits=edits)).page("own-text")
    assert page.slide.headline == "Lyon démarre"
    assert page.slide.blocks[0].items == ("Feu vert donné",)
    assert {field.name for field in page.draft.fields} >= {"headline", "body", "source", "notes"}


def test_a_copy_follows_the_figures_but_keeps_its_own_words(stored):
    edits = {("usage-2", "headline"): Edit("Le détail pour Orléans"), ("usage", "headline"): Edit("Vue d’ensemble")}
    book = assembly.assemble(replace(stored, edits=edits))
    copy, first = book.page("usage-2").slide, book.page("usage").slide
    assert (copy.headline, first.headline) == ("Le détail pour Orléans", "Vue d’ensemble")
    assert copy.blocks == first.blocks and copy.section == first.section and copy.key == "usage-2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_output_takes_them(stored, language):
    deck = assembly.assemble(replace(stored, language=language)).deck
    assert render_pdf(deck)[:5] == b"%PDF-" and render_pptx(deck)[:2] == b"PK"
    assert "Quai 4, novembre" in render_html(deck, "own-image") and "<image" in render_html(deck, "own-image")
    assert "Le quai d’Orléans" in render_markdown(deck)


def test_an_empty_own_slide_is_left_out_and_says_what_it_lacks(stored):
    places = [Place(f"e-{kind}", kind=kind) for kind in own.KINDS]
    book = assembly.assemble(replace(stored, places=places))
    assert {page.state for page in book.pages} == {"empty"} and not book.deck.visible()
    assert all(page.slide.headline for page in book.pages)
    assert book.page("e-image").draft.gaps == ("own_image",)


def test_the_bytes_of_a_picture_do_not_weigh_on_the_fingerprint(stored):
    bare = replace(stored, pictures={})
    assert assembly.assemble(stored).fingerprint == assembly.assemble(bare).fingerprint


def test_a_large_photograph_is_made_smaller_and_anything_else_refused(app):
    with app.app_context():
        kept = pictures.keep(photo(4000, 1000, "jpeg"), "vue.jpg", at=clock.moment())
        assert (kept["width"], kept["height"]) == (1600, 400)
        assert len(pictures.of([kept])[kept["sha256"]]) < 40_000
        for odd, why in ((b"<svg/>", "svg"), (b"\x89PNG\r\n\x1a\n" + b"x" * 40, "kind"), (b"x" * 10_000_001, "size")):
            with pytest.raises(pictures.PictureRefused, match=why):
                pictures.keep(odd, "x.png", at=clock.moment())
