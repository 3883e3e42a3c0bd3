"""Presenting: the client's edition in one page, a speaker beside it, and a network that may go away (DK-7)."""

import re

import pytest
from playwright.sync_api import expect

from haark import clock
from haark.cadence.models import SECTIONS
from haark.extensions import db
from haark.reviews import domain
from haark.reviews.presenting import parts
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.conftest import TODAY
from tests.support.people import PASSWORD
from tests.support.statements import counted


@pytest.fixture
def url(story):
    with story.app.app_context():
        account = story.id("Groupe Valmorin")
        period = domain.read_period(account, "2026-Q4", TODAY)
        review = domain.generate(account, period, SECTIONS, "fr", by=None, at=clock.moment(), on=TODAY)
        db.session.commit()
        return f"/reviews/{review.id}/present"


def test_every_slide_is_in_the_page_with_its_part_and_notes_kept_back(story, url):
    csm = story.login("csm")
    csm.get(url)
    with counted(story.app) as sent:
        page = csm.get(url).text
    slides = re.findall(r'<section class="s" id="s-(\d+)".*?data-part="(\w+)" data-minutes="(\d+)"', page)
    assert [int(number) for number, *_rest in slides] == list(range(1, len(slides) + 1))
    assert len(slides) == page.count('<svg class="deck"') >= 10
    # QBR: 50 minutes in proportion 5:5:15:10:10:5.
    assert dict(slide[1:] for slide in slides)["value"] == "15"
    assert "Remercier Groupe Valmorin" in page
    assert page.count('class="notes" lang="fr" hidden') == len(slides)
    assert " hidden" not in re.search(r'<div class="notes" lang="fr"[^>]*>', csm.get(f"{url}?view=speaker").text)[0]
    assert len(sent) <= 12, sent


def test_slides_of_a_person_belong_to_the_part_before_them():
    keys = ["cover", "agenda", "promises", "objectives", "value", "own-1", "usage", "challenges", "roadmap", "recap"]
    found = parts.planned(keys, 50)
    assert [part.key for part in found] == [
        "introduction",
        "introduction",
        "introduction",
        "objectives",
        "value",
        "value",
        "value",
        "challenges",
        "plan",
        "recap",
    ]
    assert {part.key: part.minutes for part in found} == {
        "introduction": 5,
        "objectives": 5,
        "value": 15,
        "challenges": 10,
        "plan": 10,
        "recap": 5,
    }


def test_a_meeting_held_with_the_keyboard_and_without_a_network(story, url):
    with serving(story.app) as base, launch() as browser:
        context = browser.new_context(locale="fr", viewport={"width": 1280, "height": 720})
        page = context.new_page()
        problems = watch(page)
        log_in(page, base)
        page.goto(base + url)
        total = page.locator(".s").count()
        place, said = page.locator(".bar [data-at]"), page.locator("[data-said]")
        expect(place).to_have_text(f"1 / {total}")
        drawn = page.locator(".s.on svg.deck").bounding_box()
        assert drawn["width"] / drawn["height"] == pytest.approx(16 / 9, rel=0.002)
        axe(page)
        page.wait_for_function("() => document.fonts.check('20px \"Inter Haark\"')")
        page.wait_for_load_state("networkidle")

        # From here on there is no network, and nobody asks for one.
        context.set_offline(True)
        asked = []
        context.on("request", lambda request: asked.append(request.url))
        for key, number in (("ArrowRight", 2), ("Space", 3), ("PageDown", 4), ("ArrowLeft", 3), ("End", total)):
            page.keyboard.press(key)
            expect(place).to_have_text(f"{number} / {total}")
        page.keyboard.press("ArrowRight")
        expect(said).to_have_text("Dernière diapositive")
        page.keyboard.press("Home")
        value = int(page.locator(".s:has([data-slide=value])").get_attribute("id").removeprefix("s-"))
        page.keyboard.press(str(value))
        page.keyboard.press("Enter")
        expect(place).to_have_text(f"{value} / {total}")
        expect(said).to_have_text(re.compile(f"Diapositive {value} sur {total}, .*ROI"))
        page.keyboard.press("b")
        expect(page.locator("main")).not_to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("main")).to_be_visible()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Vue orateur")
        page.keyboard.press("Escape")

        with page.expect_popup() as opened:
            page.keyboard.press("s")
        desk = opened.value
        expect(desk.locator(".now svg")).to_have_attribute("data-slide", "value")
        expect(desk.locator(".then svg")).to_have_attribute("data-slide", "usage")
        expect(desk.locator(".said")).to_contain_text("Relire les hypothèses")
        expect(desk.locator("header")).to_contain_text(re.compile(r"\d\d:\d\d.*Valeur délivrée.*/ 15:00 prévu"))
        assert desk.evaluate("document.fonts.check('20px \"Inter Haark\"')")
        axe(desk)
        desk.keyboard.press("ArrowRight")
        expect(place).to_have_text(f"{value + 1} / {total}")
        page.keyboard.press("ArrowLeft")
        expect(desk.locator(".at")).to_have_text(f"{value} / {total}")
        desk.get_by_role("button", name="Suspendre ou reprendre le temps").click()
        expect(desk.get_by_role("button", name="Suspendre")).to_have_attribute("aria-pressed", "true")
        desk.close()
        box = page.locator("main").bounding_box()
        page.mouse.click(box["width"] * 0.8, 300)
        expect(place).to_have_text(f"{value + 1} / {total}")
        page.mouse.click(60, 300)
        expect(place).to_have_text(f"{value} / {total}")
        with page.expect_popup() as opened:
            page.get_by_role("button", name="Vue orateur").click()
        expect(opened.value.locator(".now svg")).to_have_attribute("data-slide", "value")
        assert asked == []
        no_csp_violations(page, problems)


def test_without_scripts_the_slides_stand_under_one_another(story, url):
    with serving(story.app) as base, launch() as browser:
        context = browser.new_context(locale="fr", java_script_enabled=False, viewport={"width": 390, "height": 844})
        page = context.new_page()
        log_in(page, base)
        page.goto(base + url)
        total = page.locator(".s").count()
        assert [page.locator(".s svg.deck").nth(at).is_visible() for at in range(total)] == [True] * total
        assert not page.get_by_text("Remercier Groupe Valmorin").is_visible()
        with page.expect_navigation():
            page.get_by_role("link", name="Avec les notes").click()
        expect(page.get_by_text("Remercier Groupe Valmorin")).to_be_visible()
        assert not page.locator("button:visible").count()


def log_in(page, base):
    page.goto(f"{base}/login")
    page.fill("#email", "csm@demo.haark.test")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()
