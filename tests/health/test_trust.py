"""The page «Ce score dit-il vrai ?»: a manager replays the score, reads what it is worth, and chooses coefficients."""

import random
import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import clock
from haark.accounts.models import Account, Renewal
from haark.events.models import Event
from haark.extensions import db
from haark.health import jobs, learning, queries
from haark.health.models import ChurnModel, HealthSnapshot, LossNote
from haark.jobs.models import Job
from haark.measures.models import UsageDay
from haark.settings import domain as settings
from tests.support.clients import settle
from tests.support.statements import counted

AS_OF = date(2026, 5, 1)
PAGE = f"/score?as_of={AS_OF}&horizon=90"


@pytest.fixture
def house(app: Flask) -> SimpleNamespace:
    app.config["HAARK_JOBS"] = "inline"
    return settle(app)


def history(app: Flask, count: int = 80) -> None:
    """Clients whose term ended 30 days after AS_OF; the fewer the actions, the likelier the loss."""
    dice = random.Random(5)
    with app.app_context():
        ids, rows = [], []
        for index in range(count):
            account = Account(
                name=f"Client {index}", name_folded=f"client {index}", created_at=clock.moment(), seats=10
            )
            db.session.add(account)
            db.session.flush()
            ids.append(account.id)
        for place, ident in enumerate(ids):
            level, lost = (20, 0.85) if place % 2 else (120, 0.12)
            end = AS_OF + timedelta(30)
            outcome = "lost" if dice.random() < lost else "renewed"
            db.session.add(Renewal(account_id=ident, date=end, outcome=outcome))
            for back in range(190, 0, -1):
                day = AS_OF + timedelta(30 - back)
                if day.weekday() < 5:
                    events = max(1, round(level * dice.uniform(0.7, 1.3)))
                    rows.append({"account_id": ident, "day": day, "active_users": events // 14 + 1, "events": events})
        db.session.execute(sa.insert(UsageDay), rows)
        db.session.commit()


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_manager_replays_the_score(house: SimpleNamespace) -> None:
    history(house.app)
    manager = house.login("manager")
    assert "Pas encore rejoué à cette date" in manager.get(PAGE).text
    answer = manager.post("/score/backtests", as_of=AS_OF.isoformat(), horizon="90")
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = manager.get(PAGE).text
    assert "noté comme au 1 mai 2026" in page and "80" in page
    assert "combien étaient rouges 90 jours avant" in page
    assert "Ici, le score ne prédit pas" not in page and "Trop peu de cas" not in page
    with house.app.app_context():
        kept = db.session.scalars(sa.select(Job).where(Job.kind == "health.backtest")).one()
        assert kept.result["auc"] > 0.6 and kept.result["predicts"]
        assert kept.result["bands_before"]["red"] + kept.result["missed_count"] <= 2 * kept.result["losses"]
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(HealthSnapshot))  # it keeps no scores
    # Without dates the page shows what was asked for last.
    assert "noté comme au 1 mai 2026" in manager.get("/score").text


def test_too_few_outcomes_and_no_signal_are_said_plainly(house: SimpleNamespace) -> None:
    history(house.app, 20)
    manager = house.login("manager")
    manager.post("/score/backtests", as_of=AS_OF.isoformat(), horizon="90")
    assert "Trop peu de cas : non mesuré." in manager.get(PAGE).text
    with house.app.app_context():
        job = db.session.scalars(sa.select(Job).where(Job.kind == "health.backtest")).one()
        job.result = {**job.result, "auc": 0.5, "auc_interval": [0.44, 0.56], "health_auc": 0.5, "predicts": False}
        db.session.commit()
    assert "Ici, le score ne prédit pas." in manager.get(PAGE).text


def test_dates_that_make_no_sense_are_refused(house: SimpleNamespace) -> None:
    manager = house.login("manager")
    for day in ("2026-11-12", "2027-01-01", "yesterday", ""):
        answer = manager.get(f"/score?as_of={day}&horizon=90")
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
        assert manager.post("/score/backtests", as_of=day, horizon="90").status_code == 422
    assert manager.get("/score?as_of=2026-01-01&horizon=91").status_code == 422
    with house.app.app_context():
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(Job))


def test_only_managers_and_admins_see_it(house: SimpleNamespace) -> None:
    assert house.login("csm").get("/score").status_code == 403
    assert house.login("admin").get("/score").status_code == 200


