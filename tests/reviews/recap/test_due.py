"""When a recap is due: 24 real hours after the meeting's end, the hour itself counts as late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from haark.cadence.models import Review
from haark.extensions import db
from haark.reviews.meeting.models import Meeting
from haark.reviews.recap.due import ended_at, waiting
from haark.reviews.recap.models import Recap
from haark.settings import domain as settings
from tests.support.clients import settle

HELD = date(2026, 11, 12)
ENDED = datetime(2026, 11, 12, 9, 50, tzinfo=UTC)


def held(account_id: int, on: date = HELD, ended: datetime | None = None, period: str = "2026-Q4", **more) -> Review:
    told = {
        "kind": "qbr",
        "state": "held",
        "period": period,
        "period_start": date(2026, 10, 1),
        "period_end": date(2026, 12, 31),
    }
    review = Review(account_id=account_id, held_on=on, created_at=ENDED, **{**told, **more})
    db.session.add(review)
    db.session.flush()
    if ended is not None:
        db.session.add(Meeting(review_id=review.id, started_at=ended, ended_at=ended, spent=[]))
        db.session.flush()
    return review


@pytest.mark.parametrize(
    ("ended", "after", "late"),
    [
        (ENDED, timedelta(hours=23, minutes=59), False),
        (ENDED, timedelta(hours=24), True),
        (ENDED, timedelta(hours=24, minutes=1), True),
        # The night of 25 October 2026 has an hour more in Paris, that of 29 March 2026 one less: hours stay hours.
        (datetime(2026, 10, 24, 14, 0, tzinfo=UTC), timedelta(hours=23, minutes=59), False),
        (datetime(2026, 10, 24, 14, 0, tzinfo=UTC), timedelta(hours=24), True),
        (datetime(2026, 3, 28, 14, 0, tzinfo=UTC), timedelta(hours=23, minutes=59), False),
        (datetime(2026, 3, 28, 14, 0, tzinfo=UTC), timedelta(hours=24), True),
    ],
)
def test_a_recap_is_late_from_the_24th_hour_on(db_app: Flask, ended: datetime, after: timedelta, late: bool):
    house = settle(db_app)
    with db_app.app_context():
        review = held(house.own, ended.date(), ended)
        (one,) = waiting(ended + after)
        assert (one.review_id, one.account_name, one.owner_id) == (review.id, "Groupe Valmorin", house.users["csm"])
        assert (one.ended_at, one.due_at, one.late) == (ended, ended + timedelta(hours=24), late)


def test_a_review_nobody_timed_counts_from_the_end_of_its_day_where_the_organisation_is(app: Flask):
    house = settle(app)
    with app.app_context():
        settings.put("organisation.timezone", "Europe/Kyiv", by=None, at=ENDED)
        review = held(house.own, date(2026, 10, 24))
        end = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)  # midnight in Kyiv, still in summer time
        assert ended_at(review) == end
        assert waiting(end - timedelta(minutes=1)) == []
        assert [one.late for one in waiting(end + timedelta(hours=23, minutes=59))] == [False]
        assert [one.late for one in waiting(end + timedelta(hours=24))] == [True]
        settings.put("recap.hours", 48, by=None, at=ENDED)
        assert [one.late for one in waiting(end + timedelta(hours=24))] == [False]


def test_only_what_is_still_to_be_told_waits(app: Flask):
    house = settle(app)
    with app.app_context():
        mine = held(house.own, ended=ENDED)
        sent = held(house.own, ended=ENDED, period="2026-10", state="recapped")
        db.session.add(Recap(review_id=sent.id, sent_at=ENDED))
        db.session.add(Recap(review_id=mine.id, texts={"fr": {"opening": "Merci"}}))
        held(house.own, ended=ENDED, period="2026-09", deleted_at=ENDED)
        held(house.own, date(2026, 9, 10), period="2026-08")  # 63 days ago
        held(house.deleted, ended=ENDED)
        theirs = held(house.foreign, ended=ENDED - timedelta(hours=30))
        at = ENDED + timedelta(hours=1)
        assert [(one.review_id, one.late) for one in waiting(at)] == [(theirs.id, True), (mine.id, False)]
        assert [one.review_id for one in waiting(at, [house.users["csm"]])] == [mine.id]
        assert waiting(at, []) == []
        assert waiting(at, review_id=sent.id) == []
