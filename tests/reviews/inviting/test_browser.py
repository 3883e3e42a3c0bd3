"""By keyboard alone: from what is due to a date agreed, and an answer from a phone without scripts."""

import re

from playwright.sync_api import expect

from haark.extensions import db
from haark.reviews.inviting import queries
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.mail.test_browser import enter


def test_from_due_to_confirmed(one_game):
    game = one_game
    with serving(game.app) as base, launch() as browser:
        game.app.config["HAARK_URL"] = base
        desk = browser.new_context(locale="fr", viewport={"width": 1440, "height": 900})
        page = desk.new_page()
        problems = watch(page)
        enter(page, base, "csm")
        page.goto(f"{base}/accounts/{game.house.own}/next-review")
        page.get_by_role("link", name="Planifier et inviter").press("Enter")
        expect(page).to_have_url(f"{base}/reviews/{game.id}/planning")
        axe(page)
        # The slots are one group of radio buttons: arrows choose, and the advised one is marked to begin with.
        advised = page.locator(".slot input:checked")
        advised.press("ArrowLeft")
        page.locator(".slot input:checked").press("ArrowRight")
        page.get_by_label("Lieu ou lien").press_sequentially("https://visio.test/q4")
        with page.expect_navigation():
            page.get_by_role("button", name="Retenir ce moment").press("Enter")
        expect(page.locator("main .note").first).to_contain_text("Jeudi 19 novembre 2026, 10:00 à 10:50 (Paris)")
        # Leaving Hugo out saves itself, and the button counts anew.
        page.get_by_label("Inviter Hugo Marchetti").press("Space")
        send = page.get_by_role("button", name="Envoyer 3 invitations")
        expect(send).to_be_visible()
        with page.expect_navigation():
            send.press("Enter")
        expect(page.locator("#people")).to_contain_text("0 confirmés sur 3")
        axe(page)
        no_csp_violations(page, problems)
        link = re.search(r"/answers/[\w-]{43}", game.office.messages()[0].get_body(("plain",)).get_content())[0]
        phone = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
        theirs = phone.new_page()
        theirs.goto(base + link)
        assert theirs.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        theirs.get_by_label("Oui, je serai là").press("Space")
        theirs.get_by_label("Un mot").press_sequentially("Avec plaisir")
        with theirs.expect_navigation():
            theirs.get_by_role("button", name="Envoyer ma réponse").press("Enter")
        expect(theirs.locator("main .note")).to_contain_text("Merci, votre réponse est notée.")
        # The same page with scripts, for axe alone.
        seen = desk.new_page()
        seen.goto(base + link)
        axe(seen)
        page.reload()
        people = page.locator("#people")
        expect(people).to_contain_text("1 confirmés sur 3")
        expect(people.get_by_role("listitem").filter(has_text="Sophie Marchand")).to_contain_text("Confirmée")
        page.get_by_role("link", name="Modifier Sophie Marchand").press("Enter")
        expect(page.get_by_role("heading", name="Sophie Marchand")).to_be_visible()
        axe(page)
    with game.app.test_request_context():
        from flask import render_template

        shown = render_template("reviews/inviting/_pane.html", people=queries.participants(game.id), review=None)
        db.session.rollback()
    assert "1 confirmés sur 3" in shown and "Confirmée" in shown and shown.count("Sans réponse") == 2
