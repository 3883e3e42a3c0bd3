"""SG-6: Groupe Valmorin comes out of the rules, from raw observations."""

import json
from datetime import date, timedelta

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from haark import clock
from haark.accounts.models import Account, AccountCard
from haark.extensions import db
from haark.measures.models import UsageDay
from haark.signals import commands, domain, overview, queries
from haark.signals.scope import View
from tests.conftest import TODAY, Story

VALMORIN = "Groupe Valmorin"


def shown(story: Story) -> dict[str, object]:
    group = click.Group()
    commands.register(group)
    with story.app.app_context():
        answer = CliRunner().invoke(group, ["show", VALMORIN, "--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)


def test_the_reference_case(db_story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAARK_TODAY", TODAY.isoformat())
    told = shown(db_story)
    assert (told["arr"], told["renewal"]["days"]) == (120_000, 60)
    assert round(told["usage"]["change_30d"], 2) == -0.32
    assert (told["health"]["score"], told["health"]["change_30d"], told["health"]["band"]) == (68, -12, "yellow")
    assert told["churn"]["probability"] == pytest.approx(0.35, abs=0.03)
    assert {factor["name"] for factor in told["churn"]["factors"]} >= {"health", "usage_change", "days_left"}
    kinds = [signal["kind"] for signal in told["signals"]]
    assert {"usage_drop", "health_drop", "renewal_near", "fewer_exchanges"} <= set(kinds)
    assert kinds[0] == "usage_drop" and told["signals"][0]["severity"] == "high"
    first = told["recommendations"][0]
    assert first["rule"] == "reengage_before_renewal"
    assert first["title"] == "Re-engage the client before the renewal"
    assert TODAY < date.fromisoformat(first["due"]) <= TODAY + timedelta(7)
    assert first["impact"] == 120_000
    assert "usage −32" in first["reason"] and "health 68 (−12)" in first["reason"]
    review = told["next_review"]
    assert date.fromisoformat(review["date"]) <= TODAY + timedelta(7)


@pytest.mark.parametrize("scope", ["mine", "team"])
def test_it_is_the_first_of_the_risks(db_story: Story, scope: str) -> None:
    by = db_story.user_id("csm")
    with db_story.app.app_context():
        page = overview.overview(View(scope), by, TODAY)
        first = page.groups["todo"][0]
        assert first.card.name == VALMORIN
        assert first.card.arr_cents == 12_000_000
        assert first.card.expected_loss_cents == pytest.approx(4_200_000, abs=400_000)
        assert first.told.first.rule == "reengage_before_renewal"
        losses = [line.card.expected_loss_cents for line in page.groups["todo"]]
        assert losses == sorted(losses, reverse=True)
        assert page.figures.threatened < page.figures.retention.nrr


def test_moving_the_data_moves_the_figures(story: Story) -> None:
    """A few people more on one day, or the renewal a month later: another usage, another probability, another rule."""
    ident = story.id(VALMORIN)
    with story.app.app_context():
        card = db.session.get_one(AccountCard, ident)
        usage, churn = card.usage_change, card.churn
        day = db.session.scalar(
            sa.select(sa.func.max(UsageDay.day)).where(UsageDay.account_id == ident, UsageDay.day < TODAY)
        )
        row = db.session.get_one(UsageDay, (ident, day))
        row.active_users += 5
        domain.judge([ident], on=TODAY, at=clock.start_of(TODAY))
        db.session.expire_all()
        card = db.session.get_one(AccountCard, ident)
        assert card.usage_change > usage and card.churn < churn
        db.session.get_one(Account, ident).renewal_date += timedelta(31)
        domain.judge([ident], on=TODAY, at=clock.start_of(TODAY))
        told = queries.of_account(ident, TODAY)
        assert "reengage_before_renewal" not in {one.rule for one in told.advice}
        assert "renewal_near" not in {one.kind for one in told.risks}
