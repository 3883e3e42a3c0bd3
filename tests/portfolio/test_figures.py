"""Figures of many accounts, and that nothing kept in memory outlives a write."""

import re

import pytest
from flask import Flask
from sqlalchemy import update

from haark import fragments
from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.portfolio import facets, queries, rules
from haark.portfolio.rules import View
from tests.conftest import TODAY
from tests.portfolio.conftest import fill
from tests.support.people import Visitor
from tests.support.statements import counted

TOKEN = re.compile(r'(?:value="|X-CSRFToken": ")I[jm][^"]+"')


@pytest.fixture
def sixty(db_app: Flask, team: dict[str, int]) -> Flask:
    with db_app.app_context():
        fill(60, sorted(team.values()))
    return db_app


def count_of(page: str) -> str:
    found = re.search(r'id="count"[^>]*>([^<]*)<', page)
    assert found
    return found[1]


def bare(page: str) -> str:
    """Without the tokens of forms and headers, which say when they were made."""
    return TOKEN.sub("", page)


def test_a_write_shows_in_the_very_next_answer(sixty: Flask, claire: Visitor) -> None:
    addresses = ("/portfolio", "/portfolio?health=red", "/portfolio?q=societe")
    before = [bare(claire.get(address).text) for address in addresses]
    with counted(sixty) as statements:
        assert [bare(claire.get(address).text) for address in addresses] == before
    assert sum("BEGIN" not in one for one in statements) <= 3 * 8
    with sixty.app_context():
        db.session.execute(
            update(AccountCard).where(AccountCard.account_id == 4).values(health_band="red", name="Nouvel")
        )
        db.session.commit()
    after = [claire.get(address).text for address in addresses]
    assert all("Nouvel" in page for page in after)
    assert count_of(after[1]) != count_of(before[1]) and count_of(after[0]) == count_of(before[0])


def test_of_very_many_accounts_the_figures_follow_the_page(
    sixty: Flask, team: dict[str, int], claire: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/portfolio?q=societe&health=green&health=red&health=yellow"
    whole = claire.get(address).text
    monkeypatch.setattr(rules, "MOST_COUNTED", 20)
    sixty.extensions.pop("haark_portfolio", None)
    sixty.extensions["haark_fragments"] = fragments.Kept()  # what was drawn did not know of a limit that moves
    page = claire.get(address).text
    assert count_of(page) == "plus de 20 comptes" and 'aria-busy="true"' in page
    assert 'name="sector" value="Santé"' in page  # every filter is on offer, without its counts
    assert page.count("<tr id=") == whole.count("<tr id=")
    link = re.search(r'hx-get="(/portfolio/figures[^"]+)"', page)
    assert link
    answer = claire.get(link[1].replace("&amp;", "&"), htmx=True).text
    for part in ("count", "kpis"):
        assert count_of(answer) == count_of(whole), part
    plain = claire.get(f"{address}&whole=1").text
    assert count_of(plain) == count_of(whole) and 'aria-busy="true"' not in plain
    with sixty.app_context():
        view = View(health=("green", "red", "yellow"))
        totals = queries.totals(view, team["csm"], TODAY, whole=True)
        monkeypatch.setattr(rules, "MOST_COUNTED", 10_000)
        assert totals == queries.totals(view, team["csm"], TODAY)
        few = facets.facets(view, team["csm"], TODAY)
        monkeypatch.setattr(rules, "MOST_COUNTED", 20)
        assert facets.facets(view, team["csm"], TODAY, whole=True) == few
