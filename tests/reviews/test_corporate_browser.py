"""In a browser, by keyboard: a real template is uploaded, read, mapped, activated, and a review exported on it."""

import io
import re

import pytest
from playwright.sync_api import expect

from haark import clock
from haark.cadence.models import SECTIONS
from haark.extensions import db
from haark.reviews import domain
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.conftest import SHARED, TODAY
from tests.decks import reading
from tests.decks.templates import SYNTHETIC
from tests.support.people import PASSWORD

pytestmark = pytest.mark.xdist_group("reviews-browser")
REAL = SHARED / "pptx_templates" / "posit_template.potx"


def test_a_template_from_upload_to_export(story, tmp_path):
    path = REAL
    if not path.exists():
        path = tmp_path / "modele.pptx"
        path.write_bytes(SYNTHETIC["gradient"]())
    with story.app.app_context():
        account = story.id("Groupe Valmorin")
        period = domain.read_period(account, "2026-Q4", TODAY)
        review = domain.generate(account, period, SECTIONS, "fr", by=None, at=clock.moment(), on=TODAY).id
        db.session.commit()
    with serving(story.app) as base, launch() as browser:
        context = browser.new_context(locale="fr", viewport={"width": 390, "height": 900})
        page = context.new_page()
        problems = watch(page)
        page.goto(f"{base}/login")
        page.fill("#email", "admin@demo.haark.test")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"{base}/settings/template")
        page.set_input_files("#file", str(path))
        page.get_by_role("button", name="Téléverser").press("Enter")
        expect(page.get_by_text("Ce que Haark a trouvé")).to_be_visible()
        expect(page.get_by_role("img", name=re.compile("Contenu sur la disposition"))).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # Another layout is drawn as soon as it is chosen, and nothing else changes.
        chosen = page.get_by_label("Contenu", exact=True)
        chosen.focus()
        page.keyboard.press("ArrowDown")
        chosen.select_option(index=3)
        expect(
            page.get_by_role("img", name=re.compile("Contenu sur la disposition (Two Content|Comparison)"))
        ).to_be_visible()
        with page.expect_download() as trial:
            page.get_by_role("button", name="Essayer").press("Enter")
        assert len(reading.presentation(trial.value.path().read_bytes()).slides) > 3
        page.get_by_role("button", name="Activer").press("Enter")
        expect(page.get_by_text("Activé", exact=True)).to_be_visible()
        no_csp_violations(page, problems)
        page.goto(f"{base}/reviews/{review}/exports")
        page.get_by_role("button", name="PowerPoint", exact=True).press("Enter")
        link = page.get_by_role("link", name="PowerPoint", exact=True)
        expect(link).to_be_visible(timeout=30_000)
        with page.expect_download() as made:
            link.press("Enter")
        show = reading.presentation(made.value.path().read_bytes())
        assert "Haark content" not in {slide.slide_layout.name for slide in show.slides}
        assert io.BytesIO(made.value.path().read_bytes()).getbuffer().nbytes > 20_000
        context.close()
