"""The whole line as the CSM, through a real browser on the whole process tree: from the portfolio to two files.

Portfolio, search, account, generate with its progress, edit a headline, override a figure, export both; then the PDF's
text and the PowerPoint's charts are read, and both edits stand in them. Once with JavaScript, once without.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pypdf import PdfReader

from tests.browser import axe, launch, no_csp_violations, watch
from tests.conftest import Story
from tests.support.patience import until
from tests.support.people import PASSWORD
from tests.tree.conftest import Tree, after_the_night

pytestmark = [
    pytest.mark.xdist_group("tree"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]
HEADLINE = "Orléans reprend en janvier, et nous le mesurons ensemble"
WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def address(story: Story, tmp_path: Path) -> Iterator[str]:
    """Haark as `bin/run` starts it, on a copy of the sample portfolio."""
    after_the_night(story.app)
    tree = Tree(tmp_path).ready()
    yield f"http://127.0.0.1:{tree.port}"
    assert tree.stop() < 5


def log_in(page: Any, address: str) -> None:
    page.goto(f"{address}/")
    page.get_by_label("E-mail").fill("csm@demo.haark.test")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/today")
    page.goto(f"{address}/portfolio")


def open_account(page: Any) -> None:
    """By a search that knows neither accents nor case."""
    page.locator("input[name=q]").first.fill("VALMORIN")
    page.keyboard.press("Enter")
    page.locator("#rows tr[id^=acc-]").nth(1).wait_for(state="detached")
    page.get_by_role("link", name=re.compile("Groupe Valmorin")).first.click()
    page.wait_for_url(re.compile(r"/accounts/\d+$"))


def generate(page: Any) -> str:
    """From the account's menu to the workspace; the address of the review."""
    page.locator("summary", has_text="Actions").first.click()
    page.get_by_role("link", name="Générer Business Review").first.click()
    page.get_by_role("button", name="Générer", exact=True).click()
    page.wait_for_url(re.compile(r"/reviews/\d+$"), timeout=20_000)
    return str(page.url)


def open_slide(page: Any, title: str) -> None:
    page.locator(".outline a", has_text=title).first.click()
    page.locator(".outline [aria-current]", has_text=title).wait_for()


def download(page: Any, review: str, form: str) -> bytes:
    answer = page.request.get(f"{review}/deck.{form}")
    assert answer.status == 200, answer.text()
    return bytes(answer.body())


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def both_edits_stand(pdf: bytes, pptx: bytes) -> None:
    """The headline word for word, and 48 active users in the text and in the chart that ended at 45."""
    pages = [words(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert any(HEADLINE in page for page in pages)
    usage = next(page for page in pages if "actives" in page and "80 licences" in page)
    assert "48" in usage and "45" not in re.findall(r"\d+", usage.split("Source")[0])
    deck = Presentation(io.BytesIO(pptx))
    texts = [words(shape.text_frame.text) for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert any(HEADLINE in text for text in texts)
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    last = [series.values[-1] for chart in charts for series in chart.plots[0].series if series.values]
    assert 48 in last and 45 not in last
    assert len(deck.slides) == len(pages)


def correct(page: Any) -> None:
    """45 active users become 48, with the reason that Haark asks for."""
    figure = page.locator(".kv", has_text="Utilisateurs actifs").first
    figure.locator("summary").click()
    figure.get_by_label("Valeur").fill("48")
    figure.get_by_role("button", name="Corriger", exact=True).click()


def test_with_javascript(address: str) -> None:
    with launch() as browser:
        page = browser.new_context(viewport=WIDE, locale="fr-FR").new_page()
        problems = watch(page)
        log_in(page, address)
        axe(page)
        open_account(page)
        axe(page)
        review = generate(page)
        axe(page)
        open_slide(page, "Usage et adoption")
        page.get_by_role("link", name="Modifier sur place\u202f: Titre").click()
        page.locator("#stage textarea").fill(HEADLINE)
        page.keyboard.press("Control+Enter")
        page.locator("#slide", has_text=HEADLINE[:26]).wait_for()
        correct(page)  # without a reason Haark refuses, and keeps what was typed
        page.locator(".kv .err").first.wait_for()
        figure = page.locator(".kv", has_text="Utilisateurs actifs").first
        assert figure.get_by_label("Valeur").input_value() == "48"
        figure.get_by_label("Raison").fill("Trois comptes partagés à Lyon")
        figure.get_by_role("button", name="Corriger", exact=True).click()
        page.locator(".kv.mod").wait_for()
        page.get_by_role("button", name="Créer les deux fichiers").click()
        page.locator("#exports a[download]").nth(1).wait_for(timeout=30_000)
        both_edits_stand(download(page, review, "pdf"), download(page, review, "pptx"))
        no_csp_violations(page, problems)


def press(page: Any, button: Any) -> None:
    """Without JavaScript every button is a new page: waiting for it is what a person does."""
    with page.expect_navigation():
        button.click()


def test_without_javascript(address: str) -> None:
    with launch() as browser:
        page = browser.new_context(viewport=WIDE, locale="fr-FR", java_script_enabled=False).new_page()
        log_in(page, address)
        page.goto(f"{address}/portfolio?q=VALMORIN")
        press(page, page.get_by_role("link", name=re.compile("Groupe Valmorin")).first)
        review = generate(page)
        press(page, page.locator(".outline a", has_text="Usage et adoption").first)
        page.locator("#texts summary").click()
        page.get_by_label("Titre", exact=True).fill(HEADLINE)
        press(page, page.locator("form", has=page.get_by_label("Titre", exact=True)).get_by_role("button").first)
        assert HEADLINE[:26] in page.locator("#slide").inner_text()
        figure = page.locator(".kv", has_text="Utilisateurs actifs").first
        figure.locator("summary").click()
        figure.get_by_label("Valeur").fill("48")
        figure.get_by_label("Raison").fill("Trois comptes partagés à Lyon")
        press(page, figure.get_by_role("button", name="Corriger", exact=True))
        assert page.locator(".kv.mod").count() == 1
        press(page, page.get_by_role("button", name="Créer les deux fichiers"))
        until(lambda: page.reload() and page.locator("#exports a[download]").count() == 2, 30, "both files", every=1)
        both_edits_stand(download(page, review, "pdf"), download(page, review, "pptx"))
