"""AX-4: promises on an account are written, changed, done and taken back, with and without htmx."""

import pytest
import sqlalchemy as sa

from haark.actions.models import ActionItem
from haark.events.models import Event
from haark.extensions import db
from tests.support.clients import settle

FIELDS = {"title": "Former Lyon", "owner": "", "due_on": "2026-11-20", "state": "open"}


@pytest.fixture
def house(app):
    return settle(app)


def action(house, ident):
    with house.app.app_context():
        return db.session.get(ActionItem, ident)


def kinds(house):
    with house.app.app_context():
        return list(db.session.scalars(sa.select(Event.kind).where(Event.kind.like("action.%")).order_by(Event.id)))


def ident(house, key="own"):
    return house.objects[key]["action"]


def test_the_list_says_what_is_late_and_who_promised(house):
    page = house.login("csm").get(f"/accounts/{house.own}/actions", htmx=True).text
    assert page.lstrip().startswith('<section class="card" id="actions"')
    assert "En retard de 2 j · Claire Delorme" in page and "Retirée" not in page


def test_who_may_not_change_sees_no_buttons(house):
    page = house.login("csm").get(f"/accounts/{house.foreign}/actions", htmx=True).text
    assert "Rouvrir les accès" in page and "<form" not in page and "/new" not in page


def test_a_promise_of_ours_and_one_of_the_clients(house):
    visitor = house.login("csm")
    ours = visitor.post(f"/accounts/{house.own}/actions", **{**FIELDS, "owner": f"user:{house.users['sales']}"})
    assert (ours.status_code, ours.location) == (303, f"/accounts/{house.own}")
    contact = house.objects["own"]["contact"]
    fragment = visitor.post(f"/accounts/{house.own}/actions", htmx=True, **{**FIELDS, "owner": f"contact:{contact}"})
    assert fragment.status_code == 200 and 'id="actions"' in fragment.text
    assert "client, Julien Perrot" in fragment.text and "Hugo Marchetti" in fragment.text
    assert 'hx-swap-oob="beforeend"' in fragment.text
    assert kinds(house) == ["action.added", "action.added"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": "  "}, "Écrivez ce qui est promis."),
        ({"due_on": "31/31/2026"}, "Cette date n’existe pas"),
        ({"title": "x" * 301}, "300 caractères au plus."),
        ({"owner": "user:9999"}, "choice"),
        ({"state": "deleted"}, "choice"),
    ],
)
def test_a_wrong_promise_keeps_what_was_typed(house, wrong, says):
    visitor = house.login("csm")
    for htmx in (False, True):
        answer = visitor.post(f"/accounts/{house.own}/actions", htmx=htmx, **{**FIELDS, **wrong})
        assert answer.status_code == 422
        assert 'value="2026-11-20"' in answer.text or "due_on" in wrong
        assert says in answer.text or says == "choice"
        assert ("<html" in answer.text) != htmx
    assert answer.headers["HX-Retarget"] == "#action-new"
    assert kinds(house) == []


def test_a_contact_of_another_client_cannot_be_the_owner(house):
    stranger = house.objects["foreign"]["contact"]
    answer = house.login("csm").post(f"/accounts/{house.own}/actions", **{**FIELDS, "owner": f"contact:{stranger}"})
    assert answer.status_code == 422


def test_done_and_open_again_with_undo(house):
    visitor = house.login("csm")
    done = visitor.post(f"/actions/{ident(house)}/completion", htmx=True)
    assert f"/actions/{ident(house)}/completion/removal" in done.text
    row = action(house, ident(house))
    assert (row.state, row.done_by_id) == ("done", house.users["csm"]) and row.done_at is not None
    assert visitor.post(f"/actions/{ident(house)}/completion").status_code == 303
    reopened = visitor.post(f"/actions/{ident(house)}/completion/removal", htmx=True)
    assert "actions-changed" in reopened.headers["HX-Trigger"]
    assert action(house, ident(house)).done_at is None
    assert kinds(house) == ["action.completed", "action.reopened"]


def test_removed_and_restored(house):
    visitor = house.login("csm")
    assert visitor.post(f"/actions/{ident(house)}/removal").status_code == 303
    assert visitor.get(f"/actions/{ident(house)}").status_code == 404
    assert visitor.post(f"/actions/{ident(house)}/removal/removal").status_code == 303
    assert visitor.post(f"/actions/{ident(house)}/removal/removal").status_code == 404
    assert kinds(house) == ["action.removed", "action.restored"]


def test_a_change_is_kept_with_before_and_after(house):
    version = action(house, ident(house)).version
    answer = house.login("csm").post(f"/actions/{ident(house)}", version=version, **{**FIELDS, "state": "done"})
    assert answer.status_code == 303
    row = action(house, ident(house))
    assert (row.title, row.state, row.owner_user_id) == ("Former Lyon", "done", None) and row.done_at
    with house.app.app_context():
        changes = db.session.scalar(sa.select(Event).where(Event.kind == "action.changed")).data["changes"]
    assert changes["title"] == ["Rouvrir les accès", "Former Lyon"]


def test_the_second_of_two_gets_409_with_both_texts_and_can_insist(house):
    first, second = house.login("csm"), house.login("manager")
    version = action(house, ident(house)).version
    assert first.post(f"/actions/{ident(house)}", version=version, **{**FIELDS, "title": "A"}).status_code == 303
    for htmx in (False, True):
        conflict = second.post(f"/actions/{ident(house)}", htmx=htmx, version=version, **{**FIELDS, "title": "B"})
        assert conflict.status_code == 409
        assert "enregistrée\N{NARROW NO-BREAK SPACE}:</span> A" in conflict.text and 'value="B"' in conflict.text
    assert action(house, ident(house)).title == "A"
    assert f'name="version" type="hidden" value="{version + 1}"' in conflict.text
    insist = second.post(f"/actions/{ident(house)}", version=version + 1, **{**FIELDS, "title": "B"})
    assert insist.status_code == 303 and action(house, ident(house)).title == "B"


def test_who_promised_may_finish_it_on_a_colleagues_account(house):
    with house.app.app_context():
        db.session.get(ActionItem, ident(house, "foreign")).owner_user_id = house.users["sales"]
        db.session.commit()
    assert house.login("sales").post(f"/actions/{ident(house, 'foreign')}/completion").status_code == 303


def test_script_in_a_title_is_inert(house):
    visitor = house.login("csm")
    answer = visitor.post(f"/accounts/{house.own}/actions", htmx=True, **{**FIELDS, "title": "<b hx-get=/x onclick=y>"})
    assert "<b hx-get" not in answer.text and "&lt;b hx-get" in answer.text
