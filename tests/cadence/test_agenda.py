"""The agenda of reviews as people use it, without JavaScript: filters in the address, and what they can do."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.accounts.models import Account, AccountCard
from haark.cadence import domain, load, queries, steps
from haark.cadence.models import Review, ReviewOverride
from haark.extensions import db
from tests.cadence.conftest import AT, TODAY, House
from tests.conftest import Story
from tests.support.people import Visitor
from tests.support.statements import counted

NAME = re.compile(r'<td class="c-name"><a class="acct"[^>]*>.*?<b>([^<]+)</b>', re.S)


def names(visitor: Visitor, address: str) -> list[str]:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return NAME.findall(answer.text)


def version_in(page: str) -> str:
    found = re.search(r'name="version" type="hidden" value="(\d+)"', page)
    assert found is not None, page
    return found.group(1)


@pytest.fixture
def portfolio(house: House) -> dict[str, int]:
    ids = {
        "En retard": house.client("En retard", 60_000, contract_start=date(2025, 1, 1)),
        "Bientôt": house.client("Bientôt", 60_000, contract_start=date(2026, 8, 20)),
        "Plus tard": house.client("Plus tard", 60_000, contract_start=date(2026, 10, 20)),
        "Prévue": house.client("Prévue", 60_000, contract_start=date(2026, 8, 25)),
        "Ailleurs": house.client("Ailleurs", 60_000, owner="other", contract_start=date(2026, 8, 18)),
        "Sans revue": house.client("Sans revue", 3_000),
    }
    house.schedule()
    with house.scope():
        domain.plan_review(ids["Prévue"], "qbr", date(2026, 11, 24), by=house.by, at=AT, on=TODAY)
    return ids


def test_late_ones_come_first_then_by_day_and_each_filter_shows_its_own(house: House, portfolio: dict[str, int]):
    claire = house.base.login("csm")
    assert names(claire, "/reviews") == ["En retard", "Bientôt", "Prévue", "Plus tard"]
    assert names(claire, "/reviews?scope=team") == ["En retard", "Ailleurs", "Bientôt", "Prévue", "Plus tard"]
    assert names(claire, "/reviews?state=late") == ["En retard"]
    assert names(claire, "/reviews?state=due") == ["Bientôt", "Plus tard"]
    assert names(claire, "/reviews?state=planned") == ["Prévue"]
    assert names(claire, "/reviews?week=2026-11-19") == ["Bientôt"]  # a day stands for its week
    other = house.base.users["other"]
    assert names(claire, f"/reviews?scope=team&owner={other}") == ["Ailleurs"]
    page = claire.get("/reviews").text
    assert "Aucune revue tenue depuis le début, le 1 janv. 2025" in page  # the reason, with its numbers
    assert "1 avr. 2025, dépassé de 590 j" in page
    assert "Planifier d’ici le" in page  # the next step and its day
    assert names(house.base.login("manager"), "/reviews")[1] == "Ailleurs"  # a manager starts with the team
    for odd in ("?state=x&scope=y&owner=z&week=w&after=v", "?after=1.2026-11-19.99&owner=", "?after=9.x.1"):
        assert claire.get("/reviews" + odd).status_code == 200


def test_the_date_is_accepted_in_one_click_and_leads_back_to_the_list(house: House, portfolio: dict[str, int]):
    claire, client = house.base.login("csm"), portfolio["En retard"]
    page = claire.get("/reviews?state=late").text
    assert f'action="/accounts/{client}/planned-reviews"' in page
    fields = {"kind": "qbr", "due_on": "2026-11-26", "next": "/reviews?state=late&scope=mine"}
    answer = claire.post(f"/accounts/{client}/planned-reviews", **fields)
    assert (answer.status_code, answer.location) == (303, "/reviews?state=late&scope=mine")
    planned = claire.get("/reviews?state=planned").text
    assert NAME.findall(planned) == ["Prévue", "En retard"]
    assert "QBR à tenir le 26 nov. 2026" in planned
    assert names(claire, "/reviews?state=late") == []
    elsewhere = claire.post(f"/accounts/{client}/planned-reviews", **{**fields, "next": "//evil.example"})
    assert elsewhere.location == f"/accounts/{client}/next-review"


def test_another_date_needs_a_reason_and_can_be_taken_back(house: House, portfolio: dict[str, int]):
    claire, client = house.base.login("csm"), portfolio["Bientôt"]
    url = f"/accounts/{client}/next-review"
    refused = claire.post(f"{url}/date", kind="qbr", due_on="2026-12-24", reason=" ")
    assert refused.status_code == 422
    assert "Dites pourquoi en une phrase." in refused.text
    past = claire.post(f"{url}/date", kind="qbr", due_on="2026-11-11", reason="Comité")
    assert past.status_code == 422
    assert "Choisissez aujourd’hui ou un jour à venir." in past.text
    assert claire.post(f"{url}/date", kind="qbr", due_on="2026-12-24", reason="Comité le 24").status_code == 303
    shown = claire.get(url).text
    assert "Comité le 24" in shown
    assert "Écartée" in shown  # the computed date waits behind it
    history = claire.get(f"/accounts/{client}/history").text
    assert "date choisie par une personne" in history
    assert "24 déc. 2026" in history
    assert claire.post(f"{url}/date/removal").status_code == 303
    assert "Comité le 24" not in claire.get(url).text
    with house.scope():
        assert db.session.scalar(sa.select(sa.func.count()).where(ReviewOverride.ended_at.is_(None))) == 0
    # Somebody else's account is shown, and not theirs to change.
    theirs = portfolio["Ailleurs"]
    assert "Choisir une autre date" not in claire.get(f"/accounts/{theirs}/next-review").text
    assert claire.post(f"/accounts/{theirs}/planned-reviews", kind="qbr", due_on="2026-12-01").status_code == 403


def test_a_planned_review_is_held_moved_or_cancelled_and_nobody_overwrites_anybody(
    house: House, portfolio: dict[str, int]
):
    claire, client = house.base.login("csm"), portfolio["Prévue"]
    with house.scope():
        planned = queries.planned_of(client)
        assert planned is not None
    url = f"/reviews/{planned.id}"
    version = version_in(claire.get(f"{url}/outcome").text)
    assert claire.post(f"{url}/date", due_on="2026-12-02", version=version).status_code == 303
    late = claire.post(f"{url}/holding", held_on="2026-11-12", version=version)
    assert late.status_code == 409
    version = version_in(claire.get(f"{url}/outcome").text)
    tomorrow = claire.post(f"{url}/holding", held_on="2026-11-13", version=version)
    assert tomorrow.status_code == 422
    assert "Ce jour n’est pas encore passé." in tomorrow.text
    assert claire.post(f"{url}/holding", held_on="2026-11-10", version=version).status_code == 303
    assert names(claire, "/reviews?state=held") == ["Prévue"]
    assert "QBR Q4 2026 tenue le 10 nov. 2026" in claire.get(f"/accounts/{client}/history?kind=reviews").text
    assert claire.post(f"{url}/holding/removal").status_code == 303
    assert names(claire, "/reviews?state=held") == []
    version = version_in(claire.get(f"{url}/outcome").text)
    assert claire.post(f"{url}/cancellation", reason="", version=version).status_code == 422
    assert claire.post(f"{url}/cancellation", reason="Client indisponible", version=version).status_code == 303
    assert "Client indisponible" in claire.get(f"/accounts/{client}/reviews").text
    assert names(claire, "/reviews?state=planned") == []
    assert claire.post(f"{url}/cancellation/removal").status_code == 303
    assert names(claire, "/reviews?state=planned") == ["Prévue"]


def test_a_review_that_haark_did_not_know_of_moves_the_calendar(house: House, portfolio: dict[str, int]):
    claire, client = house.base.login("csm"), portfolio["En retard"]
    assert claire.post(f"/accounts/{client}/held-reviews", kind="qbr", held_on="2026-11-13").status_code == 422
    assert claire.post(f"/accounts/{client}/held-reviews", kind="qbr", held_on="2026-10-01").status_code == 303
    assert house.card(client) == (date(2027, 1, 1), "qbr", "calendar", False, False)
    listed = claire.get(f"/accounts/{client}/reviews").text
    assert "QBR Q4 2026" in listed
    assert "pas de deck" in listed


def test_generating_takes_the_planned_review_over(story: Story):
    """RV-9: planned, then preparing; the same review keeps its day, and its page says what to do before."""
    claire, client = story.login("csm"), story.id("Groupe Valmorin")
    assert claire.post(f"/accounts/{client}/planned-reviews", kind="qbr", due_on="2026-11-19").status_code == 303
    with story.app.app_context():
        planned = queries.planned_of(client)
        assert planned is not None
        assert (planned.period, planned.state) == ("2026-Q4", "planned")
    page = claire.get(f"/reviews/{planned.id}").text
    assert "Rien n’est encore écrit" in page
    assert f'href="/accounts/{client}/reviews/new?period=2026-Q4&amp;kind=qbr"' in page
    fields = {"period": "2026-Q4", "sections": ["results", "usage"], "kind": "qbr", "language": "fr"}
    answer = claire.post(f"/accounts/{client}/reviews", **fields)
    assert answer.location == f"/reviews/{planned.id}"
    with story.app.app_context():
        review = db.session.get_one(Review, planned.id)
        assert (review.state, review.due_on, review.sections) == (
            "preparing",
            TODAY + timedelta(7),
            ["results", "usage"],
        )
    # A month that was planned can be generated too, though the form does not offer months by itself.
    assert claire.post(f"/accounts/{client}/planned-reviews", kind="call", due_on="2026-11-18").status_code == 303
    month = {**fields, "period": "2026-11", "kind": "call"}
    assert claire.post(f"/accounts/{client}/reviews", **month).status_code == 303
    assert claire.post(f"/accounts/{client}/reviews", **{**fields, "period": "2027-Q1"}).status_code == 422
    with story.app.app_context():
        assert (
            db.session.scalar(
                sa.select(sa.func.count()).where(Review.account_id == client, Review.state == "preparing")
            )
            == 2
        )


def test_a_review_that_was_held_without_a_deck_says_so(story: Story):
    claire, client = story.login("csm"), story.id("Groupe Valmorin")
    with story.app.app_context():
        held = db.session.scalars(
            sa.select(Review.id).where(Review.account_id == client, Review.held_on.is_not(None)).limit(1)
        ).one()
    page = claire.get(f"/reviews/{held}")
    assert page.status_code == 200
    assert "Cette revue n’a pas de deck" in page.text
    assert "Refresh" not in page.headers


def test_the_next_step_and_the_load_of_a_week():
    """RV-7, RV-9: the preparation opens 14 days before the day and is to be ready 7 days before; a client is invited
    two weeks ahead; who did not hold it in time is asked what became of it."""
    due = date(2026, 12, 1)
    opens, ready = date(2026, 11, 17), date(2026, 11, 24)
    assert steps.next_step("", due, TODAY) == ("plan", opens)
    assert steps.next_step("planned", due, TODAY) == ("generate", opens)
    assert steps.next_step("preparing", due, TODAY) == ("invite", opens)
    assert steps.next_step("scheduled", due, ready) == ("prepare", ready)
    assert steps.next_step("scheduled", due, ready + timedelta(1)) == ("hold", due)
    assert steps.next_step("scheduled", due, due) == ("hold", due)
    assert steps.next_step("planned", due, date(2026, 12, 2)) == ("settle", None)
    for over in ("held", "recapped", "closed", "cancelled"):
        assert steps.next_step(over, due, TODAY) == ("", None)
    # QBRs of 2 h 45 under a cap of 12 hours: the fourth one fills the week.
    assert [load.level(count * 2.75, 2.75, 12) for count in (0, 1, 3, 4, 5)] == ["", "some", "some", "full", "over"]


def test_a_page_costs_the_same_with_sixty_and_with_two_thousand_accounts(db_app: Flask, house: House):
    claire, seen = house.base.login("manager"), []
    for count in (60, 2_000):
        with house.scope():
            for number in range(count):
                name = f"C{count}-{number}"
                account = Account(name=name, name_folded=name.lower(), created_at=AT, owner_id=house.by)
                account.contract_start = TODAY - timedelta(20 + number % 300)
                account.card = AccountCard(name=name, name_folded=name.lower(), arr_cents=60_000_00)
                db.session.add(account)
        house.schedule()
        with counted(db_app) as sent:
            page = claire.get("/reviews").text
        seen.append(len(sent))
        assert len(NAME.findall(page)) == 50
    assert seen[1] <= seen[0] <= 11  # with many late ones the others need not be read
    first = NAME.findall(page)
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    second = names(claire, following.group(1).replace("&amp;", "&"))
    assert len(second) == 50
    assert not set(first) & set(second)
