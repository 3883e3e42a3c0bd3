"""Groupe Montclar: one account with a little of everything, owned by Claire; Hugo looks on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts.models import Contact, GoLive, Renewal, Revenue
from haark.extensions import db
from haark.measures.models import Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature
from haark.people.models import User
from tests.conftest import TODAY
from tests.support.people import PASSWORD, Visitor

Team = dict[str, int]
NOON = datetime(2026, 11, 10, 11, 0, tzinfo=UTC)


@pytest.fixture
def team(db_app: Flask) -> Team:
    from haark.people import domain

    with db_app.app_context():
        for role, name in (("csm", "Claire Delorme"), ("sales", "Hugo Marchetti"), ("manager", "Nadia Benali")):
            hashed, email = domain.hash_password(PASSWORD), f"{role}@demo.haark.test"
            db.session.add(User(email=email, name=name, role=role, password_hash=hashed, created_at=clock.now()))
        db.session.commit()
        return {user.role: user.id for user in db.session.scalars(db.select(User))}


@pytest.fixture
def open_account(db_app: Flask, team: Team) -> Callable[..., int]:
    """Adds an account owned by Claire; facts as accounts.domain.create takes them."""

    def add(name: str, **facts: Any) -> int:
        with db_app.app_context():
            found = accounts.create(
                name, by=team["csm"], at=clock.moment(), on=TODAY, **{"owner_id": team["csm"], **facts}
            )
            db.session.commit()
            return found.id

    return add


@pytest.fixture
def montclar(db_app: Flask, open_account: Callable[..., int]) -> int:
    ident = open_account(
        "Groupe Montclar",
        sector="Distribution",
        employees=1240,
        seats=80,
        external_id="S-9",
        contract_start=date(2023, 3, 13),
        renewal_date=TODAY + timedelta(days=60),
    )
    with db_app.app_context():
        _fill(ident)
        accounts.refresh_cards([ident], on=TODAY)
        db.session.commit()
    return ident


def _fill(ident: int) -> None:
    db.session.add_all(
        [
            Contact(account_id=ident, name="Sophie Marchand", role="sponsor", email="Sophie@montclar.test", main=True),
            Contact(account_id=ident, name="Paul Parti", role="champion", left_on=TODAY - timedelta(days=9)),
            Contact(account_id=ident, name="Lila Benhamou", role="day_to_day", email="lila@montclar.test"),
            Revenue(account_id=ident, date=date(2023, 3, 13), arr_cents=8_400_000, reason="new"),
            Revenue(account_id=ident, date=date(2025, 9, 18), arr_cents=10_800_000, reason="expansion"),
            Revenue(account_id=ident, date=date(2026, 6, 15), arr_cents=12_000_000, reason="expansion"),
            Renewal(account_id=ident, date=date(2026, 1, 11), outcome="renewed", reason="deux ans de plus"),
            GoLive(account_id=ident, date=date(2024, 2, 1), name="Lyon", major=True),
            talk(ident, "a", NOON, "Point mensuel", contact_email="sophie@montclar.test"),
            Ticket(account_id=ident, identity="t", external_id="4821", opened_at=NOON, subject="Import EDI lent"),
            Survey(account_id=ident, identity="s", date=date(2026, 10, 19), kind="nps", score=9, comment="Très bien"),
        ]
    )
    routing = Feature(key="routing", name="Tournées")
    forecast = Feature(key="forecast", name="Prévision", premium=True)
    db.session.add_all([routing, forecast])
    db.session.flush()
    for back in range(1, 400):
        day = TODAY - timedelta(days=back)
        users = 0 if day.weekday() > 4 else 40 if back <= 30 else 60
        db.session.add(UsageDay(account_id=ident, day=day, active_users=users, events=users * 10, logins=users * 2))
        if back <= 90:
            row = {"account_id": ident, "day": day, "feature_id": routing.id}
            db.session.add(UsageFeature(**row, active_users=users // 2, events=users))


def talk(ident: int, identity: str, at: datetime, summary: str, kind: str = "call", **facts: Any) -> Interaction:
    return Interaction(account_id=ident, identity=identity, at=at, kind=kind, summary=summary, **facts)


@pytest.fixture
def claire(db_app: Flask, team: Team) -> Visitor:
    return Visitor(db_app).login("csm")


@pytest.fixture
def hugo(db_app: Flask, team: Team) -> Visitor:
    return Visitor(db_app).login("sales")
