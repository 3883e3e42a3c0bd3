"""What the rules recommend, what they keep silent about, and what became of what was accepted."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import clock
from haark.accounts.models import Account, Renewal
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.settings import domain as house
from haark.signals import deciding, domain, outcomes
from haark.signals.advice_rules import RULES, Case, Known, propose
from haark.signals.advice_words import WORDS
from haark.signals.deciding import AdviceError
from haark.signals.models import Advice, Signal
from haark.signals.rules import ORDER
from tests.health.test_scoring import ON, ago, client
from tests.signals.test_judging import judge, renewing

DROP = Known("usage_drop", "", "risk", "high", {"change": -0.32}, None)
AT = clock.start_of(ON) + timedelta(hours=9)


def case(*signals: Known, days: int | None = 60, **given: Any) -> Case:
    figures = {"arr_cents": 12_000_000, "band": "yellow", "score": 68, "change": -12, "churn": 0.35, "usage": -0.32}
    renewal = None if days is None else ON + timedelta(days)
    return Case(on=ON, signals=signals, renewal_on=renewal, **{**figures, **given})


def named(*args: Any, **given: Any) -> list[str]:
    return [one.rule for one in propose(case(*args, **given))]


def of(ident: int, rule: str) -> Advice:
    db.session.expire_all()
    mine = sa.select(Advice).where(Advice.account_id == ident, Advice.rule == rule)
    return db.session.scalars(mine.order_by(Advice.id.desc())).first()


def test_every_rule_has_words_and_answers_known_kinds() -> None:
    assert set(WORDS) == set(RULES)
    assert {kind for rule in RULES.values() for kind in rule.kinds} == set(ORDER)


@pytest.mark.parametrize(
    ("days", "expected"), [(30, None), (31, True), (90, True), (91, None), (-1, None), (None, None)]
)
def test_reengaging_has_its_stretch(days: int | None, expected: bool | None) -> None:
    assert ("reengage_before_renewal" in named(DROP, days=days)) is bool(expected)
    assert "reengage_before_renewal" not in named(days=days)


@pytest.mark.parametrize(
    ("days", "band", "churn", "expected"),
    [
        (30, "yellow", 0.1, True),
        (31, "yellow", 0.9, False),
        (30, "green", 0.29, False),
        (30, "green", 0.30, True),
        (0, "red", None, True),
        (-1, "red", None, False),
        (10, "", None, True),
    ],
)
def test_securing_has_its_grounds(days: int, band: str, churn: float | None, expected: bool) -> None:
    assert ("secure_renewal" in named(days=days, band=band, churn=churn)) is expected


def test_the_reference_case_comes_first_with_its_numbers() -> None:
    first = propose(case(DROP, Known("detractor", "a", "risk", "medium", {"score": 5}, None), expected_loss_cents=42))[
        0
    ]
    assert (first.rule, first.due_on, first.impact_cents) == ("reengage_before_renewal", ON + timedelta(7), 12_000_000)
    assert first.reason == {
        **{"days": 60, "usage": -0.32, "score": 68, "change": -12, "churn": 0.35, "arr": 12_000_000, "loss": 42}
    }
    assert propose(case(days=3, band="red"))[0].due_on == ON + timedelta(3)


def test_nobody_is_asked_for_favours_while_at_risk() -> None:
    fan = Known("promoter", "", "opportunity", "low", {"score": 10}, None)
    assert named(fan, days=None) == ["ask_reference"]
    assert named(fan, days=None, at_risk=True) == []


RENEWAL = (ON + timedelta(20)).isoformat()


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("secure_renewal", {"renewed": "renewed"}, "succeeded"),
        ("secure_renewal", {"renewed": "lost"}, "failed"),
        ("secure_renewal", {"renewal_on": ON + timedelta(400)}, "succeeded"),
        ("secure_renewal", {"renewal_on": ON + timedelta(20)}, ""),
        ("secure_renewal", {"on": ON + timedelta(60)}, "failed"),
        ("win_back", {"gone": True}, "succeeded"),
        ("win_back", {"on": ON + timedelta(90)}, ""),
        ("win_back", {"on": ON + timedelta(91)}, "failed"),
        ("ask_reference", {"gone": True}, ""),
        ("ask_reference", {"done": True}, "succeeded"),
        ("propose_seats", {"arr_cents": 11, "arr_then": 10}, "succeeded"),
        ("propose_seats", {"arr_cents": 10, "arr_then": 10}, ""),
        ("propose_seats", {"on": ON + timedelta(181), "arr_cents": 10, "arr_then": 10}, "failed"),
    ],
)
def test_outcomes(rule: str, facts: dict[str, Any], expected: str) -> None:
    known = {"decided_on": ON, "on": ON, "cause": RENEWAL, **facts}
    assert outcomes.outcome(RULES[rule], **known) == expected


def test_a_cause_is_gone_when_none_of_its_kind_holds() -> None:
    held = frozenset({("silence", ""), ("contact_change", "contact:7")})
    one = case(held=held)
    assert not outcomes.is_gone(RULES["win_back"], "", one)
    assert not outcomes.is_gone(RULES["find_successor"], "contact:7", one)
    assert outcomes.is_gone(RULES["find_successor"], "contact:8", one)
    assert outcomes.is_gone(RULES["unblock_tickets"], "support_trouble", one)


def test_a_decision_silences_the_rule_for_its_cause(db_app: Flask) -> None:
    with db_app.app_context():
        ident = renewing()
        judge()
        advice = of(ident, "reengage_before_renewal")
        deciding.ignore(advice, "not_now", by=None, at=AT, on=ON)
        house_days = house.get("advice.cooldown_days")
        for back, expected in ((house_days - 1, "ignored"), (house_days, "proposed")):
            advice.decided_at = AT - timedelta(back)
            db.session.flush()
            judge()
            assert of(ident, "reengage_before_renewal").state == expected
        with pytest.raises(AdviceError):
            deciding.accept(advice, "x", by=None, at=AT, on=ON)


def test_accepted_until_the_outcome_is_known(db_app: Flask) -> None:
    with db_app.app_context():
        ident = renewing()
        judge()
        advice = of(ident, "reengage_before_renewal")
        made = deciding.accept(advice, "Réengager", by=None, at=AT, on=ON)
        assert [(item.title, item.due_on, item.source_id) for item in made] == [("Réengager", advice.due_on, advice.id)]
        states = sa.select(Signal.state).where(Signal.account_id == ident, Signal.side == "risk")
        assert set(db.session.scalars(states)) - {"resolved"} == {"acknowledged"}
        later = ON + timedelta(40)
        judge(on=later)
        assert (of(ident, "reengage_before_renewal").id, of(ident, "reengage_before_renewal").outcome) == (
            advice.id,
            "",
        )
        db.session.add(Renewal(account_id=ident, date=ON + timedelta(60), outcome="renewed"))
        account = db.session.get_one(Account, ident)
        account.renewal_date = ON + timedelta(425)
        judge(on=ON + timedelta(61))
        kept = of(ident, "reengage_before_renewal")
        assert (kept.outcome, kept.outcome_on) == ("succeeded", ON + timedelta(61))


def test_what_has_no_ground_expires_and_what_rests_comes_back(app: Flask) -> None:
    with app.app_context():
        ident = client("Valmorin")
        judge()
        advice = of(ident, "rescue_adoption")
        with pytest.raises(AdviceError):
            deciding.postpone(advice, ON, by=None, at=AT, on=ON)
        deciding.postpone(advice, ON + timedelta(2), by=None, at=AT, on=ON)
        judge(on=ON + timedelta(1))
        assert of(ident, "rescue_adoption").state == "postponed"
        judge(on=ON + timedelta(2))
        back = of(ident, "rescue_adoption")
        assert (back.id, back.state, back.postponed_until) == (advice.id, "proposed", None)
        drop = db.session.scalars(sa.select(Signal).where(Signal.kind == "usage_drop")).one()
        domain.dismiss(drop, "Fermeture", by=None, at=AT, on=ON + timedelta(2))
        found = {one.rule: one.state for one in db.session.scalars(sa.select(Advice).where(Advice.account_id == ident))}
        assert found["rescue_adoption"] in ("expired", "proposed")
        assert not db.session.scalar(sa.select(ActionItem.id))


def test_a_done_action_is_a_success_of_its_own(app: Flask) -> None:
    from haark.actions import domain as actions

    with app.app_context():
        ident = client("Valmorin")
        judge()
        advice = of(ident, "find_successor")
        item = deciding.accept(advice, "Trouver", by=None, at=AT, on=ON)[0]
        actions.complete(item, by=None, at=AT)
        judge(on=ON + timedelta(1))
        assert of(ident, "find_successor").outcome == "succeeded"


def test_the_departure_of_long_ago_recommends_nothing(app: Flask) -> None:
    with app.app_context():
        ident = client("Valmorin")
        judge(on=ago(-100))
        assert of(ident, "find_successor") is None
