"""SG-6: Groupe Valmorin leaves with a probability of about 35 %, out of the rules from raw observations."""

from datetime import timedelta

import pytest

from haark import clock
from haark.extensions import db
from haark.health import churn, domain
from haark.health.domain import score_chunk
from haark.measures.models import Ticket, UsageDay
from tests.conftest import TODAY, Story


def test_groupe_valmorin_leaves_with_35_percent(db_story: Story) -> None:
    ident = db_story.id("Groupe Valmorin")
    with db_story.app.app_context():
        known = score_chunk([ident], TODAY, clock.start_of(TODAY))[ident]
        assert known.churn is not None and 0.32 <= known.churn <= 0.38
        found = churn.judge(known.facts, known.health, known.before, TODAY)
        assert found is not None and found.probability == pytest.approx(known.churn)
        split = churn.split(found)
        assert split.base + sum(points for _, points in split.parts) == split.total
        assert {one.name for one in found.factors[:3]} == {"health", "health_change", "usage_change"}
        assert {one.name: one.value for one in found.factors}["days_left"] == 60
        db.session.rollback()


def test_a_day_or_a_unit_of_the_data_moves_it(db_story: Story) -> None:
    ident = db_story.id("Groupe Valmorin")

    def now() -> float:
        found = score_chunk([ident], TODAY, clock.start_of(TODAY))[ident].churn
        assert found is not None
        return found

    with db_story.app.app_context():
        here = now()
        rows = db.session.query(UsageDay).where(UsageDay.account_id == ident)
        last = rows.where(UsageDay.day < TODAY).order_by(UsageDay.day.desc()).first()
        assert last is not None and last.active_users
        last.active_users -= 1
        assert now() > here
        last.active_users += 1
        opened = clock.start_of(TODAY - timedelta(1))
        db.session.add(Ticket(account_id=ident, identity="x", opened_at=opened, priority="high"))
        assert now() > here
        db.session.rollback()
        tomorrow = domain.score_chunk([ident], TODAY + timedelta(1), clock.start_of(TODAY))[ident].churn
        assert tomorrow is not None and tomorrow != here
        db.session.rollback()
