"""SP-2, SP-3: objectives and milestones are listed with their state and edited simply."""

from datetime import date

import pytest
import sqlalchemy as sa

from haark.events.models import Event
from haark.extensions import db
from haark.plans.models import Milestone, Objective, Plan
from tests.support.clients import settle

OBJECTIVE = {
    "title": "Taux de service OTIF",
    "kpi": "OTIF mensuel",
    "why": "Moins de litiges",
    "comparator": "ge",
    "unit": "%",
    "baseline": "92,3",
    "target": "96",
    "current": "94,1",
    "current_on": "2026-11-02",
    "starts_on": "2026-01-01",
    "due_on": "2026-12-31",
    "agreed_on": "2026-01-22",
    "agreed_by": "Sophie Marchand",
}


@pytest.fixture
def house(app):
    return settle(app)


def read(house, model, ident):
    with house.app.app_context():
        return db.session.get(model, ident)


def test_the_plan_has_a_page_and_says_what_is_missing(house):
    page = house.login("csm").get(f"/plans/{house.objects['own']['plan']}").text
    assert "Livrer à l’heure" in page and "Litiges sous 48 h" in page and "Retiré" not in page
    assert "Non mesurable" in page
    assert "un indicateur, une cible, une valeur de départ, l’accord du client" in page


def test_an_objective_is_added_with_every_field_and_judged(house):
    visitor = house.login("csm")
    answer = visitor.post(f"/accounts/{house.own}/objectives", htmx=True, **OBJECTIVE)
    assert answer.status_code == 200 and 'id="plan"' in answer.text
    assert "94,1 %" in answer.text and "≥ 96 %" in answer.text
    assert "En retard léger" in answer.text and 'class="meter warn"' in answer.text and 'width="49%"' in answer.text
    assert "Convenu avec Sophie Marchand le 22 janv. 2026" in answer.text
    with house.app.app_context():
        row = db.session.scalar(sa.select(Objective).order_by(Objective.id.desc()).limit(1))
        assert (row.baseline, row.target, row.current, row.position) == (92.3, 96.0, 94.1, 1)
        assert db.session.scalar(sa.select(Event.kind).where(Event.subject_id == row.id)) == "objective.added"


def test_without_javascript_the_tab_is_the_answer(house):
    answer = house.login("csm").post(f"/accounts/{house.own}/objectives", **OBJECTIVE)
    assert (answer.status_code, answer.location) == (303, f"/accounts/{house.own}/plan")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": ""}, "Écrivez l’objectif."),
        ({"target": "beaucoup"}, "Entrez un nombre, par exemple 12,5."),
        ({"due_on": "2025-01-01"}, "L’échéance vient après le début."),
        ({"unit": "x" * 21}, "Ce texte est trop long."),
        ({"comparator": "eq"}, ""),
    ],
)
def test_a_wrong_objective_keeps_what_was_typed(house, wrong, says):
    answer = house.login("csm").post(f"/accounts/{house.own}/objectives", htmx=True, **{**OBJECTIVE, **wrong})
    assert answer.status_code == 422 and says in answer.text
    assert 'value="92,3"' in answer.text and answer.headers["HX-Retarget"] == "#objective-form-new"
    if "target" in wrong:
        assert 'value="beaucoup"' in answer.text


def test_numbers_are_read_in_the_readers_language(house):
    visitor = house.login("csm")
    visitor.post("/preferences/language", language="en")
    ident = house.objects["own"]["objective"]
    visitor.post(f"/objectives/{ident}", version=1, **{**OBJECTIVE, "target": "1,096.5", "current": "94.1"})
    assert read(house, Objective, ident).target == 1096.5
    assert 'value="1096.5"' in visitor.get(f"/objectives/{ident}").text


def test_the_second_of_two_gets_409_with_both_texts(house):
    ident = house.objects["own"]["objective"]
    first, second = house.login("csm"), house.login("manager")
    assert first.post(f"/objectives/{ident}", version=1, **OBJECTIVE).status_code == 303
    conflict = second.post(f"/objectives/{ident}", version=1, **{**OBJECTIVE, "target": "97"})
    assert conflict.status_code == 409
    assert "Version enregistrée\N{NARROW NO-BREAK SPACE}:</span> 96<" in conflict.text and 'value="97"' in conflict.text
    assert read(house, Objective, ident).target == 96


@pytest.mark.parametrize(("kind", "model"), [("objective", Objective), ("milestone", Milestone)])
def test_removed_and_restored(house, kind, model):
    visitor, ident = house.login("csm"), house.objects["own"][kind]
    removed = visitor.post(f"/{kind}s/{ident}/removal", htmx=True)
    assert f"/{kind}s/{ident}/removal/removal" in removed.text and read(house, model, ident).deleted_at
    restored = visitor.post(f"/{kind}s/{ident}/removal/removal", htmx=True)
    assert "plan-changed" in restored.headers["HX-Trigger"] and read(house, model, ident).deleted_at is None


def test_a_milestone_is_added_changed_and_late(house):
    visitor = house.login("csm")
    fields = {
        "title": "Intégration ERP",
        "phase": "Extension",
        "starts_on": "",
        "due_on": "2026-10-31",
        "state": "todo",
    }
    assert "En retard" in visitor.post(f"/accounts/{house.own}/milestones", htmx=True, **fields).text
    with house.app.app_context():
        ident = db.session.scalar(sa.select(sa.func.max(Milestone.id)))
    answer = visitor.post(f"/milestones/{ident}", htmx=True, version=1, **{**fields, "state": "done"})
    assert "En retard" not in answer.text
    assert read(house, Milestone, ident).due_on == date(2026, 10, 31)


def test_the_first_word_makes_the_plan(house):
    with house.app.app_context():
        db.session.execute(sa.delete(Plan).where(Plan.account_id == house.own))
        db.session.commit()
    visitor = house.login("csm")
    answer = visitor.post(f"/accounts/{house.own}/plan/vision", htmx=True, version=0, vision="Zéro litige")
    assert "Zéro litige" in answer.text
    stale = visitor.post(f"/accounts/{house.own}/plan/vision", htmx=True, version=0, vision="Autre")
    assert stale.status_code == 409 and "Version enregistrée\N{NARROW NO-BREAK SPACE}:</span> Zéro litige" in stale.text


def test_who_may_not_change_sees_no_buttons(house):
    page = house.login("sales").get(f"/plans/{house.objects['foreign']['plan']}").text
    assert "Livrer à l’heure" in page and "/objectives/" not in page and "vision-form" not in page
