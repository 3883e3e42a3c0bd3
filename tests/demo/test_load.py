"""The large synthetic portfolio that benchmarks stand on."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts.models import AccountCard
from haark.demo import bulk, domain
from haark.extensions import db
from haark.health import domain as health
from haark.measures.models import UsageDay

ON = date(2026, 11, 12)


def test_a_synthetic_portfolio_is_there_whole_and_can_be_worked_with(db_app: Flask) -> None:
    with db_app.app_context():
        bulk.load(40, 60, ON)
        db.session.commit()
        days = sa.select(sa.func.count(sa.distinct(UsageDay.day))).group_by(UsageDay.account_id)
        assert set(db.session.scalars(days)) == {60}
        assert health.score_accounts(on=ON) == 40
        assert db.session.scalar(sa.select(sa.func.count(AccountCard.health_score))) == 40
        # Ids that the load gave are not given again.
        accounts.create("Groupe Valmorin", by=None, at=clock.moment(), on=ON)
        with pytest.raises(domain.NotEmpty):
            bulk.load(1, 1, ON)
