"""The list and the account's page through a browser, with and without JavaScript, at three widths."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.portfolio.conftest import fill
from tests.support.people import PASSWORD

pytestmark = pytest.mark.parametrize("db_app", ["sqlite"], indirect=True)


@pytest.fixture
def address(db_app: Flask, team: dict[str, int]) -> Iterator[str]:
    with db_app.app_context():
        fill(60, sorted(team.values()))
    with serving(db_app) as found:
        yield found


@pytest.fixture
def browser() -> Iterator[Any]:
    with launch() as found:
        yield found


def log_in(browser: Any, address: str, **options: Any) -> Any:
    page = browser.new_context(**options).new_page()
    page.goto(f"{address}/login")
    page.fill("[name=email]", "csm@demo.haark.test")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(f"{address}/today")
    return page


def shown(page: Any) -> int:
    return int(page.locator("#rows tbody tr[data-row]").count())


def settled(page: Any) -> None:
    """htmx binds what it swapped in a moment later; until then a link is only a link."""
    expect(page.locator(".htmx-settling")).to_have_count(0)


def test_the_list_with_javascript(browser: Any, address: str) -> None:
    page = log_in(browser, address)
    problems = watch(page)
    page.goto(f"{address}/portfolio")
    rows = page.locator("#rows tr[data-row]")
    page.keyboard.press("/")
    page.keyboard.type("SOCIETE 0000")
    expect(rows).to_have_count(10)
    expect(page).to_have_url(f"{address}/portfolio?q=SOCIETE+0000")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#count")).to_have_text("10 comptes")
    page.click("#chip-sector")
    page.locator("#chips input[name=sector]").first.check()
    page.click("#apply-sector")
    page.wait_for_url("**/portfolio?q=SOCIETE+0000&sector=*")
    expect(rows).not_to_have_count(10)
    page.locator("#chips a", has_text="Tout effacer").click()
    page.wait_for_url(f"{address}/portfolio")
    page.locator("th a", has_text="Compte").click()
    expect(page.locator("th[aria-sort]")).to_have_text("Compte")
    settled(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator("aside.peek h2")).to_have_text("Société 00001")
    expect(page.locator("tr[aria-selected=true] b").first).to_have_text("Société 00001")
    page.keyboard.press("j")
    expect(page.locator("aside.peek h2")).to_have_text("Société 00002")
    assert "sort=name&peek=" in page.url
    axe(page)
    page.keyboard.press("Escape")
    page.wait_for_selector("aside.peek", state="detached")
    page.locator("a[rel=next]").click()
    expect(rows).to_have_count(60)
    no_csp_violations(page, problems)
    page.locator("tr[data-row] a.acct").first.click()
    page.wait_for_selector("h1:has-text('Société 00000')")
    page.click("#tab-usage")
    page.wait_for_url("**/usage")
    settled(page)
    page.wait_for_selector("#tab-usage[aria-current=page]")
    page.click("#tab-history")
    page.wait_for_selector("#panneau .seg")
    axe(page)
    no_csp_violations(page, problems)


def test_the_list_without_javascript(browser: Any, address: str) -> None:
    page = log_in(browser, address, java_script_enabled=False)
    page.goto(f"{address}/portfolio")
    page.fill("#q", "societe 0000")
    with page.expect_navigation():
        page.press("#q", "Enter")
    assert shown(page) == 10
    page.goto(f"{address}/portfolio")
    page.click("#chip-health")
    page.locator("#chips input[name=health][value=red]").check()
    follow(page, "#apply-health")
    assert 0 < shown(page) < 50
    assert "health=red" in page.url
    follow(page, "[data-peek]")
    assert page.locator("aside.peek").is_visible()
    follow(page, "[data-close]")
    assert page.locator("aside.peek").count() == 0
    page.goto(f"{address}/portfolio?sort=name")
    follow(page, "a[rel=next]")
    assert shown(page) == 10
    follow(page, "tr[data-row] a.acct")
    follow(page, "#tab-revenue")
    assert page.locator("#tab-revenue").get_attribute("aria-current") == "page"


def test_a_view_is_kept_for_the_team_its_columns_chosen_and_its_accounts_given_away(browser: Any, address: str) -> None:
    page = log_in(browser, address)
    problems = watch(page)
    page.goto(f"{address}/portfolio?owner=me&sort=name")
    page.locator("#views a", has_text="Vue").last.click()
    expect(page.locator("dialog #name")).to_be_focused()
    axe(page, within="dialog")
    page.keyboard.type("Comité du lundi")
    page.locator("dialog label", has_text="toute l’équipe").click()
    page.keyboard.press("Enter")
    page.wait_for_url("**/portfolio?owner=me&sort=name&view=*")
    expect(page.locator("#views [aria-current]")).to_contain_text("Comité du lundi")
    expect(page.locator(".side [title='Comité du lundi']")).to_be_visible()
    page.locator("th a", has_text="Santé").click()
    expect(page.locator("#views [aria-current]")).to_contain_text("modifiée")

    page.locator("#list-menu summary").last.click()
    page.locator("#list-menu a", has_text="Colonnes").click()
    page.locator("dialog label", has_text="Identifiant externe").click()
    up = page.locator("#up-external_id")
    up.focus()
    for place in range(18, 15, -1):
        page.keyboard.press("Enter")
        expect(page.locator("dialog li").nth(place)).to_contain_text("Identifiant externe")
        expect(up).to_be_focused()  # the line went up, the finger stays on it
        settled(page)
    axe(page, within="dialog")
    page.locator("dialog button.primary").click()
    expect(page.locator("th", has_text="Identifiant")).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("1")
    page.locator("tr[data-row] .pick").nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_have_text("4")
    page.locator("[data-pick-all]").click()
    mine = page.locator("tr[data-row]").count()
    expect(page.locator("[data-picked]")).to_have_text(str(mine))
    page.locator(".bulk [type=reset]").click()
    page.locator("tr[data-row] .pick").first.click()
    page.locator(".bulk button", has_text="Réaffecter").click()
    expect(page.locator("dialog")).to_contain_text("1 compte change de responsable")
    axe(page, within="dialog")
    page.locator("dialog button.primary").click()
    expect(page.locator("dialog [aria-invalid]")).to_be_visible()
    page.locator("dialog select").select_option(label="Hugo Marchetti")
    page.locator("dialog button.primary").click()
    expect(page.locator("tr[data-row]")).to_have_count(mine - 1)
    page.locator(".flashes button", has_text="Annuler").click()
    expect(page.locator("tr[data-row]")).to_have_count(mine)
    no_csp_violations(page, problems)


def follow(page: Any, selector: str) -> None:
    """Without JavaScript each link and button is a new page: a person waits for it."""
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(browser: Any, address: str, scheme: str) -> None:
    page = log_in(browser, address, color_scheme=scheme)
    for width in (1440, 1024, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("/portfolio", "/portfolio?health=red&sector=Industrie&peek=5", "/accounts/5", "/accounts/new"):
            page.goto(address + path)
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, (width, path)
        axe(page)
