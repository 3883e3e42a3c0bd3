"""The first visit of an empty Haark, invitations, and `bin/haark user add`."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from haark import clock
from haark.extensions import db
from haark.people import commands, domain
from haark.people.models import OneTimeCode, User
from haark.people.rules import PER_ADDRESS
from haark.settings import domain as settings
from tests.support.people import Visitor

SECRET = "une phrase assez longue"
FIELDS = {"organisation": "Sillage", "name": "Paul Roussel", "email": "paul@sillage.test", "password": SECRET}


def in_app(app, verb):
    with app.app_context():
        result = verb()
        db.session.commit()
        return result


def visitor_with_token(app, page):
    visitor = Visitor(app)
    visitor.token = visitor.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]
    return visitor


def users(app):
    return in_app(app, lambda: list(db.session.scalars(sa.select(User))))


@pytest.fixture
def code(app):
    return in_app(app, lambda: domain.issue_setup_code(at=clock.now()))


def test_an_empty_haark_leads_to_its_setup(app):
    assert Visitor(app).get("/login").location == "/setup"


def test_the_code_makes_the_organisation_and_its_admin_once(app, code):
    visitor = visitor_with_token(app, "/setup")
    assert visitor.post("/setup", code=f" {code} ", **FIELDS).location == "/"
    assert visitor.get("/profile").status_code == 200
    (admin,) = users(app)
    assert (admin.role, admin.email) == ("admin", "paul@sillage.test")
    assert in_app(app, lambda: settings.get("organisation.name")) == "Sillage"
    assert visitor.get("/setup").status_code == 404
    assert Visitor(app).get("/setup").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"code": "devinette"}, {"email": "pas une adresse"}, {"password": "court"}, {"name": " "}]
)
def test_a_wrong_setup_keeps_what_was_typed_and_makes_nothing(app, code, wrong):
    visitor = visitor_with_token(app, "/setup")
    answer = visitor.post("/setup", **{"code": code, **FIELDS, **wrong})
    assert answer.status_code == 422 and 'value="Sillage"' in answer.text
    assert SECRET not in answer.text
    assert users(app) == []
    assert visitor.post("/setup", code=code, **FIELDS).status_code == 303


def test_a_second_code_replaces_the_first_and_there_is_none_later(app, code):
    second = in_app(app, lambda: domain.issue_setup_code(at=clock.now()))
    visitor = visitor_with_token(app, "/setup")
    assert visitor.post("/setup", code=code, **FIELDS).status_code == 422
    assert visitor.post("/setup", code=second, **FIELDS).status_code == 303
    with pytest.raises(domain.PersonError):
        in_app(app, lambda: domain.issue_setup_code(at=clock.now()))


def test_guessing_the_setup_code_ends_in_429(app, code):
    visitor = visitor_with_token(app, "/setup")
    statuses = [visitor.post("/setup", **{"code": "x", **FIELDS}).status_code for _ in range(PER_ADDRESS + 1)]
    assert statuses == [422] * PER_ADDRESS + [429]


def add(app, *arguments, typed=None):
    with app.app_context():
        return CliRunner().invoke(commands.user, ["add", *arguments], input=typed)


def test_user_add_prints_a_link_that_works_once(app):
    printed = add(app, "Hugo@Sillage.test", "--role", "sales", "--name", "Hugo Marchetti").output.strip()
    path = printed.removeprefix("http://127.0.0.1:8000")
    assert path.startswith("/welcome/")
    visitor = visitor_with_token(app, path)
    assert visitor.post(path, password="court").status_code == 422
    assert visitor.post(path, password="hugo@sillage.test").status_code == 422
    assert visitor.post(path, password=SECRET).location == "/"
    assert visitor.get("/profile").status_code == 200
    assert Visitor(app).get(path).status_code == 404
    assert Visitor(app).post("/login", email="hugo@sillage.test", password=SECRET).status_code == 303


def test_user_add_takes_a_password_from_standard_input(app):
    assert add(app, "nadia@sillage.test", "--role", "manager", "--password-stdin", typed=SECRET + "\n").exit_code == 0
    assert Visitor(app).post("/login", email="nadia@sillage.test", password=SECRET).status_code == 303


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("sans-arobase", "--role", "csm"), 1, "is not an e-mail address"),
        (("nadia@sillage.test", "--role", "csm"), 1, "already has an account"),
        (("new@sillage.test", "--role", "csm", "--password-stdin"), 1, "at least 10 characters"),
        (("new@sillage.test", "--role", "chief"), 2, "chief"),
    ],
)
def test_user_add_says_in_a_sentence_why_not(app, arguments, status, says):
    add(app, "nadia@sillage.test", "--role", "manager")
    result = add(app, *arguments, typed="court\n")
    assert result.exit_code == status and says in result.output
    assert [user.email for user in users(app)] == ["nadia@sillage.test"]


def test_an_expired_and_an_unknown_link_are_the_same_404(app):
    path = add(app, "hugo@sillage.test", "--role", "sales").output.strip().removeprefix("http://127.0.0.1:8000")
    in_app(
        app, lambda: db.session.execute(sa.update(OneTimeCode).values(expires_at=clock.now() - timedelta(seconds=1)))
    )
    expired, unknown = Visitor(app).get(path), Visitor(app).get("/welcome/unknown")
    assert expired.status_code == unknown.status_code == 404
    assert _words(expired, path) == _words(unknown, "/welcome/unknown")


def _words(answer, path):
    return re.sub(r'"X-CSRFToken": "[^"]+"|value="[^"]+"', "", answer.text).replace(path, "")


def test_guessing_links_ends_in_429(app):
    visitor = Visitor(app)
    statuses = [visitor.get(f"/welcome/{number}").status_code for number in range(PER_ADDRESS + 1)]
    assert statuses == [404] * PER_ADDRESS + [429]
