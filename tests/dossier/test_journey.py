"""An hour with an account: a contact comes, the sponsor leaves, a call is noted in one line, a contract is attached.

In a real browser; the last page is read on a phone, by axe, and once more without scripts.
"""

from datetime import date

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from haark import clock
from haark.accounts import custom_fields
from haark.accounts.models import Attachment, Contact
from haark.extensions import db
from haark.measures.models import Interaction
from haark.signals import jobs
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.mail.test_browser import enter
from tests.support.clients import settle

ON = date(2026, 11, 12)


def prepare(house) -> None:
    with house.app.app_context():
        sophie = Contact(account_id=house.own, name="Sophie Marchand", role="sponsor", email="sophie@valmorin.test")
        db.session.add(sophie)
        custom_fields.define("Nombre de sites", "number", by=None, at=clock.moment())
        db.session.commit()


def test_an_hour_with_an_account(app: Flask) -> None:
    house = settle(app)
    prepare(house)
    with serving(app) as base, launch() as browser:
        page = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900}).new_page()
        page.emulate_media(reduced_motion="reduce")
        problems = watch(page)
        enter(page, base, "csm")
        page.goto(f"{base}/accounts/{house.own}/contacts")
        a_contact_comes(page)
        the_sponsor_leaves(page)
        a_call_in_one_line(page, base, house)
        beside_the_facts(page, base, house)
        no_csp_violations(page, problems)
        assert not [problem for problem in problems if problem.startswith("console")], problems
        page.set_viewport_size({"width": 390, "height": 844})
        for key in ("facts", "contacts", "history"):
            page.goto(f"{base}/accounts/{house.own}/{key}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            axe(page, "#panneau")
        without_scripts(browser, page, base, house)
    with app.app_context():
        jobs.judge(house.own)
        kept = db.session.scalar(sa.select(Interaction))
        assert (kept.kind, kept.contact_email, kept.tags) == ("call", "anne@valmorin.test", ["budget"])
        assert db.session.scalar(sa.select(Attachment.name)) == "Contrat.pdf"


def a_contact_comes(page) -> None:
    page.get_by_role("link", name="Ajouter un contact").click()
    form = page.locator("#contact-new")
    form.get_by_label("Nom").fill("Anne Leclerc")
    form.get_by_label("E-mail").fill("anne@valmorin.test")
    form.get_by_label("Rôle").select_option("decision_maker")
    form.get_by_role("button", name="Ajouter le contact").click()
    expect(page.get_by_role("row", name="Anne Leclerc")).to_contain_text("Décideur")
    expect(page.get_by_text("Il manque\u202f: champion", exact=True)).to_be_visible()


def the_sponsor_leaves(page) -> None:
    expect(page.locator("#head")).to_contain_text("Sophie Marchand")
    page.get_by_role("link", name="Modifier Sophie Marchand").click()
    page.get_by_role("button", name="Marquer parti").click()
    expect(page.get_by_role("row", name="Sophie Marchand")).to_contain_text("Parti le 12 nov. 2026")
    expect(page.locator("#head")).not_to_contain_text("Sophie Marchand")


def a_call_in_one_line(page, base: str, house) -> None:
    page.goto(f"{base}/accounts/{house.own}")
    page.get_by_role("link", name="Noter un suivi").first.wait_for()
    page.keyboard.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("Appel avec Anne hier : budget validé #budget")
    said = page.locator("#note-said")
    for part in ("Appel", "Anne Leclerc", "11 nov. 2026", "#budget", "budget disponible"):
        expect(said).to_contain_text(part)
    axe(page, "#noteline")
    page.keyboard.press("Enter")
    entry = page.get_by_role("listitem").filter(has_text="budget validé").first
    expect(entry).to_contain_text("Anne Leclerc")
    expect(page.get_by_text("Interlocuteur parti", exact=False).first).to_be_visible()
    entry.get_by_role("link", name="Corriger").click()
    entry.get_by_label("Ce qui s’est dit").fill("Budget 2027 validé")
    entry.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("listitem").filter(has_text="Budget 2027 validé").first).to_be_visible()


def beside_the_facts(page, base: str, house) -> None:
    page.goto(f"{base}/accounts/{house.own}/facts")
    page.get_by_role("link", name="Modifier : Nombre de sites").click()
    page.get_by_label("Nombre de sites").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Modifier : Nombre de sites")).to_contain_text("12")
    page.get_by_label("Nouvelle étiquette").fill("Pilote")
    page.keyboard.press("Enter")
    expect(page.locator("#tags").get_by_role("link", name="Pilote")).to_be_visible()
    file = {"name": "Contrat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 contrat"}
    page.get_by_label("Joindre un fichier").set_input_files([file])
    page.get_by_role("button", name="Joindre", exact=True).click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Contrat.pdf").click()
    assert fetched.value.suggested_filename == "Contrat.pdf"


def without_scripts(browser, page, base: str, house) -> None:
    plain = browser.new_context(storage_state=page.context.storage_state(), java_script_enabled=False).new_page()
    plain.goto(f"{base}/accounts/{house.own}/contacts")
    plain.get_by_role("link", name="Modifier Anne Leclerc").click()
    plain.get_by_label("Téléphone").fill("+33 1 02 03 04 05")
    plain.get_by_role("button", name="Enregistrer").click()
    expect(plain.get_by_role("row", name="Anne Leclerc")).to_contain_text("+33 1 02 03 04 05")
