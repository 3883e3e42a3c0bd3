"""The workspace through a real browser: written on the slide itself, saved by itself, offline and back, taken back."""

import re
from typing import Any

import sqlalchemy as sa

from haark.extensions import db
from haark.reviews.models import TextEdit
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.conftest import Story
from tests.reviews.test_workspace import opened
from tests.support.people import PASSWORD

WIDE = {"width": 1440, "height": 900}
SPOT = "Modifier sur place\u202f: Titre"


def log_in(page: Any, address: str, url: str) -> None:
    page.goto(f"{address}/login?next={url}")
    page.get_by_label("E-mail").fill("csm@demo.haark.test")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_label("Mot de passe", exact=True).press("Enter")


def saved(page: Any) -> None:
    page.locator("#saved [data-state=saved]").wait_for()


def state(page: Any, name: str) -> None:
    page.locator(f"#saved [data-state={name}]").wait_for()


def texts(story: Story) -> dict[str, str]:
    with story.app.app_context():
        return {f"{row.slide_key}/{row.field}": row.text for row in db.session.scalars(sa.select(TextEdit))}


def test_a_slide_is_written_in_place_offline_and_back_and_taken_back(story: Story):
    """Edit in place with the keyboard, autosave, undo; what is typed offline stays in the tab and is sent when back;
    who saved meanwhile is not overwritten; a table of one's own; after a reload everything stands."""
    _story, _csm, url = opened(story)
    with serving(story.app) as address, launch() as browser:
        context = browser.new_context(viewport=WIDE, locale="fr-FR")
        page = context.new_page()
        problems = watch(page)
        log_in(page, address, f"{url}?slide=value")
        before = page.locator("#slide [role=heading]").first.text_content()

        page.get_by_role("link", name=SPOT).focus()
        page.keyboard.press("Enter")
        field = page.locator("#stage textarea")
        assert field.get_attribute("aria-label") == "Titre"
        field.fill("Trois gains, et le quatrième en vue")
        page.locator("#slide", has_text="le quatrième en vue").wait_for()  # live, while the field is still open
        assert field.is_visible()
        field.press("Escape")
        page.locator("#slide", has_text="le quatrième en vue").wait_for(state="detached")
        page.locator("[data-spot=f-value-headline]:focus").wait_for()  # also after the slide was drawn anew

        page.keyboard.press("Enter")
        page.locator("#stage textarea").fill("Trois gains mesurés")
        page.keyboard.press("Control+Enter")
        page.locator("#slide", has_text="Trois gains mesurés").wait_for()
        axe(page)
        page.locator("form[data-step=undo] button:enabled").wait_for()
        page.keyboard.press("Control+z")
        page.locator("#slide", has_text="Trois gains mesurés").wait_for(state="detached")
        assert page.locator("#slide [role=heading]").first.text_content() == before
        page.keyboard.press("Control+Shift+z")
        page.locator("#slide", has_text="Trois gains mesurés").wait_for()

        context.set_offline(True)
        page.get_by_label("Note de l’orateur").fill("Écrit dans le tunnel")
        state(page, "kept")
        assert "value/notes" not in texts(story)
        context.set_offline(False)
        saved(page)
        assert texts(story)["value/notes"] == "Écrit dans le tunnel"

        manager = story.login("manager")
        manager.post(f"{url}/slides/value/texts/notes", text="Noté par Nadia", version="1")
        page.get_by_label("Note de l’orateur").fill("Noté par Claire")
        state(page, "asked")
        assert page.locator("#f-value-notes [role=alert]", has_text="Noté par Nadia").count() == 1
        page.get_by_label("Note de l’orateur").fill("Noté par Claire et Nadia")
        page.wait_for_timeout(900)  # longer than autosave waits: typing on decides nothing
        assert texts(story)["value/notes"] == "Noté par Nadia"
        page.locator("#f-value-notes button", has_text="Enregistrer").click()
        saved(page)
        assert texts(story)["value/notes"] == "Noté par Claire et Nadia"

        page.locator("a[data-key='+']").click()
        page.get_by_role("link", name="Tableau").click()
        axe(page)
        page.get_by_role("button", name="Une ligne de plus").click()
        page.locator("[name=cell-3-0]").wait_for()
        page.locator("#column-0").fill("Chantier")
        page.locator("[name=cell-3-0]").fill("Reprise d’Orléans")
        page.get_by_role("button", name="Ajouter la diapositive").click()
        page.wait_for_url(re.compile("slide=own-1"))
        page.reload()
        assert page.locator("#slide", has_text="Reprise d’Orléans").count() == 1
        page.locator(".outline a", has_text="Valeur délivrée").click()
        page.locator("#slide", has_text="Trois gains mesurés").wait_for()
        page.get_by_role("button", name="Masquer la diapositive").click()
        page.get_by_role("button", name="Afficher la diapositive").wait_for()
        page.keyboard.press("Control+z")
        page.get_by_role("button", name="Masquer la diapositive").wait_for()
        page.goto(f"{address}{url}/history")
        axe(page)
        # What is worth a look before sharing leads to where it is put right.
        page.goto(f"{address}{url}?slide=value")
        page.locator("#checks-count a", has_text="avant de partager").click()
        page.locator("#checks").wait_for()
        axe(page)
        page.get_by_role("link", name=re.compile("^Voir")).first.click()
        page.wait_for_url(re.compile("/logo/edit"))  # the client has none yet
        # The deck of earlier figures, to read only.
        manager.post(f"{url}/facts")
        page.goto(f"{address}{url}/snapshots")
        axe(page)
        page.get_by_role("link", name=re.compile("^Ouvrir le deck")).last.click()
        page.get_by_text("Version ancienne, en lecture seule.").wait_for()
        axe(page)
        no_csp_violations(page, problems)


