"""What the few scripts do, seen through a browser."""

import pytest

from tests.browser import no_csp_violations, watch
from tests.shell.conftest import cookie_of_claire, opened


@pytest.fixture
def page(browser, address):
    return opened(browser, address, "/stage")


def hash_of(page) -> str:
    return page.evaluate("location.hash")


def test_the_keys_walk_open_and_tick_the_list(page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("Enter")

    assert page.locator("#row-Brelan .pick").is_checked()
    assert page.locator("[data-current]").get_attribute("id") == "row-Arvel"
    assert hash_of(page) == "#open-Arvel"

    page.keyboard.press("j")
    page.keyboard.press(" ")
    assert hash_of(page) == "#peek-Brelan"


def test_declared_keys_and_sequences_answer(page):
    page.keyboard.press("n")
    assert hash_of(page) == "#noted"

    page.keyboard.press("g")
    page.keyboard.press("z")
    assert hash_of(page) == "#report"


def test_keys_are_quiet_while_typing(page):
    page.keyboard.press("/")
    page.keyboard.type("njx")

    assert page.locator("#q").input_value() == "njx"
    assert hash_of(page) == ""

    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert hash_of(page) == "#noted"


def test_letters_can_be_switched_off(browser, stage, address):
    page = opened(browser, address, "/stage", cookie_of_claire(stage, shortcuts=False))
    for key in ("n", "j", "/"):
        page.keyboard.press(key)

    assert hash_of(page) == ""
    assert page.evaluate("document.activeElement === document.body")


def test_the_help_sheet_lists_the_keys_of_the_page(browser, stage, address):
    page = opened(browser, address, "/stage", cookie_of_claire(stage))
    page.locator("#row-Arvel a").first.focus()
    page.keyboard.press("?")
    sheet = page.locator("dialog[open]")
    sheet.wait_for()
    words = sheet.inner_text()

    assert "Noter un suivi" in words
    assert "Ligne suivante" in words
    assert "Filtrer" not in words  # the stage has no filter

    page.keyboard.press("Escape")
    sheet.wait_for(state="detached")
    page.locator(":focus", has_text="Arvel").wait_for()


def test_a_click_on_a_row_looks_at_it(page):
    page.locator("#row-Corvin td").nth(1).click(position={"x": 2, "y": 2})
    assert hash_of(page) == "#peek-Corvin"


def test_menus_close_on_escape_and_on_a_click_elsewhere(page):
    menu = page.locator("details.menu:visible").first
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"

    menu.locator("summary").click()
    page.locator("h1").click()
    assert menu.get_attribute("open") is None


def test_a_refused_form_comes_back_with_its_first_error_focused(page):
    page.locator("#send").click()
    page.get_by_text("manque").wait_for()
    page.locator("#name:focus").wait_for()  # a moment after the swap, when htmx has settled


def test_a_write_leads_on_and_the_message_can_be_undone(page):
    page.locator("#name").fill("Valmorin")
    page.locator("#send").click()
    page.get_by_text("Valmorin est noté").wait_for()
    page.get_by_role("button", name="Annuler").click()
    page.get_by_text("C’est défait").wait_for()

    assert page.get_by_text("Valmorin est noté").count() == 0


def test_the_same_form_works_without_javascript(browser, address):
    page = opened(browser, address, "/stage", java_script_enabled=False)
    page.locator("#send").click()
    assert page.get_by_text("manque").is_visible()

    page.locator("#name").fill("Valmorin")
    page.locator("#send").click()
    assert page.get_by_text("Valmorin est noté").is_visible()


def test_a_message_leaves_after_six_seconds_unless_it_is_pointed_at(browser, address):
    page = opened(browser, address, "/stage")
    page.clock.install()
    page.locator("#do-done").click()
    toast = page.locator("#flash .toast")
    toast.hover()
    page.clock.run_for(10_000)
    assert toast.count() == 1

    page.mouse.move(0, 0)
    page.clock.run_for(7_000)
    assert toast.count() == 0


def test_rows_added_to_a_table_bring_their_counter(page):
    page.locator("#more").click()
    page.get_by_text("Dorval").wait_for()

    assert page.locator("#rows tr").count() == 4
    assert page.locator("#count").inner_text() == "4"


def test_an_answer_of_409_is_shown_in_place(page):
    page.locator("#do-409").click()
    page.locator("#kept").wait_for()


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("404", "Cette page n’existe pas"),
        ("500", "Haark n’a pas pu répondre"),
        ("conflict", "Quelqu’un a enregistré avant vous"),
        ("proxy", "Pas de réponse du serveur"),
    ],
)
def test_an_error_says_so_and_keeps_the_region_and_what_was_typed(page, what, words):
    page.locator("#name").fill("à moitié écrit")
    page.locator(f"#do-{what}").click()
    toast = page.locator("#flash [role=alert]")
    toast.wait_for()

    assert words in toast.inner_text()
    assert page.locator("#name").input_value() == "à moitié écrit"
    toast.get_by_role("button", name="Fermer").click()
    assert toast.count() == 0


def test_no_network_says_so(page):
    page.context.set_offline(True)
    page.locator("#do-done").click()
    page.get_by_text("Pas de réponse du serveur").wait_for()


def test_an_expired_session_leads_to_the_login_and_back(page, stage):
    cookie_of_claire(stage)  # somebody exists, but is not logged in here
    page.locator("#do-expired").click()

    page.wait_for_url("**/login?next=/stage")


def test_nothing_in_a_page_offends_the_policy(browser, address):
    page = browser.new_page()
    problems = watch(page)
    page.goto(address + "/stage")
    page.locator("#do-done").click()
    page.locator("#flash .toast").wait_for()

    no_csp_violations(page, problems)
