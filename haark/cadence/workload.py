"""How much is to come: the counts of the agenda, and each CSM's weeks. A constant number of statements."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from haark.accounts.models import AccountCard
from haark.accounts.rules import add_months
from haark.cadence import load
from haark.cadence.agenda import HELD_MONTHS, View, scope
from haark.cadence.load import Week
from haark.cadence.models import Review
from haark.cadence.policy import STANDARD
from haark.cadence.steps import monday
from haark.extensions import db
from haark.people.models import User
from haark.settings import queries as settings

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
    """A CSM's reviews to come: WEEKS weeks from this one on, and how full each is (load.level)."""

    owner_id: int
    owner: str
    weeks: tuple[Week, ...]
    levels: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(week.reviews for week in self.weeks)


def mondays(on: date) -> tuple[date, ...]:
    """The weeks that the load speaks of: this one and the seven after it."""
    return tuple(monday(on) + timedelta(7 * number) for number in range(WEEKS))


def loads(view: View, user_id: int, on: date) -> list[Load]:
    """Each CSM of the scope with their weeks, by name; hours and cap as the settings say. Two statements."""
    weeks = mondays(on)
    card = AccountCard
    columns: tuple[Any, ...] = (card.owner_id, card.next_review_kind, card.next_review_on, func.count())
    # Naming both values of `late` lets the index of next reviews find the cards of these weeks.
    grouped = (
        select(*columns)
        .where(
            card.next_review_late.in_((False, True)),
            card.next_review_on.between(weeks[0], weeks[-1] + timedelta(6)),
            *scope(view, user_id),
        )
        .group_by(card.owner_id, card.next_review_kind, card.next_review_on)
    )
    found: dict[int, list[tuple[str, date, int]]] = defaultdict(list)
    for owner_id, kind, day, count in db.session.execute(grouped):
        found[owner_id or 0].append((kind, day, count))
    people = select(User.id, User.name).where(User.id.in_(found))
    names = {row.id: row.name for row in db.session.execute(people)}
    hours, cap = settings.get("review.hours"), float(settings.get("review.weekly_hours"))
    rows = []
    for ident, reviews in found.items():
        filled = load.spread(reviews, hours, weeks[0], WEEKS)
        levels = tuple(load.level(week.hours, hours[STANDARD], cap) for week in filled)
        rows.append(Load(ident, names.get(ident, ""), filled, levels))
    return sorted(rows, key=lambda row: (not row.owner_id, row.owner))
