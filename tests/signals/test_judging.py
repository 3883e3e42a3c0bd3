"""Judging a portfolio: what opens, stays, wakes, worsens and ends; and that doing it twice changes nothing."""

import json
from datetime import date, timedelta
from typing import Any

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts.models import Account, AccountCard, Contact, ContactChange
from haark.events.models import Event
from haark.extensions import db
from haark.measures.models import Feature, UsageDay
from haark.settings import domain as house
from haark.signals import commands, domain, jobs, lifecycle
from haark.signals.domain import SignalError
from haark.signals.facts import Found
from haark.signals.models import Advice, Signal
from tests.health.test_scoring import ON, ago, client
from tests.support.statements import counted

TABLES = (Signal, Advice, AccountCard, Event)


def judge(*ids: int, on: date = ON) -> None:
    domain.judge(ids or None, on=on, at=clock.start_of(on) + timedelta(hours=9))


def live(ident: int) -> dict[tuple[str, str], Signal]:
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Signal).where(Signal.account_id == ident, Signal.resolved_on.is_(None)))
    return {(row.kind, row.cause): row for row in rows}


def everything() -> list[Any]:
    db.session.expire_all()
    return [[tuple(row) for row in db.session.execute(sa.select(model.__table__))] for model in TABLES]


def events(ident: int) -> list[tuple[str, list[str]]]:
    rows = db.session.execute(
        sa.select(Event.kind, Event.data).where(Event.account_id == ident, Event.kind.startswith("signal."))
    )
    return [(kind, sorted(one["kind"] for one in data["signals"])) for kind, data in rows]


def renewing(days: int = 60, **given: int) -> int:
    ident = client("Valmorin", **given)
    account = db.session.get_one(Account, ident)
    account.renewal_date = ON + timedelta(days)
    return ident


def test_one_signal_each_and_none_more_and_gone_with_the_cause(db_app: Flask) -> None:
    """Falling usage, a renewal within 90 days, a champion who left ten days ago."""
    with db_app.app_context():
        ident = renewing()
        judge()
        contact = db.session.scalars(sa.select(Contact).where(Contact.name == "Julien")).one()
        found = live(ident)
        assert {("usage_drop", ""), ("renewal_near", ""), ("contact_change", f"contact:{contact.id}")} <= set(found)
        assert [one.opened_on for one in found.values()] == [ON] * len(found)
        card = db.session.get_one(AccountCard, ident)
        risks = [one for one in found.values() if one.side == "risk"]
        assert (card.risk_count, card.risk_top, card.risk_severity) == (len(risks), "usage_drop", "high")
        assert card.at_risk is True
        assert card.expected_loss_cents == round(card.arr_cents * card.churn)
        before = everything()
        judge()
        assert everything() == before
        db.session.execute(sa.update(UsageDay).where(UsageDay.day >= ago(30)).values(active_users=66, events=594))
        contact.left_on = None
        db.session.get_one(Account, ident).renewal_date = ON + timedelta(300)
        judge()
        gone = {"usage_drop", "renewal_near", "contact_change"}
        assert not gone & {kind for kind, _cause in live(ident)}
        ended = db.session.scalars(sa.select(Signal).where(Signal.resolved_on.is_not(None))).all()
        assert gone <= {one.kind for one in ended}
        assert {(one.state, one.resolved_on) for one in ended} == {("resolved", ON)}
        assert [kind for kind, _told in events(ident)] == ["signal.opened", "signal.resolved"]
        assert db.session.get_one(AccountCard, ident).at_risk is False


