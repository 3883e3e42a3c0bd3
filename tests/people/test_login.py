"""US-1: who gets in, who does not, and what a wrong guess learns."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from haark import clock
from haark.extensions import db
from haark.people import domain, passwords
from haark.people.models import LoginAttempt, LoginSession, User
from haark.people.rules import PER_ADDRESS, PER_EMAIL
from tests.support.people import Visitor

SECRET = "une phrase assez longue"
ERROR = re.compile(r'id="password-error">.*?</svg>([^<]*)<')


@pytest.fixture
def claire(app):
    with app.app_context():
        user = domain.add_user("claire@sillage.test", "Claire Delorme", "csm", at=clock.now(), password=SECRET)
        db.session.commit()
        return user.id


def enter(app, email="claire@sillage.test", password=SECRET, **fields):
    visitor = Visitor(app)
    return visitor, visitor.post("/login", email=email, password=password, **fields)


def rows(app, model):
    with app.app_context():
        return list(db.session.scalars(sa.select(model)))


def test_the_right_password_leads_on(app, claire):
    visitor, answer = enter(app, next="/profile?tab=1")
    assert (answer.status_code, answer.location) == (303, "/profile?tab=1")
    assert visitor.get("/profile").status_code == 200


def test_the_address_is_found_in_any_case_and_with_spaces(app, claire):
    assert enter(app, email="  CLAIRE@Sillage.test ")[1].status_code == 303


def test_a_wrong_password_and_a_wrong_address_read_the_same(app, claire):
    wrong = enter(app, password="autre chose")[1]
    unknown = enter(app, email="personne@sillage.test")[1]
    assert wrong.status_code == unknown.status_code == 422
    assert ERROR.findall(wrong.text) == ERROR.findall(unknown.text) != []
    assert 'value="claire@sillage.test"' in wrong.text


def test_an_unknown_address_is_hashed_as_well(app, claire, monkeypatch):
    seen = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda kept, typed: seen.append(kept) or real(kept, typed))
    enter(app, email="personne@sillage.test")
    assert seen == [None]


def test_who_may_not_log_in_reads_the_same_too(app, claire):
    with app.app_context():
        db.session.get(User, claire).active = False
        db.session.add(User(email="owner@sillage.test", name="Owner", role="csm", created_at=clock.now()))
        db.session.commit()
    for email in ("claire@sillage.test", "owner@sillage.test"):
        assert enter(app, email=email)[1].status_code == 422


def test_an_empty_form_says_what_to_type(app, claire):
    answer = enter(app, email="", password="")[1]
    assert answer.status_code == 422 and "Entrez votre adresse e-mail." in answer.text


def test_guesses_at_one_address_end_in_429_also_for_the_right_password(app, claire):
    statuses = [enter(app, password="faux")[1].status_code for _ in range(PER_EMAIL + 2)]
    assert statuses == [422] * PER_EMAIL + [429, 429]
    refused = enter(app)[1]
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert 'value="claire@sillage.test"' in refused.text


def test_a_restart_and_a_forged_header_forgive_nothing(app, claire):
    for number in range(PER_ADDRESS):
        enter(app, email=f"{number}@sillage.test")
    visitor = Visitor(app)
    visitor.refresh_token()
    answer = visitor.client.post(
        "/login",
        data={"csrf_token": visitor.token, "email": "claire@sillage.test", "password": SECRET},
        headers={"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"},
    )
    assert answer.status_code == 429
    assert len(rows(app, LoginAttempt)) == 2 * PER_ADDRESS


def test_the_window_passes(app, claire):
    for _ in range(PER_EMAIL):
        enter(app, password="faux")
    with app.app_context():
        db.session.execute(sa.update(LoginAttempt).values(at=clock.now() - timedelta(minutes=16)))
        db.session.commit()
    assert enter(app)[1].status_code == 303


def test_the_right_password_forgives_the_address_it_was_for(app, claire):
    enter(app, password="faux")
    assert enter(app)[1].status_code == 303
    # The failure still counts for the network address: one right password must not hide guesses at others.
    assert len(rows(app, LoginAttempt)) == 1


def test_an_old_hash_is_renewed(app, claire):
    app.config["ARGON2"] = {"time_cost": 2, "memory_cost": 16, "parallelism": 1}
    assert enter(app)[1].status_code == 303
    assert "m=16,t=2" in rows(app, User)[0].password_hash


@pytest.mark.parametrize(
    "after", ["//evil.test", "/\\evil.test", "https://evil.test", "/\r\nX: y", "\\/evil", "/\tx", ""]
)
def test_next_never_leaves_the_site(app, claire, after):
    assert enter(app, next=after)[1].location == "/"
    visitor = Visitor(app)
    page = visitor.get("/login", query_string={"next": after}).text
    assert 'name="next" type="hidden" value="/"' in page


def test_the_cookie_changes_at_login_and_the_old_token_is_worth_nothing(app, claire):
    visitor = Visitor(app)
    visitor.refresh_token()
    before = visitor.client.get_cookie("haark").value
    visitor.post("/login", email="claire@sillage.test", password=SECRET)
    assert visitor.client.get_cookie("haark").value != before
    with visitor.client.session_transaction() as kept:
        assert "csrf_token" not in kept
    first = rows(app, LoginSession)[0]
    visitor.token = ""
    assert len(first.token_hash) == 64 and first.revoked_at is None


def test_logging_in_again_ends_the_session_before(app, claire):
    visitor, _answer = enter(app)
    visitor.token = ""
    page = visitor.get("/profile").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    visitor.client.post("/login", data={"csrf_token": token, "email": "claire@sillage.test", "password": SECRET})
    assert [bool(row.revoked_at) for row in rows(app, LoginSession)] == [True, False]


def test_the_session_is_short_unless_asked_otherwise(app, claire):
    enter(app)
    enter(app, remember="y")
    short, long = rows(app, LoginSession)
    assert short.expires_at - short.created_at == timedelta(hours=12)
    assert long.expires_at - long.created_at == timedelta(days=30)


def test_logging_out_ends_the_session_for_every_copy_of_the_cookie(app, claire):
    visitor, _answer = enter(app)
    copy = app.test_client()
    copy.set_cookie("haark", visitor.client.get_cookie("haark").value)
    visitor.token = ""
    answer = visitor.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert copy.get("/profile").location == "/login?next=/profile"


def test_logging_out_needs_a_post(app, claire):
    visitor, _answer = enter(app)
    assert visitor.get("/logout").status_code == 405
    assert visitor.get("/profile").status_code == 200


def test_an_expired_session_leads_htmx_to_the_login_and_back(app, claire):
    visitor, _answer = enter(app)
    with app.app_context():
        db.session.execute(sa.update(LoginSession).values(expires_at=clock.now() - timedelta(seconds=1)))
        db.session.commit()
    answer = visitor.client.get(
        "/profile", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/profile?tab=2"}
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/login?next=")


@pytest.mark.parametrize(("column", "value"), [("active", False), ("role", "sales")])
def test_a_removed_user_and_another_role_count_at_the_next_request(app, claire, column, value):
    visitor, _answer = enter(app)
    with app.app_context():
        setattr(db.session.get(User, claire), column, value)
        db.session.commit()
    page = visitor.get("/profile")
    assert page.status_code == (303 if column == "active" else 200)
    assert column == "active" or "Commercial" in page.text


def test_who_is_in_needs_no_login_page(app, claire):
    visitor, _answer = enter(app)
    assert visitor.get("/login?next=/profile").location == "/profile"


def test_presence_is_noted_at_most_once_a_minute_and_not_by_the_request(app, claire):
    visitor, _answer = enter(app)
    visitor.get("/profile")
    before = rows(app, LoginSession)[0].last_seen_at
    with app.app_context():
        db.session.execute(sa.update(LoginSession).values(last_seen_at=before - timedelta(minutes=5)))
        db.session.commit()
    visitor.get("/profile").close()
    assert rows(app, LoginSession)[0].last_seen_at > before
