"""Many accounts at once: said first, to exactly as many, one's own alone, each with its event, and taken back."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from haark.accounts.models import Account, AccountCard, AccountTag
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import db
from haark.jobs import runner
from haark.jobs.models import Job
from haark.people.models import User
from haark.portfolio import rules
from tests.conftest import TODAY
from tests.portfolio.conftest import fill, plant
from tests.support.people import Visitor


@pytest.fixture
def mixed(db_app: Flask, team: dict[str, int]) -> dict[str, int]:
    """Four accounts of Claire's, one of nobody's whose sale is hers, two of Hugo's."""
    with db_app.app_context():
        found = {name: plant(name, owner_id=team["csm"], sector="Banque") for name in ("Alba", "Brio", "Cime", "Dune")}
        found |= {name: plant(name, owner_id=team["sales"], sector="Banque") for name in ("Ecto", "Fado")}
        found["Gala"] = plant("Gala", sector="Banque")
        db.session.get_one(Account, found["Gala"]).sales_owner_id = team["csm"]
        db.session.commit()
    return found


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text))).strip()


def owners(app: Flask) -> dict[str, int | None]:
    with app.app_context():
        cards = db.session.execute(db.select(AccountCard.name, AccountCard.owner_id)).all()
        facts = db.session.execute(db.select(Account.name, Account.owner_id)).all()
        assert sorted(cards, key=str) == sorted(facts, key=str)
        return dict(map(tuple, facts))


def undo_of(page: str) -> str:
    found = re.search(r'action="(/portfolio/bulk/\d+/undo)"', page)
    assert found is not None
    return found[1]


def test_a_new_owner_for_ones_own_accounts_of_a_whole_view(
    db_app: Flask, team: dict[str, int], mixed: dict[str, int], claire: Visitor
) -> None:
    whole = {"all": "1", "query": "sector=Banque", "act": "owner"}
    asked = claire.post("/portfolio/bulk", htmx=True, **whole)
    assert "<dialog" in asked.text
    assert "5 comptes changent de responsable" in words(asked)
    assert "2 comptes ne sont pas à vous et ne changent pas : Ecto, Fado" in words(asked).replace("\u202f", " ")
    before = owners(db_app)
    assert before["Alba"] == team["csm"]

    # Another number than what was said: asked again, nothing changes. Nobody chosen: refused.
    assert claire.post("/portfolio/bulk/changes", **whole, owner=str(team["sales"]), count="7").status_code == 409
    assert claire.post("/portfolio/bulk/changes", **whole, owner="", count="5").status_code == 422
    assert claire.post("/portfolio/bulk/changes", **whole, owner="999", count="5").status_code == 422
    assert owners(db_app) == before

    done = claire.post("/portfolio/bulk/changes", **whole, owner=str(team["sales"]), count="5")
    assert done.location == "/portfolio?sector=Banque"
    assert set(owners(db_app).values()) == {team["sales"]}
    page = claire.get(done.location).text
    assert "5 comptes réaffectés" in page
    with db_app.app_context():
        told = db.session.scalars(db.select(Event).where(Event.kind == "account.owner_changed")).all()
        assert {event.account_id for event in told} == {
            mixed[name] for name in ("Alba", "Brio", "Cime", "Dune", "Gala")
        }
        assert told[0].data["changes"] == {"owner_id": [team["csm"], team["sales"]]}
        # Somebody gives one of them away meanwhile: that one stays where it is.
        db.session.get_one(Account, mixed["Dune"]).owner_id = None
        db.session.get_one(AccountCard, mixed["Dune"]).owner_id = None
        db.session.commit()
    address = undo_of(page)
    before_undo = claire.client.post(address)  # without its token
    assert before_undo.status_code == 400
    assert Visitor(db_app).login("sales").post(address).status_code == 404
    back = claire.get(claire.post(address).location).text
    assert "4 comptes remis comme avant" in back and "1 compte a changé depuis" in back
    assert owners(db_app) == {**before, "Dune": None}
    claire.post(address)
    assert owners(db_app) == {**before, "Dune": None}


