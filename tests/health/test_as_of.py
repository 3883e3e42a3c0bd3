"""Nothing later than the date is ever seen, whatever happened later; sparse data still make sense."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haark import clock
from haark.accounts.models import Account, Contact, Renewal, Revenue
from haark.extensions import db
from haark.health import gathering
from haark.health.rules import DEFAULT_WEIGHTS, score
from haark.measures.models import Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature

ON = date(2026, 11, 12)
days = st.integers(-90, 60)  # before and after the date
later = st.none() | st.integers(0, 60)


def at(days: int) -> Any:
    return clock.start_of(ON + timedelta(days)) + timedelta(hours=9)


def account() -> int:
    row = Account(name="Acme", name_folded="acme", created_at=clock.moment(), seats=20, contract_start=date(2024, 1, 1))
    db.session.add(row)
    db.session.flush()
    return row.id


def insert(ident: int, feature: int, place: int, kind: str, day: int, value: int, extra: int | None) -> Any:
    """A row of a kind on a day; what `extra` says happened to it so many days later."""
    on, name, after = ON + timedelta(day), f"{place}", None if extra is None else day + extra
    if kind == "usage":
        return UsageDay(account_id=ident, day=on, active_users=value, events=extra, logins=value)
    if kind == "feature":
        return UsageFeature(account_id=ident, day=on, feature_id=feature, active_users=value, events=extra)
    if kind == "survey":
        return Survey(
            account_id=ident, identity=name, date=on, kind="nps" if value % 2 else "csat", score=value % 5 + 1
        )
    if kind == "talk":
        return Interaction(
            account_id=ident, identity=name, at=at(day), kind="call", direction="in" if value % 2 else "out"
        )
    if kind == "ticket":
        closed = None if after is None else at(after) + timedelta(hours=1)
        return Ticket(account_id=ident, identity=name, opened_at=at(day), closed_at=closed, csat=value % 5 + 1)
    if kind == "contact":
        left = None if after is None else ON + timedelta(after)
        return Contact(account_id=ident, name=name, role="champion" if value % 2 else "sponsor", left_on=left)
    if kind == "revenue":
        return Revenue(account_id=ident, date=on, arr_cents=value * 100)
    return Renewal(account_id=ident, date=on, outcome="renewed" if value % 2 else "lost")


kinds = ("usage", "feature", "survey", "talk", "ticket", "contact", "revenue", "renewal")
observed = st.lists(
    st.tuples(st.sampled_from(kinds), days, st.integers(0, 9), later), max_size=25, unique_by=lambda row: row[:2]
)


def hide_what_came_later() -> None:
    """Deletes rows after the date, and takes back what happened to earlier ones after it."""
    end = clock.start_of(ON + timedelta(1))
    for model, column in (
        (UsageDay, "day"),
        (UsageFeature, "day"),
        (Survey, "date"),
        (Revenue, "date"),
        (Renewal, "date"),
    ):
        db.session.execute(sa.delete(model).where(getattr(model, column) > ON))
    for model, column in ((Interaction, "at"), (Ticket, "opened_at")):
        db.session.execute(sa.delete(model).where(getattr(model, column) >= end))
    db.session.execute(sa.update(Ticket).where(Ticket.closed_at >= end).values(closed_at=None, csat=None))
    db.session.execute(sa.update(Contact).where(Contact.left_on > ON).values(left_on=None))


@given(observed)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_score_of_a_day_does_not_know_what_came_later(app: Flask, rows: list[Any]) -> None:
    with app.app_context():
        feature = Feature(key="f", name="F")
        db.session.add(feature)
        ident = account()
        db.session.add_all(insert(ident, feature.id, n, *row) for n, row in enumerate(rows))
        # An open ticket has no opinion of the client yet.
        db.session.flush()
        db.session.execute(sa.update(Ticket).where(Ticket.closed_at.is_(None)).values(csat=None))
        # When the running term ends is in the contract, whatever will come of it.
        known = replace(gathering.facts_of([ident], ON)[ident], renewal_on=None)
        hide_what_came_later()
        assert replace(gathering.facts_of([ident], ON)[ident], renewal_on=None) == known
        db.session.rollback()


def test_a_table_of_accounts_seen_at_one_date_is_scored_by_its_levels(db_app: Flask) -> None:
    """One row each, on the very day, a Saturday: more use is more health, and nothing is zero for want of a mean."""
    saturday = date(2026, 11, 14)
    with db_app.app_context():
        found = []
        for users in (1, 8, 19):
            ident = account()
            db.session.add(UsageDay(account_id=ident, day=saturday, active_users=users))
            db.session.flush()
            for on in (saturday, saturday + timedelta(1), saturday + timedelta(20)):
                facts = gathering.facts_of([ident], on)[ident]
                assert facts.use.users_now == users
            found.append(score(gathering.facts_of([ident], saturday)[ident], DEFAULT_WEIGHTS, saturday).score)
        assert found == sorted(set(found))


def test_without_people_the_actions_and_logins_of_a_seat_speak(db_app: Flask) -> None:
    with db_app.app_context():
        found = []
        for events, logins in ((0, 0), (20, 2), (20, 5), (90, 5)):
            ident = account()
            for back in (3, 9, 17):  # on a few days only
                day = ON - timedelta(back)
                db.session.add(UsageDay(account_id=ident, day=day, events=events * 8, logins=logins * 8))
            db.session.flush()
            health = score(gathering.facts_of([ident], ON)[ident], DEFAULT_WEIGHTS, ON)
            found.append(health.components[0].score)
            assert health.components[0].inputs[0].name == "activity"
        assert found == sorted(found) and found[0] < found[1] < found[2] < found[3]
