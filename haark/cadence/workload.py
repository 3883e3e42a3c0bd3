"""How much is to come: the counts of the agenda, and each CSM's weeks. A constant number of statements."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from haark.accounts.models import Account, AccountCard
from haark.accounts.rules import add_months
from haark.cadence.agenda import HELD_MONTHS, View, scope
from haark.cadence.models import Review
from haark.cadence.steps import monday
from haark.extensions import db
from haark.people.models import User

WEEKS = 8


def counts(view: View, user_id: int, on: date) -> dict[str, int]:
    """How many of the scope are late, due, planned, all; and held within a year. Two statements."""
    card = AccountCard
    grouped = (
        select(card.next_review_late, card.next_review_planned, func.count())
        .select_from(card)
        .join(Account, Account.id == card.account_id)
        .where(Account.deleted_at.is_(None), card.next_review_on.is_not(None), *scope(view.scope, user_id))
        .group_by(card.next_review_late, card.next_review_planned)
    )
    found: Counter[str] = Counter()
    for late, planned, count in db.session.execute(grouped):
        found["late" if late else "planned" if planned else "due"] += count
    held = (
        select(func.count())
        .select_from(Review)
        .join(Account, Account.id == Review.account_id)
        .where(
            Account.deleted_at.is_(None),
            Review.deleted_at.is_(None),
            Review.held_on > add_months(on, -HELD_MONTHS),
            *scope(view.scope, user_id),
        )
    )
    return {**found, "all": found.total(), "held": db.session.scalar(held) or 0}


@dataclass(frozen=True)
class Load:
    """A CSM's reviews to come by week: `weeks[i]` of the week that starts on the i-th Monday."""

    owner_id: int
    owner: str
    weeks: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.weeks)


def mondays(on: date) -> tuple[date, ...]:
    """The weeks that the load speaks of: this one and the seven after it."""
    return tuple(monday(on) + timedelta(7 * number) for number in range(WEEKS))


def loads(view: View, user_id: int, on: date) -> list[Load]:
    """Each CSM of the scope with the number of reviews per week, by name. One statement."""
    weeks = mondays(on)
    card = AccountCard
    columns: tuple[Any, ...] = (
        func.coalesce(Account.owner_id, 0),
        func.coalesce(User.name, ""),
        card.next_review_on,
        func.count(),
    )
    grouped = (
        select(*columns)
        .select_from(card)
        .join(Account, Account.id == card.account_id)
        .outerjoin(User, User.id == Account.owner_id)
        .where(
            Account.deleted_at.is_(None),
            card.next_review_on.between(weeks[0], weeks[-1] + timedelta(6)),
            *scope(view.scope, user_id),
        )
        .group_by(Account.owner_id, User.name, card.next_review_on)
    )
    found: dict[tuple[int, str], Counter[date]] = defaultdict(Counter)
    for row in db.session.execute(grouped):
        found[row[0], row[1]][monday(row[2])] += row[3]
    rows = [Load(ident, name, tuple(found[ident, name][week] for week in weeks)) for ident, name in found]
    return sorted(rows, key=lambda row: (not row.owner_id, row.owner))
