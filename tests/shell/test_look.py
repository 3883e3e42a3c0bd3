"""The kit in both themes, wide and narrow: accessible, within the policy, nothing overflows."""

import pytest

from tests.browser import axe, no_csp_violations, watch
from tests.shell.conftest import cookie_of_claire


@pytest.mark.parametrize(("scheme", "widths"), [("light", (1440, 1100)), ("dark", (390,))])
def test_the_kit_is_accessible(browser, stage, address, scheme, widths):
    context = browser.new_context(color_scheme=scheme, locale="fr-FR", reduced_motion="reduce")
    context.add_cookies([{"name": "haark", "value": cookie_of_claire(stage), "url": address}])
    page = context.new_page()
    problems = watch(page)
    for path in ("/kit", "/shortcuts"):
        page.goto(address + path)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
        axe(page)
        no_csp_violations(page, problems)
    page.goto(address + "/nothing/here")
    axe(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_theme_wins_over_the_system(browser, stage, address, theme):
    other = "dark" if theme == "light" else "light"
    context = browser.new_context(color_scheme=other)
    context.add_cookies([{"name": "haark", "value": cookie_of_claire(stage, theme=theme), "url": address}])
    page = context.new_page()
    page.goto(address + "/kit")

    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme


@pytest.mark.parametrize("language", ["fr", "en", "uk"])
def test_the_page_says_its_language(browser, stage, address, language):
    context = browser.new_context()
    context.add_cookies([{"name": "haark", "value": cookie_of_claire(stage, language=language), "url": address}])
    page = context.new_page()
    page.goto(address + "/kit")

    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator(f".prefs [lang={language}]").first.get_attribute("aria-pressed") == "true"


def test_a_french_page_does_not_fetch_the_cyrillic_font(browser, stage, address):
    context = browser.new_context(locale="fr-FR")
    context.add_cookies([{"name": "haark", "value": cookie_of_claire(stage), "url": address}])
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + "/kit", wait_until="networkidle")

    assert len(asked) <= 6, asked
    assert not [url for url in asked if "cyrillic" in url]
