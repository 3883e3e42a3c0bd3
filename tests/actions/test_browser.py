"""A day with the actions: by keyboard, then the client's part from their mail, on a phone without scripts.

The mail comes from a real SMTP server; every page that is passed is clean for axe.
"""

import re
from datetime import date, timedelta

import sqlalchemy as sa
from playwright.sync_api import expect

from haark.accounts.models import Contact
from haark.actions import jobs
from haark.actions.models import ActionItem
from haark.extensions import db
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.mail.post_office import open_office, plain
from tests.mail.test_browser import enter
from tests.support.clients import settle

ON = date(2026, 11, 12)
WIDE = {"width": 1440, "height": 900}


def prepare(house):
    """Three actions of Claire's and one of the client's, who reads Ukrainian."""
    with house.app.app_context():
        mine = db.session.get(ActionItem, house.objects["own"]["action"])
        more = {"account_id": house.own, "created_at": sa.func.now(), "owner_user_id": house.users["csm"]}
        db.session.execute(
            sa.insert(ActionItem).values(
                [
                    {
                        "title": title,
                        "due_on": ON + timedelta(3),
                        "state": "open",
                        "note": "",
                        "serves_kind": "",
                        "source_kind": "",
                        "version": 1,
                        **more,
                    }
                    for title in ("Former Lyon", "Chiffrer le module")
                ]
            )
        )
        contact = db.session.get(Contact, house.objects["own"]["contact"])
        contact.email, contact.language = "j.perrot@valmorin.test", "uk"
        theirs = ActionItem(account_id=house.own, title="Désigner un référent", owner_contact_id=contact.id)
        theirs.due_on, theirs.created_at = ON - timedelta(1), mine.created_at
        db.session.add(theirs)
        db.session.commit()
        return theirs.id


def test_by_keyboard_and_from_the_mail(app):
    house = settle(app)
    theirs = prepare(house)
    with open_office() as office, serving(app) as base, launch() as browser:
        app.config.update(SMTP_URL=office.url(), HAARK_URL=base)
        page = browser.new_context(locale="fr-FR", viewport=WIDE, reduced_motion="reduce").new_page()
        problems = watch(page)
        enter(page, base, "csm")
        page.goto(f"{base}/actions")
        by_keyboard(page)
        beside_the_list(page)
        many_at_once(page)
        a_new_one(page)
        no_csp_violations(page, problems)
        from_the_mail(app, browser, base, office)
    with app.app_context():
        assert db.session.get(ActionItem, theirs).state == "done"
        assert db.session.scalar(sa.select(ActionItem.title).where(ActionItem.title == "Appeler Sophie"))


def by_keyboard(page):
    """J to the first, E done, undone from the message, R put off by a week."""
    axe(page)
    page.keyboard.press("j")
    page.evaluate("htmx.config.defaultSettleDelay = 300")  # slower than somebody who knows the way
    page.keyboard.press("e")
    expect(page.locator("#views")).to_contain_text("Mes actions 2")
    undo = page.get_by_role("button", name="Annuler")
    undo.focus()
    expect(page.locator("[data-row][data-current]")).to_have_count(1)  # the next row took over, the focus it left alone
    expect(undo).to_be_focused()
    undo.press("Enter")
    page.evaluate("htmx.config.defaultSettleDelay = 20")
    expect(page.locator("#views")).to_contain_text("Mes actions 3")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator(":focus")).to_contain_text("Demain")
    axe(page)
    page.get_by_role("button", name="Dans une semaine").press("Enter")
    expect(page.locator(".task").first).to_contain_text("dans 7 j")


def beside_the_list(page):
    """The panel opens with Space, takes steps and a comment, and walks with J."""
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Rouvrir les accès").press("Enter")
    panel = page.locator("#apercu")
    expect(panel).to_contain_text("Étapes")
    for title in ("Lister", "Prévenir"):
        panel.get_by_label("Ajouter une étape").fill(title)
        panel.get_by_label("Ajouter une étape").press("Enter")
        expect(panel.get_by_role("checkbox", name=title)).to_be_visible()
    panel.get_by_role("checkbox", name="Lister").press("Enter")
    expect(panel.get_by_role("checkbox", name="Lister")).to_have_attribute("aria-checked", "true")
    expect(panel.get_by_role("checkbox", name="Lister")).to_be_focused()
    panel.get_by_label("Commentaire", exact=True).fill("@hugo c’est en cours")
    panel.get_by_role("button", name="Commenter").press("Enter")
    expect(panel.locator(".com")).to_contain_text("Interne")
    axe(page)
    panel.get_by_role("link", name="Fermer").press("Enter")
    expect(panel).to_be_hidden()


def many_at_once(page):
    """X ticks two, one bar changes both."""
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("#bulk").get_by_label("État").select_option("in_progress")
    axe(page)
    page.locator("#bulk").get_by_role("button", name="Appliquer").press("Enter")
    expect(page.locator(".task .tag.acc")).to_have_count(3)  # one was under way: a step of it is done


def a_new_one(page):
    """N, the account by its name, what is promised."""
    with page.expect_navigation():
        page.locator("h1").click()
        page.keyboard.press("n")
    page.get_by_label("Nom du compte").fill("valmo")
    page.get_by_label("Nom du compte").press("Enter")
    page.get_by_role("link", name="Groupe Valmorin").press("Enter")
    page.get_by_label("Action").fill("Appeler Sophie")
    axe(page)
    page.get_by_role("button", name="Ajouter").press("Enter")
    expect(page.locator("#action-list")).to_contain_text("Appeler Sophie")


def from_the_mail(app, browser, base, office):
    """The client's reminder, in Ukrainian; its link asks, the button finishes."""
    with app.app_context():
        jobs.remind_clients()
        db.session.commit()
    (mail,) = [one for one in office.messages() if "j.perrot" in one["To"]]
    assert mail["Content-Language"] == "uk" and "One-Click" in mail["List-Unsubscribe-Post"]
    assert "Claire Delorme" in plain(mail) and "Désigner un référent" in plain(mail)
    link = re.search(r"/done/[\w-]{43}", plain(mail))
    assert link
    phone = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    phone.goto(base + link[0])
    expect(phone.locator("html")).to_have_attribute("lang", "uk")
    phone.get_by_role("button", name="Зроблено").press("Enter")
    expect(phone.locator(".note")).to_contain_text("дякуємо")
    reader = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    reader.goto(base + link[0])
    expect(reader.locator(".note")).to_contain_text("дякуємо")
    axe(reader)
