"""All routes x roles x object own, foreign, deleted, missing: what is declared happens, and a refusal does nothing.

The routes come from the application, so that a new one is walked without a word here. A new kind of object has to be
planted (tests/access/planting.py), which a test asks for.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from haark import clock
from haark.access import declaration
from haark.extensions import db
from haark.people.models import LoginSession
from haark.settings import domain as settings
from tests.access.planting import plant
from tests.access.walking import ANONYMOUS, ROLES, Step, Walker, rules, steps
from tests.support import databases
from tests.support.clients import settle
from tests.support.people import Visitor

OWNERSHIPS = ("own", "foreign", "deleted", "missing")
RUNS_ALL = ("manager", "admin")
# A guessed link is counted, on a connection of its own; taking everything away is noted in the journal.
GUESSED = (
    "export.download",
    "people.arrivals.welcome",
    "people.resets.show",
    "inviting.answering",
    "inviting.answer",
    "actions.answering.ask",
    "actions.answering.finish",
    "today.feed.show",
    "sharing.landing",
    "sharing.enter",
    "surveying.show",
    "surveying.answer",
)
ELSEWHERE = ("//evil.test", "/\\evil.test", "https://evil.test/", "/%0d%0aSet-Cookie:x=y", "/\r\nX: y", "javascript:x")
# What these are for is to write what the walk watches: that an account is deleted, and is there again.
DELETES = ("POST /accounts/<int:account_id>/removal", "POST /accounts/<int:account_id>/removal/removal")
# What an attacker adds to any form, hoping that it is written.
JUNK = {
    "role": "admin",
    "active": "",
    "email": "evil@evil.test",
    "password_hash": "x",
    "owner_id": "1",
    "owner_user_id": "1",
    "user_id": "1",
    "id": "1",
    "created_by_id": "1",
    "deleted_at": "2026-01-01",
    "open_editing": "1",
}


@pytest.fixture(scope="session")
def planted() -> dict[str, Any]:
    """The planted database and what is known of it: made by the first test that needs it, copied for the others."""
    return {}


@pytest.fixture
def walker(app: Flask, planted: dict[str, Any]) -> Iterator[Walker]:
    path = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    if not planted:
        house = settle(app)
        plant(house)
        first = Walker(house)
        planted |= {"content": first.database.serialize(), "cookies": first.cookies, "house": house}
        first.close()
    databases.close(app)
    for beside in path.parent.glob(f"{path.name}-*"):
        beside.unlink()
    path.write_bytes(planted["content"])
    house = SimpleNamespace(**{**vars(planted["house"]), "app": app})
    house.login = lambda role: Visitor(app).login(role)
    with app.app_context():  # everybody was here a moment ago: reading has no reason to write «last seen»
        db.session.execute(db.update(LoginSession).values(last_seen_at=clock.now() + timedelta(hours=1)))
        db.session.commit()
    # What a route asks for stays a row: the walk is about who may ask.
    app.config["HAARK_JOBS"] = "queue"
    walker = Walker(house, planted["cookies"])
    yield walker
    walker.close()


def expected(step: Step, role: str, ownership: str) -> int | None:
    """The status of a refusal by what the route declares; None when the route itself is to answer."""
    access = step.access
    if access.public:
        return None
    if role == ANONYMOUS:
        return 303
    if access.roles and role not in access.roles:
        return 403
    if not access.kind:
        return None
    if ownership in ("deleted", "missing"):
        return 404
    mine = role in RUNS_ALL or (role == "csm" and ownership == "own")
    if access.hidden and not mine:
        return 404
    return 403 if access.change and not mine else None


def places(step: Step, walker: Walker) -> list[str]:
    """The ownerships that make a difference for a step."""
    if not step.access.kind:
        return ["own"]
    return [ownership for ownership in OWNERSHIPS if step.access.kind in walker.house.objects[ownership]]


def cases(walker: Walker, *roles: str) -> Iterator[tuple[Step, str, str, int | None]]:
    for step in steps(walker.app):
        for role in roles:
            for ownership in places(step, walker):
                yield step, role, ownership, expected(step, role, ownership)


def test_every_route_says_who_may_call_it(app: Flask):
    with app.app_context():
        silent = [rule.endpoint for rule in rules(app) if declaration(rule.endpoint) is None]
    assert silent == [], "declare access beside the route (haark/access.py)"


def test_every_kind_of_object_is_planted(walker: Walker):
    kinds = {step.access.kind for step in steps(walker.app)} - {""}
    assert kinds <= set(walker.house.objects["own"]), "plant the new kind in tests/access/planting.py"


def test_an_object_in_the_address_is_named_by_its_declaration(app: Flask):
    """A route that takes an id says of what, or loads it through the viewer (sessions, notices)."""
    open_ids = {
        f"{step.rule.rule} {name}"
        for step in steps(app)
        for name in step.rule.arguments
        if type(step.rule._converters[name]).__name__ == "IntegerConverter"
        and not step.access.kind
        and not step.access.public
    }
    loaded = {"/sessions/<int:session_id>/revocation session_id", "/notices/<int:notice_id>/reading notice_id"}
    assert open_ids <= loaded


@pytest.mark.parametrize("role", (ANONYMOUS, *ROLES))
def test_refusals_are_as_declared_and_change_nothing(walker: Walker, role: str):
    before, wrong, refused = walker.moved(), [], 0
    for step, who, ownership, status in cases(walker, role):
        if status is None:
            continue
        refused += 1
        answer = walker.send(step, who, walker.address(step, walker.house.objects[ownership]), **JUNK)
        led_away = status != 303 or answer.location.startswith("/login?next=")
        if answer.status_code != status or not led_away or walker.moved() != before:
            wrong.append(f"{step} as {who} on {ownership}: {answer.status_code} instead of {status}")
            before = walker.moved()
    assert not wrong, "\n".join(wrong)
    assert refused > 10


@pytest.mark.parametrize("role", ROLES)
def test_who_may_is_answered_and_reading_writes_nothing(walker: Walker, role: str):
    wrong = []
    for step, who, ownership, status in cases(walker, role):
        # An admin may what a manager may, by one rule (User.runs_all); only a list of roles tells them apart.
        if status is not None or (role == "admin" and not step.access.roles):
            continue
        before = walker.moved()
        answer = walker.send(step, who, walker.address(step, walker.house.objects[ownership]))
        wrote = not step.unsafe and walker.moved() != before and step.rule.endpoint not in GUESSED
        if answer.status_code == 403 or answer.status_code >= 500 or wrote:
            wrong.append(f"{step} as {who} on {ownership}: {answer.status_code}{' and wrote' if wrote else ''}")
        if step.unsafe:
            walker.restore()
    assert not wrong, "\n".join(wrong)


def test_what_one_sees_is_not_what_one_changes(walker: Walker):
    """A colleague's account is visible: 403 with the reason, not 404."""
    step = next(step for step in steps(walker.app) if str(step) == "POST /accounts/<int:account_id>/actions")
    answer = walker.send(step, "csm", walker.address(step, walker.house.objects["foreign"]), title="x")
    assert answer.status_code == 403


