"""The list on both databases: what is kept, in which order, counted how, compared with the same done by hand."""

import random
import re
from collections import Counter, defaultdict
from typing import Any

import pytest
from flask import Flask

from haark import formats
from haark.accounts import retention
from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.people.models import User
from haark.portfolio import facets, queries, rules
from haark.portfolio.rules import AT_RISK, FACETS, ME, NONE, UNKNOWN, View
from haark.signals.models import Signal
from tests.conftest import TODAY
from tests.portfolio.conftest import fill, plant
from tests.support.people import Visitor

ROW = re.compile(r'<tr id="acc-(\d+)"')
Card = dict[str, Any]


def cards() -> list[Card]:
    rows = db.session.execute(
        db.select(*AccountCard.__table__.c, User.name.label("owner")).outerjoin(User, User.id == AccountCard.owner_id)
    )
    kinds: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for signal in db.session.scalars(db.select(Signal).where(Signal.state.in_(["open", "acknowledged"]))):
        kinds[signal.account_id].add((signal.side, signal.kind))
    found: list[Card] = [{**row._mapping, "signals": kinds[row.account_id]} for row in rows]
    for card in found:
        card["values"] = {facet: values_of(card, facet) for facet in FACETS}
    return found


def values_of(card: Card, facet: str) -> set[str]:
    """All the values of a filter that this account belongs to."""
    if facet in ("risk", "opportunity"):
        kinds = {kind for side, kind in card["signals"] if side == facet}
        return (kinds or {NONE}) | ({AT_RISK} if facet == "risk" and card["at_risk"] else set())
    if facet == "renewal":
        days = card["renewal_date"] and (card["renewal_date"] - TODAY).days
        if days is None:
            return {UNKNOWN}
        return {"past"} if days < 0 else {str(window) for window in rules.WINDOWS if days <= window}
    if facet == "review":
        return reviews_of(card)
    found = {"health": card["health_band"], "owner": card["owner_id"]}.get(facet, card.get(facet))
    return {str(found) if found else UNKNOWN}


def reviews_of(card: Card) -> set[str]:
    due, late, planned = card["next_review_on"], card["next_review_late"], card["next_review_planned"]
    if due is None and not planned:
        return {NONE}
    soon = due is not None and not late and (due - TODAY).days <= 30
    return {name for name, true in (("late", late), ("due", soon), ("planned", planned)) if true}


def kept(card: Card, view: View, me: int, but: str = "") -> bool:
    """The filter, said in Python."""
    text = formats.fold(view.q)
    if text and text not in card["name_folded"] and text not in card["external_id"].lower():
        return False
    for facet in FACETS:
        wanted = {str(me) if value == ME else value for value in view.chosen(facet)}
        if facet != but and wanted and not wanted & card["values"][facet]:
            return False
    return True


def some_view(dice: random.Random) -> View:
    pool = {
        "sector": ["Distribution", "Santé", UNKNOWN],
        "size": ["1-49", "1000+", UNKNOWN],
        "segment": ["growth", "enterprise", UNKNOWN],
        "health": ["green", "red", UNKNOWN],
        "risk": [AT_RISK, "usage_drop", "silence", NONE, "nothing_of_the_kind"],
        "opportunity": ["promoter", "premium_unused", NONE],
        "renewal": ["past", "30", "90", "180", UNKNOWN],
        "review": ["late", "due", "planned", NONE],
        "owner": ["me", "2", UNKNOWN],
    }
    picked = {
        facet: tuple(dice.sample(values, dice.randint(1, 2))) for facet, values in pool.items() if dice.random() < 0.3
    }
    return View(q=dice.choice(["", "", "SOCIETE 000", "ext-0001"]), **picked)


@pytest.fixture
def portfolio(db_app: Flask, team: dict[str, int]) -> Flask:
    with db_app.app_context():
        fill(137, sorted(team.values()))
    return db_app


def test_filters_combine_and_every_count_is_right(portfolio: Flask, team: dict[str, int]) -> None:
    dice, me = random.Random(7), team["csm"]
    with portfolio.app_context():
        everything = cards()
        for _ in range(40):
            view = some_view(dice)
            mine = [card for card in everything if kept(card, view, me)]
            assert every_page(view, me) == {card["account_id"] for card in mine}
            check_totals(view, me, mine)
            for facet in facets.facets(view, me, TODAY):
                expected = Counter(
                    value
                    for card in everything
                    if kept(card, view, me, but=facet.name)
                    for value in card["values"][facet.name]
                )
                found = {choice.value: choice.count for choice in facet.choices if choice.count}
                assert found == dict(expected), (view, facet.name)


