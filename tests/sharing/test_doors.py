"""SP-6, US-2: a link lands on a page with a button, a visit is a cookie of that page, every refusal is one page."""

import re

import pytest
import sqlalchemy as sa

from haark import clock
from haark.access import declaration
from haark.accounts.models import Account, Contact
from haark.events.models import Event
from haark.extensions import db
from haark.people import rules
from haark.people.models import LoginAttempt
from haark.plans import links
from haark.plans.models import ShareLink, ShareVisit
from tests.support.clients import TODAY


def rows(house, model):
    with house.app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def headers_of(answer):
    return {name: answer.headers.get(name) for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")}


DISCREET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


def test_a_scanner_opens_the_link_and_nothing_happens(house):
    _link_id, secret = house.link()
    for method in ("GET", "HEAD"):
        landing = house.app.test_client().open(f"/s/{secret}", method=method)
        assert landing.status_code == 200 and "Set-Cookie" not in landing.headers
        assert headers_of(landing) == DISCREET and "script-src" not in landing.headers["Content-Security-Policy"]
    page = house.app.test_client().get(f"/s/{secret}").text
    assert "Sophie Marchand" in page and "Ouvrir le plan" in page and "<script" not in page and "Litiges" not in page
    assert (rows(house, ShareVisit), rows(house, LoginAttempt)) == (0, 0)


def test_the_button_makes_a_visit_and_leads_to_an_address_without_a_secret(house):
    link_id, secret = house.link()
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Mobile"}
    client = house.app.test_client()
    entered = client.post(f"/s/{secret}", headers=phone, base_url="https://haark.test")
    assert (entered.status_code, entered.location) == (303, f"/s/p/{link_id}")
    cookie = entered.headers["Set-Cookie"]
    assert re.match(r"haark_visit=[\w-]{43};", cookie)
    for flag in (f"Path=/s/p/{link_id}", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=2592000"):
        assert flag in cookie.split("; "), flag
    assert "Secure" not in client.post(f"/s/{secret}").headers["Set-Cookie"]
    page = client.get(entered.location, base_url="https://haark.test")
    assert page.status_code == 200 and "Livrer à l’heure" in page.text and headers_of(page) == DISCREET
    assert secret not in page.text and "Set-Cookie" not in page.headers
    with house.app.app_context():
        visits = db.session.scalars(sa.select(ShareVisit).order_by(ShareVisit.id)).all()
        assert [(visit.link_id, visit.device) for visit in visits] == [(link_id, "phone"), (link_id, "computer")]
        opened = db.session.scalars(sa.select(Event).where(Event.kind == "share.opened")).first()
        assert opened.data["name"] == "Sophie Marchand"


def refused(house, path, cookie=None, method="GET"):
    client = house.app.test_client()
    if cookie:
        client.set_cookie("haark_visit", cookie[1], path=cookie[0])
    return client.open(path, method=method)


def test_guessed_expired_revoked_and_anothers_are_one_and_the_same_404(house):
    link_id, secret = house.link()
    guest = house.guest(house.objects["own"]["contact"])
    visit = guest.client.get_cookie("haark_visit", path=guest.home).value

    def change(**values):
        with house.app.app_context():
            for name, value in values.items():
                setattr(db.session.get_one(ShareLink, link_id), name, value)
            db.session.commit()

    pages = {"guessed": refused(house, "/s/" + "x" * 43), "odd": refused(house, "/s/%F0%9F%92%A9%00")}
    pages["no cookie"] = refused(house, f"/s/p/{link_id}")
    pages["another's cookie"] = refused(house, f"/s/p/{link_id}", (f"/s/p/{link_id}", visit))
    pages["no such link"] = refused(house, "/s/p/999999")
    change(revoked_at=clock.moment())
    pages["revoked"] = refused(house, f"/s/{secret}")
    pages["revoked, pressed"] = refused(house, f"/s/{secret}", method="POST")
    change(revoked_at=None, expires_on=TODAY.replace(day=11))
    pages["expired"] = refused(house, f"/s/{secret}")
    change(expires_on=TODAY)
    assert refused(house, f"/s/{secret}").status_code == 200
    with house.app.app_context():
        db.session.get_one(Account, house.own).deleted_at = clock.now()
        db.session.commit()
    pages["deleted account"] = refused(house, f"/s/{secret}")
    assert {answer.status_code for answer in pages.values()} == {404}
    assert len({answer.text for answer in pages.values()}) == 1, {name: len(page.text) for name, page in pages.items()}
    assert all(headers_of(answer) == DISCREET and "Set-Cookie" not in answer.headers for answer in pages.values())


def test_revoking_closes_browsers_that_are_open(house):
    guest = house.guest()
    with house.app.app_context():
        link = db.session.get_one(ShareLink, int(guest.home.rsplit("/", 1)[1]))
        links.revoke(link, by=house.users["csm"], at=clock.moment())
        db.session.commit()
    assert guest.get().status_code == 404
    assert guest.post("/comments", about="plan", text="Encore moi").status_code == 404


def test_who_left_the_client_and_who_waits_too_long_come_in_no_more(house):
    guest, other = house.guest(), house.guest(house.objects["own"]["contact"])
    with house.app.app_context():
        db.session.get_one(Contact, house.sophie).left_on = TODAY
        db.session.execute(sa.update(ShareVisit).values(expires_at=clock.now()))
        db.session.commit()
    assert (guest.get().status_code, other.get().status_code) == (404, 404)


def test_guesses_are_throttled_like_logins_and_a_true_link_still_opens(house):
    _link_id, secret = house.link()
    client = house.app.test_client()
    guesses = [client.get(f"/s/{number:043d}").status_code for number in range(rules.PER_ADDRESS + 2)]
    assert guesses == [404] * rules.PER_ADDRESS + [429] * 2
    forged = client.get("/s/" + "y" * 43, headers={"X-Forwarded-For": "203.0.113.9"})
    assert forged.status_code == 429 and "Set-Cookie" not in forged.headers
    assert client.post("/s/" + "z" * 43).status_code == 429
    assert client.get(f"/s/{secret}").status_code == 200


def writes(house):
    """Every write under a visit, with an object of the house in its address."""
    values = {"action_id": house.task, "line_id": 1, "kind": "objective", "ident": house.objects["own"]["objective"]}
    with house.app.test_request_context():
        urls = house.app.url_map.bind("localhost")
        for rule in house.app.url_map.iter_rules():
            if rule.rule.startswith("/s/p/") and "POST" in rule.methods:
                assert declaration(rule.endpoint).secret
                known = {name: values[name] for name in rule.arguments if name != "link_id"}
                yield urls.build(rule.endpoint, {"link_id": 0, **known}, method="POST").removeprefix("/s/p/0")


def test_a_write_needs_the_token_that_this_visit_was_shown(house):
    guest, other = house.guest(), house.guest(house.objects["own"]["contact"])
    paths = list(writes(house))
    assert len(paths) >= 9
    before = [rows(house, model) for model in (Event,)]
    for token in ("", "x" * 64, "é", other.token):
        for path in paths:
            answer = guest.post(path, text="x", title="x", number="1", token=token)
            assert answer.status_code == 403, path
            assert "Rechargez la page" in answer.text and headers_of(answer) == DISCREET
    assert [rows(house, model) for model in (Event,)] == before


def test_a_login_is_no_visit_and_a_visit_no_login(house):
    guest = house.guest()
    assert house.login("csm").get(guest.home).status_code == 404
    assert guest.client.get("/portfolio").status_code == 303
    assert guest.client.get(f"/plans/{house.objects['own']['plan']}").status_code == 303


def test_writes_of_one_link_are_counted(house):
    guest = house.guest()
    answers = [guest.post("/comments", about="plan", text=f"{number}") for number in range(rules.PER_ADDRESS + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [303, 429]


@pytest.mark.parametrize(("contact", "account", "speaks"), [("en", "fr", "en"), ("", "uk", "uk"), ("xx", "", "fr")])
def test_the_page_speaks_the_contacts_language(house, contact, account, speaks):
    with house.app.app_context():
        db.session.get_one(Contact, house.sophie).language = contact
        db.session.get_one(Account, house.own).language = account
        db.session.commit()
    assert f'<html lang="{speaks}">' in house.guest().page()
