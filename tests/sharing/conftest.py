"""A house whose plan is shared with two contacts, and browsers that came in by a link."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from haark import clock
from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.plans import links
from tests.support.clients import TODAY, settle

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


class Guest:
    """A browser behind a link; `post` carries the form token of the page, unless another one is given."""

    def __init__(self, app: Flask, link_id: int, secret: str) -> None:
        self.client, self.home, self.secret = app.test_client(), f"/s/p/{link_id}", secret
        self.token = ""

    def enter(self) -> "Guest":
        assert self.client.post(f"/s/{self.secret}").status_code == 303
        found = TOKEN.search(self.page())
        assert found
        self.token = found[1]
        return self

    def get(self, path: str = "") -> TestResponse:
        return self.client.get(self.home + path)

    def page(self) -> str:
        answer = self.get()
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self.client.post(self.home + path, data={"token": self.token, **fields})


@pytest.fixture
def house(app: Flask) -> SimpleNamespace:
    """`house.sophie` (French) and `house.guest()`: her browser; her action is `house.task`."""
    house = settle(app)
    with app.app_context():
        db.session.get_one(Account, house.own).sector = "Distribution"
        sophie = Contact(account_id=house.own, name="Sophie Marchand", email="sophie@valmorin.test", role="sponsor")
        db.session.add(sophie)
        db.session.flush()
        task = ActionItem(account_id=house.own, title="Valider les objectifs", owner_contact_id=sophie.id)
        theirs = ActionItem(account_id=house.own, title="Tarifs", owner_contact_id=house.objects["own"]["contact"])
        task.created_at = theirs.created_at = clock.now()
        db.session.add_all((task, theirs))
        db.session.commit()
        house.sophie, house.task, house.colleagues = sophie.id, task.id, theirs.id
    house.link = lambda contact_id=house.sophie: link(house, contact_id)
    house.guest = lambda contact_id=house.sophie: Guest(app, *link(house, contact_id)).enter()
    return house


def link(house: SimpleNamespace, contact_id: int) -> tuple[int, str]:
    """A new link of a contact: its id and its secret."""
    with house.app.app_context():
        contact = db.session.get_one(Contact, contact_id)
        made = links.issue(contact, by=house.users["csm"], at=clock.moment(), on=TODAY)
        db.session.commit()
        return made.id, links.token_of(made)
