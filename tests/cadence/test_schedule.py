"""Next reviews kept for every account, and what planning, holding and cancelling do to them; on both databases."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from haark.accounts.models import Account, AccountCard, ContactChange, GoLive
from haark.cadence import domain, overriding
from haark.cadence.domain import CadenceError
from haark.extensions import db
from haark.health.models import HealthSnapshot
from tests.cadence.conftest import AT, TODAY, House
from tests.support.statements import counted


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def test_timing_rv_2_each_fact_of_an_account_reaches_its_next_review(house: House):
    calm = house.client("Calme", 60_000, contract_start=date(2026, 10, 1))
    renewing = house.client("Renouvelle", 120_000, contract_start=ago(80), renewal_date=TODAY + timedelta(60))
    live = house.client("Démarre", 3_000)
    changed = house.client("Change", 3_000)
    fallen = house.client("Chute", 3_000)
    unknown = house.client("Inconnu", None)
    house.add(
        GoLive(account_id=live, date=ago(10), name="Lyon", major=True),
        GoLive(account_id=live, date=ago(2), name="Un détail", major=False),
        ContactChange(account_id=changed, kind="left", name="Anne Leclerc", role="sponsor", date=ago(3)),
        ContactChange(account_id=changed, kind="left", name="Marc", role="decision_maker", date=ago(20)),
        *(
            HealthSnapshot(account_id=fallen, day=day, score=score, band="", coverage=1, confidence=1, components=[])
            for day, score in ((TODAY, 68), (ago(1), 68), (ago(30), 80), (ago(31), 80))
        ),
    )
    with house.scope():
        card = db.session.get_one(Account, fallen).card
        card.health_score, card.health_change, card.health_on = 68, -12, TODAY
    house.schedule()
    assert house.card(calm) == (date(2027, 1, 1), "qbr", "calendar", False, False)
    assert house.card(renewing) == (date(2026, 11, 19), "qbr", "renewal", True, False)
    assert house.card(live) == (date(2026, 12, 2), "call", "golive", False, False)
    assert house.card(changed) == (date(2026, 12, 9), "call", "contact", False, False)
    assert house.card(fallen) == (ago(1) + timedelta(30), "call", "health", False, False)
    assert house.card(unknown) == (None, "", "", False, False)
    told = house.next(changed).winner
    assert told is not None and told.facts["name"] == "Anne Leclerc"
    assert house.next(fallen).winner.facts["before"] == 80  # type: ignore[union-attr]


def test_a_second_turn_writes_nothing_and_the_next_day_only_what_moved(house: House):
    late = house.client("Jamais revue", 60_000, contract_start=date(2025, 1, 1))
    steady = house.client("À jour", 60_000, contract_start=date(2026, 10, 1))
    house.schedule(late, steady)
    with counted(house.app) as again:
        house.schedule(late, steady)
    assert not [statement for statement in again if not statement.lstrip().upper().startswith(("SELECT", "BEGIN"))]
    house.schedule(late, steady, on=TODAY + timedelta(1))
    assert (house.next(late).computed_on, house.next(steady).computed_on) == (TODAY + timedelta(1), TODAY)
    assert house.next(late).winner.on == TODAY + timedelta(15)  # type: ignore[union-attr]  # still two weeks ahead


def test_a_chunk_costs_the_same_however_many_accounts_it_holds(house: House):
    def cost(count: int) -> int:
        with house.scope():
            for number in range(count):
                account = Account(name=f"C{count}-{number}", name_folded=f"c{count}-{number}", created_at=AT)
                account.contract_start = ago(number % 400)
                account.card = AccountCard(name=account.name, name_folded=account.name_folded, arr_cents=60_000_00)
                db.session.add(account)
        with counted(house.app) as sent:
            assert house.schedule() >= count
        return len(sent)

    assert cost(5) == cost(300) <= 16


def test_a_planned_review_stands_on_the_card_and_its_own_day_makes_it_late(house: House):
    client = house.client("Renouvelle", 120_000, contract_start=ago(30), renewal_date=TODAY + timedelta(60))
    with house.scope():
        review = domain.plan_review(
            client, "qbr", date(2026, 11, 19), by=house.by, at=AT, on=TODAY, urgent=True, source=("advice", 7)
        )
        assert (review.period, review.state, review.urgent, review.source_id) == ("2026-Q4", "planned", True, 7)
        ident = review.id
    assert house.card(client) == (date(2026, 11, 19), "qbr", "renewal", False, True)
    assert house.next(client).winner.late  # type: ignore[union-attr]  # the reason stays what it is
    house.schedule(client, on=date(2026, 11, 20))
    assert house.card(client) == (date(2026, 11, 19), "qbr", "renewal", True, True)
    with house.scope():
        domain.move(house.review(ident), date(2026, 12, 1), by=house.by, at=AT, on=TODAY)
    assert house.card(client)[0] == date(2026, 12, 1)
    assert house.next(client).planned.due_on == date(2026, 12, 1)  # type: ignore[union-attr]


def test_planning_again_pulls_the_day_earlier_and_a_held_period_gives_way_to_the_month(house: House):
    client = house.client("Sillon", 60_000, contract_start=ago(80))
    plan = {"by": house.by, "at": AT, "on": TODAY}
    with house.scope():
        first = domain.plan_review(client, "qbr", date(2026, 12, 10), **plan)
        later = domain.plan_review(client, "qbr", date(2026, 12, 20), **plan)
        assert (later.id, later.due_on, later.urgent) == (first.id, date(2026, 12, 10), False)
        sooner = domain.plan_review(client, "qbr", date(2026, 11, 20), **plan, urgent=True)
        assert (sooner.id, sooner.due_on, sooner.urgent) == (first.id, date(2026, 11, 20), True)
        domain.hold(sooner, TODAY, **plan)
        again = domain.plan_review(client, "qbr", date(2026, 12, 3), **plan)
        assert (again.period, again.kind) == ("2026-12", "qbr")
        domain.hold(again, TODAY, **plan)
        assert domain.plan_review(client, "qbr", date(2026, 12, 4), **plan).period == "2027-01"
        assert domain.plan_review(client, "ebr", date(2026, 12, 4), **plan).period == "2026"
        for kind, day, fault in (("qbr", ago(1), "past"), ("tea", TODAY, "unknown")):
            with pytest.raises(CadenceError) as refused:
                domain.plan_review(client, kind, day, **plan)
            assert refused.value.kind == fault


def test_holding_answers_the_reasons_and_ends_a_persons_own_day(house: House):
    client = house.client("Renouvelle", 120_000, contract_start=ago(80), renewal_date=TODAY + timedelta(60))
    act = {"by": house.by, "at": AT, "on": TODAY}
    with house.scope():
        overriding.override(client, "qbr", date(2026, 12, 24), "Comité le 24", **act)
    assert house.card(client) == (date(2026, 12, 24), "qbr", "override", False, False)
    assert [one.reason for one in house.next(client).candidates] == ["override", "renewal", "calendar", "calendar"]
    with house.scope():
        review = domain.plan_review(client, "qbr", TODAY, **act)
        domain.hold(review, TODAY, **act)
        ident = review.id
    assert house.next(client).override is None
    assert house.card(client) == (date(2027, 2, 12), "qbr", "calendar", False, False)
    with house.scope():
        domain.unhold(house.review(ident), **act)
        assert house.review(ident).state == "planned"
    assert house.card(client)[4] is True
    with house.scope():
        with pytest.raises(CadenceError):
            domain.cancel(house.review(ident), " ", **act)
        with pytest.raises(CadenceError):
            domain.hold(house.review(ident), TODAY + timedelta(1), **act)
        domain.cancel(house.review(ident), "Sponsor absent", **act)
    assert house.card(client) == (date(2026, 11, 19), "qbr", "renewal", True, False)
    with house.scope():
        with pytest.raises(CadenceError):
            domain.hold(house.review(ident), TODAY, **act)
        assert domain.plan_review(client, "qbr", date(2026, 11, 19), **act).id == ident  # planned anew
        assert house.review(ident).cancel_reason == ""
        kinds = sa.text("SELECT kind FROM event WHERE account_id = :id AND kind LIKE '%review%' ORDER BY id")
        assert [row[0] for row in db.session.execute(kinds, {"id": client})] == [
            "next_review.overridden",
            "review.planned",
            "review.held",
            "review.holding_removed",
            "review.cancelled",
            "review.planned",
        ]


def test_a_persons_own_day_can_be_taken_back(house: House):
    client = house.client("Sillon", 60_000, contract_start=ago(30))
    act = {"by": house.by, "at": AT, "on": TODAY}
    with house.scope():
        overriding.override(client, "qbr", date(2026, 12, 24), "Comité le 24", **act)
        overriding.override(client, "qbr", date(2026, 12, 28), "Comité déplacé", **act)
        with pytest.raises(CadenceError):
            overriding.override(client, "qbr", date(2026, 12, 28), "", **act)
    own = house.next(client).override
    assert own is not None
    assert (own.due_on, own.reason, own.author) == (date(2026, 12, 28), "Comité déplacé", "Claire Delorme")
    with house.scope():
        overriding.end_override(client, **act)
        overriding.end_override(client, **act)
    assert house.card(client)[2] == "calendar"
