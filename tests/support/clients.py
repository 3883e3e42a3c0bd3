"""A small house by hand: five people, three accounts and one of each thing on them. For tests that need no sample."""

from datetime import date, timedelta
from types import SimpleNamespace

from flask import Flask

from haark import clock, formats
from haark.accounts.models import Account, AccountCard, Contact, Renewal
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.people import domain as people
from haark.people.models import User
from haark.plans.models import Milestone, Objective, Plan
from haark.value.models import RoiCase, RoiLine
from tests.support.people import PASSWORD, Visitor

PEOPLE = {
    "csm": "Claire Delorme",
    "sales": "Hugo Marchetti",
    "manager": "Nadia Benali",
    "admin": "Paul Roussel",
    "other": "Inès Caron",
}
TODAY = date(2026, 11, 12)


def settle(app: Flask) -> SimpleNamespace:
    """Ids by name: `house.users["csm"]`, `house.own` (Claire's account), `house.foreign` (Inès's), `house.deleted`."""
    with app.app_context():
        users = {role: _user(role, name) for role, name in PEOPLE.items()}
        house = SimpleNamespace(app=app, users=users, objects={})
        for key, owner in (("own", "csm"), ("foreign", "other"), ("deleted", "csm")):
            account = _account(key, users[owner])
            setattr(house, key, account.id)
            house.objects[key] = {"account": account.id, **_things(account.id, users[owner], key == "deleted")}
            account.deleted_at = clock.now() if key == "deleted" else None
        db.session.commit()
    house.login = lambda role: Visitor(app).login(role)
    return house


def _user(role: str, name: str) -> int:
    hashed = people.hash_password(PASSWORD)
    actual = "csm" if role == "other" else role
    user = User(email=f"{role}@demo.haark.test", name=name, role=actual, password_hash=hashed, created_at=clock.now())
    db.session.add(user)
    db.session.flush()
    return user.id


def _account(key: str, owner: int) -> Account:
    name = {"own": "Groupe Valmorin", "foreign": "Ateliers Kerneis", "deleted": "Ancien Client"}[key]
    account = Account(name=name, name_folded=formats.fold(name), owner_id=owner, created_at=clock.now())
    db.session.add(account)
    db.session.flush()
    db.session.add(AccountCard(account_id=account.id, name=name, name_folded=formats.fold(name), owner_id=owner))
    return account


def _things(account_id: int, owner: int, deleted: bool) -> dict[str, int]:
    at = clock.now() if deleted else None
    contact = Contact(account_id=account_id, name="Julien Perrot")
    db.session.add(contact)
    db.session.flush()
    made = {"contact": contact, "term": Renewal(account_id=account_id, date=TODAY, outcome="renewed")}
    promise = {"account_id": account_id, "created_at": clock.now(), "due_on": TODAY - timedelta(days=2)}
    made["action"] = ActionItem(title="Rouvrir les accès", owner_user_id=owner, deleted_at=at, **promise)
    made["removed_action"] = ActionItem(
        title="Retirée", owner_user_id=owner, deleted_at=None if deleted else clock.now(), **promise
    )
    made["plan"] = Plan(account_id=account_id, vision="Livrer à l’heure")
    made["objective"] = Objective(account_id=account_id, title="Litiges sous 48 h", deleted_at=at)
    made["removed_objective"] = Objective(
        account_id=account_id, title="Retiré", deleted_at=None if deleted else clock.now()
    )
    made["milestone"] = Milestone(account_id=account_id, title="Pilote à Lyon", deleted_at=at)
    made["removed_milestone"] = Milestone(
        account_id=account_id, title="Retiré", deleted_at=None if deleted else clock.now()
    )
    made["roi_case"] = RoiCase(
        account_id=account_id,
        licence_cents=2_400_000,
        one_time_cents=1_000_000,
        lines=[
            RoiLine(
                category="time_saved",
                label="Litiges",
                people=10,
                hours_per_day=8,
                days_per_year=220,
                hourly_cost_cents=3_500,
                saved_percent=30,
            )
        ],
    )
    db.session.add_all(thing for name, thing in made.items() if name != "contact")
    db.session.flush()
    return {name: thing.id for name, thing in made.items()}
