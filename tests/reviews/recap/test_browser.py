"""From the end of the meeting to the client's answer, in a browser: written, sent over a real server, voted."""

import re

import sqlalchemy as sa

from haark.reviews.recap.models import Recap
from haark.reviews.surveying.models import ReviewSurvey
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.mail.post_office import plain
from tests.meeting.test_journey import sign_in
from tests.support.patience import until


def test_a_recap_is_written_sent_and_answered(one_held):
    held = one_held
    texts = sa.select(Recap.texts).where(Recap.review_id == held.id)
    with serving(held.app) as address, launch() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
        page = sign_in(context, address)
        problems = watch(page)
        page.goto(f"{address}/reviews/{held.id}/meeting")
        page.click("text=Écrire le récap")
        page.wait_for_selector("#due >> text=20 h 30")
        axe(page)
        # Typed words are kept by themselves; the preview and the checklist follow.
        page.fill("#opening", "Merci à tous pour ce matin.")
        until(
            lambda: (held.one(texts) or {}).get("fr", {}).get("opening") == "Merci à tous pour ce matin.",
            what="the opening",
        )
        frame = page.frame_locator("#preview iframe")
        frame.locator("text=Merci à tous pour ce matin.").wait_for()
        undated = page.locator("#actions tr", has_text="à fixer").locator("[type=date]")
        undated.fill("2026-12-11")
        undated.blur()
        page.wait_for_selector("#checks >> text=2 actions, datées et confiées")
        page.locator("#checks li", has_text="Lila Benhamou").locator("button").click()
        page.wait_for_selector("#send >> text=Envoyer à 4 personnes")
        page.uncheck("#with-with_pdf")
        page.wait_for_selector("#preview footer >> text=invitation.ics")
        with page.expect_navigation():
            page.click("#send .primary")
        page.wait_for_selector("#due >> text=Récap envoyé")
        until(lambda: len(held.office.received) == 4, what="four mails")
        page.reload()
        page.wait_for_selector("#delivery >> text=4 remis sur 4")
        axe(page)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        no_csp_violations(page, problems)
        # The client opens the link of an 8 on a phone: nothing is voted until the button.
        message = next(one for one in held.office.messages() if "sponsor@" in str(one["To"]))
        link = re.search(r"http://127\.0\.0\.1:8000(/survey/[\w-]{43})", plain(message))[1]
        phone = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
        phone.goto(f"{address}{link}?score=8")
        assert phone.is_checked("#score-8")
        phone.fill("#comment", "Utile et court")
        phone.click("button")
        assert "Merci !" in phone.inner_text("h1")
        kept = held.all(
            sa.select(ReviewSurvey.score, ReviewSurvey.comment).where(
                ReviewSurvey.score.is_not(None), ReviewSurvey.review_id == held.id
            )
        )
        assert [tuple(row) for row in kept] == [(8, "Utile et court")]
        looked = context.new_page()
        looked.set_viewport_size({"width": 390, "height": 844})
        looked.goto(f"{address}{link}")
        assert "Vous avez déjà répondu" in looked.inner_text("main")
        axe(looked)
        page.goto(f"{address}{held.url}")
        assert "8 sur 10" in page.inner_text("aside >> nth=-1")
