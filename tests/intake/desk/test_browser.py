"""In a browser: a French cp1252 file from upload to portfolio, its refused rows corrected, the import undone."""

import re
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.intake.desk.conftest import Desk
from tests.intake.desk.test_story import BAD, GOOD, french
from tests.mail.test_browser import enter


def row(page: Any, number: int) -> Any:
    return page.get_by_role("row", name=re.compile(f"^{number} "))


def test_from_upload_to_portfolio_and_back(desk: Desk, app: Flask, tmp_path: Path):
    clients, more = tmp_path / "clients été.csv", tmp_path / "ambigu.csv"
    clients.write_bytes(french(*GOOD, *BAD))
    more.write_text("id;client;renouvellement\nA1;Un;01/02/2027\nA2;Deux;03/04/2027\n")
    with serving(app) as base, launch() as browser:
        page = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900}).new_page()
        problems = watch(page)
        enter(page, base, "csm")
        page.keyboard.press("g")
        page.keyboard.press("i")
        expect(page).to_have_url(f"{base}/imports")
        axe(page)
        page.set_input_files("#files", clients)
        expect(page.locator("#e3")).to_contain_text("18")
        expect(page.get_by_label("Champ pour CA annuel")).to_have_value("arr")
        axe(page)
        correct(page)
        # A column that is chosen is checked at once, and the focus stays where it was.
        page.get_by_label("Champ pour MRR").focus()
        page.get_by_label("Champ pour MRR").select_option("seats")
        expect(page.locator("#columns")).to_contain_text("Choisie")
        expect(page.get_by_label("Champ pour MRR")).to_be_focused()
        page.get_by_role("button", name="Importer 19 lignes").press("Enter")
        expect(page.locator("#e5")).to_contain_text("19 nouveaux")
        axe(page)
        page.get_by_role("link", name="Voir le portefeuille").press("Enter")
        expect(page.locator("table")).to_contain_text("Kalysta")
        page.goto(f"{base}/imports")
        page.get_by_role("button", name="Annuler clients été.csv").press("Enter")
        expect(page.locator("#e5")).to_contain_text("Ce qui était là avant cet import est revenu.")
        page.goto(f"{base}/portfolio")
        expect(page.locator("table")).not_to_contain_text("Kalysta")
        no_csp_violations(page, problems)
        on_a_phone_without_scripts(browser, base, more)


def correct(page: Any) -> None:
    """One refused row is put right where it stands; the other stays refused and stops nothing."""
    row(page, 20).get_by_role("link", name="Corriger").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("CA annuel")).to_have_value("n.c.")
    axe(page, within="dialog")
    dialog.get_by_label("CA annuel").fill("1 000,5")
    dialog.get_by_role("button", name="Corriger la ligne").press("Enter")
    expect(page.locator("#e3")).to_contain_text("19")
    expect(row(page, 20)).to_have_count(0)
    expect(row(page, 21)).to_contain_text("31/02/2027")


def on_a_phone_without_scripts(browser: Any, base: str, path: Path) -> None:
    """A field and buttons do; what is ambiguous is asked, and the page fits."""
    sizes = {"width": 390, "height": 844}
    page = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport=sizes).new_page()
    enter(page, base, "manager")
    page.goto(f"{base}/imports")
    page.set_input_files("#files", path)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#blocked")).to_have_text("Précisez l’ordre des dates de ambigu.csv.")
    expect(page.get_by_role("button", name="Importer", exact=True)).to_be_disabled()
    page.get_by_label("Ordre des dates").select_option("dmy")
    page.get_by_role("button", name="Enregistrer et contrôler").click()
    page.get_by_role("button", name="Importer 2 lignes").click()
    expect(page.locator("#e5")).to_contain_text("2 nouveaux")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