def test_a_loss_gets_its_retrospective(house: SimpleNamespace) -> None:
    """Which signal did we miss: one note a departure, and the second of two writers keeps their text."""
    history(house.app)
    manager = house.login("manager")
    manager.post("/score/backtests", as_of=AS_OF.isoformat(), horizon="90")
    page = manager.get(PAGE).text
    found = re.search(r'id="loss-(\d+)"', page)
    assert found, "nobody left unseen"
    url, renewal = f"/score/losses?as_of={AS_OF}&horizon=90", field(page, "renewal_id")
    first = {
        "account_id": found[1],
        "renewal_id": renewal,
        "version": "0",
        "cause": "sponsor",
        "note": "Le sponsor était parti en mars.",
    }
    answer = manager.post(url, htmx=True, **first)
    assert answer.status_code == 200 and answer.text.lstrip().startswith("<li")
    assert "Le sponsor était parti en mars." in answer.text and field(answer.text, "version") == "1"
    late = house.login("admin").post(url, htmx=True, **{**first, "note": "Le prix."})
    assert late.status_code == 409
    assert "Le prix." in late.text and "Le sponsor était parti en mars." in late.text
    assert manager.post(url, **{**first, "version": "1", "cause": "magic"}).status_code == 422
    kept = manager.post(url, **{**first, "version": "1", "note": "Parti en mars, remplacé en juin."})
    assert kept.status_code == 303 and kept.location.endswith(f"#loss-{found[1]}")
    assert manager.post(url, **{**first, "account_id": str(house.own)}).status_code == 404
    with house.app.app_context():
        note = db.session.scalars(sa.select(LossNote)).one()
        assert (note.note, note.cause, note.version) == ("Parti en mars, remplacé en juin.", "sponsor", 2)
        told = db.session.scalars(sa.select(Event).where(Event.kind == "loss.noted")).all()
        assert len(told) == 2 and told[0].account_id == int(found[1])


def test_coefficients_are_proposed_adopted_and_left_again(house: SimpleNamespace) -> None:
    history(house.app)
    manager = house.login("manager")
    assert manager.post("/score/fits").status_code == 303
    page = manager.get("/score").text
    assert "Un ajustement prédit mieux." in page and "en service : publiés" in page
    with house.app.app_context():
        model = db.session.scalars(sa.select(ChurnModel)).one()
        assert model.figures["better"] and model.figures["lead"] == 90 and model.adopted_at is None
        assert queries.coefficients() is None
        ident = model.id
    stale = manager.post("/score/adoption", model_id=ident, version="7")
    assert stale.status_code == 303
    assert "avant vous" in manager.get("/score").text
    manager.post("/score/adoption", model_id=ident, version="1")
    page = manager.get("/score").text
    assert "Revenir aux coefficients publiés" in page and "Nadia Benali" in page
    with house.app.app_context():
        settings.all_values()
        model = db.session.get_one(ChurnModel, ident)
        assert queries.coefficients() == model.coefficients
        assert model.adopted_by_id == house.users["manager"]
        asked = db.session.scalars(sa.select(Job.key).where(Job.key.contains(":event-"))).all()
        assert asked, "everybody is judged again"
    manager.post("/score/adoption/removal", model_id=ident, version="2")
    assert "en service : publiés" in manager.get("/score").text
    with house.app.app_context():
        assert queries.coefficients() is None
        assert db.session.get_one(ChurnModel, ident).retired_at is not None
    assert manager.post("/score/adoption", model_id=999_999, version="1").status_code == 404


def test_a_fit_without_outcomes_says_what_is_missing(house: SimpleNamespace) -> None:
    manager = house.login("manager")
    manager.post("/score/fits")
    page = manager.get("/score").text
    assert "30" in page and "note bad" in page
    with house.app.app_context(), pytest.raises(learning.TooFew):
        learning.learn(on=date(2026, 11, 12), by=None, at=clock.moment())
    with house.app.app_context():
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(ChurnModel))


def test_the_page_costs_the_same_for_any_portfolio(house: SimpleNamespace) -> None:
    history(house.app, 70)
    manager = house.login("manager")
    manager.post("/score/backtests", as_of=AS_OF.isoformat(), horizon="90")
    manager.get(PAGE)
    with counted(house.app) as sent:
        manager.get(PAGE)
    assert len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))]) <= 14


def test_a_backtest_can_run_twice(house: SimpleNamespace) -> None:
    history(house.app, 12)
    with house.app.app_context():
        first = jobs.backtest(AS_OF.isoformat(), 90)
        assert jobs.backtest(AS_OF.isoformat(), 90) == first
