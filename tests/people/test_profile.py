"""What people change of themselves: and nothing else of themselves, and nothing of others."""

import pytest
import sqlalchemy as sa

from haark import clock
from haark.extensions import db
from haark.people import domain
from haark.people.models import LoginSession, User
from tests.support.people import Visitor

SECRET = "une phrase assez longue"
PROFILE = {"name": "Claire D.", "language": "en", "timezone": "Europe/Kyiv"}


@pytest.fixture
def people(app):
    with app.app_context():
        for email, name in (("claire@sillage.test", "Claire Delorme"), ("hugo@sillage.test", "Hugo Marchetti")):
            domain.add_user(email, name, "csm", at=clock.now(), password=SECRET)
        db.session.commit()


def enter(app, email="claire@sillage.test"):
    visitor = Visitor(app)
    assert visitor.post("/login", email=email, password=SECRET).status_code == 303
    visitor.token = visitor.get("/profile").text.split('name="csrf_token" value="')[1].split('"')[0]
    return visitor


def claire(app):
    with app.app_context():
        return db.session.scalar(sa.select(User).where(User.email == "claire@sillage.test"))


def test_the_profile_is_saved_and_speaks_the_chosen_language(app, people):
    visitor = enter(app)
    assert visitor.post("/profile", version=claire(app).version, **PROFILE).status_code == 303
    user = claire(app)
    assert (user.name, user.language, user.timezone, user.shortcuts) == ("Claire D.", "en", "Europe/Kyiv", False)
    assert '<html lang="en"' in visitor.get("/profile").text


def test_a_role_in_the_form_is_ignored(app, people):
    visitor = enter(app)
    visitor.post("/profile", version=claire(app).version, role="admin", active="", id=2, email="x@y.zz", **PROFILE)
    user = claire(app)
    assert (user.role, user.active, user.email) == ("csm", True, "claire@sillage.test")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"language": "de"}, {"timezone": "Mars/Base"}, {"name": "x" * 121}])
def test_a_wrong_profile_changes_nothing(app, people, wrong):
    visitor = enter(app)
    answer = visitor.post("/profile", version=claire(app).version, **{**PROFILE, **wrong})
    assert answer.status_code == 422
    assert claire(app).name == "Claire Delorme"


def test_an_old_form_is_told_so(app, people):
    visitor = enter(app)
    assert visitor.post("/profile", version=claire(app).version - 1, **PROFILE).status_code == 409
    assert claire(app).name == "Claire Delorme"


def test_another_password_ends_the_other_sessions(app, people):
    visitor, other = enter(app), enter(app)
    answer = visitor.post("/profile/password", current=SECRET, password="une autre phrase longue")
    assert answer.status_code == 303
    assert visitor.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 303


@pytest.mark.parametrize(("current", "password"), [("faux", "une autre phrase longue"), (SECRET, "court")])
def test_a_password_is_not_changed_without_the_present_one_or_too_short(app, people, current, password):
    visitor = enter(app)
    assert visitor.post("/profile/password", current=current, password=password).status_code == 422
    assert Visitor(app).post("/login", email="claire@sillage.test", password=SECRET).status_code == 303


def test_sessions_are_listed_and_closed_one_by_one_or_all(app, people):
    visitor, other, third = enter(app), enter(app), enter(app)
    with app.app_context():
        idents = list(db.session.scalars(sa.select(LoginSession.id).order_by(LoginSession.id)))
    assert visitor.get("/profile").text.count("/revocation") == 3  # two others, and «all the others»
    assert visitor.post(f"/sessions/{idents[1]}/revocation").status_code == 303
    assert other.get("/profile").status_code == 303
    assert visitor.post("/sessions/revocation").status_code == 303
    assert third.get("/profile").status_code == 303
    assert visitor.get("/profile").status_code == 200


def test_somebody_elses_session_is_not_there(app, people):
    visitor, hugo = enter(app), enter(app, "hugo@sillage.test")
    with app.app_context():
        ident = db.session.scalar(sa.select(sa.func.max(LoginSession.id)))
    assert visitor.post(f"/sessions/{ident}/revocation").status_code == 404
    assert hugo.get("/profile").status_code == 200


def test_theme_and_language_are_kept_before_and_after_the_login(app, people):
    visitor = Visitor(app)
    assert visitor.post("/preferences/theme", theme="dark", next="/login").location == "/login"
    assert visitor.post("/preferences/language", language="uk", next="/login").location == "/login"
    page = visitor.get("/login").text
    assert 'data-theme="dark"' in page and '<html lang="uk"' in page
    inside = enter(app)
    inside.post("/preferences/theme", theme="light", next="/profile")
    inside.post("/preferences/language", language="en", next="/profile")
    user = claire(app)
    assert (user.theme, user.language) == ("light", "en")
    inside.post("/logout")
    assert '<html lang="en" data-theme="light"' in inside.get("/login").text


@pytest.mark.parametrize("fields", [{"theme": "neon"}, {}])
def test_an_unknown_theme_is_refused(app, people, fields):
    assert Visitor(app).post("/preferences/theme", **fields).status_code == 400
    assert Visitor(app).post("/preferences/language", language="xx").status_code == 400
