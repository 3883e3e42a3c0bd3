"""A forgotten password: the mail, the link, and what nobody learns on the way."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from haark import clock
from haark.events.models import Event
from haark.extensions import db
from haark.mail.models import Mail
from haark.people import domain, tokens
from haark.people.models import LoginSession, OneTimeCode, User
from haark.people.rules import PER_EMAIL
from tests.mail.post_office import open_office
from tests.support.people import Visitor

OLD, NEW = "une phrase assez longue", "une autre phrase, plus longue"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/login/reset/[\w-]{43})")


@pytest.fixture
def claire(db_app):
    with db_app.app_context():
        user = domain.add_user("claire@sillage.test", "Claire Delorme", "csm", at=clock.now(), password=OLD)
        user.language = "uk"
        db.session.commit()
    return db_app


@pytest.fixture
def office(claire):
    with open_office() as opened:
        claire.config["SMTP_URL"] = opened.url()
        yield opened


def ask(app, email="claire@sillage.test"):
    return Visitor(app).post("/login/forgotten", email=email)


def link(office):
    """The address in the newest mail."""
    plain = office.messages()[-1].get_body(("plain",)).get_content()
    return LINK.search(plain)[1]


def in_app(app, query):
    with app.app_context():
        return list(db.session.scalars(query))


def test_the_journey(claire, office):
    app = claire
    elsewhere = Visitor(app)
    assert elsewhere.post("/login", email="claire@sillage.test", password=OLD).status_code == 303
    visitor = Visitor(app)
    assert 'href="/login/forgotten"' in visitor.get("/login").text
    assert ask(app, "  Claire@Sillage.test ").status_code == 200
    (message,) = office.messages()
    assert (message["To"].addresses[0].addr_spec, message["Content-Language"]) == ("claire@sillage.test", "uk")
    assert message["Auto-Submitted"] == "auto-generated" and message["List-Unsubscribe"] is None
    page, path = message.get_body(("html",)).get_content(), link(office)
    assert f'{path}"' in page and "padding: 24px 32px 4px" in page and '<html lang="uk">' in page
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, password="court").status_code == 422
    done = visitor.post(path, password=NEW)
    assert (done.status_code, done.location) == (303, "/")
    assert visitor.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 303, "sessions elsewhere have ended"
    assert Visitor(app).post("/login", email="claire@sillage.test", password=OLD).status_code == 422
    assert Visitor(app).post("/login", email="claire@sillage.test", password=NEW).status_code == 303
    assert Visitor(app).get(path).status_code == 404, "once"
    kinds = [event.kind for event in in_app(app, sa.select(Event).order_by(Event.id))]
    assert [kind for kind in kinds if kind.startswith("user.")] == [
        "user.added",
        "user.reset_asked",
        "user.password_set",
    ]
    assert len(in_app(app, sa.select(LoginSession).where(LoginSession.revoked_at.is_(None)))) == 2


def test_the_link_is_kept_nowhere(claire, office):
    ask(claire)
    code = link(office).rsplit("/", 1)[1]
    (mail,) = in_app(claire, sa.select(Mail))
    (row,) = in_app(claire, sa.select(OneTimeCode))
    assert (mail.state, mail.text, mail.html) == ("sent", "", "")
    assert row.code_hash == tokens.digest(code)
    assert timedelta(minutes=59) < row.expires_at - clock.now() <= timedelta(hours=1)


def test_whoever_asks_reads_the_same(claire, office):
    with claire.app_context():
        domain.add_user("gone@sillage.test", "Parti", "csm", at=clock.now(), password=OLD).active = False
        domain.add_user("owner@sillage.test", "Sans accès", "csm", at=clock.now())
        db.session.commit()
    texts = set()
    for email in ("claire@sillage.test", "nobody@sillage.test", "gone@sillage.test", "owner@sillage.test"):
        answer = ask(claire, email)
        assert answer.status_code == 200
        plain = re.sub(r'"X-CSRFToken": "[^"]+"|value="[^"]+"', "", answer.text)
        texts.add(plain.replace(email, "ADDRESS"))
    assert len(texts) == 1
    assert [mail.to_address for mail in in_app(claire, sa.select(Mail))] == ["claire@sillage.test"]


def test_a_second_link_voids_the_first_and_an_invitation_is_no_reset(claire, office):
    ask(claire)
    first = link(office)
    ask(claire)
    second = link(office)
    assert first != second
    assert Visitor(claire).get(first).status_code == 404
    assert Visitor(claire).get(second).status_code == 200
    assert Visitor(claire).get(second.replace("/login/reset/", "/welcome/")).status_code == 404


def test_an_old_link_and_an_unknown_one_are_the_same_404(claire, office):
    ask(claire)
    with claire.app_context():
        db.session.execute(sa.update(OneTimeCode).values(expires_at=clock.now() - timedelta(seconds=1)))
        db.session.commit()
    visitor = Visitor(claire)
    assert visitor.get(link(office)).status_code == visitor.get("/login/reset/unknown").status_code == 404
    assert visitor.post(link(office), password=NEW).status_code == 404


def test_nobody_is_flooded_and_a_failed_login_does_not_count_here(claire, office):
    visitor = Visitor(claire)
    for _attempt in range(PER_EMAIL):
        visitor.post("/login", email="claire@sillage.test", password="faux mot de passe")
    statuses = [ask(claire).status_code for _ in range(PER_EMAIL + 1)]
    assert statuses == [200] * PER_EMAIL + [429]
    assert len(office.received) == PER_EMAIL


def test_the_site_s_address_is_ours_whatever_the_request_says(claire, office):
    visitor = Visitor(claire)
    visitor.refresh_token()
    visitor.client.post(
        "/login/forgotten",
        data={"csrf_token": visitor.token, "email": "claire@sillage.test"},
        headers={"X-Forwarded-Host": "evil.test"},
        base_url="http://localhost",
    )
    assert "evil.test" not in office.received[0].content.decode()
    assert link(office)


def test_an_empty_form_says_what_is_missing(claire):
    assert ask(claire, " ").status_code == 422
    assert in_app(claire, sa.select(User.password_hash)) != [None]
