"""In a browser: a day by keyboard, E and R with their undo, the number beside the entry; a phone in the dark; axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.support.people import PASSWORD

pytestmark = pytest.mark.xdist_group("today-browser")


def log_in(page, base):
    page.goto(f"{base}/login")
    page.fill("#email", "csm@demo.haark.test")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()


def walk_to_an_action(page):
    """J until a row that E can end; its id."""
    for _step in range(30):
        page.keyboard.press("j")
        row = page.locator("[data-row][data-current]")
        if row.locator("[data-row-key=e]").count():
            return row.get_attribute("id")
    raise AssertionError("no action in sight")


def test_a_day_by_keyboard_and_on_a_phone(story):
    with serving(story.app) as base, launch() as browser:
        context = browser.new_context(locale="fr", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        problems = watch(page)
        log_in(page, base)
        expect(page).to_have_url(f"{base}/today")
        axe(page)
        count = page.locator("#today-count")
        before = int(count.inner_text())
        assert page.locator("[data-row]").count() <= 12

        ident = walk_to_an_action(page)
        page.keyboard.press("e")
        expect(page.locator(".toast")).to_contain_text(re.compile("Action terminée|Pris en charge"))
        expect(page.locator(f"#{ident}")).to_have_count(0)
        expect(count).to_have_text(str(before - 1))
        expect(page.locator("[data-row][data-current]")).to_have_count(1)  # the next one takes over
        page.get_by_role("button", name="Annuler").click()
        expect(count).to_have_text(str(before))

        page.goto(f"{base}/today?all=late&all=today&all=week")
        ident = walk_to_an_action(page)
        chip = page.locator(f"#{ident} .tag").inner_text()
        page.keyboard.press("r")
        expect(page.locator(".toast")).to_contain_text(re.compile("remise au 13 nov.|Mis de côté jusqu’au 13 nov."))
        expect(page.locator(f"#{ident} .tag", has_text=chip)).to_have_count(0)
        page.get_by_role("button", name="Annuler").click()
        expect(page.locator(f"#{ident} .tag")).to_have_text(chip)

        page.locator("[data-row] a").first.focus()
        page.keyboard.press("j")
        address = page.locator("[data-row][data-current] [data-main]").get_attribute("href")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert address and page.url.startswith(base + address.split("?")[0])

        page.goto(f"{base}/notices")
        axe(page)
        page.goto(f"{base}/profile")
        page.get_by_role("button", name="Obtenir l’adresse").click()
        expect(page.get_by_label("Adresse à coller dans votre calendrier")).to_have_value(
            re.compile(r"/calendar/.+\.ics$")
        )
        axe(page)
        no_csp_violations(page, problems)
        context.close()

        phone = browser.new_context(locale="fr", color_scheme="dark", viewport={"width": 390, "height": 800})
        page = phone.new_page()
        log_in(page, base)
        for address in ("today", "today?scope=team&all=late", "notices"):
            page.goto(f"{base}/{address}")
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.goto(f"{base}/today")
        clock = page.locator("[data-row-key=r]").first
        expect(clock).to_be_visible()
        clock.click()
        expect(page.locator(".toast")).to_contain_text("13 nov.")
        page.locator(".me > summary").click()
        expect(page.locator(".pop").get_by_role("link", name="Notifications")).to_be_visible()
        phone.close()
