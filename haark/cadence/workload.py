"""How much is to come: the counts of the agenda, and each CSM's weeks. A constant number of statements."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from haark.accounts.models import AccountCard
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
        .where(card.next_review_on.is_not(None), *scope(view, user_id))
        .group_by(card.next_review_late, card.next_review_planned)
    )
    found: Counter[str] = Counter()
    for late, planned, count in db.session.execute(grouped):
        found["late" if late else "planned" if planned else "due"] += count
    held = select(func.count()).where(Review.deleted_at.is_(None), Review.held_on > add_months(on, -HELD_MONTHS))
    if mine := scope(view, user_id):
        held = held.where(Review.account_id.in_(select(AccountCard.account_id).where(*mine)))
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
    """Each CSM of the scope with the number of reviews per week, by name. Two statements."""
    weeks = mondays(on)
    card = AccountCard
    columns: tuple[Any, ...] = (card.owner_id, card.next_review_on, func.count())
    # Naming both values of `late` lets the index of next reviews answer without reading the cards.
    grouped = (
        select(*columns)
        .where(
            card.next_review_late.in_((False, True)),
            card.next_review_on.between(weeks[0], weeks[-1] + timedelta(6)),
            *scope(view, user_id),
        )
        .group_by(card.owner_id, card.next_review_on)
    )
    found: dict[int, Counter[date]] = defaultdict(Counter)
    for owner_id, day, count in db.session.execute(grouped):
        found[owner_id or 0][monday(day)] += count
    people = select(User.id, User.name).where(User.id.in_(found))
    names = {row.id: row.name for row in db.session.execute(people)}
    rows = [Load(ident, names.get(ident, ""), tuple(found[ident][week] for week in weeks)) for ident in found]
    return sorted(rows, key=lambda row: (not row.owner_id, row.owner))
