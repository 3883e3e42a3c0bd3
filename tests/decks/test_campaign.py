"""Four accounts of the sample from all sides; `bin/torture decks` looks at every one, in three languages."""

import os
import shutil

import pytest

from haark.accounts.models import Account, AccountCard
from haark.extensions import db
from tests.conftest import TODAY
from tests.decks import campaign


@pytest.fixture
def four(story):
    """The deck of the richest, of the poorest, of the longest name, and a Ukrainian one, each as its client gets it."""
    with story.app.app_context():
        rows = db.session.execute(
            db.select(Account.id, Account.name, Account.language, AccountCard.arr_cents)
            .join(AccountCard, AccountCard.account_id == Account.id)
            .order_by(Account.id)
        ).all()
        paying = [row for row in rows if row.arr_cents]
        chosen = {
            "richest": max(paying, key=lambda row: row.arr_cents),
            "poorest": min(paying, key=lambda row: row.arr_cents),
            "longest": max(rows, key=lambda row: len(row.name)),
        }
        chosen["ukrainian"] = next((row for row in rows if row.language == "uk"), chosen["longest"])
        languages = {name: row.language for name, row in chosen.items()} | {"ukrainian": "uk"}
        stored = {name: campaign.stored_of(row.id, "2026-Q4", TODAY) for name, row in chosen.items()}
        yield {name: campaign.deck_of(stored[name], languages[name]) for name in chosen}


def test_four_accounts_leave_nothing_to_find(four, tmp_path):
    looks = [campaign.look(deck, name, tmp_path, twice=name == "poorest") for name, deck in four.items()]
    if shutil.which("soffice") is not None:
        campaign.office(looks, tmp_path)
    else:
        assert os.environ.get("CI") != "true", "LibreOffice is missing: bin/setup --dev installs it"
    assert {one.name: one.wrong for one in looks} == {name: [] for name in four}
    assert all(one.pages >= 2 for one in looks)
