"""A day by hand, on both databases: Claire's account with one of everything that can be due on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from haark.accounts.models import AccountCard
from haark.cadence.models import NextReview, Review
from haark.comments.models import Comment
from haark.extensions import db
from haark.plans.models import Proposal
from haark.reviews.meeting.models import Meeting
from haark.signals.models import Signal
from tests.support.clients import settle

ON = date(2026, 11, 12)
AT = datetime(2026, 11, 12, 7, 30, tzinfo=UTC)  # 8:30 in Paris
DAY = timedelta(1)


class House:
    """`house.full(account_id)` puts one of each kind of line on an account, and gives the ids of the reviews."""

    def __init__(self, app: Flask, base: SimpleNamespace) -> None:
        self.app, self.base, self.login = app, base, base.login
        self.claire, self.own, self.foreign = base.users["csm"], base.own, base.foreign
        self.made = 0
        self.action = base.objects["own"]["action"]

    @contextmanager
    def scope(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.commit()

    def card(self, account_id: int, **columns: Any) -> None:
        with self.scope():
            row = db.session.get_one(AccountCard, account_id)
            for name, value in columns.items():
                setattr(row, name, value)

    def review(self, account_id: int, state: str, day: date, **columns: Any) -> int:
        with self.scope():
            self.made += 1
            span = {
                "period": f"{1990 + self.made}-Q4",
                "period_start": date(2026, 10, 1),
                "period_end": date(2026, 12, 31),
            }
            review = Review(
                account_id=account_id, kind="qbr", state=state, due_on=day, created_at=AT, **{**span, **columns}
            )
            db.session.add(review)
            db.session.flush()
            return review.id

    def signal(self, account_id: int, **columns: Any) -> int:
        with self.scope():
            told = {"kind": "silence", "side": "risk", "severity": "high", "evidence": {"days": 61}}
            # Noted by a person, so that judging the account does not end what has no cause in the data.
            told |= {"noted_by_id": self.claire, "opened_on": ON - 2 * DAY, "seen_on": ON}
            row = Signal(account_id=account_id, **{**told, **columns})
            db.session.add(row)
            db.session.flush()
            return row.id

    def full(self, account_id: int, contact_id: int) -> dict[str, int]:
        ids = {
            "recap": self.review(account_id, "held", ON - DAY, held_on=ON - DAY),
            "prepare": self.review(account_id, "preparing", ON + 10 * DAY),
        }
        self.signal(account_id)
        self.card(
            account_id,
            **{"arr_cents": 120_000_00, "expected_loss_cents": 42_000_00, "health_score": 44, "health_band": "red"},
            **{"health_change": -12, "usage_change": -0.32, "churn": 0.35, "renewal_date": ON + 20 * DAY},
            **{"next_review_on": ON + 3 * DAY, "next_review_kind": "qbr", "next_review_planned": False},
        )
        with self.scope():
            ended = datetime(2026, 11, 11, 15, 0, tzinfo=UTC)  # 16:00 in Paris
            db.session.add(Meeting(review_id=ids["recap"], started_at=ended - timedelta(hours=1), ended_at=ended))
            db.session.add(NextReview(account_id=account_id, kind="qbr", due_on=ON + 3 * DAY, computed_on=ON))
            asked = {"account_id": account_id, "subject_kind": "objective", "author_name": "Sophie Marchand"}
            db.session.add(Proposal(changes={"target": [90, 95]}, contact_id=contact_id, at=AT - 3 * DAY, **asked))
            said = {"author_contact_id": contact_id, "internal": False, "at": AT - DAY}
            db.session.add(Comment(text="Et pour Lyon ?", **asked, **said))
        return ids


@pytest.fixture
def house(db_app: Flask, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("HAARK_TODAY", "2026-11-12T08:30")
    return House(db_app, settle(db_app))
