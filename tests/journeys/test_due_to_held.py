"""A review from «due» to «held», for the sample's account, with the keyboard alone.

Accept the date, invite (the mail is read from a real SMTP server, its calendar parsed), confirm, tick, edit, upload a
corporate template, export, present, hold with notes, decisions and actions; every page that is passed is clean for axe.
"""

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from icalendar import Calendar
from playwright.sync_api import expect
from pptx import Presentation

from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.extensions import db
from haark.measures.models import Interaction
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.conftest import Story
from tests.mail.post_office import PostOffice, open_office, plain
from tests.mail.test_browser import enter

HEADLINE = "Orléans reprend en janvier, et nous le mesurons ensemble"
WIDE = {"width": 1440, "height": 900}


def press(page: Any, role: str, name: str, key: str = "Enter") -> None:
    """The key on a link or a button, and the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).first.press(key)


def test_from_due_to_held(story: Story, shared_data: Path):
    account = story.id("Groupe Valmorin")
    with open_office() as office, serving(story.app) as base, launch() as browser:
        story.app.config.update(SMTP_URL=office.url(), HAARK_URL=base)
        page = browser.new_context(locale="fr-FR", viewport=WIDE, reduced_motion="reduce").new_page()
        problems = watch(page)
        enter(page, base, "csm")
        accept_the_date(page, f"{base}/accounts/{account}")
        invite_and_confirm(page, browser, base, office)
        write_the_deck(page)
        template = upload_a_template(browser, base, shared_data / "pptx_templates" / "posit_bank-marketing.pptx")
        export(page, template)
        present(page)
        hold(page)
        no_csp_violations(page, problems)
    kept(story, account)


def accept_the_date(page: Any, account: str) -> None:
    """What is due and why, then the advised slot."""
    page.goto(f"{account}/next-review")
    press(page, "button", "Planifier")
    press(page, "link", "Planifier et inviter")
    expect(page.locator("main")).to_contain_text("90 j avant le renouvellement")
    page.locator(".slot input:checked").press("ArrowLeft")
    page.locator(".slot input:checked").press("ArrowRight")
    page.get_by_label("Lieu ou lien").press_sequentially("https://visio.test/valmorin-q4")
    press(page, "button", "Retenir ce moment")
    expect(page.locator("main .note").first).to_contain_text("Jeudi 19 novembre 2026, 10:00 à 10:50 (Paris)")


def invite_and_confirm(page: Any, browser: Any, base: str, office: PostOffice) -> None:
    """One mail a person with its calendar part; the sponsor answers from a phone without scripts."""
    press(page, "button", "Envoyer")
    sophie = next(mail for mail in office.messages() if "Sophie Marchand" in mail["To"])
    (part,) = [part for part in sophie.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), int(event["SEQUENCE"])) == ("REQUEST", 0)
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert str(event["LOCATION"]) == "https://visio.test/valmorin-q4"
    link = re.search(r"/answers/[\w-]{43}", plain(sophie))
    assert link
    phone = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    phone.goto(base + link[0])
    phone.get_by_label("Oui, je serai là").press("Space")
    press(phone, "button", "Envoyer ma réponse")
    page.reload()
    expect(page.locator("#people").get_by_role("listitem").filter(has_text="Sophie Marchand")).to_contain_text(
        "Confirmée"
    )


def write_the_deck(page: Any) -> None:
    """Generate, tick what a person found out, put one's own sentence in place of Haark's."""
    press(page, "link", "Préparer")
    press(page, "link", "Générer le deck")
    press(page, "button", "Générer")
    page.wait_for_url(re.compile(r"/reviews/\d+$"))
    checklist = page.locator("#checklist-card")
    expect(checklist).to_contain_text("1 sur")  # one participant confirmed, as Haark saw by itself
    news = page.locator("#tick-news")
    news.press("Space")
    expect(news).to_have_attribute("aria-checked", "true")
    expect(news).to_be_focused()
    usage = page.locator(".outline a", has_text="Usage et adoption").first
    usage.press("Enter")
    page.locator(".outline [aria-current]", has_text="Usage et adoption").wait_for()
    page.get_by_role("link", name="Modifier sur place : Titre").press("Enter")
    page.locator(":focus").press("Control+a")
    page.locator(":focus").press_sequentially(HEADLINE)
    page.locator(":focus").press("Control+Enter")
    page.locator("#slide", has_text=HEADLINE[:26]).wait_for()
    expect(page.locator("#saved")).to_contain_text("Enregistré")
    axe(page)


def upload_a_template(browser: Any, base: str, file: Path) -> str:
    """The admin gives the organisation's PowerPoint and activates it."""
    page = browser.new_context(locale="fr-FR", viewport=WIDE).new_page()
    enter(page, base, "admin")
    page.goto(f"{base}/settings/template")
    with page.expect_file_chooser() as chosen:
        page.get_by_label("Fichier .pptx ou .potx").press("Enter")
    chosen.value.set_files(file)
    press(page, "button", "Téléverser")
    press(page, "button", "Activer")
    expect(page.locator("main")).to_contain_text("Activé")
    axe(page)
    return str(Presentation(str(file)).slide_masters[0].name)


