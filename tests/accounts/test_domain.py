"""Creating and changing accounts, and the cards that follow."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import clock
from haark.accounts import domain, queries
from haark.accounts.models import Account, AccountCard, AccountTag, Revenue
from haark.events.models import Event
from haark.extensions import db
from haark.people.models import User
from haark.settings import domain as settings
from tests.support.statements import counted

ON = date(2026, 11, 12)


def make(name: str = "Société Écluse", **facts: object) -> Account:
    return domain.create(name, by=None, at=clock.moment(), on=ON, **facts)


def card_of(account: Account) -> AccountCard:
    db.session.expire_all()
    return db.session.get_one(AccountCard, account.id)


def test_a_new_account_is_found_and_has_its_card(db_app: Flask) -> None:
    with db_app.app_context():
        account = make(external_id="E-1", employees=250, declared_arr_cents=20_000_00)
        card = card_of(account)
        assert (card.name, card.size, card.segment, card.arr_cents) == (
            "Société Écluse",
            "250-999",
            "strategic",
            2_000_000,
        )
        assert (card.arr_before_cents, card.arr_change, card.arr_spark) == (None, None, "")
        for key in ("E-1", "Société Écluse", "societe ecluse"):
            assert queries.find_account(key).id == account.id
        assert queries.find_account("nobody") is None


def test_a_shared_name_needs_the_external_id(app: Flask) -> None:
    with app.app_context():
        make("Alba", external_id="A")
        make("Alba", external_id="B")
        assert queries.find_account("B").external_id == "B"
        with pytest.raises(queries.SeveralAccounts):
            queries.find_account("Alba")


def test_a_change_leaves_before_and_after(db_app: Flask) -> None:
    with db_app.app_context():
        person = User(email="c@x.test", name="Claire", role="csm", created_at=clock.moment())
        db.session.add(person)
        account = make(seats=80, renewal_date=date(2027, 1, 11))
        domain.change(account.id, account.version, by=person.id, at=clock.moment(), on=ON, seats=90, name="Écluse SA")
        event = db.session.scalars(sa.select(Event).where(Event.kind == "account.changed")).one()
        assert event.data["changes"] == {"name": ["Société Écluse", "Écluse SA"], "seats": [80, 90]}
        assert event.actor_id == person.id
        assert card_of(account).name_folded == "ecluse sa"


def test_saving_the_same_changes_nothing(app: Flask) -> None:
    with app.app_context():
        account = make(seats=80)
        domain.change(account.id, account.version, by=None, at=clock.moment(), on=ON, seats=80)
        assert account.version == 1
        assert db.session.scalar(sa.select(sa.func.count()).where(Event.kind == "account.changed")) == 0


def test_who_saves_an_old_version_is_told_what_is_there_now(app: Flask) -> None:
    with app.app_context():
        account = make(seats=80)
        seen = account.version
        domain.change(account.id, seen, by=None, at=clock.moment(), on=ON, seats=90)
        with pytest.raises(domain.ChangedMeanwhile) as refused:
            domain.change(account.id, seen, by=None, at=clock.moment(), on=ON, seats=70)
        assert refused.value.present == {"seats": 90}


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"name": "  "}, "name"),
        ({"seats": -1}, "negative"),
        ({"declared_arr_cents": -5}, "negative"),
        ({"contract_start": date(2026, 2, 1), "renewal_date": date(2026, 1, 31)}, "dates"),
        ({"external_id": "E-1"}, "taken"),
        ({"version": 3}, "field"),
    ],
)
def test_what_cannot_be_true_is_refused(app: Flask, facts: dict[str, object], kind: str) -> None:
    with app.app_context():
        make("Autre", external_id="E-1")
        with pytest.raises(domain.AccountError) as refused:
            make(**({"name": "Nouveau"} | facts))
        assert refused.value.kind == kind


def test_the_card_follows_the_revenue_and_the_rate(db_app: Flask) -> None:
    with db_app.app_context():
        settings.put("currency.rates", {"USD": {"2026-10": 0.5}}, by=None, at=clock.moment())
        paid, unknown = make("Dollar", currency="USD"), make("Livre", currency="GBP")
        for account in (paid, unknown):
            for day, arr in ((date(2024, 1, 1), 100_000_00), (date(2026, 1, 1), 120_000_00)):
                db.session.add(Revenue(account_id=account.id, date=day, arr_cents=arr))
        refreshed = domain.refresh_cards(on=ON)
        assert (refreshed.written, refreshed.without_rate) == (1, 1)
        card = card_of(paid)
        assert (card.arr_cents, card.arr_before_cents, card.segment) == (60_000_00, 50_000_00, "strategic")
        assert card.arr_change == pytest.approx(0.2)
        assert card.arr_spark.startswith("M")
        assert card_of(unknown).arr_cents is None
        assert domain.refresh_cards(on=ON).written == 0


def test_a_deleted_account_loses_its_card(app: Flask) -> None:
    with app.app_context():
        account = make()
        account.deleted_at = clock.moment()
        db.session.flush()
        domain.refresh_cards(on=ON)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AccountCard)) == 0


@pytest.mark.parametrize("number", [3, 60])
def test_refreshing_takes_the_same_statements_for_any_number(app: Flask, number: int) -> None:
    with app.app_context():
        for index in range(number):
            db.session.add(Account(name=f"C{index}", name_folded=f"c{index}", created_at=clock.moment()))
        db.session.flush()
        db.session.commit()
        with counted(app) as sent:
            assert domain.refresh_cards(on=ON).written == number
        assert len(sent) <= 10, sent


def test_the_rows_of_tags_follow_the_account(db_app: Flask) -> None:
    def rows() -> list[str]:
        return list(db.session.scalars(sa.select(AccountTag.tag).order_by(AccountTag.tag)))

    with db_app.app_context():
        account = make(tags=["VIP", "Lyon ", "VIP", " "])
        assert rows() == ["Lyon", "VIP"]
        domain.change(account.id, account.version, by=None, at=clock.moment(), on=ON, tags=["Lyon", "Test " * 20])
        assert rows() == ["Lyon", ("Test " * 20)[:60].strip()]
        account.deleted_at = clock.moment()
        db.session.flush()
        domain.refresh_cards(on=ON)
        assert rows() == []


def test_the_header_says_what_the_page_shows(db_app: Flask) -> None:
    with db_app.app_context():
        account = make(
            "Groupe Valmorin",
            declared_arr_cents=12_000_000,
            contract_start=date(2023, 3, 1),
            renewal_date=date(2027, 1, 11),
        )
        with counted(db_app) as sent:
            head = queries.header(account.id, ON)
        assert len(sent) <= 3
        assert (head.arr_cents, head.mrr_cents, head.segment) == (12_000_000, 1_000_000, "enterprise")
        assert (head.tenure_months, head.renewal_days, head.health_score) == (44, 60, None)
