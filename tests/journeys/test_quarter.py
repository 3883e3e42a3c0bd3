"""A quarter lived through, by three people in three languages, against a real SMTP server and a clock that moves.

Claire (CSM, French, 1440 px), Sophie (the client's sponsor, Ukrainian, a phone of 390 px, never logged in), Nadia
(manager, English). A plan is agreed, a review held, its recap sent within the day; actions are done on both sides, late
ones reach the manager; the next review opens with the promises graded. Mails are read from the server.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from icalendar import Calendar
from playwright.sync_api import expect

from haark.accounts.models import Contact
from haark.extensions import db
from haark.jobs import sweeper
from haark.people.models import User
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.conftest import Story
from tests.mail.post_office import PostOffice, open_office, plain
from tests.support.people import PASSWORD

ACCOUNT = "Groupe Valmorin"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
DECISION = "/d Reporter le taux de service OTIF au 31/03/2027"
OURS, THEIRS, LEFT = "Livrer le correctif EDI", "Recréer 17 badges à Orléans", "Former l’équipe de nuit"
NEXT = "2027-02-25"
LATE = "Groupe Montclar"  # an account of Claire’s whose review is late
SECRET = r"[\w-]{43}"


@dataclass
class Quarter:
    """The house, its post office, and the three people's windows."""

    story: Story
    browser: Any
    base: str
    office: PostOffice
    watch_file: Path
    windows: list[tuple[Any, list[str]]] = field(default_factory=list)

    def window(self, **options: Any) -> Any:
        page = self.browser.new_context(reduced_motion="reduce", **options).new_page()
        self.windows.append((page, watch(page)))
        return page

    def enter(self, role: str, locale: str) -> Any:
        """Somebody of ours, logged in on a wide screen."""
        page = self.window(locale=locale, viewport=WIDE)
        page.goto(f"{self.base}/login")
        page.fill("#email", f"{role}@demo.haark.test")
        page.fill("#password", PASSWORD)
        with page.expect_navigation():
            page.press("#password", "Enter")
        return page

    def at(self, instant: str) -> None:
        """It is this instant (of Paris), and the sweeper takes its turn, as it does in production."""
        self.watch_file.write_text(instant, encoding="ascii")
        with self.story.app.app_context():
            sweeper.turn()

    def mails(self, to: str = "") -> list[EmailMessage]:
        """What the server took since the last look, for whom it is asked."""
        found = [one for one in self.office.messages() if to in str(one["To"])]
        self.office.received.clear()
        return found


def press(page: Any, role: str, name: str | re.Pattern[str]) -> None:
    """A button or a link, by its key, and the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).first.press("Enter")


def looked_at(page: Any, within: str = "") -> None:
    """A new page: clean for axe; on a phone nothing leads out of the screen to the right."""
    axe(page, within)
    if page.viewport_size["width"] <= 390:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def link(mail: EmailMessage, path: str) -> str:
    """The one secret address of this kind in a mail, as its text says it."""
    (found,) = set(re.findall(rf"http://[\w.:]+{path}{SECRET}", plain(mail)))
    return found


def the_plan_is_published_and_sent(q: Quarter, claire: Any) -> None:
    """A word of the client's is added, version 2 signed for us and sent."""
    claire.goto(f"{q.base}/plans")
    press(claire, "link", ACCOUNT)
    claire.get_by_role("link", name="Modifier l’objectif Utilisateurs actifs").press("Enter")
    claire.get_by_label("Dans les mots du client").fill("Un seul outil pour tous.")
    claire.get_by_label("Dans les mots du client").press("Enter")
    expect(claire.locator("#plan-objectives")).to_contain_text("« Un seul outil pour tous. »")
    looked_at(claire)
    press(claire, "link", "Publier la version 2")
    claire.get_by_label("À quelle occasion").fill("avant le QBR Q4")
    press(claire, "button", "Publier")
    expect(claire.locator("#plan-versions")).to_contain_text("Signée par Claire Delorme")
    claire.get_by_role("button", name="Envoyer par e-mail à Sophie Marchand").press("Enter")
    expect(claire.locator(".toast").last).to_contain_text("Sophie Marchand")


def the_sponsor_opens_it(q: Quarter) -> Any:
    """From the mail, in Ukrainian: the button, then an address without the secret."""
    (mail,) = q.mails()
    assert (mail["Content-Language"], "Sophie Marchand" in mail["To"]) == ("uk", True)
    phone = q.window(locale="uk", viewport=PHONE)
    phone.goto(link(mail, "/s/"))
    looked_at(phone)
    press(phone, "button", "Відкрити план")
    expect(phone.locator("html")).to_have_attribute("lang", "uk")
    expect(phone.locator("#objectifs")).to_contain_text("Un seul outil pour tous.")
    looked_at(phone)
    return phone


