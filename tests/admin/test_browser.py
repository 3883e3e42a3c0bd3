"""In a browser: the effect follows what is typed, without JavaScript it has a button; then it is applied."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.support.people import PASSWORD

pytestmark = pytest.mark.xdist_group("admin-browser")


@pytest.mark.parametrize("scripts", (True, False), ids=("with-js", "without-js"))
def test_weights_show_their_effect_and_are_applied(story, scripts):
    with serving(story.app) as base, launch() as browser:
        context = browser.new_context(java_script_enabled=scripts, locale="fr", viewport={"width": 390, "height": 800})
        page = context.new_page()
        problems = watch(page)
        page.goto(f"{base}/login")
        page.fill("#email", "admin@demo.haark.test")
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.goto(f"{base}/settings/health")
        expect(page.locator("#effect")).to_contain_text("ceux des scores affichés")
        slider = page.get_by_role("slider", name="Usage")
        if scripts:
            slider.fill("90")
            expect(page.get_by_label("Usage", exact=True)).to_have_value("90")
            axe(page)
        else:
            expect(slider).to_have_count(0)
            page.get_by_label("Usage", exact=True).fill("90")
            page.get_by_role("button", name="Voir l’effet").click()
        expect(page.locator("#effect")).to_contain_text("changeraient de couleur")
        expect(page.get_by_label("Usage", exact=True)).to_have_value("90")
        page.get_by_label("Usage", exact=True).press("Enter")
        expect(page).to_have_url(re.compile("/settings/health$"))
        expect(page.locator(".weights")).to_contain_text("actuel\u202f: 90")
        if scripts:
            for name in ("organisation", "reviews", "signals", "brand", "export"):
                page.goto(f"{base}/settings/{name}")
                axe(page)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            no_csp_violations(page, problems)
        context.close()
