"""The sample portfolio holds the reference cases, on whatever day it is loaded."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.accounts.models import AccountCard
from haark.cadence.models import Review
from haark.demo import domain
from haark.demo.story import KINDS, rows
from haark.extensions import db
from haark.pipeline.models import Opportunity
from tests.conftest import TODAY, Story


def test_groupe_valmorin_is_the_reference_case(db_story: Story) -> None:
    """SG-6, out of raw observations: 120 000 €, renewal in 60 days, usage -32 %, health 68 after losing 12 points."""
    with db_story.app.app_context():
        card = db.session.get_one(AccountCard, db_story.id("Groupe Valmorin"))
        assert (card.arr_cents, card.health_score, card.health_band, card.health_change) == (
            12_000_000,
            68,
            "yellow",
            -12,
        )
        assert card.usage_change is not None and round(card.usage_change, 2) == -0.32
        assert card.renewal_date == TODAY + timedelta(days=60)


def test_the_pipeline_is_45_open_deals_worth_850_000(story: Story) -> None:
    with story.app.app_context():
        open_deals = Opportunity.close_date >= TODAY
        count, total = db.session.execute(
            sa.select(sa.func.count(), sa.func.sum(Opportunity.amount_cents)).where(open_deals)
        ).one()
    assert (count, total) == (45, 85_000_000)


def test_every_story_has_its_colour(story: Story) -> None:
    """The portfolio shows all three bands, and accounts of which nothing but a name is known."""
    with story.app.app_context():
        bands = dict(
            db.session.execute(
                sa.select(AccountCard.health_band, sa.func.count()).group_by(AccountCard.health_band)
            ).all()
        )
    assert min(bands.get(band, 0) for band in ("green", "yellow", "red")) >= 2


def test_the_sample_never_mixes_with_real_data(story: Story) -> None:
    with story.app.app_context(), pytest.raises(domain.NotEmpty):
        domain.load(TODAY)


@pytest.mark.parametrize("on", [date(2026, 11, 12), date(2027, 2, 28), date(2028, 2, 29)])
def test_the_same_day_gives_the_same_rows_and_none_from_the_future(on: date) -> None:
    for kind in KINDS:
        made = list(rows(kind, on))
        assert made == list(rows(kind, on))
        if kind in ("usage", "surveys", "revenue", "golives"):
            assert max(row["date"] for row in made) <= on


def test_an_empty_database_says_so(app: Flask) -> None:
    with app.app_context():
        assert domain.is_empty()


def test_the_next_reviews_of_the_sample_are_late_planned_and_to_come(db_story: Story) -> None:
    """RV-2: Groupe Valmorin renews in 60 days and was last seen 65 days ago; others follow their calendar."""
    with db_story.app.app_context():
        card = db.session.get_one(AccountCard, db_story.id("Groupe Valmorin"))
        assert (card.next_review_on, card.next_review_reason) == (date(2026, 11, 19), "renewal")
        assert (card.next_review_kind, card.next_review_late) == ("qbr", True)
        states = sa.select(AccountCard.next_review_late, AccountCard.next_review_planned, sa.func.count())
        rows = db.session.execute(states.group_by(AccountCard.next_review_late, AccountCard.next_review_planned))
        found = {(late, planned): count for late, planned, count in rows}
        late, planned, coming = (found[key] for key in ((True, False), (False, True), (False, False)))
        assert 5 <= late <= 15
        assert planned == 8  # five by their CSM, three urgent ones with the recommendation that they accepted
        assert coming >= 30
        kinds = set(db.session.scalars(sa.select(AccountCard.next_review_kind).distinct()))
        assert kinds >= {"ebr", "qbr", "mbr", "call"}
        held = db.session.scalars(sa.select(Review.held_on).where(Review.held_on.is_not(None))).all()
        assert max(held) < TODAY
        assert min(held) >= TODAY - timedelta(days=732)
