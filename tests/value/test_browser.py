"""In a browser: promises, plan and value on the account’s page, with JavaScript in place, without it page by page."""

import pytest
from playwright.sync_api import expect

from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.support.clients import settle
from tests.support.people import PASSWORD


@pytest.fixture(params=(True, False), ids=("with-js", "without-js"))
def visit(request, app):
    """A logged-in page, the address of Claire's account, and whether scripts run."""
    house = settle(app)
    with serving(app) as base, launch() as browser:
        context = browser.new_context(java_script_enabled=request.param, locale="fr")
        page = context.new_page()
        problems = watch(page)
        page.goto(f"{base}/login")
        page.fill("#email", "csm@demo.haark.test")
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        expect(page).to_have_url(f"{base}/today")
        yield page, f"{base}/accounts/{house.own}", request.param
        if request.param:
            no_csp_violations(page, problems)
        context.close()


def test_a_promise_is_written_kept_and_taken_back(visit):
    page, account, scripts = visit
    page.goto(account)
    page.get_by_role("link", name="Ajouter une action").click()
    page.get_by_label("Action", exact=True).fill("Former Lyon")
    page.get_by_label("Échéance").fill("2026-11-20")
    page.get_by_role("button", name="Enregistrer").click()
    line = page.locator("#actions li", has_text="Former Lyon")
    expect(line).to_contain_text("20 nov. · Claire Delorme")
    expect(page).to_have_url(account)
    line.locator("button").click()
    expect(page.locator("#actions > ul li", has_text="Former Lyon")).to_have_count(0)
    page.locator("#flash").get_by_role("button", name="Annuler").click()
    expect(page.locator("#actions > ul li", has_text="Former Lyon")).to_be_visible()
    if scripts:
        axe(page)


def test_a_refused_promise_keeps_its_place_and_text(visit):
    page, account, _scripts = visit
    page.goto(account)
    page.locator("[id^=action-line]").get_by_role("link", name="Modifier").click()
    page.get_by_label("Action", exact=True).fill(" ")
    page.get_by_label("Échéance").fill("2026-12-01")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".err")).to_contain_text("Écrivez ce qui est promis.")
    expect(page.get_by_label("Échéance")).to_have_value("2026-12-01")


def test_an_objective_is_measured_on_the_plan(visit):
    page, account, scripts = visit
    page.goto(f"{account}/plan")
    page.get_by_role("link", name="Modifier l’objectif Litiges sous 48 h").click()
    for label, value in (("Valeur de départ", "71"), ("Cible", "90"), ("Unité", "%")):
        page.get_by_role("textbox", name=label).fill(value)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Ouvrir le plan").click()
    row = page.locator(".po", has_text="Litiges sous 48 h")
    row.locator("summary").last.click()
    row.get_by_label("Valeur", exact=True).fill("92,5")
    row.get_by_role("button", name="Noter la valeur").click()
    expect(row).to_contain_text("Atteint")
    expect(row).to_contain_text("92,5")
    if scripts:
        axe(page)


def test_the_result_follows_what_is_typed(visit):
    page, account, scripts = visit
    page.goto(f"{account}/value")
    result = page.locator("#roi-result")
    expect(result).to_contain_text("443")
    page.get_by_label("Personnes").fill("20")
    if not scripts:
        page.get_by_role("button", name="Calculer").last.click()
    expect(result).to_contain_text("987")
    expect(page.get_by_label("Personnes")).to_have_value("20")
    page.get_by_role("button", name="Ajouter un montant").click()
    if scripts:
        expect(page.locator("#lines-1-label")).to_be_focused()  # the new line is there, its form takes what is typed
    page.get_by_label("Montant par an").fill("12 000,50")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#flash")).to_contain_text("Calcul enregistré")
    page.goto(f"{account}/value")
    expect(page.get_by_label("Montant par an")).to_have_value("12\u202f000,50")
    if scripts:
        axe(page)
