"""The page of all actions: views, orders, filters and places in the address; done, put off, changed in place and many
at once; the panel with its steps and comments."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from haark import clock
from haark.actions import domain
from haark.actions.domain import Promise
from haark.actions.models import ActionItem, ActionStep
from haark.comments.models import Comment
from haark.events.models import Event
from haark.extensions import db
from haark.notices.models import Notice
from haark.plans.models import Milestone
from tests.support.clients import settle
from tests.support.statements import counted

ON = date(2026, 11, 12)
FIELDS = {"title": "Former Lyon", "owner": "", "due_on": "2026-11-20", "state": "open", "note": "", "serves": ""}


@pytest.fixture
def house(app):
    return settle(app)


def read(house, model, ident):
    with house.app.app_context():
        return db.session.get(model, ident)


def rows(house, query):
    with house.app.app_context():
        return [tuple(row) for row in db.session.execute(query)]


def add(house, *titles, key="own", role="csm", source=("", None), **values):
    with house.app.app_context():
        made = [
            domain.add(
                getattr(house, key),
                Promise(title, **{"owner_user_id": house.users[role] if role else None, **values}),
                by=house.users[role or "csm"],
                at=clock.moment(),
                source=source,
            ).id
            for title in titles
        ]
        db.session.commit()
    return made


def titles(page):
    return re.findall(r'data-peek>(?:<s class="muted">)?([^<]+)<', page)


def ident(house, key="own"):
    return house.objects[key]["action"]


def test_each_view_holds_what_it_says_and_counts_it(house):
    contact = house.objects["own"]["contact"]
    add(house, "Demain", due_on=ON + timedelta(1))
    add(house, "Plus tard", due_on=ON + timedelta(60))
    add(house, "Sans date", role="sales")
    add(house, "Leur part", role=None, owner_contact_id=contact, due_on=ON - timedelta(3))
    add(house, "Finie", state="done")
    shown = {}
    for role in ("csm", "manager"):
        visitor = house.login(role)
        for view in ("mine", "team", "late", "client", "done"):
            page = visitor.get(f"/actions?view={view}").text
            shown[role, view] = titles(page)
    assert shown["csm", "mine"] == ["Rouvrir les accès", "Demain", "Plus tard"]
    assert shown["csm", "team"] == [
        "Leur part",
        "Rouvrir les accès",
        "Rouvrir les accès",
        "Demain",
        "Plus tard",
        "Sans date",
    ]
    assert shown["csm", "late"] == ["Leur part", "Rouvrir les accès"], "a colleague's is not mine to chase"
    assert shown["manager", "late"] == ["Leur part", "Rouvrir les accès", "Rouvrir les accès"]
    assert shown["csm", "client"] == ["Leur part"] and shown["csm", "done"] == ["Finie"]
    assert shown["manager", "mine"] == []
    counts = re.findall(r'<span class="n">(\d+)</span></a>', house.login("csm").get("/actions").text)
    assert counts == ["3", "6", "2", "1"]
    assert "Sans échéance" in house.login("sales").get("/actions").text


def test_orders_filters_and_search_are_in_the_address(house):
    contact = house.objects["own"]["contact"]
    review = add(house, "De la revue", source=("review", 99), due_on=ON)
    add(house, "100 % de Lyon", role=None, owner_contact_id=contact, due_on=ON)
    visitor = house.login("csm")

    def at(query):
        return titles(visitor.get(f"/actions?view=team&{query}").text)

    assert at("by=account")[0] == "Rouvrir les accès" and len(at("by=account")) == 4
    assert at("by=owner")[-1] == "100 % de Lyon" and at("by=source")[-1] == "De la revue"
    assert at(f"account={house.foreign}") == ["Rouvrir les accès"]
    assert at(f"owner=contact:{contact}") == ["100 % de Lyon"] and at("owner=none") == []
    assert at("source=review") == ["De la revue"] and len(at("source=none")) == 3
    assert at("q=100+%25") == at("q=LYON") == ["100 % de Lyon"] and at("q=%25x") == []
    assert at("q=valmorin&source=review") == ["De la revue"]
    page = visitor.get(f"/actions?view=team&look={review[0]}&source=review").text
    assert 'id="apercu"' in page and "Marquer" not in page and "?view=team&amp;source=review" in page
    assert visitor.get("/actions?after=xyz").status_code == 400


def test_pages_hold_every_action_once_with_as_many_statements(house):
    add(house, *(f"Action {number:03}" for number in range(120)), due_on=ON + timedelta(3))
    add(house, "Vue", source=("review", 1))
    visitor = house.login("csm")
    for by in ("due", "owner"):
        seen, url, sent = [], f"/actions?view=team&by={by}", []
        while url:
            with counted(house.app) as statements:
                page = visitor.get(url).text
            sent.append(len(statements))
            seen += titles(page)
            found = re.search(r'rel="next" href="([^"]+)"', page)
            url = found and found[1].replace("&amp;", "&")
        assert len(seen) == 123 and len(set(seen)) == 122
        assert max(sent) <= min(sent) + 2 and max(sent) < 14, sent  # one more for each kind of source


def test_done_and_put_off_from_the_list_with_undo(house):
    visitor, mine = house.login("csm"), ident(house)
    done = visitor.post(f"/actions/{mine}/completion", htmx=True, place="desk")
    assert done.text.lstrip().startswith(f'<li class="task" id="action-row-{mine}"') and "Faite" in done.text
    assert 'id="views"' in done.text and f"/actions/{mine}/completion/removal" in done.text
    assert "actions-changed" in visitor.post(f"/actions/{mine}/completion/removal", htmx=True).headers["HX-Trigger"]
    moved = visitor.post(f"/actions/{mine}/postponement", htmx=True, place="desk", due_on="2026-11-19")
    assert "dans 7 j" in moved.text and "Reportée au 19 nov. 2026" in moved.text
    undo = re.search(rf'action="(/actions/{mine}/postponement\?[^"]+)"', moved.text)[1].replace("&amp;", "&")
    assert read(house, ActionItem, mine).due_on == date(2026, 11, 19)
    assert visitor.post(undo, htmx=True).status_code == 200
    assert read(house, ActionItem, mine).due_on == date(2026, 11, 10)
    assert visitor.post(f"/actions/{mine}/postponement", due_on="demain").status_code == 400
    assert visitor.post(f"/actions/{mine}/postponement").status_code == 400
    plain = visitor.post(f"/actions/{mine}/postponement", due_on="2026-11-13", next="/actions?view=late")
    assert (plain.status_code, plain.location) == (303, "/actions?view=late")
    kinds = [kind for (kind,) in rows(house, sa.select(Event.kind).order_by(Event.id)) if kind.startswith("action.")]
    assert kinds == ["action.completed", "action.reopened", *["action.postponed"] * 3]


def test_many_at_once_only_what_one_may_and_the_rest_with_the_reason(house):
    first, second = add(house, "Une", "Deux")
    theirs = ident(house, "foreign")
    visitor = house.login("csm")
    chosen = {"ids": [str(first), str(second), str(theirs), "999999"], "owner": str(house.users["sales"])}
    answer = visitor.post("/actions/bulk", htmx=True, due_on="2026-12-01", state="", **chosen)
    assert "2 actions modifiées" in answer.text and "n’est pas à vous" in answer.text and "n’existe plus" in answer.text
    assert "actions-changed" in answer.headers["HX-Trigger"]
    kept = rows(house, sa.select(ActionItem.owner_user_id, ActionItem.due_on).where(ActionItem.id.in_([first, second])))
    assert kept == [(house.users["sales"], date(2026, 12, 1))] * 2
    assert read(house, ActionItem, theirs).due_on == date(2026, 11, 10)
    told = rows(house, sa.select(Notice.user_id, Notice.kind, Notice.subject_id).order_by(Notice.id))
    assert told == [(house.users["sales"], "assigned", first), (house.users["sales"], "assigned", second)]
    assert "modifiées" not in visitor.post("/actions/bulk", htmx=True, **{**chosen, "owner": "", "due_on": "x"}).text
    assert visitor.post("/actions/bulk", ids=[str(first)], next="//evil.test").location == "/actions"


def test_the_panel_saves_with_a_version_and_shows_both_texts(house):
    visitor, mine, milestone = house.login("csm"), ident(house), house.objects["own"]["milestone"]
    page = visitor.get(f"/actions/{mine}/panel", htmx=True)
    assert "Pilote à Lyon" in page.text and "Litiges sous 48 h" in page.text
    version = read(house, ActionItem, mine).version
    fields = {
        **FIELDS,
        "note": "Avec Paul",
        "serves": f"milestone:{milestone}",
        "owner": f"user:{house.users['sales']}",
    }
    saved = visitor.post(f"/actions/{mine}/panel", htmx=True, version=version, **fields)
    assert saved.status_code == 200 and "Action enregistrée" in saved.text
    item = read(house, ActionItem, mine)
    assert (item.note, item.serves_kind, item.serves_id) == ("Avec Paul", "milestone", milestone)
    late = visitor.post(f"/actions/{mine}/panel", htmx=True, version=version, **{**fields, "title": "B", "note": "Moi"})
    assert late.status_code == 409 and "Avec Paul" in late.text and 'value="B"' in late.text
    assert late.headers["HX-Retarget"] == "#apercu"
    assert visitor.post(f"/actions/{mine}/panel", version=version, **{**fields, "title": ""}).status_code == 422
    assert visitor.post(f"/actions/{mine}/panel", version=9, **{**fields, "serves": "milestone:999"}).status_code == 422
    told = rows(house, sa.select(Notice.user_id, Notice.what, Notice.actor_name))
    assert told == [(house.users["sales"], "action", "Claire Delorme")]


def test_a_done_action_offers_to_mark_its_milestone_done(house):
    visitor, mine, milestone = house.login("csm"), ident(house), house.objects["own"]["milestone"]
    with house.app.app_context():
        item = db.session.get(ActionItem, mine)
        item.serves_kind, item.serves_id = "milestone", milestone
        db.session.commit()
    assert visitor.post(f"/actions/{mine}/served").status_code == 400, "not while it is open"
    row = visitor.post(f"/actions/{mine}/completion", htmx=True, place="desk").text
    assert "Jalon fait aussi" in row
    assert "plan de succès" in visitor.post(f"/actions/{mine}/served", htmx=True).text
    assert read(house, Milestone, milestone).state == "done"
    assert "Jalon fait aussi" not in visitor.get("/actions?view=done").text


def test_steps_are_added_ticked_moved_and_removed(house):
    visitor, mine = house.login("csm"), ident(house)
    base = f"/actions/{mine}/steps"
    for title in ("Prévenir", "Essayer", "Ouvrir"):
        visitor.post(base, htmx=True, title=title)
    assert "200 caractères" in visitor.post(base, htmx=True, title="x" * 201).text

    def steps():
        found = sa.select(ActionStep.id, ActionStep.title, ActionStep.done_at).order_by(ActionStep.position)
        return [(number, title, done is not None) for number, title, done in rows(house, found)]

    (one, *_), (two, *_), (three, *_) = steps()
    visitor.post(f"{base}/{three}/up", htmx=True)
    visitor.post(f"{base}/{one}/down")
    assert [title for _id, title, _done in steps()] == ["Ouvrir", "Prévenir", "Essayer"]
    removed = visitor.post(f"{base}/{one}/removal", htmx=True).text
    undo = re.search(rf'action="({base}\?[^"]+)"', removed)[1].replace("&amp;", "&")
    visitor.post(undo, htmx=True)
    assert [title for _id, title, _done in steps()] == ["Ouvrir", "Prévenir", "Essayer"]
    assert "Tout est coché" not in visitor.get(f"/actions/{mine}/panel", htmx=True).text
    for number, *_rest in steps():
        page = visitor.post(f"{base}/{number}/tick", htmx=True)
    assert "Tout est coché." in page.text and "3/3" in page.text
    assert read(house, ActionItem, mine).state == "in_progress", "a step that is done starts it"
    assert "3/3 étapes" in visitor.get("/actions").text
    other = ident(house, "foreign")
    assert house.login("manager").post(f"/actions/{other}/steps/{two}/tick").status_code == 404


def test_comments_are_internal_unless_shared_and_name_people(house):
    mine, theirs = ident(house), ident(house, "foreign")
    visitor = house.login("csm")
    visitor.post(f"/actions/{mine}/comments", htmx=True, text="@hugo tu peux voir ?")
    visitor.post(f"/actions/{mine}/comments", htmx=True, text="Fait jeudi", shared="1")
    assert house.login("sales").post(f"/actions/{theirs}/comments", text="J’aide").status_code == 303
    assert visitor.post(f"/actions/{theirs}/comments", text="Pour eux", shared="1").status_code == 403
    assert visitor.post(f"/actions/{mine}/comments", htmx=True, text="  ").status_code == 422
    said = rows(house, sa.select(Comment.text, Comment.internal).order_by(Comment.id))
    assert said == [("@hugo tu peux voir ?", True), ("Fait jeudi", False), ("J’aide", True)]
    assert rows(house, sa.select(Notice.user_id, Notice.kind)) == [(house.users["sales"], "mentioned")]
    ((first, *_), *_others) = rows(house, sa.select(Comment.id).order_by(Comment.id))
    assert house.login("sales").post(f"/actions/{mine}/comments/{first}/removal").status_code == 403
    assert "Commentaire retiré" in visitor.post(f"/actions/{mine}/comments/{first}/removal", htmx=True).text
    assert "tu peux voir" not in visitor.get(f"/actions/{mine}/panel", htmx=True).text
    visitor.post(f"/actions/{mine}/comments/{first}/restoration", htmx=True)
    assert "tu peux voir" in visitor.get(f"/actions/{mine}/panel", htmx=True).text


def test_a_new_action_finds_its_account_by_search(house):
    visitor = house.login("csm")
    assert "Groupe Valmorin" in visitor.get("/actions/new").text, "one's own accounts first"
    page = visitor.get("/actions/new?q=kern").text
    assert "Ateliers Kerneis" in page and "Valmorin" not in page
    assert "Ancien Client" not in visitor.get("/actions/new?q=ancien").text
    form = visitor.get(f"/actions/new?account={house.own}&next=/actions?view=team").text
    assert "Pilote à Lyon" in form and "Julien Perrot" in form
    answer = visitor.post("/actions", account=house.own, next="/actions?view=team", **FIELDS)
    assert (answer.status_code, answer.location) == (303, "/actions?view=team")
    assert visitor.post("/actions", account=house.own, **{**FIELDS, "title": ""}).status_code == 422
    assert visitor.post("/actions", account=house.foreign, **FIELDS).status_code == 403
    assert visitor.post("/actions", account=999_999, **FIELDS).status_code == 403
    assert visitor.get("/actions/new?account=999999").status_code == 404
