"""Reading one account for the panel beside the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, literal, select, union_all

from haark.accounts.models import AccountCard, Contact
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
    """The account as the panel shows it, None where there is none. Six statements."""
    joined = AccountCard.__table__.outerjoin(User.__table__, AccountCard.owner_id == User.id)
    columns = select(*COLUMNS, _sponsor().label("sponsor")).select_from(joined)
    row = db.session.execute(columns.where(AccountCard.account_id == account_id)).first()
    if row is None:
        return None
    told = health.explain(account_id, on)
    return Look(row, told, row.sponsor or "", _exchanges(account_id), signals.of_account(account_id, on))


def _sponsor() -> ScalarSelect[str]:
    """The name of a sponsor who is still there, the main contact first."""
    here = (Contact.account_id == AccountCard.account_id, Contact.role == "sponsor", Contact.left_on.is_(None))
    first = select(Contact.name).where(*here).order_by(Contact.main.desc(), Contact.name, Contact.id).limit(1)
    return first.correlate(AccountCard).scalar_subquery()


def _exchanges(account_id: int) -> list[Exchange]:
    talks = select(Interaction.kind, Interaction.at, Interaction.summary).where(Interaction.account_id == account_id)
    tickets = select(literal("ticket"), Ticket.opened_at, Ticket.subject).where(Ticket.account_id == account_id)
    newest = union_all(
        select(talks.order_by(Interaction.at.desc()).limit(LAST_EXCHANGES).subquery()),
        select(tickets.order_by(Ticket.opened_at.desc()).limit(LAST_EXCHANGES).subquery()),
    )
    found = [Exchange(*row) for row in db.session.execute(newest)]
    return sorted(found, key=lambda item: item.at, reverse=True)[:LAST_EXCHANGES]
