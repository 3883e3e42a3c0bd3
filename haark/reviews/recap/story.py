"""Everything that the letters of one recap share, gathered once: what was said, decided, promised, and comes next."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from haark import clock
from haark.cadence.models import Review
from haark.cadence.queries import policy
from haark.extensions import db
from haark.people.models import User
from haark.plans import queries as plans
from haark.plans.queries import ObjectiveRow
from haark.reviews.inviting import queries as inviting
from haark.reviews.meeting import queries as meetings
from haark.reviews.recap import people, queries
from haark.reviews.recap.models import Recap
from haark.reviews.recap.people import Roster
from haark.settings import queries as settings
from haark.value import queries as values
from haark.value import rules as value

# Parts of the agenda whose notes become points: objectives, value, challenges, plan. The first is a round of names, the
# last holds decisions and actions, which the mail tells by themselves.
TOLD_PARTS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Claim:
    """A gain that the client confirmed (XB-2); `gain_cents` a year, None where it is words only."""

    label: str
    gain_cents: int | None
    confirmed_by: str
    confirmed_on: date


class Story:
    """A review to tell of. `on`: the day from which it is told."""

    def __init__(self, review: Review, on: date) -> None:
        self.review, self.on = review, on
        self.account: Any = queries.account_of(review.account_id)
        self.client: str = self.account.name
        self.vendor = str(settings.get("organisation.name"))
        self.zone = review.zone or str(settings.get("organisation.timezone"))
        self.recap: Recap = queries.recap_of(review.id)

    @property
    def held_on(self) -> date:
        return self.review.held_on or self.on

    @cached_property
    def roster(self) -> Roster:
        rows = inviting.participants(self.review.id, chosen=False)
        return people.roster(self.review, self.account, rows, self.on)

    @cached_property
    def decisions(self) -> tuple[queries.Decision, ...]:
        return queries.decisions(self.review.id)

    @cached_property
    def actions(self) -> tuple[queries.Act, ...]:
        return queries.actions(self.review.id)

    @cached_property
    def notes(self) -> dict[int, str]:
        """What was noted in the parts that are told, by their number from 0."""
        kept = meetings.notes(self.review.id)
        return {part: kept[f"part.{part}"].text if f"part.{part}" in kept else "" for part in TOLD_PARTS}

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        lines = values.calculation(self.review.account_id).lines
        return tuple(
            Claim(line.label, value.gain_of(line).gain_cents, line.confirmed_by, line.confirmed_on)
            for line in lines
            if line.confirmed_on is not None and line.label
        )

    @cached_property
    def objectives(self) -> tuple[ObjectiveRow, ...]:
        """Those that can be judged, on the day of the meeting."""
        rows = plans.objectives(self.review.account_id, self.held_on)
        return tuple(row for row in rows if row.aim.current is not None and row.aim.target is not None)

    @cached_property
    def coming(self) -> Review | None:
        return queries.coming(self.review)

    @property
    def coming_minutes(self) -> int:
        return (self.coming.minutes or policy().minutes(self.coming.kind)) if self.coming else 0

    @property
    def can_invite(self) -> bool:
        """Whether there is an invitation to send: the next review has an hour to come, and somebody who invites."""
        coming = self.coming
        ahead = coming is not None and coming.starts_at is not None and coming.starts_at > clock.moment(self.zone)
        return bool(ahead and self.account.owner_id)

    @property
    def invites(self) -> bool:
        """Whether the invitation to the next review goes along."""
        return bool(self.recap.with_invite and self.can_invite)

    @cached_property
    def has_plan(self) -> bool:
        return queries.has_plan(self.review.account_id)

    @cached_property
    def owner(self) -> User | None:
        return db.session.get(User, self.account.owner_id) if self.account.owner_id else None