def test_a_change_of_people_is_one_signal_however_it_is_known(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client("Valmorin")
        contact = db.session.scalars(sa.select(Contact).where(Contact.name == "Julien")).one()
        row = {"account_id": ident, "contact_id": contact.id, "name": "Julien", "role": "champion"}
        db.session.add(ContactChange(kind="left", date=ago(10), **row))
        judge()
        assert [cause for kind, cause in live(ident) if kind == "contact_change"] == [f"contact:{contact.id}"]


def test_what_people_say_holds_until_the_cause_moves(db_app: Flask) -> None:
    with db_app.app_context():
        ident = renewing(days=200, now=50)
        judge()
        drop = live(ident)["usage_drop", ""]
        assert drop.severity == "medium"
        at = clock.start_of(ON)
        before = db.session.get_one(AccountCard, ident).risk_count
        domain.dismiss(drop, "Fermeture annuelle", by=None, at=at, on=ON)
        assert db.session.get_one(AccountCard, ident).risk_count == before - 1
        judge(on=ON + timedelta(1))
        again = live(ident)["usage_drop", ""]
        assert (again.id, again.state, again.reason) == (drop.id, "dismissed", "Fermeture annuelle")
        domain.reopen(again, by=None, at=at, on=ON)
        domain.snooze(again, ON + timedelta(3), by=None, at=at, on=ON)
        judge(on=ON + timedelta(2))
        assert live(ident)["usage_drop", ""].state == "snoozed"
        judge(on=ON + timedelta(3))
        assert live(ident)["usage_drop", ""].state == "open"
        domain.acknowledge(live(ident)["usage_drop", ""], by=None, at=at, on=ON)
        db.session.execute(sa.update(UsageDay).where(UsageDay.day >= ago(30)).values(active_users=20, events=180))
        judge(on=ON)
        worse = live(ident)["usage_drop", ""]
        assert (worse.severity, worse.state) == ("high", "open")
        assert ["usage_drop" in told for kind, told in events(ident) if kind == "signal.worsened"] == [True]


def test_a_refusal_says_why(app: Flask) -> None:
    with app.app_context():
        ident = client("Valmorin")
        judge()
        signal = live(ident)["usage_drop", ""]
        at = clock.start_of(ON)
        for verb, kind in (
            (lambda: domain.dismiss(signal, "  ", by=None, at=at, on=ON), "reason"),
            (lambda: domain.snooze(signal, ON, by=None, at=at, on=ON), "past"),
            (lambda: domain.close(signal, by=None, at=at, on=ON), "kind"),
            (lambda: domain.note(ident, "weather", "low", "x", by=1, at=at, on=ON), "kind"),
            (lambda: domain.note(ident, "silence", "low", " ", by=1, at=at, on=ON), "text"),
        ):
            with pytest.raises(SignalError) as refused:
                verb()
            assert refused.value.kind == kind
        signal.resolved_on = ON
        with pytest.raises(SignalError) as refused:
            domain.reopen(signal, by=None, at=at, on=ON)
        assert refused.value.kind == "over"


def test_what_a_person_noted_stays_until_a_person_ends_it(db_app: Flask) -> None:
    from haark.people.models import User

    with db_app.app_context():
        db.session.add(User(email="a@b.example", name="Claire", role="csm", created_at=clock.now()))
        db.session.flush()
        by = db.session.scalar(sa.select(User.id))
        ident = accounts.create("Bare", by=None, at=clock.moment(), on=ON).id
        at = clock.start_of(ON)
        signal = domain.note(ident, "uncertain_context", "high", "Rachat en cours", by=by, at=at, on=ON)
        assert db.session.get_one(AccountCard, ident).at_risk is True
        judge(on=ON + timedelta(40))
        assert [one.id for one in live(ident).values()] == [signal.id]
        domain.close(db.session.get_one(Signal, signal.id), by=by, at=at, on=ON + timedelta(40))
        assert live(ident) == {}
        assert db.session.get_one(AccountCard, ident).risk_count == 0


@pytest.mark.parametrize("number", [40, 260])
def test_statements_depend_on_chunks_and_not_on_accounts(app: Flask, number: int) -> None:
    with app.app_context():
        db.session.add(Feature(key="f", name="F", premium=True))
        renewing()
        for index in range(number - 1):
            db.session.add(Account(name=f"C{index}", name_folded=f"c{index}", created_at=clock.moment()))
        db.session.commit()
        house.all_values()
        judge()
        db.session.commit()
        house.all_values()
        with counted(app) as sent:
            assert domain.judge(on=ON, at=clock.start_of(ON)).accounts == number
        chunks = -(-number // domain.CHUNK)
        assert len([one for one in sent if not one.startswith("BEGIN")]) <= 10 + chunks * 70


def test_one_account_is_judged_as_among_all(app: Flask) -> None:
    with app.app_context():
        idents = [renewing(days=20 + 40 * number, now=20 + 10 * number) for number in range(4)]
        judge()
        table = Signal.__table__.c
        columns = [table[name] for name in ("account_id", "kind", "cause", "severity", "evidence", "state")]
        rows = sa.select(*columns).order_by(*columns[:3])
        together = [tuple(row) for row in db.session.execute(rows)]
        db.session.execute(sa.delete(Signal))
        db.session.execute(sa.delete(Advice))
        for ident in reversed(idents):
            judge(ident)
        assert [tuple(row) for row in db.session.execute(rows)] == together


def test_the_job_judges_everybody_and_can_run_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAARK_TODAY", ON.isoformat())
    with app.app_context():
        ident = renewing()
        db.session.commit()
        assert jobs.judge_all() == {"accounts": 1, "without_rate": 0}
        assert jobs.judge(ident)["accounts"] == 1
        assert ("usage_drop", "") in live(ident)


def test_show_speaks_the_contract(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAARK_TODAY", ON.isoformat())
    group = click.Group()
    commands.register(group)
    with app.app_context():
        ident = client("Groupe Écluse")
        db.session.get_one(Account, ident).renewal_date = ON + timedelta(60)
        db.session.commit()
        runner = CliRunner()
        scored = runner.invoke(group, ["score", "--json"])
        assert json.loads(scored.output)["accounts"] == 1
        answer = json.loads(runner.invoke(group, ["show", "groupe ecluse", "--json"]).output)
        assert (answer["arr"], answer["mrr"], answer["segment"]) == (120_000, 10_000, "enterprise")
        assert answer["usage"]["change_30d"] == -0.3182
        health = answer["health"]
        assert {"score", "band", "coverage", "confidence", "change_30d", "components"} <= set(health)
        assert [part["name"] for part in health["components"]] == ["usage", "engagement", "satisfaction", "history"]
        assert round(sum(part["points"] for part in health["components"]), 6) == health["score"]
        assert 0 < answer["churn"]["probability"] < 1 and {"name", "effect"} <= set(answer["churn"]["factors"][0])
        assert {"kind", "severity", "evidence"} <= set(answer["signals"][0])
        assert {"rule", "title", "due", "reason"} <= set(answer["recommendations"][0])
        assert set(answer["next_review"]) == {"type", "date", "reason", "late"}
        kinds = json.loads(runner.invoke(group, ["show", "--kinds", "--json"]).output)
        assert {"reengage_before_renewal", "secure_renewal"} <= {rule["rule"] for rule in kinds["rules"]}
        missing = runner.invoke(group, ["show", "nobody"])
        assert (missing.exit_code, missing.output) == (1, "Error: There is no account nobody.\n")
        assert runner.invoke(group, ["show"]).exit_code == 2
        assert runner.invoke(group, ["score", "--as-of", "2027-01-01"]).exit_code == 1
        assert runner.invoke(group, ["score", "--as-of", "2026-10-01"]).exit_code == 0


CAUSES = st.sampled_from([("silence", ""), ("detractor", "a"), ("detractor", "b"), ("promoter", "")])
TURNS = st.lists(
    st.tuples(
        st.dictionaries(CAUSES, st.sampled_from(["low", "medium", "high"])),
        st.sampled_from(["", "acknowledged", "snoozed", "dismissed", "open"]),
        st.integers(0, 5),
    ),
    max_size=6,
)


@given(turns=TURNS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_more_than_one_live_row_for_a_cause(app: Flask, turns: list[Any]) -> None:
    """Whatever is found, said and forgotten in turn; and the live rows are exactly the causes that hold."""
    with app.app_context():
        account = Account(name="C", name_folded="c", created_at=clock.moment())
        db.session.add(account)
        db.session.flush()
        day = ON
        for held, said, days in turns:
            day += timedelta(days)
            found = [
                Found(kind, cause, "opportunity" if kind == "promoter" else "risk", grade, {"n": days})
                for (kind, cause), grade in held.items()
            ]
            for _twice in range(2):
                told = lifecycle.reconcile({account.id: found}, day, clock.start_of(day))
                rows = db.session.execute(
                    sa.select(Signal.kind, Signal.cause, Signal.severity).where(
                        Signal.account_id == account.id, Signal.resolved_on.is_(None)
                    )
                ).all()
                assert sorted(rows) == sorted((kind, cause, grade) for (kind, cause), grade in held.items())
                assert len(told[account.id]) == len(held)
            if said:
                values = {"state": said, "snoozed_until": day + timedelta(2) if said == "snoozed" else None}
                db.session.execute(sa.update(Signal).where(Signal.resolved_on.is_(None)).values(values))
        db.session.rollback()