def test_ticked_accounts_get_and_lose_tags(
    db_app: Flask, mixed: dict[str, int], team: dict[str, int], claire: Visitor
) -> None:
    with db_app.app_context():
        db.session.get_one(Account, mixed["Alba"]).tags = ["vip", "pilote"]
        db.session.get_one(Account, mixed["Brio"]).tags = ["nouveau"]
        db.session.commit()
    ticked = {"ids": [mixed["Alba"], mixed["Brio"], mixed["Ecto"]], "query": "", "act": "tags"}
    assert "2 comptes sont concernés" in words(claire.post("/portfolio/bulk", **ticked))
    assert claire.post("/portfolio/bulk/changes", **ticked, count="2").status_code == 422
    done = claire.post("/portfolio/bulk/changes", **ticked, count="2", add=" nouveau ", remove="pilote")
    assert tags(db_app) == {"Alba": ["vip", "nouveau"], "Brio": ["nouveau"]}
    page = claire.get(done.location).text
    assert "1 compte étiqueté autrement" in page  # the other one had it
    # A filter of its own, with counts.
    assert '<input type="checkbox" name="tag" value="nouveau">nouveau<small>2' in page
    assert len(re.findall(r'<tr id="acc-', claire.get("/portfolio?tag=vip&tag=unknown").text)) == 6
    claire.post(undo_of(page))
    assert tags(db_app) == {"Alba": ["vip", "pilote"], "Brio": ["nouveau"]}