def export(page: Any, master: str) -> None:
    """Both files; the PowerPoint stands on the uploaded masters and says the person's sentence."""
    page.get_by_role("button", name="Créer les deux fichiers").press("Enter")
    page.locator("#exports a[download]").nth(1).wait_for(timeout=30_000)
    with page.expect_download() as fetched:
        page.locator("#exports a[download]", has_text="PowerPoint").press("Enter")
    deck = Presentation(io.BytesIO(Path(fetched.value.path()).read_bytes()))
    assert deck.slide_masters[0].name == master
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert any(HEADLINE in " ".join(text.split()) for text in texts)


def present(page: Any) -> None:
    """The same slides on the screen, by the arrows."""
    back = page.url
    press(page, "link", "Présenter")
    expect(page.locator(".bar [data-at]")).to_contain_text("1 / ")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".bar [data-at]")).to_contain_text("2 / ")
    page.goto(back)


def hold(page: Any) -> None:
    """The meeting with its clock, a note, a decision, an action of theirs, an answer; then its end."""
    press(page, "link", "Tenir")
    page.locator("#clock-start").press("Enter")
    page.locator("#clock-pause").wait_for()
    note = page.get_by_label("Notes : Introduction")
    note.press_sequentially("Tour de table fait.")
    expect(page.locator("#note-part-0")).to_contain_text("Enregistré")
    for line in ("/d Étendre à Lyon si Orléans repasse 60 %", "/a Recréer 17 badges @julien 23/11"):
        page.locator("#capture-text").press_sequentially(line)
        page.locator("#capture-text").press("Enter")
        expect(page.locator("#captures")).to_contain_text(line[3:12])
        expect(page.locator("#capture-text")).to_have_value("")
    page.get_by_label("Que devons-nous améliorer").press_sequentially("Un budget pour former la nuit.")
    expect(page.locator("#note-question-better")).to_contain_text("Enregistré")
    page.locator("#clock-next").press("Enter")
    expect(page.locator("#clock")).to_contain_text("Partie 2")
    page.get_by_role("checkbox", name=re.compile("Sophie Marchand")).press("Space")
    expect(page.locator("#attendance")).to_contain_text("1/")
    axe(page)
    press(page, "link", "Terminer")
    axe(page)
    press(page, "button", "Terminer la réunion")
    expect(page.locator("main")).to_contain_text("Revue tenue")
    axe(page)


def kept(story: Story, account: int) -> None:
    """The review is held; the action is a promise of the client's; the answer is an observation."""
    with story.app.app_context():
        review = db.session.scalars(
            sa.select(Review).where(Review.account_id == account, Review.state == "held").order_by(Review.id.desc())
        ).first()
        assert review is not None and str(review.held_on) == "2026-11-12"
        action = db.session.scalars(
            sa.select(ActionItem).where(ActionItem.source_kind == "review", ActionItem.source_id == review.id)
        ).one()
        assert (action.title, str(action.due_on)) == ("Recréer 17 badges", "2026-11-23")
        assert action.owner_contact is not None and action.owner_contact.name == "Julien Perrot"
        said = db.session.scalars(sa.select(Interaction).order_by(Interaction.id.desc())).first()
        assert said is not None and "budget" in said.tags