@pytest.mark.parametrize("role", (ANONYMOUS, "admin"))
@pytest.mark.parametrize("htmx", (False, True))
def test_nothing_unsafe_happens_without_a_csrf_token(walker: Walker, role: str, htmx: bool):
    before, wrong = walker.moved(), []
    for step in steps(walker.app):
        if not step.unsafe or step.access.secret:
            continue  # mail programs send no token: the secret in the address is the right
        path = walker.address(step, walker.house.objects["own"])
        for forged in ({}, {"csrf_token": "forged"}):
            answer = walker.send(step, role, path, csrf=False, htmx=htmx, **forged)
            refused = answer.status_code == (204 if htmx else 400)
            if not refused or walker.moved() != before:
                wrong.append(f"{step} as {role}: {answer.status_code}")
                before = walker.moved()
    assert not wrong, "\n".join(wrong)


def test_a_guessed_secret_does_nothing(walker: Walker):
    before, secrets = walker.moved(), [step for step in steps(walker.app) if step.access.secret]
    for step in secrets:
        for role in (ANONYMOUS, "admin"):
            answer = walker.send(step, role, walker.address(step, walker.house.objects["own"]), csrf=False)
            if step.rule.endpoint in GUESSED:
                before = walker.moved()
            assert (answer.status_code, walker.moved()) == (404, before), str(step)
    assert secrets


