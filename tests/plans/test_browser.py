"""In a browser: a plan without JavaScript on a phone, then a morning's work on it with the keyboard in reach; axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.support.people import PASSWORD

pytestmark = pytest.mark.xdist_group("plans-browser")


def log_in(page, base):
    page.goto(f"{base}/login")
    page.fill("#email", "csm@demo.haark.test")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()


def test_a_plan_from_the_list_to_the_sponsor(story):
    with serving(story.app) as base, launch() as browser:
        plain = browser.new_context(java_script_enabled=False, locale="fr", viewport={"width": 390, "height": 800})
        page = plain.new_page()
        log_in(page, base)
        page.goto(f"{base}/plans")
        page.get_by_role("link", name="Groupe Valmorin").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Plan 2026-2027")
        with page.expect_navigation():
            page.locator("#plan-links").get_by_role("button", name="Copier").first.click()
        expect(page.locator("#link-address")).to_have_value(re.compile("/s/"))
        with page.expect_navigation():
            page.get_by_role("link", name="Modifier l’objectif Utilisateurs actifs").click()
        page.get_by_label("Dans les mots du client").fill("Un seul outil pour tous.")
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator("#plan-objectives")).to_contain_text("Un seul outil pour tous.")
        plain.close()

        context = browser.new_context(locale="fr", color_scheme="dark", viewport={"width": 1280, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        problems = watch(page)
        log_in(page, base)
        page.goto(f"{base}/plans")
        axe(page)
        page.get_by_role("link", name="Groupe Valmorin").click()
        expect(page.locator("#plan-proposals")).to_be_visible()
        axe(page)
        card = page.locator("#plan-proposals")
        card.get_by_role("button", name="Accepter").first.click()
        expect(page.locator("#plan-objectives")).to_contain_text("31 mars 2027")
        card.get_by_role("link", name="Modifier").click()
        expect(card.locator("form [name=own]")).to_have_count(1)
        axe(page, "#plan-proposals")
        card.get_by_label("Jalon").fill("Import EDI par lots, à Lille")
        card.get_by_role("button", name="Accepter").click()
        expect(page.locator("#plan-milestones")).to_contain_text("à Lille")
        expect(page.locator("#plan-proposals")).to_be_hidden()
        expect(page.locator("#plan-head")).to_contain_text("Version 2, brouillon")

        objective = page.locator("#plan-objectives .po").first
        objective.locator("summary").click()
        objective.get_by_label("Valeur", exact=True).fill("93,5")
        objective.get_by_role("button", name="Noter la valeur").click()
        expect(page.locator("#plan-objectives .po").first).to_contain_text("93,5 %")
        page.get_by_role("button", name="Descendre Litiges traités sous 48 h").click()
        expect(page.locator("#plan-objectives .po").nth(1)).to_contain_text("Litiges traités sous 48 h")

        page.get_by_label("Commentaire", exact=True).fill("Merci, c’est noté.")
        page.locator("#plan-comments").get_by_text("Partagé", exact=True).last.click()
        page.locator("#plan-comments").get_by_role("button", name="Envoyer").click()
        expect(page.locator("#plan-comments .com").last).to_contain_text("Merci, c’est noté.")
        page.locator("#plan-links").get_by_role("button", name="Copier").first.click()
        expect(page.locator("[data-copy-said]")).to_have_text("Adresse copiée")
        assert "/s/" in page.evaluate("navigator.clipboard.readText()")
        page.locator("#plan-risks").get_by_role("link", name="Ajouter un risque").click()
        expect(page.locator("#risk-form-new")).to_be_visible()
        axe(page)

        page.set_viewport_size({"width": 390, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        with page.expect_navigation():
            page.get_by_role("link", name="Publier la version 2").click()
        axe(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Publier", exact=True).click()
        expect(page.locator("#plan-versions")).to_contain_text("Signée par Claire Delorme")
        no_csp_violations(page, problems)