def test_a_session_that_ends_while_one_writes_loses_nothing(story: Story):
    _story, _csm, url = opened(story)
    with serving(story.app) as address, launch() as browser:
        context = browser.new_context(viewport=WIDE, locale="fr-FR")
        page = context.new_page()
        log_in(page, address, f"{url}?slide=usage")
        page.wait_for_load_state("networkidle")  # what the page asks for by itself would lead to the login too early
        context.clear_cookies()
        with page.expect_navigation():
            page.get_by_label("Note de l’orateur").fill("Écrit trop tard")
        log_in(page, address, f"{url}?slide=usage")
        saved(page)
        page.locator("#f-usage-notes-state", has_text="Claire Delorme").wait_for()
        assert texts(story)["usage/notes"] == "Écrit trop tard"


def test_without_javascript_the_forms_below_the_slide_do_the_same(story: Story):
    _story, _csm, url = opened(story)
    with serving(story.app) as address, launch() as browser:
        page = browser.new_context(viewport=WIDE, locale="fr-FR", java_script_enabled=False).new_page()
        log_in(page, address, f"{url}?slide=value")

        def press(button: Any) -> None:
            with page.expect_navigation():
                button.click()

        page.locator("#texts summary").click()
        page.get_by_label("Titre", exact=True).fill("Trois gains mesurés")
        press(page.locator("#f-value-headline button", has_text="Enregistrer"))
        assert page.locator("#slide", has_text="Trois gains mesurés").count() == 1
        press(page.locator("form[data-step=undo] button"))
        assert page.locator("#slide", has_text="Trois gains mesurés").count() == 0
        press(page.locator("a[data-key='+']"))
        press(page.get_by_role("link", name="Texte", exact=True))
        page.get_by_label("Contenu").fill("Un point\nUn autre")
        press(page.get_by_role("button", name="Ajouter la diapositive"))
        assert page.locator("#slide", has_text="Un autre").count() == 1
        press(page.get_by_role("button", name="Supprimer la diapositive"))
        press(page.locator("#flash button.undo"))
        assert page.locator("#slide", has_text="Un autre").count() == 1
