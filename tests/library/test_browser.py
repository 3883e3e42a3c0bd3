"""In a browser, without JavaScript and on a phone first: a story is written, found, deleted and brought back; axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.support.people import PASSWORD

pytestmark = pytest.mark.xdist_group("library-browser")


def log_in(page, base):
    page.goto(f"{base}/login")
    page.fill("#email", "csm@demo.haark.test")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()


def test_a_story_from_first_word_to_undo(story):
    with serving(story.app) as base, launch() as browser:
        plain = browser.new_context(java_script_enabled=False, locale="fr", viewport={"width": 390, "height": 800})
        page = plain.new_page()
        log_in(page, base)
        page.goto(f"{base}/library/stories/new")
        page.get_by_label("Titre").fill("Une journée gagnée par semaine")
        page.get_by_label("Client", exact=True).fill("Nautica Pro")
        page.get_by_label("Citation").fill("Chez Nautica Pro, on gagne une journée.")
        page.get_by_label("Sans le nom du client").check()
        page.get_by_label("Distribution").check()
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator(".err")).to_contain_text("Ce texte nomme le client")
        expect(page.get_by_label("Distribution")).to_be_checked()
        page.get_by_label("Citation").fill("On gagne une journée.")
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Une journée gagnée par semaine")
        plain.close()

        context = browser.new_context(locale="fr", color_scheme="dark", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        problems = watch(page)
        log_in(page, base)
        page.goto(f"{base}/library?q=journee&sector=Distribution")
        expect(page.locator("#shelf li.top")).to_have_count(1)
        axe(page)
        page.get_by_role("link", name="Une journée gagnée par semaine").click()
        page.get_by_role("button", name="Supprimer").click()
        expect(page).to_have_url(re.compile(r"/library\?tab=stories$"))
        page.get_by_role("button", name="Annuler").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Une journée gagnée par semaine")
        axe(page)
        page.set_viewport_size({"width": 390, "height": 900})
        for address in ("library/stories/1/edit", "accounts/1/logo/edit"):
            page.goto(f"{base}/{address}")
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        no_csp_violations(page, problems)
        context.close()
