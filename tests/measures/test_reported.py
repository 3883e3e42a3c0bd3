"""How far usage is known: who falls silent while others report has stopped, who falls silent with many has not."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from haark import clock
from haark.accounts import domain as accounts
from haark.extensions import db
from haark.health import gathering
from haark.health.inputs import usage_change
from haark.health.rules import DEFAULT_WEIGHTS, score
from haark.measures import queries, reported, rules
from haark.measures.models import UsageDay
from haark.signals import risks
from haark.signals.facts import Limits, Seen

ON = date(2026, 11, 20)  # a Friday
MONTH_END = date(2026, 10, 31)  # a Saturday
LIMITS = Limits()


def client(name: str, first: date, last: date, users: int = 20, weekends: bool = False) -> int:
    """Reports every working day of a stretch (or every day), both ends included."""
    ident = accounts.create(name, by=None, at=clock.moment(), on=ON, seats=40).id
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    db.session.add_all(
        UsageDay(account_id=ident, day=day, active_users=users) for day in days if weekends or day.weekday() < 5
    )
    db.session.flush()
    return ident


def drop(ident: int, on: date) -> list[float]:
    facts = gathering.facts_of([ident], on)[ident]
    return [one.evidence["change"] for one in risks.usage_drop(Seen(on=on, facts=facts), LIMITS)]


def test_a_file_a_month_is_no_drop(db_app: Flask) -> None:
    """Ten clients as steady as can be, last imported up to the end of October."""
    with db_app.app_context():
        idents = [client(f"Client {n}", date(2026, 6, 1), MONTH_END, weekends=True) for n in range(9)]
        silent = client("Silencieux", date(2026, 6, 1), date(2026, 10, 9))
        for on in (date(2026, 11, 1), ON, date(2026, 12, 15)):
            facts = gathering.facts_of(idents, on)
            for ident in idents:
                assert usage_change(facts[ident]) == ("users", 0.0)
                assert facts[ident].use.users_now == 20.0
                assert drop(ident, on) == []
            # It stopped in the middle of the month that the file tells of: 6 of 21 working days against 22.
            assert drop(silent, on) == [round(6 / 21 - 1, 4)]
        told = facts[idents[0]]
        assert told.use.known_until(on) == MONTH_END
        health = score(told, DEFAULT_WEIGHTS, on)
        assert health.usage_until == MONTH_END
        recency = health.inputs[0][3]
        assert recency.values["days"] == 1  # the data end there, not the use
        # What is not fresh lends no confidence: the score rests on nothing else here.
        soon = date(2026, 11, 1)
        assert score(gathering.facts_of(idents, soon)[idents[0]], DEFAULT_WEIGHTS, soon).confidence > 0.3
        assert health.confidence == 0
        # 46 days after the end of the data usage is unknown, of the silent one too.
        gone = gathering.facts_of([*idents, silent], date(2026, 12, 16))
        assert [one.use for one in gone.values()] == [None] * 10


def test_a_feed_every_day_shows_who_stopped(db_app: Flask) -> None:
    with db_app.app_context():
        alive = [client(f"Client {n}", date(2026, 6, 1), ON) for n in range(3)]
        silent = client("Silencieux", date(2026, 6, 1), ON - timedelta(22))
        # 21 October to 19 November: 22 working days, of which 7 until 29 October; before them 22.
        assert drop(silent, ON) == [round(7 / 22 - 1, 4)]
        assert [drop(ident, ON) for ident in alive] == [[], [], []]
        # Sunday and Monday: nobody reported since Friday, and nobody should have.
        for on in (date(2026, 11, 22), date(2026, 11, 23)):
            facts = gathering.facts_of(alive, on)
            assert all(facts[ident].use.until is None for ident in alive)
            assert [drop(ident, on) for ident in alive] == [[], [], []]
        # The file of Monday came late: on Wednesday the data end on Friday.
        edge = reported.edge_of(alive[0], date(2026, 11, 25))
        assert edge is not None and edge.until == ON


def test_two_feeds_of_which_one_stopped(db_app: Flask) -> None:
    """Half of the clients by file up to the end of October, half day by day."""
    with db_app.app_context():
        daily = [client(f"Jour {n}", date(2026, 6, 1), ON) for n in range(5)]
        monthly = [client(f"Mois {n}", date(2026, 6, 1), MONTH_END, weekends=n > 1) for n in range(4)]
        silent = client("Silencieux", date(2026, 6, 1), date(2026, 10, 23))
        for ident in (*daily, *monthly):
            assert drop(ident, ON) == []
        assert drop(silent, ON) == [round(3 / 22 - 1, 4)]
        # What a review says of the quarter stops where the data do; unknown months stay unknown.
        quarter = queries.usage_totals(monthly[3], date(2026, 10, 1), date(2026, 12, 31))
        assert quarter.active_users == 20.0
        november = queries.usage_monthly(monthly[3], date(2026, 10, 1), date(2026, 11, 30))[1]
        assert november.active_users is None
        # The silent one is known not to have used it until 19 November: 17 of 36 working days.
        quarter = queries.usage_totals(silent, date(2026, 10, 1), date(2026, 11, 19))
        assert quarter.active_users == pytest.approx(20 * 17 / 36)


def test_one_row_too_late_is_no_feed() -> None:
    lasts = [MONTH_END] * 19 + [ON - timedelta(1)]
    found = rules.feeds(lasts, ON)
    assert found.until(MONTH_END) == MONTH_END
    assert found.until(ON - timedelta(1)) == ON - timedelta(1)
    assert found.until(date(2026, 9, 15)) == MONTH_END
    # Two of ten are a feed that goes on, and the other eight stopped together.
    found = rules.feeds([MONTH_END] * 8 + [ON] * 2, ON)
    assert (found.until(MONTH_END), found.until(ON), found.until(date(2026, 9, 15))) == (
        MONTH_END,
        ON - timedelta(1),
        ON - timedelta(1),
    )
    assert rules.feeds([], ON).until(MONTH_END) == MONTH_END


def test_large_portfolios_ask_some_and_find_the_same(app: Flask) -> None:
    with app.app_context():
        for n in range(1, reported.SPREAD * 2 + 50):
            last = MONTH_END if n % 4 else date(2026, 10, 6)
            ident = client(f"Client {n}", last, last, weekends=True)
        assert reported.feeds(ON) == rules.Feeds(ON, MONTH_END, frozenset({date(2026, 10, 6), date(2026, 10, 30)}))
        assert ident


@given(st.lists(st.dates(date(2026, 8, 1), ON), max_size=40), st.dates(date(2026, 8, 1), ON))
def test_the_end_is_never_before_the_own_row_nor_in_the_future(lasts: list[date], last: date) -> None:
    eve = ON - timedelta(1)
    found = rules.feeds(lasts, ON)
    assert min(last, eve) <= found.until(last) <= eve
