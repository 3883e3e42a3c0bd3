"""Reading one account for the panel beside the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, select, union_all

from haark.accounts import queries as accounts
from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.health import queries as health
from haark.health.queries import Explanation
from haark.measures.models import Interaction, Ticket
from haark.people.models import User
from haark.portfolio.queries import COLUMNS
from haark.signals import queries as signals
from haark.signals.queries import OfAccount

LAST_EXCHANGES = 3


@dataclass(frozen=True)
class Exchange:
    """A call, email, meeting, note or ticket (`kind`); `title` is empty where the source has no words."""

    kind: str
    at: datetime
    title: str


@dataclass(frozen=True)
class Look:
    """What the panel shows. `row` has the columns of the list."""

    row: Any
    health: Explanation
    sponsor: str
    exchanges: Sequence[Exchange]
    signals: OfAccount


def look(account_id: int, on: date) -> Look | None:
    """The account as the panel shows it, None where there is none. Seven statements."""
    joined = AccountCard.__table__.outerjoin(User.__table__, AccountCard.owner_id == User.id)
    row = db.session.execute(select(*COLUMNS).select_from(joined).where(AccountCard.account_id == account_id)).first()
    if row is None:
        return None
    told = health.explain(account_id, on)
    return Look(row, told, _sponsor(account_id), _exchanges(account_id), signals.of_account(account_id, on))


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
