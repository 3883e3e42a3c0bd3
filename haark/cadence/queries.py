"""Reading the policy, what an account's next review is, and a person's rating of its project."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from haark.cadence.due import Candidate
from haark.cadence.models import OPEN_STATES, NextReview, ProjectState, Review, ReviewOverride
from haark.cadence.policy import Policy
from haark.extensions import db
from haark.people.models import User
from haark.settings import queries as settings


@dataclass(frozen=True)
class State:
    """The latest rating of an account's project, 1-5."""

    rating: int
    comment: str
    author: str
    at: datetime


@dataclass(frozen=True)
class Planned:
    """The review that stands for the next one: it has a day and was not held."""

    id: int
    kind: str
    period: str
    due_on: date
    urgent: bool
    state: str
    version: int


@dataclass(frozen=True)
class Override:
    """A person's own date for the next review."""

    kind: str
    due_on: date
    reason: str
    author: str
    at: datetime


@dataclass(frozen=True)
class Next:
    """The next review of an account: every candidate, the one that counts first; what is planned; a person's date.

    `kind`: the usual review of the account. Without candidates none is due.
    """

    account_id: int
    kind: str
    candidates: tuple[Candidate, ...]
    computed_on: date | None
    planned: Planned | None
    override: Override | None

    @property
    def winner(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


def policy() -> Policy:
    """Who gets which review, as the settings have it."""
    return Policy.read(settings.get("review.policy"))


def next_of(account_id: int) -> Next:
    """The next review of an account as it was last computed: three statements."""
    table = NextReview.__table__.c
    row = db.session.execute(select(*table).where(table.account_id == account_id)).one_or_none()
    return Next(
        account_id=account_id,
        kind=row.kind if row else "",
        candidates=tuple(Candidate.of(kept) for kept in row.candidates) if row else (),
        computed_on=row.computed_on if row else None,
        planned=planned_of(account_id),
        override=_override_of(account_id),
    )


def planned_of(account_id: int) -> Planned | None:
    """The earliest review that has a day and was not held."""
    review = Review.__table__.c
    columns = (review.id, review.kind, review.period, review.due_on, review.urgent, review.state, review.version)
    row = db.session.execute(
        select(*columns)
        .where(
            review.account_id == account_id,
            review.deleted_at.is_(None),
            review.held_on.is_(None),
            review.due_on.is_not(None),
            review.state.in_(OPEN_STATES),
        )
        .order_by(review.due_on, review.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else Planned(*row)


def due_within(account_id: int, start: date, end: date) -> date | None:
    """The day of the next review, where it falls into these days (both included) and nothing is planned for it yet."""
    due = select(NextReview.due_on).where(NextReview.account_id == account_id, NextReview.due_on.between(start, end))
    found = db.session.scalar(due)
    return found if found is not None and planned_of(account_id) is None else None


def _override_of(account_id: int) -> Override | None:
    columns = (ReviewOverride.kind, ReviewOverride.due_on, ReviewOverride.reason, func.coalesce(User.name, ""))
    row = db.session.execute(
        select(*columns, ReviewOverride.at)
        .outerjoin(User, User.id == ReviewOverride.by_id)
        .where(ReviewOverride.account_id == account_id, ReviewOverride.ended_at.is_(None))
    ).one_or_none()
    return None if row is None else Override(*row)


def project_state(account_id: int) -> State | None:
    """What a person last said of the project; None while nobody did."""
    row = db.session.execute(
        select(ProjectState.rating, ProjectState.comment, ProjectState.at, func.coalesce(User.name, ""))
        .outerjoin(User, User.id == ProjectState.author_id)
        .where(ProjectState.account_id == account_id)
        .order_by(ProjectState.at.desc(), ProjectState.id.desc())
        .limit(1)
    ).first()
    return None if row is None else State(row[0], row[1], row[3], row[2])