def she_signs_confirms_and_proposes(phone: Any) -> None:
    """What a sponsor does with a plan, on her phone."""
    press(phone, "button", "Підписую версію 2")
    expect(phone.locator("#accord")).to_contain_text("Підписано: Sophie Marchand, Groupe Valmorin")
    press(phone, "button", "Підтверджую: Traitement des litiges")
    expect(phone.locator("#valeur")).to_contain_text("Підтвердження: Sophie Marchand")
    press(phone, "link", "Запропонувати зміну: Taux de service OTIF")
    phone.fill("#target", "96,5")
    phone.fill("#reason", "Два нові магазини відкриваються в січні.")
    looked_at(phone)
    press(phone, "button", "Надіслати пропозицію")
    expect(phone.locator("#propositions")).to_contain_text("96,5")


def it_is_accepted_and_she_is_told(q: Quarter, claire: Any, phone: Any) -> None:
    """The CSM was told, sees before and after, says yes; the sponsor's mail says so, in Ukrainian."""
    claire.goto(f"{q.base}/notices")
    expect(claire.locator("main")).to_contain_text("Sophie Marchand a signé")
    looked_at(claire)
    claire.goto(f"{q.base}/plans")
    press(claire, "link", ACCOUNT)
    asked = claire.locator("#plan-proposals li", has_text="Taux de service OTIF")
    expect(asked).to_contain_text("Два нові магазини")
    asked.get_by_role("button", name="Accepter").press("Enter")
    expect(claire.locator("#plan-objectives")).to_contain_text("96,5")
    expect(claire.locator("#plan-versions")).to_contain_text("Signée par Sophie Marchand")
    (mail,) = q.mails()
    assert (mail["Content-Language"], "Sophie Marchand" in mail["To"]) == ("uk", True)
    assert "Taux de service OTIF" in plain(mail) and "96,5" in plain(mail)
    phone.reload()
    expect(phone.locator("#propositions")).to_contain_text("Прийнято")


def a_review_is_held(q: Quarter, claire: Any, account: int) -> str:
    """The deck, the room: a decision on the plan, a promise of each side, who was there, when next; the end."""
    claire.goto(f"{q.base}/accounts/{account}/reviews/new")
    press(claire, "button", "Générer")
    claire.wait_for_url(re.compile(r"/reviews/\d+$"))
    review = claire.url
    press(claire, "link", "Tenir")
    claire.locator("#clock-start").press("Enter")
    claire.locator("#clock-pause").wait_for()
    for line in (DECISION, f"/a {OURS} @moi 23/11", f"/a {THEIRS} @sophie 30/11", f"/a {LEFT} @julien 15/02"):
        claire.locator("#capture-text").press_sequentially(line)
        claire.locator("#capture-text").press("Enter")
        expect(claire.locator("#captures")).to_contain_text(line[3:20])
        expect(claire.locator("#capture-text")).to_have_value("")
    claire.get_by_role("checkbox", name=re.compile("Sophie Marchand")).press("Space")
    expect(claire.locator("#attendance")).to_contain_text("1/")
    claire.locator("#next-own").fill(NEXT)
    claire.locator("#next-time").fill("10:00")
    claire.locator("#next-time").press("Tab")
    expect(claire.locator("#next")).to_contain_text("Enregistré")
    press(claire, "link", "Terminer")
    press(claire, "button", "Terminer la réunion")
    expect(claire.locator("main")).to_contain_text("Revue tenue")
    return review