def test_anothers_csrf_token_is_worth_nothing(walker: Walker):
    step = next(step for step in steps(walker.app) if str(step) == "POST /logout")
    answer = walker.send(step, "csm", "/logout", csrf=False, csrf_token=walker.cookies["admin"][1])
    assert answer.status_code == 400


def test_no_route_leads_off_the_site(walker: Walker):
    """Every route meets two of the ways out, in turn; that all of them are shut is tested where the rule is."""
    wrong, turns = [], cycle(pairwise((*ELSEWHERE, ELSEWHERE[0])))
    for step, who, ownership, status in cases(walker, ANONYMOUS, "csm"):
        if ownership != "own" or status is not None:
            continue
        for address in next(turns):
            answer = walker.send(step, who, walker.address(step, walker.house.objects["own"]), next=address)
            where = answer.headers.get("HX-Redirect") or answer.location or "/"
            if not where.startswith("/") or where.startswith("//") or "evil" in where or "\\" in where:
                wrong.append(f"{step} with {address!r} leads to {where!r}")
            if step.unsafe:
                walker.restore()
            if not 300 <= answer.status_code < 400:
                break  # it leads nowhere
    assert not wrong, "\n".join(wrong)


def test_nobody_gains_by_fields_that_a_form_does_not_have(walker: Walker):
    """Mass assignment: extra fields on every write that a CSM may do change neither people nor other accounts."""
    foreign = walker.house.foreign
    watched = (
        ("SELECT id, email, role, active, password_hash FROM users ORDER BY id", ()),
        # Parting brings back the account that was taken into an own one.
        ("SELECT id, owner_id, sales_owner_id, deleted_at FROM account WHERE name <> 'Parti' ORDER BY id", ()),
        ("SELECT key, value FROM setting ORDER BY key", ()),
        ("SELECT id, title, owner_user_id, deleted_at FROM action_item WHERE account_id = ?", (foreign,)),
        ("SELECT id, title, deleted_at FROM objective WHERE account_id = ?", (foreign,)),
    )
    before = [walker.rows(*query) for query in watched]
    wrong = []
    for step, who, ownership, status in cases(walker, "csm"):
        if not step.unsafe or status is not None or ownership != "own" or str(step) in DELETES:
            continue
        fields = {**JUNK, "account_id": foreign, "title": "x", "name": "Claire", "state": "open", "version": "1"}
        walker.send(step, who, walker.address(step, walker.house.objects["own"]), **fields)
        after = [walker.rows(*query) for query in watched]
        # An own account may be created or changed; the ones that were there keep their people.
        after[1] = [row for row in after[1] if row[0] in {kept[0] for kept in before[1]}]
        if after != before:
            wrong.append(str(step))
        walker.restore()
    assert not wrong, "\n".join(wrong)


def test_a_setting_opens_every_account_to_every_user(walker: Walker):
    with walker.app.app_context():
        settings.put("open_editing", True, by=None, at=clock.now())
        db.session.commit()
    step = next(step for step in steps(walker.app) if str(step) == "POST /accounts/<int:account_id>/actions")
    answer = walker.send(
        step, "sales", walker.address(step, walker.house.objects["foreign"]), title="x", owner="", state="open"
    )
    assert answer.status_code == 303


def test_a_route_without_a_declaration_is_refused(app: Flask):
    app.add_url_rule("/forgotten", "forgotten", lambda: "data")
    assert app.test_client().get("/forgotten").status_code == 403
    with pytest.raises(AssertionError, match="does not say who may call it"):
        steps(app)
