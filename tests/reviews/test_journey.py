"""The main job, over HTTP: generate, edit, correct, export; with and without htmx."""

import io
import re

import pytest
from pptx import Presentation
from pypdf import PdfReader

ALL = ["results", "usage", "opportunities", "actions"]


def text_of_pdf(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def text_of_pptx(content: bytes) -> tuple[str, list[float]]:
    """All texts of the slides, and all numbers of their charts."""
    words: list[str] = []
    numbers: list[float] = []
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                words.append(shape.text_frame.text)
            if shape.has_table:
                words += [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.has_chart:
                numbers += [v for plot in shape.chart.plots for s in plot.series for v in s.values if v is not None]
    return " ".join(" ".join(words).split()), numbers


@pytest.fixture
def generated(story):
    return generate(story)


def generate(story):
    """A CSM's review of Groupe Valmorin: the visitor, its address, the account."""
    csm = story.login("csm")
    account = story.id("Groupe Valmorin")
    answer = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr")
    assert answer.status_code == 303, answer.text
    return csm, answer.location, account


def version_of(page: str, field: str) -> str:
    """The version that a field's form carries."""
    found = re.search(rf'id="{field}-state"[^>]*><input type="hidden" name="version" value="(\d+)"', page)
    assert found, f"no field {field}"
    return found.group(1)


def test_generate_opens_the_workspace_with_the_standard_slides_promises_summary_and_two_for_us(generated):
    csm, url, _account = generated
    page = csm.get(url).text
    assert page.count('hx-push-url="true"') == 16
    assert "QBR Q4 2026" in page
    assert '<svg class="deck"' in page


def test_the_same_period_again_opens_the_same_review(generated):
    csm, url, account = generated
    again = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr")
    assert again.location == url
    assert "existe déjà" in csm.get(url).text


def test_sections_choose_the_slides(story):
    csm = story.login("csm")
    account = story.id("Groupe Valmorin")
    url = csm.post(
        f"/accounts/{account}/reviews", period="2026-H2", sections=["usage", "actions"], kind="", language="fr"
    ).location
    keys = re.findall(r"\?slide=(\w+)\" hx-get", csm.get(url).text)
    assert keys == ["cover", "agenda", "promises", "summary", "usage", "roadmap", "plan", "recap", "health", "risks"]


def test_edits_and_corrections_survive_new_figures_and_stand_in_both_files(generated):
    csm, url, _account = generated
    words = "Orléans repart : nos mots, pas ceux de Haark"
    assert csm.post(f"{url}/slides/usage/texts/headline", text=words, version="0").status_code == 303
    saved = csm.post(f"{url}/figures/usage.active", value="48", reason="Badges recréés", version="0", slide="usage")
    assert saved.status_code == 303
    note = "Convenir d’une reprise à Lyon"
    assert csm.post(f"{url}/slides/plan/texts/aims", text=note, version="0").status_code == 303

    assert csm.post(f"{url}/facts").status_code == 303
    page = csm.get(f"{url}?slide=usage").text
    assert words in page
    assert "calculé" in page
    assert "Badges recréés" in page

    csm.post(f"{url}/exports", format="both")
    pdf = csm.get(f"{url}/deck.pdf")
    assert pdf.mimetype == "application/pdf"
    printed = text_of_pdf(pdf.data).replace("\u202f", " ")
    pptx, numbers = text_of_pptx(csm.get(f"{url}/deck.pptx").data)
    for text in (printed, pptx.replace("\u202f", " ")):
        assert words.replace("\u202f", " ") in text
        assert note in text
    assert 48.0 in numbers
    assert 45.0 not in numbers


def test_who_saves_second_gets_409_with_both_texts(db_story):
    csm, url, _account = generate(db_story)
    manager = db_story.login("manager")
    target = f"{url}/slides/value/texts/headline"
    assert csm.post(target, text="Premier titre", version="0").status_code == 303
    late = manager.post(target, text="Second titre", version="0")
    assert late.status_code == 409
    assert "Premier titre" in late.text
    assert "Second titre" in late.text
    assert manager.post(target, text="Second titre", version="1").status_code == 303


def test_a_conflict_with_htmx_answers_the_field_alone(generated, story):
    csm, url, _account = generated
    target = f"{url}/slides/value/texts/headline"
    csm.post(target, text="Premier titre", version="0")
    late = story.login("manager").post(target, htmx=True, text="Second titre", version="0")
    assert late.status_code == 409
    assert late.headers["HX-Retarget"] == "#f-value-headline"
    assert "<html" not in late.text
    assert "Second titre" in late.text
    assert version_of(late.text, "f-value-headline") == "1"


def test_saving_with_htmx_returns_the_slide_and_the_new_version(generated):
    csm, url, _account = generated
    saved = csm.post(f"{url}/slides/value/texts/headline", htmx=True, text="Un titre à nous", version="0")
    assert saved.status_code == 200
    assert saved.text.lstrip().startswith('<div id="slide"')
    assert "Un titre à nous" in saved.text
    assert 'hx-swap-oob="true"' in saved.text
    again = csm.post(f"{url}/slides/value/texts/headline", htmx=True, text="Un autre titre", version="1")
    assert again.status_code == 200


def test_a_corrected_figure_needs_a_number_and_a_reason(generated):
    csm, url, _account = generated
    for typed in ({"value": "beaucoup", "reason": "x"}, {"value": "12", "reason": "  "}):
        answer = csm.post(f"{url}/figures/usage.active", version="0", slide="usage", **typed)
        assert answer.status_code == 422
        assert f'value="{typed["value"]}"' in answer.text


def test_the_slide_of_opportunities_is_refused_until_confirmed(generated):
    csm, url, _account = generated
    refused = csm.post(f"{url}/slides/opportunities/hiding/removal")
    assert refused.status_code == 422
    assert "objectifs du client ne sont pas atteints" in refused.text
    assert csm.post(f"{url}/slides/opportunities/hiding/removal", confirmed="yes").status_code == 303


def test_a_deleted_review_comes_back(generated):
    csm, url, account = generated
    gone = csm.post(f"{url}/deletion")
    assert gone.location == f"/accounts/{account}/reviews"
    assert csm.get(url).status_code == 404
    assert csm.post(f"{url}/deletion/removal").location == url
    assert csm.get(url).status_code == 200


def test_a_file_that_was_not_made_leads_to_its_page_and_reading_writes_nothing(generated):
    csm, url, _account = generated
    answer = csm.get(f"{url}/deck.pdf")
    assert answer.status_code == 302
    assert answer.location == f"{url}/exports"
    assert csm.get(f"{url}/exports").status_code == 200


def test_the_prep_sheet_on_screen_and_as_markdown(generated):
    csm, url, account = generated
    csm.post(f"/accounts/{account}/state", rating="4", comment="Sponsor très présent")
    csm.post(f"{url}/prep/notes", text="Commencer par Orléans", version="0")
    page = csm.get(f"{url}/prep").text
    sheet = csm.get(f"{url}/prep.md").text
    for text in ("Informations Compte", "Plan Q+1", "Sponsor très présent", "Commencer par Orléans"):
        assert text in page
        assert text in sheet


def test_sales_of_another_account_may_read_but_not_change(story):
    csm, sales = story.login("csm"), story.login("sales")
    account = story.id("Groupe Valmorin")
    url = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr").location
    assert sales.get(url).status_code == 200
    assert sales.post(f"{url}/facts").status_code in (303, 403)
