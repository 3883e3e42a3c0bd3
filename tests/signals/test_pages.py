"""The page of risks and opportunities, the detail of a signal, and what people answer, on the sample."""

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.accounts.models import AccountCard
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.extensions import db
from haark.signals import exporting, queries
from haark.signals.models import Advice, Signal
from haark.signals.scope import View
from haark.spreadsheets import csv_lines
from tests.conftest import TODAY, Story
from tests.support.clients import settle
from tests.support.people import Visitor
from tests.support.statements import counted

VALMORIN = "Groupe Valmorin"


@pytest.fixture(autouse=True)
def _reference_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAARK_TODAY", TODAY.isoformat())


def read(visitor: Visitor, url: str) -> str:
    """The page as a person reads it: every kind of space is one."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", html.unescape(visitor.get(url).text))


def held(story: Story, name: str = VALMORIN) -> queries.OfAccount:
    with story.app.app_context():
        return queries.of_account(story.id(name), TODAY)


def row(story: Story, model: type[Any], ident: int) -> Any:
    with story.app.app_context():
        return db.session.get_one(model, ident)


def first_risk(text: str) -> str:
    found = re.search(r'id="risk-(\d+)"', text)
    assert found
    return found.group(1)


@pytest.mark.parametrize("scope", ["mine", "team", "cs", "sales"])
def test_valmorin_comes_first_in_every_scope(db_story: Story, scope: str) -> None:
    page = read(db_story.login("csm"), f"/risks?scope={scope}")
    assert first_risk(page) == str(db_story.id(VALMORIN))
    assert "en jeu 120 000 €, 60 j" in page
    assert "Usage −32 %, santé 68 (−12)" in page
    assert "Revue urgente avant le" in page
    assert page.count("calculé le 12 nov. 2026") == 1


def test_the_switch_and_the_filters_are_in_the_address(story: Story) -> None:
    visitor = story.login("csm")
    mine, team = visitor.get("/risks").text, visitor.get("/risks?scope=team").text
    assert "Centre Hospitalier d’Orval" not in mine and "Centre Hospitalier d’Orval" in team
    detractors = visitor.get("/risks?scope=team&kind=detractor").text
    assert "Maison Arvel" in detractors and f'"risk-{story.id(VALMORIN)}"' not in detractors
    grave = visitor.get("/risks?scope=team&severity=high&kind=usage_drop").text
    assert first_risk(grave) == str(story.id(VALMORIN)) and "Maison Arvel" not in grave
    nothing = visitor.get("/risks?scope=team&kind=uncertain_context&severity=high").text
    assert "Aucun compte à risque avec ces filtres" in nothing
    assert visitor.get("/risks?scope=nowhere&kind=x&severity=y&shown=-3").status_code == 200


def test_the_file_holds_what_the_filters_show(story: Story) -> None:
    visitor = story.login("csm")
    page = visitor.get("/risks?scope=team&severity=high&kind=usage_drop").text
    link = re.search(r'href="(/risks\.csv\?[^"]+)"', page)
    assert link
    answer = visitor.get(html.unescape(link[1]))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="haark-risks-{TODAY}.csv"'
    head, first, *rest = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    told = dict(zip(head, first, strict=True))
    assert told["Compte"] == VALMORIN and told["ARR (EUR)"] == "120000" and told["Santé"] == "68"
    assert told["Signaux"].startswith("Usage")
    names = {line[1] for line in (first, *rest)}
    assert names == {
        html.unescape(one) for one in re.findall(r'<li class="rank-a".*?class="b ell ink">(.*?)</a>', page, re.DOTALL)
    }
    # All of it, where the page shows twenty at once; the trend is a number, not a formula to be run.
    whole = list(csv.reader(io.StringIO(visitor.get("/risks.csv?scope=team&shown=20").text), delimiter=";"))
    assert len(whole) > 20 and any(line[6].startswith("-") for line in whole)


def test_the_list_weighs_under_100_kilobytes_and_its_fullest_panel_ten_more(story: Story) -> None:
    claire = story.login("csm")
    page = claire.get(f"/portfolio?peek={story.id(VALMORIN)}")
    assert "Prochaine action conseillée" in page.text and len(page.data) < 110_000
    assert len(claire.get("/portfolio").data) < 100_000


def test_a_name_is_no_formula(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    with story.app.app_context():
        card = db.session.get_one(AccountCard, story.id(VALMORIN))
        monkeypatch.setattr(card, "name", '=HYPERLINK("http://x")')
        db.session.flush()
        text = "".join(csv_lines(exporting.rows(View("team"), 0, TODAY), "fr"))
        db.session.rollback()
    assert "'=HYPERLINK" in text and ";=HYPERLINK" not in text


def test_the_handled_come_after_the_unhandled(story: Story) -> None:
    """Maison Arvel would lose five times as much, but its plan is under way."""
    page = story.login("csm").get("/risks").text
    before, after = page.index("Groupe Valmorin"), page.index("Maison Arvel")
    assert before < page.index("Déjà pris en charge") < after
    assert "plan depuis le 9 nov., Claire" in page


def test_the_cost_of_the_page_does_not_grow(story: Story) -> None:
    visitor = story.login("manager")
    visitor.get("/risks?scope=team")
    numbers = []
    for address in ("/risks?scope=team&kind=uncertain_context", "/risks?scope=team&shown=500"):
        with counted(story.app) as sent:
            assert visitor.get(address).status_code == 200
        numbers.append(len([one for one in sent if not one.startswith("BEGIN")]))
    assert max(numbers) - min(numbers) <= 1
    assert max(numbers) <= 16


@pytest.mark.parametrize("htmx", [False, True])
def test_accepting_makes_actions_and_an_urgent_review(story: Story, htmx: bool) -> None:
    told = held(story)
    advice = told.first
    assert advice is not None and advice.rule == "reengage_before_renewal"
    assert TODAY < advice.due_on <= TODAY + timedelta(7)
    assert advice.impact_cents == 12_000_000
    visitor = story.login("csm")
    page = visitor.get(f"/accounts/{told.account_id}").text
    assert "Réengager le client avant le renouvellement" in page and 'id="reco"' in page
    answer = visitor.post(f"/advice/{advice.id}/acceptance", htmx=htmx, version=str(advice.version))
    assert answer.status_code == (200 if htmx else 303)
    if htmx:
        assert 'id="reco"' in answer.text and "actions-changed" in answer.headers["HX-Trigger"]
    people = {story.user_id("csm"), story.user_id("sales")}
    with story.app.app_context():
        items = db.session.scalars(sa.select(ActionItem).where(ActionItem.source_kind == "advice")).all()
        mine = [item for item in items if item.source_id == advice.id]
        assert {item.owner_user_id for item in mine} == people
        assert {item.due_on for item in mine} == {advice.due_on}
        review = db.session.scalars(sa.select(Review).where(Review.source_id == advice.id)).one()
        assert (review.urgent, review.due_on, review.source_kind) == (True, advice.due_on, "advice")
    after = held(story)
    assert [one.id for one in after.taken] == [advice.id]
    assert {one.state for one in after.risks} == {"acknowledged"}
    assert "reengage_before_renewal" not in {one.rule for one in after.advice}
    again = visitor.post(f"/advice/{advice.id}/acceptance", htmx=True, version=str(advice.version))
    assert again.status_code in (409, 422)
    assert first_risk(visitor.get("/risks").text) != str(told.account_id)


def test_postponing_and_ignoring_can_be_taken_back(story: Story) -> None:
    visitor, advice = story.login("csm"), held(story).first
    assert advice is not None
    later = (TODAY + timedelta(5)).isoformat()
    url = f"/advice/{advice.id}"
    assert (
        visitor.post(f"{url}/postponement", htmx=True, version=str(advice.version), until="2026-11-12").status_code
        == 422
    )
    answer = visitor.post(f"{url}/postponement", htmx=True, version=str(advice.version), until=later)
    assert answer.status_code == 200 and f"{url}/offer" in answer.text
    assert [one.id for one in held(story).resting] == [advice.id]
    assert visitor.post(f"{url}/offer", htmx=True).status_code == 200
    present = held(story).first
    assert present is not None and present.id == advice.id
    assert visitor.post(f"{url}/refusal", htmx=True, version=str(advice.version), reason="not_now").status_code == 409
    refused = visitor.post(f"{url}/refusal", htmx=True, version=str(present.version), reason="because")
    assert refused.status_code == 422
    ignored = visitor.post(f"{url}/refusal", version=str(present.version), reason="not_now", comment="Après Noël")
    assert ignored.status_code == 303
    kept = row(story, Advice, advice.id)
    assert (kept.state, kept.comment, kept.decided_by_id) == ("ignored", "not_now: Après Noël", story.user_id("csm"))


def test_a_signal_has_its_page_and_its_verbs(story: Story) -> None:
    visitor = story.login("csm")
    signal = held(story).risks[0]
    url = f"/signals/{signal.id}"
    page = read(visitor, url)
    assert "Usage −32 %" in page and "usage, du 13 sept. 2026 au 11 nov. 2026" in page
    assert visitor.post(f"{url}/dismissal", version=str(signal.version), reason="Travaux à Orléans").status_code == 303
    assert "Travaux à Orléans" in visitor.get(url).text
    assert signal.id in {one.id for one in held(story).muted}
    assert "usage" not in " ".join(one.rule for one in held(story).advice)
    assert visitor.post(f"{url}/reopening", htmx=True).status_code == 200
    assert visitor.post(f"{url}/acknowledgement", version=str(signal.version)).status_code == 303  # somebody was faster
    assert row(story, Signal, signal.id).state == "open"


def test_what_somebody_saw(story: Story) -> None:
    visitor = story.login("csm")
    assert visitor.get("/signals/new?account=S-001").status_code == 200
    seen = {"kind": "uncertain_context", "severity": "high", "text": "Rachat en cours"}
    for account, sentence in (("Nobody", "Aucun compte"), ("Luméo Énergie", "suivi par quelqu’un d’autre")):
        refused = visitor.post("/signals", account=account, **seen)
        assert refused.status_code == 422 and sentence in refused.text
    made = visitor.post("/signals", account="S-001", **seen)
    assert made.status_code == 303
    assert "Rachat en cours" in visitor.get(made.location).text
    assert "Signalé : Contexte incertain" in visitor.get(f"/accounts/{story.id(VALMORIN)}/history?kind=signals").text


def test_the_history_tells_the_signals(story: Story) -> None:
    page = story.login("csm").get(f"/accounts/{story.id(VALMORIN)}/history?kind=signals").text
    assert "Nouveau : " in page and "Usage en baisse" in page and "Calcul automatique" in page


def test_managers_see_how_the_rules_fare(story: Story) -> None:
    assert story.login("csm").get("/risks/rules").status_code == 403
    page = story.login("manager").get("/risks/rules").text
    assert "Réengager le client avant le renouvellement" in page and "Acceptation" in page


def test_an_account_without_signals(story: Story) -> None:
    page = story.login("csm").get(f"/accounts/{story.id('Scierie du Morvan')}").text
    assert "Ni risque ni opportunité en ce moment." in page


def test_an_empty_house(app: Flask) -> None:
    settle(app)
    assert "Rien n’est encore calculé" in Visitor(app).login("manager").get("/risks").text