def the_recap_leaves_within_the_day(q: Quarter, claire: Any, review: str) -> EmailMessage:
    """Today tells of it; it is read as the server got it: subject, language, deck, the next date, both links."""
    q.at("2026-11-19T15:00+01:00")
    q.mails()
    claire.goto(f"{q.base}/today")
    expect(claire.locator("main")).to_contain_text("Envoyer le récap : QBR Q4 2026")
    looked_at(claire)
    claire.goto(f"{review}/recap")
    looked_at(claire)
    press(claire, "button", "Envoyer à 1 personne")
    expect(claire.locator("#due")).to_contain_text("Récap envoyé", timeout=30_000)
    (mail,) = q.mails()
    assert str(mail["Subject"]) == "Підсумок QBR Q4 - Groupe Valmorin × Sillage"
    assert (mail["Content-Language"], "Sophie Marchand" in mail["To"]) == ("uk", True)
    for said in (DECISION[3:], OURS, THEIRS, LEFT, "25 лютого 2027", "Claire Delorme", "06 12 34 56 78"):
        assert said in plain(mail), said
    files = {str(part.get_filename()): part for part in mail.walk() if part.get_filename()}
    assert sorted(files) == ["QBR-Q4-2026-Groupe-Valmorin.pdf", "invitation.ics"]
    assert files["QBR-Q4-2026-Groupe-Valmorin.pdf"].get_content()[:5] == b"%PDF-"
    (event,) = Calendar.from_ical(files["invitation.ics"].get_content()).walk("VEVENT")
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2027, 2, 25, 9, tzinfo=UTC)
    return mail


def she_votes_and_comments(phone: Any, recap: EmailMessage) -> None:
    """The nine of the mail is only marked until the button; the plan's link of the same mail opens the plan."""
    phone.goto(f"{link(recap, '/survey/')}?score=9")
    expect(phone.locator("#score-9")).to_be_checked()
    phone.fill("#comment", "Коротко й по суті.")
    looked_at(phone)
    phone.get_by_role("button").press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Дякуємо")
    phone.goto(link(recap, "/s/"))
    press(phone, "button", "Відкрити план")
    phone.select_option("#about", label="Taux de service OTIF")
    phone.fill("#text", "Дякую за зустріч!")
    press(phone, "button", "Надіслати")
    expect(phone.locator("#remarques")).to_contain_text("Дякую за зустріч!")


def each_is_reminded_at_their_hour(q: Quarter, phone: Any) -> None:
    """Claire's digest at eight, not before; Sophie's reminder two days ahead, which finishes what she promised."""
    q.at("2026-11-23T07:59+01:00")
    assert q.mails("csm@") == []
    q.at("2026-11-23T08:00+01:00")
    (digest,) = q.mails("csm@")
    assert digest["Content-Language"] == "fr" and digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    today = plain(digest).partition("\nAujourd’hui\n")[2].partition("\n\n")[0]
    assert f"- {OURS} ({ACCOUNT})" in today, plain(digest)
    q.at("2026-11-28T08:00+01:00")
    (reminder,) = q.mails("s.marchand@")
    assert reminder["Content-Language"] == "uk" and "Claire Delorme" in plain(reminder)
    asked = plain(reminder).partition(f"- {THEIRS}")[2]
    phone.goto(re.findall(rf"http://[\w.:]+/done/{SECRET}", asked)[0])
    expect(phone.locator("main")).to_contain_text(THEIRS)
    looked_at(phone)
    phone.get_by_role("button", name="Зроблено").press("Enter")
    expect(phone.locator(".note")).to_contain_text("дякуємо")


def what_is_late_reaches_the_manager(q: Quarter) -> None:
    """Seven days after the due day: a notice, then her digest; then the programme, in English, and a nudge."""
    q.at("2026-11-30T08:30+01:00")
    (digest,) = q.mails("manager@")
    assert digest["Content-Language"] == "en"
    told = plain(digest)
    assert f"- {OURS} ({ACCOUNT} · Claire Delorme), 7 days late" in told and THEIRS not in told
    nadia = q.enter("manager", "en-GB")
    assert nadia.url == f"{q.base}/programme"
    expect(nadia.locator("html")).to_have_attribute("lang", "en")
    expect(nadia.get_by_role("columnheader", name="Coverage").first).to_be_visible()
    looked_at(nadia)
    for figure, said in (
        ("coverage", ""),
        ("sponsor", "Sponsor present"),
        ("recap", "Recap in time 5.5 h after"),
        ("score", "9.0"),
    ):
        nadia.goto(f"{q.base}/programme/accounts?period=2026-Q4&figure={figure}")
        expect(nadia.locator("tr", has_text=ACCOUNT)).to_contain_text(said)
    looked_at(nadia)
    nadia.goto(f"{q.base}/notices")
    expect(nadia.locator("main")).to_contain_text(f"7 days late: {OURS}")
    nadia.goto(f"{q.base}/programme")
    nadia.get_by_role("button", name=f"Nudge Claire Delorme about {LATE}").press("Enter")
    expect(nadia.locator("li", has_text=LATE)).to_contain_text("nudged")


