"""The page /outbox: who sees what, what it says, what a person may decide there."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from haark import clock
from haark.extensions import db
from haark.files import domain as files
from haark.mail import domain
from haark.mail.models import Mail
from tests.mail.conftest import look, post
from tests.support.clients import settle
from tests.support.statements import counted


@pytest.fixture
def house(app) -> Iterator:
    return settle(app)


@pytest.fixture
def db_house(db_app) -> Iterator:
    return settle(db_app)


def test_each_sees_the_mails_they_asked_for_and_those_of_their_accounts(db_house):
    house, app = db_house, db_house.app
    post(app, subject="Du compte de Claire", account_id=house.own)
    post(app, subject="Du compte d’Inès", account_id=house.foreign)
    post(app, subject="Demandé par Claire", account_id=house.foreign, by=house.users["csm"])
    post(app, subject="De la maison")
    seen = {role: house.login(role).get("/outbox").text for role in ("csm", "sales", "manager", "admin")}
    assert "Du compte de Claire" in seen["csm"] and "Demandé par Claire" in seen["csm"]
    assert "Du compte d’Inès" not in seen["csm"] and "De la maison" not in seen["csm"]
    assert "Aucun message pour l’instant" in seen["sales"]
    for role in ("manager", "admin"):
        assert all(text in seen[role] for text in ("Du compte d’Inès", "De la maison"))
        assert 'href="/outbox"' in seen[role], "the side bar leads there"
    assert house.login("csm").get("/outbox/2").status_code == 404
    assert house.login("csm").get("/outbox/3").status_code == 200


def test_states_are_filtered_by_the_address_and_pages_hold_fifty(house, office):
    app = house.app
    app.config["SMTP_URL"] = office.url()
    office.recipients = {"away@valmorin.test": "550 5.1.1 no such person"}
    post(app, to=domain.Person("away@valmorin.test"))
    for number in range(51):
        post(app, subject=f"Message {number:02}")
    visitor = house.login("manager")
    failed = visitor.get("/outbox?state=failed").text
    assert "away@valmorin.test" in failed and "Message 00" not in failed
    assert "le renvoyer tel quel ne changera rien" in failed
    first = visitor.get("/outbox?state=sent").text
    assert "Message 50" in first and "Message 01" in first and "Message 00" not in first
    assert 'href="/outbox?state=sent&amp;after=3"' in first
    second = visitor.get("/outbox?state=sent&after=3").text
    assert "Message 00" in second and "Message 01" not in second and 'rel="next"' not in second
    assert visitor.get("/outbox?state=lost").status_code == 404
    assert visitor.get("/outbox?after=x").status_code == 200


def test_the_pages_cost_the_same_however_many_mails_there_are(db_house):
    house, app = db_house, db_house.app
    post(app, account_id=house.own)
    visitor = house.login("csm")
    costs = []
    for number in range(2):
        visitor.get("/outbox")
        with counted(app) as listed:
            visitor.get("/outbox")
        with counted(app) as shown:
            visitor.get("/outbox/1")
        costs.append((len(listed), len(shown)))
        for _copy in range(60 * (1 - number)):
            post(app, account_id=house.own)
    assert costs[0] == costs[1]
    assert costs[0][0] <= 6 and costs[0][1] <= 12, costs


def test_html_is_shown_inertly(house):
    bad = '<script>alert(1)</script><p onclick="alert(2)">Bonjour</p><img src="https://evil.test/x.png">'
    ident = post(house.app, html=bad, account_id=house.own)
    visitor = house.login("csm")
    page = visitor.get(f"/outbox/{ident}")
    assert "alert(1)" not in page.text and f'src="/outbox/{ident}/html" sandbox title' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-src" not in visitor.get("/outbox").headers["Content-Security-Policy"]
    shown = visitor.get(f"/outbox/{ident}/html")
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'") and "script-src" not in policy
    assert "frame-ancestors 'self'" in policy and "allow-" not in policy


def test_attachments_are_downloads_of_this_mail_only(house):
    app = house.app
    with app.app_context():
        stored = files.keep(b"%PDF-1.7", "deck été.pdf", "application/pdf", at=clock.now())
        db.session.commit()
    calendar = domain.Part("invitation.ics", "text/calendar", text="BEGIN:VCALENDAR\r\n", method="REQUEST")
    parts = [domain.Part("deck été.pdf", "application/pdf", file_id=stored.id), calendar]
    ident, other = post(app, parts=parts, account_id=house.own), post(app, account_id=house.own)
    visitor = house.login("csm")
    assert "deck été.pdf" in visitor.get(f"/outbox/{ident}").text
    file = visitor.get(f"/outbox/{ident}/parts/1")
    assert (file.data, file.mimetype) == (b"%PDF-1.7", "application/pdf")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert visitor.get(f"/outbox/{ident}/parts/2").mimetype == "text/calendar"
    assert visitor.get(f"/outbox/{other}/parts/1").status_code == 404


def test_a_failed_mail_is_sent_again_by_a_button(house, office):
    app = house.app
    app.config["SMTP_URL"], office.fault = office.url(), ("rcpt", "5xx")
    ident = post(app, account_id=house.own)
    office.fault = None
    visitor = house.login("csm")
    assert "550 5.7.1 never" in visitor.get(f"/outbox/{ident}").text
    assert visitor.post(f"/outbox/{ident}/sending").location == f"/outbox/{ident}"
    assert (look(app, ident).state, look(app, ident).attempts) == ("sent", 2)
    visitor.post(f"/outbox/{ident}/sending")
    assert len(office.received) == 1, "what is sent is not sent again"
    assert "son état ci-dessous est le bon" in visitor.get(f"/outbox/{ident}").text


def test_an_uncertain_mail_asks_first(house, office):
    app = house.app
    app.config["SMTP_URL"], office.fault = office.url(), ("answer", "drop")
    ident = post(app, account_id=house.own)
    office.fault = None
    visitor = house.login("csm")
    assert "1 message est peut-être arrivé." in visitor.get("/outbox").text
    asked = visitor.post(f"/outbox/{ident}/sending")
    assert asked.status_code == 422 and "Cochez la case" in asked.text
    assert len(office.received) == 1
    visitor.post(f"/outbox/{ident}/sending", twice="1")
    assert (look(app, ident).state, len(office.received)) == ("sent", 2)


def test_giving_up_and_suppressing_an_address(house, office):
    app = house.app
    ident = post(app, account_id=house.own)
    visitor = house.login("csm")
    visitor.post(f"/outbox/{ident}/abandonment")
    assert (look(app, ident).state, look(app, ident).error) == ("failed", "given_up")
    visitor.post(f"/outbox/{ident}/suppression")
    visitor.post(f"/outbox/{ident}/suppression")
    app.config["SMTP_URL"] = office.url()
    assert look(app, post(app)).state == "suppressed"
    visitor.post(f"/outbox/{ident}/sending")
    assert look(app, ident).state == "failed", "a suppressed address is not written to, whoever asks"
    visitor.post(f"/outbox/{ident}/suppression/removal")
    visitor.post(f"/outbox/{ident}/sending")
    assert look(app, ident).state == "sent"


def test_a_secret_link_is_for_its_recipient(house):
    """A manager must not read the link that opens an administrator's account."""
    app = house.app
    ident = post(app, private=True, text="http://haark.test/login/reset/SECRET", html="<p>SECRET</p>")
    for role, status in (("manager", 404), ("admin", 200)):
        visitor = house.login(role)
        assert ("SECRET" in visitor.get(f"/outbox/{ident}").text) is (role == "admin")
        assert visitor.get(f"/outbox/{ident}/html").status_code == status
    with app.app_context():
        db.session.execute(sa.update(Mail).values(state="queued", next_at=None))
        db.session.commit()
    assert "SECRET" not in house.login("admin").get(f"/outbox/{ident}").text, "once it can leave, nobody reads it here"


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_pages_speak_the_reader_s_language(house, language):
    ident = post(house.app, account_id=house.own)
    visitor = house.login("csm")
    visitor.post("/preferences/language", language=language, next="/")
    for url in ("/outbox", f"/outbox/{ident}"):
        page = visitor.get(url).text
        assert f'<html lang="{language}"' in page and "Gardé ici" not in page
