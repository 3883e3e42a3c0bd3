"""Each error says what happened, what holds and what to do: on a page, or to htmx in a message."""

import re

import pytest
from flask import Flask, abort
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError

from haark.access import public
from haark.errors import EXPIRED, LAST_RESORT, WORDS, Conflict

TOKEN = re.compile(r"X-CSRFToken[^}]*")
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/portfolio?sort=arr"}


@pytest.fixture
def broken(app: Flask) -> Flask:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @public
    def fail(code: int) -> None:
        if code == 1000:
            raise RuntimeError("the disk has gone")
        if code == 1001:
            raise Conflict("Synthèse", mine="Mon texte <b>", theirs="Le leur", back="/reviews/7")
        if code == 1002:
            raise StaleDataError("version 3")
        if code == 1003:
            raise CSRFError("The CSRF token is missing.")
        if code == 1004:
            abort(403, "Ce compte est suivi par Hugo Martin.")
        if code == 1005:
            abort(404, "review 7 belongs to somebody else")
        abort(code)

    app.add_url_rule("/fail/<int:code>", "fail", fail, methods=["GET", "POST"])
    return app


@pytest.fixture
def client(broken: Flask):
    return broken.test_client()


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429, 500, 503])
def test_the_page_says_what_happened_what_holds_and_what_to_do(client, code):
    answer = client.get(f"/fail/{code}")

    assert answer.status_code == code
    for part in (WORDS[code].happened, WORDS[code].holds, WORDS[code].todo):
        assert str(part) in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429, 500])
def test_htmx_gets_a_message_and_leaves_the_region_alone(client, code):
    answer = client.get(f"/fail/{code}", headers=HTMX)

    assert answer.status_code == code
    assert answer.headers["HX-Reswap"] == "none"
    assert 'hx-swap-oob="beforeend"' in answer.text
    assert str(WORDS[code].happened) in answer.text
    assert "<html" not in answer.text


def test_an_address_that_does_not_exist_and_one_that_is_hidden_look_the_same(client):
    missing, hidden = (TOKEN.sub("", client.get(url).text) for url in ("/nothing/here", "/fail/1005"))

    assert missing == hidden
    assert "somebody else" not in client.get("/fail/1005").text


def test_a_refusal_gives_its_reason(client):
    assert "Ce compte est suivi par Hugo Martin." in client.get("/fail/1004").text
    assert "Ce compte est suivi par Hugo Martin." in client.get("/fail/1004", headers=HTMX).text


def test_a_crash_shows_nothing_of_itself(client):
    answer = client.get("/fail/1000")

    assert answer.status_code == 500
    assert str(WORDS[500].happened) in answer.text
    assert "disk" not in answer.text


def test_the_crash_page_needs_no_database(client, broken, monkeypatch):
    def gone(*_args, **_options):
        raise RuntimeError("no database")

    with client.session_transaction() as session:
        session["_user_id"] = "1"
    monkeypatch.setattr("haark.extensions.db.session.execute", gone)
    monkeypatch.setattr("haark.extensions.db.session.scalar", gone)
    monkeypatch.setattr("haark.extensions.db.session.get", gone)
    assert str(WORDS[500].happened) in client.get("/fail/1000").text


def test_the_last_resort_needs_no_template(client, monkeypatch):
    monkeypatch.setattr("haark.errors.render_template", lambda *_args, **_options: 1 / 0)
    answer = client.get("/fail/1000")

    assert (answer.status_code, answer.text) == (500, LAST_RESORT)


def test_a_conflict_keeps_both_texts(client):
    answer = client.get("/fail/1001")

    assert answer.status_code == 409
    assert "Mon texte &lt;b&gt;" in answer.text
    assert "Le leur" in answer.text
    assert 'href="/reviews/7"' in answer.text


def test_a_stale_row_is_a_conflict(client):
    assert client.get("/fail/1002").status_code == 409
    assert client.get("/fail/1002", headers=HTMX).headers["HX-Reswap"] == "none"


def test_an_expired_form_says_how_to_save_the_text(client):
    answer = client.post("/fail/1003", headers={"Referer": "http://localhost/accounts/7"})

    assert answer.status_code == 400
    assert str(EXPIRED.happened) in answer.text
    assert 'href="/accounts/7"' in answer.text


def test_an_expired_form_never_leads_to_another_site(client):
    assert "evil" not in client.post("/fail/1003", headers={"Referer": "http://localhost//evil.example/x"}).text


def test_htmx_with_an_expired_form_is_led_to_the_login_and_back(client):
    answer = client.post("/fail/1003", headers=HTMX)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].endswith("/login?next=/portfolio?sort%3Darr")


def test_a_method_that_an_address_has_not_names_those_it_has(client):
    answer = client.delete("/fail/404")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
