"""Saved views: kept, shared, changed, put in order, copied, deleted and back; tabs, the side bar, and who may what."""

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask

from haark.extensions import db
from haark.people.models import User
from haark.portfolio.models import SavedView
from tests.conftest import TODAY
from tests.portfolio.conftest import fill, plant
from tests.support.people import Visitor
from tests.support.statements import counted

TAB = re.compile(
    r'<a href="([^"]+)"( aria-current="page")?>([^<]+) <span class="n">(\d+)</span>( <span class="tag line">)?'
)


def tabs(page: str) -> list[tuple[str, int, bool, bool]]:
    """(name, count, is here, is modified) of the saved views above the list."""
    return [
        (html.unescape(name), int(count), bool(here), bool(modified))
        for address, here, name, count, modified in TAB.findall(page)
        if re.search(r"[?;]view=\d", address)
    ]


def save(who: Visitor, name: str, query: str, seen_by: str = "me") -> int:
    answer = who.post(f"/portfolio/views?{query}", name=name, seen_by=seen_by)
    assert answer.status_code == 303, answer.text
    return int(parse_qs(urlsplit(answer.location).query)["view"][0])


def test_a_view_is_kept_shown_changed_and_deleted_with_a_way_back(
    db_app: Flask, team: dict[str, int], claire: Visitor
) -> None:
    with db_app.app_context():
        plant("Alba", sector="Banque", health_band="red", health_score=30, owner_id=team["csm"])
        plant("Brio", sector="Banque", health_band="green", health_score=90)
        plant("Cime", sector="Santé", health_band="red", health_score=20)
        db.session.commit()
    banks = save(claire, "Mes banques", "sector=Banque&sort=-arr&peek=3&after=zzz")
    page = claire.get(f"/portfolio?sector=Banque&sort=-arr&view={banks}").text
    assert tabs(page) == [("Mes banques", 2, True, False)]
    assert f'href="/portfolio?sector=Banque&amp;sort=-arr&amp;view={banks}" title="Mes banques"' in page  # the side bar
    assert "Mes vues" in claire.get("/accounts/1").text and "Mes banques" in claire.get("/accounts/1").text

    # Something else chosen: the tab says so, and takes it over on request.
    page = claire.get(f"/portfolio?sector=Banque&health=red&sort=-arr&view={banks}").text
    assert tabs(page) == [("Mes banques", 2, True, True)] and "Mettre la vue à jour" in page
    assert f'name="view" value="{banks}"' in page  # the filters' form keeps where one came from
    claire.post(f"/portfolio/views/{banks}/filters?sector=Banque&health=red&view={banks}")
    # Named alone it opens as it was kept.
    answer = claire.get(f"/portfolio?view={banks}")
    assert answer.location == f"/portfolio?sector=Banque&health=red&view={banks}"
    assert tabs(claire.get(answer.location).text) == [("Mes banques", 1, True, False)]

    assert claire.post(f"/portfolio/views/{banks}", name="Banques", seen_by="me", version="1").status_code == 409
    assert claire.post(f"/portfolio/views/{banks}", name=" ", seen_by="me", version="2").status_code == 422
    assert claire.post(f"/portfolio/views/{banks}", name="Banques", seen_by="me", version="2").status_code == 303

    deleted = claire.post(f"/portfolio/views/{banks}/deletion")
    page = claire.get(deleted.location).text
    assert tabs(page) == []
    undo = re.search(r'action="(/portfolio/views/deleted/\d+)"', page)
    assert undo is not None
    back = claire.post(undo[1])
    assert tabs(claire.get(back.location).text) == [("Banques", 1, True, False)]
    assert claire.get("/portfolio?view=999").location == "/portfolio"
    assert "ni filtre ni tri" in claire.post("/portfolio/views", name="Rien", seen_by="me").text


def test_the_team_sees_what_is_shared_and_only_its_owner_and_managers_change_it(
    db_app: Flask, team: dict[str, int], claire: Visitor
) -> None:
    with db_app.app_context():
        plant("Alba", renewal_date=TODAY + timedelta(days=20), owner_id=team["csm"])
        plant("Brio", renewal_date=TODAY + timedelta(days=20), owner_id=team["sales"])
        manager = User(email="manager@demo.haark.test", name="Nadia", role="manager", created_at=db.func.now())
        manager.password_hash = db.session.get_one(User, team["csm"]).password_hash
        manager.created_at = db.session.get_one(User, team["csm"]).created_at
        db.session.add(manager)
        db.session.commit()
    shared = save(claire, "À renouveler", "renewal=30&owner=me", "team")
    private = save(claire, "À moi", "renewal=60")
    hugo, nadia = Visitor(db_app).login("sales"), Visitor(db_app).login("manager")
    page = hugo.get(f"/portfolio?renewal=30&owner=me&view={shared}").text
    assert tabs(page) == [("À renouveler", 1, True, False)]  # «me» is whoever looks
    assert "Mes vues" not in page
    assert hugo.post(f"/portfolio/views/{private}/copy").status_code == 404
    assert nadia.get(f"/portfolio/views/{private}/edit").status_code == 404
    assert hugo.post(f"/portfolio/views/{shared}", name="x", seen_by="team", version="1").status_code == 403
    assert nadia.post(f"/portfolio/views/{shared}", name="Renouv.", seen_by="team", version="1").status_code == 303

    copied = hugo.post(f"/portfolio/views/{shared}/copy")
    assert {name for name, *_rest in tabs(hugo.get(copied.location).text)} == {"Renouv."}
    assert hugo.post(f"/portfolio/views/{shared}/deletion").status_code == 403
    claire.post(f"/portfolio/views/{shared}/deletion")
    assert len(tabs(hugo.get("/portfolio").text)) == 1
    assert len(re.findall("Mes vues", hugo.get("/portfolio").text)) == 1


def test_views_stand_in_the_order_that_their_owner_gives_them(db_app: Flask, claire: Visitor) -> None:
    with db_app.app_context():
        plant("Alba", sector="Banque")
        db.session.commit()
    idents = [save(claire, f"Vue {number}", f"q={number}") for number in range(5)]
    claire.post(f"/portfolio/views/{idents[2]}/move", to="earlier")
    claire.post(f"/portfolio/views/{idents[0]}/move", to="earlier")
    listed = claire.post(f"/portfolio/views/{idents[4]}/move", htmx=True, to="earlier").text
    assert re.findall(r">(Vue \d)</a>", listed) == ["Vue 0", "Vue 2", "Vue 1", "Vue 4", "Vue 3"]
    page = claire.get(f"/portfolio?q=3&view={idents[3]}").text
    # Eight tabs at most; the one that is shown is among them, the others are behind a link.
    assert [name for name, *_rest in tabs(page)] == ["Vue 0", "Vue 2", "Vue 3"]
    assert "2 autres" in page


def test_saved_views_cost_two_statements_whatever_their_number(
    db_app: Flask, team: dict[str, int], claire: Visitor
) -> None:
    with db_app.app_context():
        fill(60, sorted(team.values()))
    seen = []
    for number in range(6):
        with counted(db_app) as statements:
            assert claire.get("/portfolio").status_code == 200
        seen.append(len(statements))
        save(claire, f"Vue {number}", f"health=red&q={number}", "team" if number % 2 else "me")
    assert max(seen) <= seen[0] + 1, seen  # the first also reads what a process remembers
    with counted(db_app) as statements:
        claire.get("/actions")
    assert sum("saved_view" in one for one in statements) == 1  # within the numbers of the side bar
    assert sum("saved_view" in one and "notice" in one for one in statements) == 1


def rows(app: Flask) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(db.select(SavedView)))
