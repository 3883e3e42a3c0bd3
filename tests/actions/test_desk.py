"""The page of all actions: views, orders, filters and places in the address; done, put off, changed in place and many
at once; the panel with its steps and comments."""

import re

import pytest
import sqlalchemy as sa

from haark.actions import sources
from haark.actions.models import ActionItem, ActionStep
from haark.comments.models import Comment
from haark.extensions import db
from haark.notices.models import Notice
from haark.plans.models import Milestone
from tests.support.clients import settle
from tests.support.statements import counted

FIELDS = {"title": "Former Lyon", "owner": "", "due_on": "2026-11-20", "state": "open", "note": "", "serves": ""}


@pytest.fixture
def house(app):
    return settle(app)


def read(house, model, ident):
    with house.app.app_context():
        return db.session.get(model, ident)


def titles(page):
    return re.findall(r'data-peek>(?:<s class="muted">)?([^<]+)<', page)


def test_it_opens(house):
    page = house.login("csm").get("/actions")
    assert page.status_code == 200 and titles(page.text) == ["Rouvrir les accès"]
