"""In a browser: a fact without JavaScript, then in place by keyboard, a conflict, deletion and the way back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.conftest import Story
from tests.support.people import PASSWORD

pytestmark = pytest.mark.xdist_group("dossier-browser")


def log_in(page: Page, base: str, role: str = "csm") -> None:
    page.goto(f"{base}/login")
    page.fill("#email", f"{role}@demo.haark.test")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()


def test_a_fact_is_edited_disputed_and_the_account_comes_back(story: Story) -> None:
    ident = story.id("Groupe Valmorin")
    with serving(story.app) as base, launch() as browser:
        plain = browser.new_context(java_script_enabled=False, locale="fr", viewport={"width": 390, "height": 800})
        page = plain.new_page()
        log_in(page, base)
        page.goto(f"{base}/accounts/{ident}/facts")
        with page.expect_navigation():
            page.locator("#fact-card-seats a").click()
        page.get_by_label("Licences").fill("85")
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator("#fact-card-seats")).to_contain_text("85")
        plain.close()

        context = browser.new_context(locale="fr", color_scheme="dark", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        problems = watch(page)
        log_in(page, base)
        page.goto(f"{base}/accounts/{ident}/facts")
        sector = page.locator("#fact-card-sector")
        sector.locator("a").focus()
        page.keyboard.press("Enter")
        field = page.get_by_role("textbox", name="Secteur")
        expect(field).to_be_focused()
        expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # what just came answers by now
        page.keyboard.press("Escape")
        expect(sector.locator("a")).to_be_focused()
        page.keyboard.press("Enter")
        expect(field).to_be_focused()
        manager = story.login("manager")
        manager.post(f"/accounts/{ident}/facts/sector", value="Industrie", version="99", was="Distribution")
        field.fill("Grande distribution")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Industrie")
        expect(field).to_have_value("Grande distribution")
        axe(page)
        page.keyboard.press("Enter") if field.evaluate("one => one === document.activeElement") else field.press(
            "Enter"
        )
        expect(sector).to_contain_text("Grande distribution")
        expect(page.locator("#fact-head-sector")).to_contain_text("Grande distribution")  # the head follows
        page.locator("#fact-head-sector a").click()
        page.locator("#head").get_by_role("textbox", name="Secteur").fill("Transport")
        page.keyboard.press("Enter")
        expect(sector).to_contain_text("Transport")  # and the card follows the head

        page.goto(f"{base}/accounts/{ident}/audit?field=sector")
        expect(page.locator("#audit tbody tr")).to_have_count(3)
        axe(page)
        page.goto(f"{base}/accounts/{ident}/removal")
        axe(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Mettre à la corbeille").click()
        flash = page.locator("#flash")
        expect(flash).to_contain_text("Groupe Valmorin est dans la corbeille")
        page.goto(f"{base}/trash")
        axe(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Restaurer").click()
        expect(page.locator("h1")).to_have_text("Groupe Valmorin")
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(f"{base}/accounts/{ident}/facts")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        no_csp_violations(page, problems)
