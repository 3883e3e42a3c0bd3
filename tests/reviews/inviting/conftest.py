"""Valmorin's review, planned, with a post office that takes its mails."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from haark.accounts.models import Account, Contact
from haark.cadence import domain as cadence
from haark.cadence.domain import Meeting
from haark.cadence.models import Review
from haark.extensions import db
from haark.reviews.inviting import queries, sending
from haark.reviews.inviting.models import Participant
from tests.mail.post_office import PostOffice, open_office, plain
from tests.support.clients import settle

TODAY = date(2026, 11, 12)
AT = datetime(2026, 11, 12, 8, 30, tzinfo=UTC)
STARTS = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
LINK = re.compile(r"http://127\.0\.0\.1:8000(/answers/[\w-]{43})")
PEOPLE = (
    ("Sophie Marchand", "sophie@valmorin.test", "sponsor", "fr"),
    ("Anne Leclerc", "anne@valmorin.test", "decision_maker", "en"),
    ("Юлія Перро", "julia@valmorin.test", "champion", "uk"),
)


class Game:
    """A review of Valmorin planned for 19 November, and verbs with Claire as the person."""

    def __init__(self, app: Flask, office: PostOffice) -> None:
        self.app, self.office, self.house = app, office, settle(app)
        self.by = self.house.users["csm"]
        app.config["SMTP_URL"] = office.url()
        with self.scope():
            account = db.session.get_one(Account, self.house.own)
            account.sales_owner_id = self.house.users["sales"]
            account.renewal_date, account.contract_start = date(2027, 1, 11), date(2023, 3, 12)
            db.session.execute(sa.delete(Contact))
            for name, email, role, language in PEOPLE:
                told = {"name": name, "email": email, "role": role, "language": language}
                db.session.add(Contact(account_id=account.id, **told))
            self.id = cadence.plan_review(account.id, "qbr", date(2026, 11, 19), **self.now()).id

    @contextmanager
    def scope(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.commit()

    def now(self, at: datetime = AT) -> dict[str, Any]:
        return {"by": self.by, "at": at, "on": at.date()}

    @property
    def review(self) -> Review:
        with self.app.app_context():
            return db.session.get_one(Review, self.id)

    def choose(self, starts: datetime = STARTS, zone: str = "Europe/Paris", at: datetime = AT, **changes: Any) -> None:
        with self.scope():
            cadence.choose_time(db.session.get_one(Review, self.id), Meeting(starts, zone, **changes), **self.now(at))

    def invite(self, at: datetime = AT) -> list[str]:
        with self.scope():
            return sending.invite(db.session.get_one(Review, self.id), **self.now(at)).names

    def people(self) -> dict[str, Participant]:
        with self.app.app_context():
            return {row.name.split()[0]: row for row in queries.participants(self.id, chosen=False)}

    def mails(self) -> list[SimpleNamespace]:
        """What the post office took since the last look: to, subject, text, method, event, link."""
        found = [self._mail(message) for message in self.office.messages()]
        self.office.received.clear()
        return sorted(found, key=lambda one: one.to)

    @staticmethod
    def _mail(message: Any) -> SimpleNamespace:
        (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        text = plain(message)
        parsed = Calendar.from_ical(part.get_content())
        link = LINK.search(text)
        html = message.get_body(("html",)).get_content()
        return SimpleNamespace(
            to=str(message["To"].addresses[0].addr_spec),
            subject=str(message["Subject"]),
            reply_to=str(message["Reply-To"]),
            text=text,
            html=html,
            method=str(part.get_param("method")),
            calendar=parsed,
            event=parsed.events[0],
            link=link.group(1) if link else "",
            headers=message,
        )


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


@pytest.fixture
def game(db_app: Flask, office: PostOffice) -> Game:
    return Game(db_app, office)


@pytest.fixture
def one_game(app: Flask, office: PostOffice) -> Game:
    """On SQLite alone, for what no database decides."""
    return Game(app, office)
