"""XB-7 on a phone, without JavaScript: from the link in a mail to an action done, by keyboard, clean for axe."""

from tests.browser import axe, launch, no_csp_violations, serving, watch


def test_a_sponsor_finishes_their_action_on_a_phone(house):
    _link_id, secret = house.link()
    with serving(house.app) as base, launch() as browser:
        for scheme, scripts in (("light", False), ("dark", True)):
            view = {"width": 390, "height": 844}
            context = browser.new_context(viewport=view, color_scheme=scheme, java_script_enabled=scripts)
            page = context.new_page()
            problems = watch(page)
            page.goto(f"{base}/s/{secret}")
            page.keyboard.press("Tab")  # skip link
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.wait_for_url("**/s/p/*")
            assert secret not in page.url and page.evaluate("document.documentElement.scrollWidth") <= 390
            if scripts:
                axe(page)
                page.get_by_role("button", name="Rouvrir").press("Enter")
            else:
                page.get_by_role("button", name="Marquer comme faite").press("Enter")
            page.wait_for_url("**done=*")
            assert page.get_by_role("status").inner_text().startswith("C’est noté")
            page.get_by_role("link", name="Proposer un changement").first.click()
            assert page.get_by_label("Objectif").input_value() == "Litiges sous 48 h"
            if scripts:
                axe(page)
                no_csp_violations(page, problems)
            context.close()