def the_csm_follows_up(q: Quarter, claire: Any, review: str) -> None:
    """The nudge is read, the late one done, the decision enters the plan, promises are graded, the review is closed."""
    claire.goto(f"{q.base}/notices")
    expect(claire.locator("main")).to_contain_text(LATE)
    expect(claire.locator("main")).to_contain_text("Sophie Marchand")
    claire.goto(f"{q.base}/actions?q={OURS}")
    looked_at(claire)
    claire.keyboard.press("j")
    claire.keyboard.press("e")
    expect(claire.locator(".toast")).to_contain_text("terminée")
    claire.goto(f"{review}/follow")
    expect(claire.locator("main")).to_contain_text("Коротко й по суті.")
    changes = claire.locator("section", has_text="Mises à jour du plan de succès").last
    changes.get_by_role("button", name="Accepter").press("Enter")
    expect(claire.locator("#follow")).to_contain_text("Chaque décision de la réunion a été tranchée.")
    graded = {title: claire.get_by_role("group", name=f"Note de « {title} »") for title in (OURS, THEIRS)}
    expect(graded[THEIRS].get_by_role("button", name="Tenue")).to_have_attribute("aria-pressed", "true")
    graded[OURS].get_by_role("button", name="En retard").press("Enter")
    expect(graded[OURS].get_by_role("button", name="En retard")).to_have_attribute("aria-pressed", "true")
    looked_at(claire)
    press(claire, "button", "Clore la revue")
    expect(claire.locator(".toast")).to_contain_text("Revue close, 1 promesse reste à tenir")


def the_next_review_opens_with_the_promises(q: Quarter, claire: Any, account: int) -> None:
    """February: the next deck's first slide after its agenda grades both sides, what was carried over among them."""
    q.at("2027-02-22T09:00+01:00")
    claire.goto(f"{q.base}/accounts/{account}/reviews/new")
    expect(claire.get_by_label("Période", exact=True)).to_have_value("2027-Q1")
    press(claire, "button", "Générer")
    claire.wait_for_url(re.compile(r"/reviews/\d+$"))
    claire.locator(".outline a").nth(2).press("Enter")
    expect(claire.locator("#slide")).to_contain_text("promesses faites avec Groupe")
    ours, theirs = " ".join(claire.locator("#slide").inner_text().split()).split("Ce que Groupe Valmorin a promis")
    assert "le 19 nov. 2026 : 1 tenue, 4 en retard" in ours
    assert f"{OURS} (Claire Delorme) 2 déc. 9 j de retard" in ours
    assert f"{THEIRS} (Sophie Marchand) 28 nov. Tenue" in theirs
    assert f"{LEFT} (Julien Perrot) 15 févr. 7 j de retard" in theirs


def test_a_quarter_lived_through(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock_file, account = tmp_path / "clock", story.id(ACCOUNT)
    clock_file.write_text("2026-11-12T09:00+01:00", encoding="ascii")
    monkeypatch.setenv("HAARK_TODAY", f"@{clock_file}")
    with story.app.app_context():
        sophie = sa.select(Contact).where(Contact.account_id == account, Contact.name == "Sophie Marchand")
        db.session.scalars(sophie).one().language = "uk"
        nadia = sa.select(User).where(User.email == "manager@demo.haark.test")
        db.session.scalars(nadia).one().language = "en"
        db.session.commit()
    with open_office() as office, serving(story.app) as base, launch() as browser:
        story.app.config.update(SMTP_URL=office.url(), HAARK_URL=base)
        q = Quarter(story, browser, base, office, clock_file)
        claire = q.enter("csm", "fr-FR")
        the_plan_is_published_and_sent(q, claire)
        phone = the_sponsor_opens_it(q)
        plan = phone.url
        she_signs_confirms_and_proposes(phone)
        it_is_accepted_and_she_is_told(q, claire, phone)
        q.at("2026-11-19T09:30+01:00")
        review = a_review_is_held(q, claire, account)
        she_votes_and_comments(phone, the_recap_leaves_within_the_day(q, claire, review))
        each_is_reminded_at_their_hour(q, phone)
        what_is_late_reaches_the_manager(q)
        q.at("2026-12-02T10:00+01:00")
        the_csm_follows_up(q, claire, review)
        phone.goto(plan)
        expect(phone.locator("#objectifs")).to_contain_text("31 бер. 2027")
        the_next_review_opens_with_the_promises(q, claire, account)
        answer = phone.goto(plan)
        assert answer.status == 404, "the link ended with January"
        for page, problems in q.windows:
            no_csp_violations(page, problems)