def every_page(view: View, me: int) -> set[int]:
    return {row.account_id for row in walk(view, me)}


def walk(view: View, me: int) -> list[Any]:
    rows: list[Any] = []
    while True:
        found = queries.page(view, me, TODAY)
        rows += found.rows
        if not found.after:
            return rows
        assert len(found.rows) == rules.PAGE_SIZE
        view = view.at(found.after)


def check_totals(view: View, me: int, mine: list[Card]) -> None:
    totals = queries.totals(view, me, TODAY)
    scored = [card for card in mine if card["health_score"] is not None]
    weighed = [card for card in scored if card["arr_cents"] is not None]
    risky = [card["arr_cents"] or 0 for card in mine if card["at_risk"]]
    assert totals.count == len(mine)
    assert (totals.arr_cents or 0) == sum(card["arr_cents"] or 0 for card in mine)
    assert (totals.at_risk, totals.at_risk_cents or 0) == (len(risky), sum(risky))
    states = Counter(state for card in mine for state in reviews_of(card))
    assert (totals.late, totals.due) == (states["late"], states["due"])
    assert totals.retention == retention.of([(card["arr_before_cents"], card["arr_cents"]) for card in mine])
    if scored:
        mean = sum(card["health_score"] for card in scored) / len(scored)
        assert totals.health_mean == pytest.approx(mean)
    weight = sum(card["arr_cents"] for card in weighed)
    if weight:
        expected = sum(card["health_score"] * card["arr_cents"] for card in weighed) / weight
        assert totals.health_weighted == pytest.approx(expected)


KEYS = {
    "name": "name_folded",
    "arr": "arr_cents",
    "change": "arr_change",
    "health": "health_score",
    "trend": "health_change",
    "churn": "churn",
    "risk": "risk_count",
    "opportunity": "opportunity_count",
    "renewal": "renewal_date",
    "review": "next_review_on",
    "owner": "owner",
}


def test_pages_show_every_account_once_in_every_order(portfolio: Flask, team: dict[str, int]) -> None:
    with portfolio.app_context():
        everything = cards()
        for sort, key in KEYS.items():
            for descending in (False, True):
                rows = walk(View(sort=sort, descending=descending), team["csm"])
                expected = by_hand(everything, key, descending)
                assert [row.account_id for row in rows] == expected, (sort, descending)


def by_hand(everything: list[Card], key: str, descending: bool) -> list[int]:
    known = [card for card in everything if card[key] is not None]
    rest = [card for card in everything if card[key] is None]
    people = {"owner": lambda card: card["owner_id"]}.get(key, lambda _card: 0)
    known.sort(key=lambda card: (card[key], people(card), card["account_id"]), reverse=descending)
    rest.sort(key=lambda card: (card["name_folded"] if key == "owner" else "", card["account_id"]))
    return [card["account_id"] for card in known + rest]


def test_the_default_views_count_what_they_show(portfolio: Flask, team: dict[str, int]) -> None:
    with portfolio.app_context():
        for me in team.values():
            counts = queries.totals(View(q="nobody"), me, TODAY).views
            assert {name: len(every_page(view, me)) for name, view in rules.VIEWS.items()} == counts
            assert min(counts.values()) > 0 and counts["all"] == 137


def test_a_search_ignores_case_and_accents_and_finds_external_ids(db_app: Flask, claire: Visitor) -> None:
    with db_app.app_context():
        first = plant("Société Générale d’Été", external_id="CRM-0042-É")
        second = plant("100 % Bio_Nord", external_id="B7")
        plant("Autre", external_id="X")
        db.session.commit()
    for text, expected in (
        ("societe", [first]),
        ("GENERALE D’ete", [first]),
        ("crm-0042", [first]),
        ("b7", [second]),
        ("%", [second]),
        ("o_n", [second]),
        ("o%n", []),
        ("' OR 1=1 --", []),
    ):
        answer = claire.get("/portfolio", query_string={"q": text})
        assert [int(found) for found in ROW.findall(answer.text)] == expected, text


def test_a_cursor_of_the_page_before_goes_on_where_it_ended(portfolio: Flask, claire: Visitor) -> None:
    first = claire.get("/portfolio?sort=-arr")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following is not None
    second = claire.get(following[1].replace("&amp;", "&"))
    shown = ROW.findall(first.text) + ROW.findall(second.text)
    assert len(shown) == len(set(shown)) == 100
