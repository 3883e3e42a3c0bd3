"""Reading one account for the panel beside the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, literal, select, union_all

from haark.accounts import queries as accounts
from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.health import rules as health
from haark.health.models import HealthSnapshot
from haark.measures.models import Interaction, Ticket
from haark.people.models import User
from haark.portfolio.queries import COLUMNS

TREND_DAYS = 30
LAST_EXCHANGES = 3


@dataclass(frozen=True)
class Part:
    """One component of the score; `delta` in points against 30 days before, None where either is unknown."""

    name: str
    score: int | None
    delta: int | None

    @property
    def band(self) -> str:
        return health.band_of(self.score)


@dataclass(frozen=True)
class Exchange:
    """A call, email, meeting, note or ticket (`kind`); `title` is empty where the source has no words."""

    kind: str
    at: datetime
    title: str


@dataclass(frozen=True)
class Look:
    """What the panel shows. `row` has the columns of the list."""

    row: Row[Any]
    parts: Sequence[Part]
    sponsor: str
    exchanges: Sequence[Exchange]


def look(account_id: int, on: date) -> Look | None:
    """The account as the panel shows it, None where there is none. Four statements."""
    joined = AccountCard.__table__.outerjoin(User.__table__, AccountCard.owner_id == User.id)
    row = db.session.execute(select(*COLUMNS).select_from(joined).where(AccountCard.account_id == account_id)).first()
    if row is None:
        return None
    return Look(row, parts(account_id, on), _sponsor(account_id), _exchanges(account_id))


def parts(account_id: int, on: date) -> list[Part]:
    """The components of the latest score up to `on`, against the latest one at least 30 days older."""
    columns = (HealthSnapshot.day, HealthSnapshot.components)
    mine = select(*columns).where(HealthSnapshot.account_id == account_id).order_by(HealthSnapshot.day.desc()).limit(1)
    now, before = (
        mine.where(HealthSnapshot.day <= on),
        mine.where(HealthSnapshot.day <= on - timedelta(days=TREND_DAYS)),
    )
    rows = db.session.execute(union_all(select(now.subquery()), select(before.subquery()))).all()
    if not rows:
        return []
    rows = sorted(rows, key=lambda row: row.day)
    older = {part["name"]: part["score"] for part in rows[0].components} if len(rows) > 1 else {}
    return [_part(part["name"], part["score"], older.get(part["name"])) for part in rows[-1].components]


def _part(name: str, score: int | None, before: int | None) -> Part:
    return Part(name, score, None if score is None or before is None else score - before)


def _sponsor(account_id: int) -> str:
    people = accounts.contacts(account_id)
    return next((person.name for person in people if person.role == "sponsor" and person.left_on is None), "")


def _exchanges(account_id: int) -> list[Exchange]:
    talks = select(Interaction.kind, Interaction.at, Interaction.summary).where(Interaction.account_id == account_id)
    tickets = select(literal("ticket"), Ticket.opened_at, Ticket.subject).where(Ticket.account_id == account_id)
    newest = union_all(
        select(talks.order_by(Interaction.at.desc()).limit(LAST_EXCHANGES).subquery()),
        select(tickets.order_by(Ticket.opened_at.desc()).limit(LAST_EXCHANGES).subquery()),
    )
    found = [Exchange(*row) for row in db.session.execute(newest)]
    return sorted(found, key=lambda item: item.at, reverse=True)[:LAST_EXCHANGES]
