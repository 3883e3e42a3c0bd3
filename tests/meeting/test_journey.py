"""One meeting with the keyboard only, in a browser: a reload and a lost connection lose nothing."""

import re

import sqlalchemy as sa

from haark.extensions import db
from haark.reviews.meeting.models import Capture, MeetingNote
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.support.patience import until
from tests.support.people import PASSWORD

ALL = ["results", "usage", "opportunities", "actions"]


def sign_in(context, address):
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("[name=email]", "csm@demo.haark.test")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")
    return page


def seen(page, script):
    """Waits until the script is true; evaluated from outside, so that the page's CSP holds."""
    until(lambda: page.evaluate(script), what=script)


def stored(app, query):
    with app.app_context():
        return [row[0] for row in db.session.execute(query)]


def test_a_meeting_is_held_from_the_keyboard_and_survives_a_reload_and_a_lost_connection(story):
    csm, account = story.login("csm"), story.id("Groupe Valmorin")
    url = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr").location
    notes = sa.select(MeetingNote.text).where(MeetingNote.field == "part.1")
    # The sample has meetings of its own.
    lines = sa.select(Capture.text).where(Capture.review_id == int(url.rsplit("/", 1)[1])).order_by(Capture.id)
    with serving(story.app) as address, launch() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
        page = sign_in(context, address)
        problems = watch(page)
        page.goto(f"{address}{url}/meeting")
        page.keyboard.press("p")
        page.wait_for_selector("#clock-next")
        page.keyboard.press("ArrowRight")
        page.wait_for_selector("#part-1[open]")
        # One line: A leads to it, Enter keeps it, the focus stays for the next one.
        page.keyboard.press("a")
        seen(page, "document.activeElement.id === 'capture-text'")
        page.keyboard.type("Recréer 17 badges @julien 20/11")
        page.keyboard.press("Enter")
        page.wait_for_selector("#captures >> text=Recréer 17 badges")
        seen(page, "document.activeElement.id === 'capture-text' && !document.activeElement.value")
        page.keyboard.press("Escape")
        page.keyboard.press("d")
        seen(page, "document.querySelector('[name=kind]:checked').value === 'decision'")
        # The line is lost: the clock goes on, notes and lines wait in the browser.
        context.set_offline(True)
        page.wait_for_selector("[data-offline]:not([hidden])")
        shown = page.inner_text("[data-show=total]")
        page.fill("#note-part-1-in", "Priorité inchangée : le litige sous 48 h")
        page.fill("#capture-text", "Étendre à Lyon")
        page.press("#capture-text", "Enter")
        page.wait_for_selector("[data-queue-state]:not([hidden])")
        page.wait_for_selector("#note-part-1-state [data-autosave-kept]:not([hidden])")
        seen(page, f"document.querySelector('[data-show=total]').textContent !== '{shown}'")
        assert stored(story.app, notes) == []
        context.set_offline(False)
        until(lambda: stored(story.app, notes) == ["Priorité inchangée : le litige sous 48 h"], what="the note")
        until(lambda: stored(story.app, lines) == ["Recréer 17 badges", "Étendre à Lyon"], what="the line")
        page.wait_for_selector("#captures >> text=Étendre à Lyon")
        page.wait_for_selector("[data-offline]", state="hidden")
        # A reload shows the same meeting, further on.
        before = page.inner_text("[data-show=total]")
        page.reload()
        assert page.input_value("#note-part-1-in") == "Priorité inchangée : le litige sous 48 h"
        assert page.inner_text("[data-show=total]") >= before
        page.keyboard.press("?")
        page.wait_for_selector("dialog.keys")
        help_sheet = page.inner_text("dialog.keys")
        assert all(words in help_sheet for words in ("Partie suivante", "→", "Décision", "Question"))
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        axe(page)
        no_csp_violations(page, [one for one in problems if "ERR_INTERNET_DISCONNECTED" not in one])
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        # The end, from the keyboard.
        page.focus("text=Terminer")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        axe(page)
        page.focus("form button.primary")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_selector("text=Bilan de la réunion")
        assert "Étendre à Lyon" in page.inner_text("main")
        axe(page)
        without_javascript(browser, address, url)


def without_javascript(browser, address, url):
    """The same page for who has no JavaScript: reopened, a line added, the checklist ticked."""
    page = sign_in(browser.new_context(java_script_enabled=False, locale="fr-FR"), address)
    page.goto(f"{address}{url}/meeting")
    with page.expect_navigation():
        page.click("text=Rouvrir la réunion")
    assert re.fullmatch(r"\d\d:\d\d", page.inner_text("[data-show=total]"))
    page.fill("#capture-text", "/q Qui valide le budget ?")
    with page.expect_navigation():
        page.click("#capture_form button.primary")
    assert "Qui valide le budget ?" in page.inner_text("#captures")
    page.goto(f"{address}{url}/checklist")
    with page.expect_navigation():
        page.click("#tick-news")
    assert page.get_attribute("#tick-news", "aria-checked") == "true"
