"""A small portfolio by hand, on both databases: ids by name, and verbs with Claire as the person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from haark import formats
from haark.accounts import domain as accounts
from haark.accounts.models import Account
from haark.cadence import domain, queries
from haark.cadence.models import Review
from haark.extensions import db
from tests.support.clients import settle

TODAY = date(2026, 11, 12)
AT = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


class House:
    """Accounts that tests open with `client(...)`; `scope()` is an application context that commits."""

    def __init__(self, app: Flask, base: SimpleNamespace) -> None:
        self.app, self.base, self.by = app, base, base.users["csm"]

    @contextmanager
    def scope(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.commit()

    def client(self, name: str, arr: int | None, owner: str = "csm", **facts: Any) -> int:
        with self.scope():
            cents = None if arr is None else arr * 100
            account = accounts.create(
                name, by=self.by, at=AT, on=TODAY, owner_id=self.base.users[owner], declared_arr_cents=cents, **facts
            )
            assert account.name_folded == formats.fold(name)
            return account.id

    def add(self, *rows: Any) -> None:
        with self.scope():
            db.session.add_all(rows)

    def held(self, account_id: int, kind: str, day: date) -> None:
        with self.scope():
            review = domain.plan_review(account_id, kind, day, by=self.by, at=AT, on=min(day, TODAY))
            domain.hold(review, day, by=self.by, at=AT, on=TODAY)

    def schedule(self, *ids: int, on: date = TODAY) -> int:
        with self.scope():
            return domain.schedule(list(ids) or None, on)

    def next(self, account_id: int) -> queries.Next:
        with self.scope():
            return queries.next_of(account_id)

    def card(self, account_id: int) -> tuple[Any, ...]:
        """(day, kind, reason, late, planned) as the lists show them."""
        with self.scope():
            card = db.session.get_one(Account, account_id).card
            assert card is not None
            prefix = "next_review_"
            return tuple(getattr(card, prefix + name) for name in ("on", "kind", "reason", "late", "planned"))

    def review(self, review_id: int) -> Review:
        return db.session.get_one(Review, review_id)


@pytest.fixture
def house(db_app: Flask) -> House:
    return House(db_app, settle(db_app))
