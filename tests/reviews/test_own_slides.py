"""Own slides and copies: forms that grow without JavaScript, content that two people change, pictures, deletion."""

import io
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from haark.reviews import own_forms, slides, spots
from haark.reviews.content.own import MOST_COLUMNS, MOST_ROWS
from tests.conftest import Story
from tests.reviews.test_workspace import ALL
from tests.support.people import Visitor

Desk = tuple[Story, Visitor, str]
TABLE = {
    "columns": "2",
    "rows": "2",
    "column-0": "Chantier",
    "column-1": "Charge",
    "cell-0-0": "Reprise d’Orléans",
    "cell-0-1": "12 j",
    "cell-1-0": "",
    "cell-1-1": "",
}


@pytest.fixture
def desk(db_story: Story) -> Desk:
    """Claire's review of Groupe Valmorin, on both databases."""
    csm, account = db_story.login("csm"), db_story.id("Groupe Valmorin")
    url = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr").location
    return db_story, csm, url


@pytest.fixture
def solo(story: Story) -> Desk:
    csm, account = story.login("csm"), story.id("Groupe Valmorin")
    url = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr").location
    return story, csm, url


def keys(csm: Visitor, url: str) -> list[str]:
    return re.findall(r"\?slide=([\w-]+)\" hx-get", csm.get(url).text)