def tags(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        facts = {row.name: row.tags for row in db.session.scalars(db.select(Account)) if row.tags}
        rows = db.session.execute(db.select(Account.name, AccountTag.tag).join(Account)).all()
        assert sorted((name, tag) for name, found in facts.items() for tag in found) == sorted(map(tuple, rows))
        return facts


def test_reviews_are_planned_on_the_recommended_day(
    db_app: Flask, mixed: dict[str, int], team: dict[str, int], claire: Visitor
) -> None:
    with db_app.app_context():
        for name, kind, day, planned in (
            ("Alba", "qbr", date(2026, 12, 10), False),
            ("Brio", "mbr", TODAY - timedelta(days=9), False),
            ("Cime", "qbr", date(2026, 12, 20), True),
            ("Dune", "", None, False),
            ("Ecto", "qbr", date(2026, 12, 10), False),
        ):
            card = db.session.get_one(AccountCard, mixed[name])
            card.next_review_kind, card.next_review_on, card.next_review_planned = kind, day, planned
        db.session.commit()
    whole = {"all": "1", "query": "", "act": "review"}
    said = words(claire.post("/portfolio/bulk", **whole)).replace("\u202f", " ")
    assert "2 revues seront planifiées" in said and "1 MBR, 1 QBR." in said
    assert "1 a dépassé sa date : à tenir sous 14 jours." in said
    assert "1 compte a déjà une revue planifiée" in said and "2 comptes n’ont pas de revue à venir" in said
    answer = claire.post("/portfolio/bulk/changes", **whole, count="5")
    assert "2 revues planifiées" in claire.get(answer.location).text
    with db_app.app_context():
        found = {(row.account_id, row.kind, row.due_on) for row in db.session.scalars(db.select(Review))}
    late = TODAY + timedelta(days=14)
    assert found == {(mixed["Alba"], "qbr", date(2026, 12, 10)), (mixed["Brio"], "mbr", late)}


def test_the_same_action_for_each_and_back(
    db_app: Flask, mixed: dict[str, int], team: dict[str, int], claire: Visitor
) -> None:
    ticked = {"ids": [mixed[name] for name in ("Alba", "Brio", "Gala", "Ecto")], "act": "action", "query": ""}
    assert "3 comptes reçoivent cette action" in words(claire.post("/portfolio/bulk", **ticked))
    assert claire.post("/portfolio/bulk/changes", **ticked, count="3", title=" ").status_code == 422
    done = claire.post("/portfolio/bulk/changes", **ticked, count="3", title="Appeler", owner="", due_on="2026-11-20")
    page = claire.get(done.location).text
    assert "3 actions ajoutées" in page
    with db_app.app_context():
        found = db.session.scalars(db.select(ActionItem).order_by(ActionItem.account_id)).all()
        assert [(one.account_id, one.owner_user_id, str(one.due_on)) for one in found] == [
            (mixed["Alba"], team["csm"], "2026-11-20"),
            (mixed["Brio"], team["csm"], "2026-11-20"),
            (mixed["Gala"], None, "2026-11-20"),
        ]
        ident, batch = found[0].id, found[0].source_id
    assert claire.get("/actions?view=all").status_code == 200
    claire.post(f"/actions/{ident}/completion")
    with db_app.app_context():
        item = db.session.get_one(ActionItem, ident)
        if item.state != "done":
            item.state = "done"
            db.session.commit()
    back = claire.get(claire.post(f"/portfolio/bulk/{batch}/undo").location).text
    assert "2 comptes remis comme avant" in back and "1 compte a changé depuis" in back
    with db_app.app_context():
        left = db.session.scalars(db.select(ActionItem).where(ActionItem.deleted_at.is_(None))).all()
        assert [one.id for one in left] == [ident]


@pytest.mark.parametrize("db_app", ["sqlite"], indirect=True)
def test_more_than_two_hundred_are_a_job_that_says_how_far_it_is(
    db_app: Flask, team: dict[str, int], claire: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db_app.app_context():
        fill(450, [team["csm"]])
    before = owners(db_app)
    mine = sum(owner == team["csm"] for owner in before.values())
    assert mine > 400
    steps: list[tuple[int, int]] = []
    monkeypatch.setattr(runner, "progress", lambda _job, done, total, _message="": steps.append((done, total)))
    whole = {"all": "1", "query": "owner=me", "act": "owner"}
    asked = words(claire.post("/portfolio/bulk", **whole))
    assert f"{mine} comptes changent" in asked and "en arrière-plan" in asked
    answer = claire.post("/portfolio/bulk/changes", **whole, owner=str(team["sales"]), count=str(mine))
    assert re.fullmatch(r"/jobs/\d+\?next=/portfolio/bulk/\d+", answer.location)
    assert steps[0] == (200, mine) and (mine, mine) in steps
    assert list(owners(db_app).values()).count(team["sales"]) == mine
    result = claire.get(claire.get(answer.location).location)
    assert f"{mine} comptes réaffectés" in words(result)
    with db_app.app_context():
        kinds = [job.kind for job in db.session.scalars(db.select(Job))]
        assert kinds.count("signals.judge_all") == 1 and "signals.judge" not in kinds
    back = claire.post(undo_of(result.text))
    assert f"{mine} comptes remis comme avant" in words(claire.get(claire.get(back.location).location))
    assert owners(db_app) == before


def test_nothing_ticked_and_an_unknown_act(db_app: Flask, mixed: dict[str, int], claire: Visitor) -> None:
    answer = claire.post("/portfolio/bulk", act="owner", query="q=a")
    assert answer.location == "/portfolio?q=a" and "Cochez d’abord" in claire.get(answer.location).text
    assert claire.post("/portfolio/bulk", act="delete", all="1").status_code == 400
    theirs = claire.post("/portfolio/bulk", act="owner", ids=[mixed["Ecto"]])
    assert "rien ne changera" in words(theirs) and "Réaffecter 0" not in words(theirs)
    assert rules.parse("sector=Banque&view=3").saved == 3
    with db_app.app_context():
        assert db.session.scalar(db.select(db.func.count(User.id))) == 2


@pytest.mark.parametrize("db_app", ["sqlite"], indirect=True)
def test_of_a_list_too_long_to_count_everything_is_offered_without_a_number(
    db_app: Flask, team: dict[str, int], claire: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db_app.app_context():
        fill(120, sorted(team.values()))
    monkeypatch.setattr(rules, "MOST_COUNTED", 20)
    page = claire.get("/portfolio?q=societe&health=red&health=green").text
    assert "plus de 20" in page and "Pour toute la liste" in page and "Prendre toute la liste" in page
    # The confirmation counts them all.
    whole = {"all": "1", "query": "q=societe&health=red&health=green", "act": "owner"}
    with db_app.app_context():
        bands = AccountCard.health_band.in_(["red", "green"])
        owned = db.select(db.func.count()).where(bands, AccountCard.owner_id == team["csm"])
        number = db.session.scalar(owned)
    assert f"{number} comptes changent" in words(claire.post("/portfolio/bulk", **whole))
