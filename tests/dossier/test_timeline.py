"""The history: one order for facts of ten kinds, whole, without doubles, page after page."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from haark import clock
from haark.accounts.models import Contact, GoLive, Renewal, Revenue
from haark.actions.models import ActionItem
from haark.dossier import timeline
from haark.dossier.sources import GROUPS, RANKS
from haark.events.domain import record
from haark.extensions import db
from haark.measures.models import Survey, Ticket
from tests.conftest import TODAY
from tests.dossier.conftest import talk
from tests.support.people import Visitor


def strew(ident: int, count: int, seed: int) -> None:
    """Facts on few instants, so that many stand at the same one; some still to come."""
    dice = random.Random(seed)
    days = [TODAY - timedelta(days=step * 3 - 3) for step in range(8)]
    instants = [clock.start_of(day) for day in days] + [datetime(2026, 11, 3, 9, 30, tzinfo=UTC)]
    for index in range(count):
        day, at, key = dice.choice(days), dice.choice(instants), f"{seed}-{index}"
        made: list[Any] = [
            talk(ident, key, at, key),
            Ticket(account_id=ident, identity=key, opened_at=at, subject=key),
            Survey(account_id=ident, identity=key, date=day, kind="csat", score=4),
            ActionItem(account_id=ident, title=key, created_at=at),
            Renewal(account_id=ident, date=day, outcome="renewed"),
            GoLive(account_id=ident, date=day, name=key),
            Contact(account_id=ident, name=key, left_on=day),
        ]
        db.session.add(dice.choice(made))
        record("plan.changed", at=at, account_id=ident, mark=key)
    taken: set[date] = set()
    for day in days:
        if day not in taken:
            db.session.add(Revenue(account_id=ident, date=day, arr_cents=len(taken) * 100))
            taken.add(day)
    db.session.commit()


def everything(ident: int, only: str = "") -> list[timeline.Entry]:
    found: list[timeline.Entry] = []
    after = ""
    while True:
        page = timeline.page(ident, TODAY, only, after)
        found += page.entries
        if not page.after:
            return found
        after = page.after


def place(entry: timeline.Entry) -> tuple[datetime, int, int]:
    at = entry.at if isinstance(entry.at, datetime) else clock.start_of(entry.at)
    return at, -RANKS[entry.source], entry.id


def test_pages_hold_every_fact_once_newest_first(db_app: Flask, montclar: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "_gathered", lambda entries: entries)
    with db_app.app_context():
        strew(montclar, 70, seed=1)
        strew_elsewhere = everything(montclar)
        counted = {name: sum(1 for entry in strew_elsewhere if entry.source == name) for name in RANKS}
        places = [place(entry) for entry in strew_elsewhere]
        assert places == sorted(places, reverse=True)
        assert len(places) == len(set(places))
        limit = clock.start_of(TODAY + timedelta(days=1))
        assert all(at < limit for at, _, _ in places)
        expected = db.session.scalar(
            db.select(db.func.count(ActionItem.id)).where(
                ActionItem.account_id == montclar, ActionItem.created_at < limit
            )
        )
        assert counted["action"] == expected
        assert counted["revenue"] == db.session.scalar(
            db.select(db.func.count(Revenue.id)).where(Revenue.account_id == montclar, Revenue.date <= TODAY)
        )


def test_each_filter_keeps_its_sources_and_together_they_are_all(db_app: Flask, montclar: int) -> None:
    with db_app.app_context():
        strew(montclar, 40, seed=2)
        by_group = {name: everything(montclar, name) for name in GROUPS}
        for name, entries in by_group.items():
            assert {entry.source for entry in entries} <= set(GROUPS[name])
        assert set(RANKS) == {source for sources in GROUPS.values() for source in sources}


def test_a_change_of_arr_says_from_what_to_what(claire: Visitor, montclar: int) -> None:
    page = claire.get(f"/accounts/{montclar}/history?kind=revenue").text
    assert "de 108\u202f000\u00a0€ à 120\u202f000\u00a0€" in page
    assert "Contrat renouvelé" in page and "deux ans de plus" in page
    assert "Point mensuel" not in page


def test_events_of_one_moment_are_one_entry(db_app: Flask, claire: Visitor, montclar: int) -> None:
    with db_app.app_context():
        for name in ("Anne", "Bruno", "Chloé"):
            record("contact.created", at=clock.moment(), account_id=montclar, name=name)
        for name in ("Dora", "Emil"):
            record("contact.created", at=datetime(2026, 11, 1, tzinfo=UTC), account_id=montclar, name=name)
        db.session.commit()
    page = claire.get(f"/accounts/{montclar}").text
    assert "Emil, Dora" in page


def test_a_made_up_place_gets_a_sentence(claire: Visitor, montclar: int) -> None:
    for fake in ("x", "W10", "WyIyMDI2IiwxLDFd", "é" * 50, "WzEsMiwzXQ"):
        answer = claire.get(f"/accounts/{montclar}/history", query_string={"after": fake})
        assert answer.status_code == 400
        assert "Cet endroit de l’historique n’existe pas" in answer.text


def test_older_entries_come_alone_by_htmx_and_as_a_page_without(db_app: Flask, claire: Visitor, montclar: int) -> None:
    with db_app.app_context():
        strew(montclar, 40, seed=3)
        after = timeline.page(montclar, TODAY).after
    address = f"/accounts/{montclar}/history?after={after}"
    assert claire.get(address, htmx=True).text.startswith("<li>")
    assert "<h1>Groupe Montclar</h1>" in claire.get(address).text