def stamp(page: str) -> str:
    found = re.search(r'name="stamp" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_table_is_made_written_in_place_rewritten_deleted_and_back(desk: Desk):
    story, csm, url = desk
    grown = csm.post(f"{url}/slides/new/table", step="row", after="value", **TABLE)
    assert grown.status_code == 200 and 'name="rows" value="3"' in grown.text and "12 j" in grown.text
    assert "own-1" not in keys(csm, url)
    made = csm.post(f"{url}/slides/new/table", after="value", **TABLE)
    assert made.location == f"{url}?slide=own-1"
    order = keys(csm, url)
    assert order[order.index("own-1") - 1] == "value"
    assert "Reprise d’Orléans" in csm.get(made.location).text

    csm.post(f"{url}/slides/own-1/texts/headline", text="Un seul chantier", version="0")
    form = csm.get(f"{url}/slides/own-1/content").text
    assert 'value="Un seul chantier"' in form and 'name="rows" value="1"' in form
    mine = {**TABLE, "headline": "Un seul chantier", "cell-0-1": "15 j"}
    theirs = {**mine, "cell-0-1": "20 j"}
    assert story.login("manager").post(f"{url}/slides/own-1/content", stamp=stamp(form), **theirs).status_code == 303
    late = csm.post(f"{url}/slides/own-1/content", stamp=stamp(form), **mine)
    assert late.status_code == 409 and "20 j" in late.text and 'value="15 j"' in late.text
    assert csm.post(f"{url}/slides/own-1/content", stamp=stamp(late.text), **mine).status_code == 303
    assert re.search(r">15.j<", csm.get(made.location).text)  # its space does not break any more

    gone = csm.post(f"{url}/slides/own-1/deletion")
    assert gone.location == f"{url}?slide=value" and "own-1" not in keys(csm, url)
    assert csm.post(f"{url}/slides/value/deletion").status_code == 404  # standard slides are hidden instead
    assert csm.post(f"{url}/slides/own-1/deletion/removal").status_code == 303
    assert keys(csm, url) == order
    assert csm.post(f"{url}/slides/own-1/deletion/removal").status_code == 404


def test_a_copy_starts_with_the_same_words_and_goes_its_own_way(solo: Desk):
    _story, csm, url = solo
    csm.post(f"{url}/slides/usage/texts/headline", text="Nos mots", version="0")
    copied = csm.post(f"{url}/slides/usage/copy")
    assert copied.location == f"{url}?slide=copy-1"
    assert "Nos mots" in csm.get(copied.location).text
    csm.post(f"{url}/slides/copy-1/texts/headline", text="Les mots de la copie", version="1")
    assert "Les mots de la copie" not in csm.get(f"{url}?slide=usage").text
    csm.post(f"{url}/figures/usage.active", value="48", reason="Badges", version="0", slide="copy-1")
    for key in ("usage", "copy-1"):  # a figure is the same wherever it stands
        assert re.search(r'<b class="num">48</b>', csm.get(f"{url}?slide={key}").text)
    assert csm.post(f"{url}/slides/cover/copy").status_code == 404
    assert csm.post(f"{url}/slides/copy-1/copy").location == f"{url}?slide=copy-2"


def test_figures_quote_text_and_chart_say_what_they_lack(solo: Desk):
    _story, csm, url = solo
    new = f"{url}/slides/new"
    refused = csm.post(f"{new}/figures", items="1", **{"value-0": "12"})
    assert refused.status_code == 422 and "Dites d’où il vient" in refused.text and 'value="12"' in refused.text
    assert csm.post(f"{new}/figures", items="1", **{"figure-0": "nothing"}).status_code == 422
    assert csm.post(f"{new}/quote", quote="Parfait").status_code == 422
    assert csm.post(f"{new}/text", body=" ").status_code == 422
    assert csm.post(f"{new}/chart", series="evil").status_code == 422
    assert csm.post(f"{new}/opera", body="x").status_code == 404
    typed = {"label-0": "Livraisons", "value-0": "1 240", "source-0": "Contrôle de gestion"}
    made = csm.post(f"{new}/figures", items="2", after="nowhere", **typed, **{"figure-1": "usage.active"})
    page = csm.get(made.location).text
    for told in ("Livraisons", "1\u00a0240", "Contrôle de gestion", "45"):
        assert told.replace("\u00a0", " ") in page.replace("\u00a0", " "), told
    assert keys(csm, url)[-1] == "own-1"
    series = re.findall(r'name="series" value="(\w+)"', csm.get(f"{new}/chart").text)
    drawn = csm.post(f"{new}/chart", series=series[0], form="line", headline="La tendance")
    assert "La tendance" in csm.get(drawn.location).text
    said = csm.post(f"{new}/quote", quote="Rien ne se perd", speaker="Marc Vasseur")
    assert "Marc Vasseur" in csm.get(said.location).text


def picture(kind: str, size: tuple[int, int] = (80, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#0c4a57").save(out, kind)
    return out.getvalue()


def test_a_picture_is_known_by_its_content_and_needs_words(solo: Desk, monkeypatch: pytest.MonkeyPatch):
    _story, csm, url = solo
    new = f"{url}/slides/new/image"

    def send(content: bytes, name: str = "plan.png", **more: str) -> Any:
        return csm.post(new, picture=(io.BytesIO(content), name), **more)

    assert "ni un PNG ni un JPEG" in send(b"<svg/>", alt="Plan").text
    assert "Décrivez l’image" in send(picture("PNG")).text
    assert "ni un PNG ni un JPEG" in send(picture("GIF"), alt="Plan").text
    assert "Choisissez un fichier" in csm.post(new, alt="Plan").text
    monkeypatch.setattr(own_forms, "PICTURE_BYTES", 100)
    assert "dépasse 5 Mo" in send(picture("PNG", (400, 400)) + b"\0" * 200, alt="Plan").text
    monkeypatch.undo()
    monkeypatch.setenv("HAARK_TODAY", "2026-11-12")
    made = send(picture("JPEG"), "plan.jpg", alt="Le plan de reprise", caption="Orléans")
    page = csm.get(made.location).text
    assert "data:image/jpeg;base64" in page and "Le plan de reprise" in page
    now = stamp(csm.get(f"{url}/slides/own-1/content").text)
    kept = csm.post(f"{url}/slides/own-1/content", alt="Le plan", caption="Orléans", stamp=now)
    assert kept.status_code == 303 and "data:image/jpeg;base64" in csm.get(made.location).text


CELL = st.text(alphabet="ab ", max_size=3)
STEPS = st.sampled_from(
    ["row", "column", "item", "drop-row-0", "drop-row-99", "drop-column-1", "drop-column-7", "drop-item-0", "", "x-y-z"]
)


@given(st.lists(STEPS.filter(lambda step: "item" not in step), max_size=90))
@settings(max_examples=60, deadline=None)
def test_however_a_table_grows_and_shrinks_it_stays_a_table(steps: list[str]):
    data = own_forms.blank("table")
    for step in steps:
        data = own_forms.stepped(data, step)
    wide = len(data["columns"])
    assert 1 <= wide <= MOST_COLUMNS and 1 <= len(data["rows"]) <= MOST_ROWS
    assert all(len(row) == wide for row in data["rows"])


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6), st.lists(CELL, min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_what_a_table_keeps_is_what_was_filled_in(rows: list[list[str]], columns: list[str]):
    kept = own_forms.trimmed("table", {"columns": columns, "rows": rows, "source": ""})
    assert own_forms.trimmed("table", kept) == kept
    before = [cell for row in rows for cell in row if cell]
    assert [cell for row in kept["rows"] for cell in row if cell] == before


def test_words_written_in_place_become_part_of_the_content():
    data = {"headline": "A", "speaker": "Marc", "items": [{"label": "x", "value": "1"}, {"item_id": 7, "title": "T"}]}
    edits = {"headline": "B", "who": "Anne", "label.0": "y", "milestone.7": "U", "notes": "secret", "source": "S"}
    told = slides.told(data, edits)
    assert told == {
        "headline": "B",
        "speaker": "Anne",
        "items": [{"label": "y", "value": "1"}, {"item_id": 7, "title": "U"}],
    }
    assert slides.stamp_of(data) != slides.stamp_of(told) == slides.stamp_of(dict(reversed(told.items())))


def test_a_text_is_found_on_the_slide_also_when_it_was_cut_or_numbered():
    assert spots._same("2. Reprendre Orléans", "Reprendre Orléans")
    assert spots._same("Une phrase beaucoup trop…", "Une phrase beaucoup trop longue pour sa place")
    assert not spots._same("Une…", "Une phrase")
    assert not spots._same("Autre chose", "Reprendre Orléans")
