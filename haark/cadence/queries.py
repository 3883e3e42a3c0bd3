"""Reading the policy, what an account's next review is, and a person's rating of its project."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from haark.accounts.models import Account, AccountCard
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


# The columns of a planned review, in the order of Planned.
PLANNED = ("id", "kind", "period", "due_on", "urgent", "state", "version")


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
    state: State | None = None  # what a person last said of the project

    @property
    def winner(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


def policy() -> Policy:
    """Who gets which review, as the settings have it."""
    return Policy.read(settings.get("review.policy"))


def account_of(account_id: int) -> Any:
    """`id`, `name`, `arr_cents` (in the organisation's currency) of an account."""
    columns = (Account.id, Account.name, AccountCard.arr_cents)
    rows = select(*columns).outerjoin(AccountCard, AccountCard.account_id == Account.id)
    return db.session.execute(rows.where(Account.id == account_id)).one()


def next_of(account_id: int) -> Next:
    """The next review of an account as it was last computed: one statement, as many pages show it."""
    row = db.session.execute(_next_of(), {"account": account_id}).one()
    planned = None if row.planned_id is None else Planned(*(getattr(row, f"planned_{name}") for name in PLANNED))
    override = (
        Override(row.own_kind, row.own_due_on, row.own_reason, row.own_author, row.own_at) if row.own_at else None
    )
    said = State(row.said_rating, row.said_comment, row.said_author, row.said_at) if row.said_at else None
    candidates = tuple(Candidate.of(one) for one in row.kept_candidates or ())
    return Next(account_id, row.kept_kind or "", candidates, row.kept_computed_on, planned, override, said)


@cache
def _next_of() -> Select[Any]:
    """Made once: putting the statement together takes longer than asking it."""
    kept, own, said = NextReview.__table__.c, ReviewOverride.__table__.c, ProjectState.__table__.alias("said")
    review, author = Review.__table__.alias("planned"), User.__table__.alias("author")
    account = bindparam("account", type_=Account.id.type)
    earliest = _planned_of(account).with_only_columns(Review.id).scalar_subquery()
    last = _state_of(account).with_only_columns(ProjectState.id).scalar_subquery()
    return (
        select(
            *(kept[name].label(f"kept_{name}") for name in ("kind", "candidates", "computed_on")),
            *(review.c[name].label(f"planned_{name}") for name in PLANNED),
            *(own[name].label(f"own_{name}") for name in ("kind", "due_on", "reason", "at")),
            func.coalesce(User.name, "").label("own_author"),
            *(said.c[name].label(f"said_{name}") for name in ("rating", "comment", "at")),
            func.coalesce(author.c.name, "").label("said_author"),
        )
        .select_from(Account)
        .outerjoin(NextReview, NextReview.account_id == Account.id)
        .outerjoin(review, review.c.id == earliest)
        .outerjoin(ReviewOverride, (own.account_id == Account.id) & own.ended_at.is_(None))
        .outerjoin(User, User.id == own.by_id)
        .outerjoin(said, said.c.id == last)
        .outerjoin(author, author.c.id == said.c.author_id)
        .where(Account.id == account)
    )


def planned_of(account_id: int) -> Planned | None:
    """The earliest review that has a day and was not held."""
    columns = (getattr(Review, name) for name in PLANNED)
    row = db.session.execute(_planned_of(account_id).with_only_columns(*columns)).one_or_none()
    return None if row is None else Planned(*row)


def _planned_of(account_id: Any) -> Select[Any]:
    return (
        select(Review.id)
        .where(
            Review.account_id == account_id,
            Review.deleted_at.is_(None),
            Review.held_on.is_(None),
            Review.due_on.is_not(None),
            Review.state.in_(OPEN_STATES),
        )
        .order_by(Review.due_on, Review.id)
        .limit(1)
    )


def due_within(account_id: int, start: date, end: date) -> date | None:
    """The day of the next review, where it falls into these days (both included) and nothing is planned for it yet."""
    due = select(NextReview.due_on).where(NextReview.account_id == account_id, NextReview.due_on.between(start, end))
    found = db.session.scalar(due)
    return found if found is not None and planned_of(account_id) is None else None


def project_state(account_id: int) -> State | None:
    """What a person last said of the project; None while nobody did."""
    columns = (ProjectState.rating, ProjectState.comment, ProjectState.at, func.coalesce(User.name, ""))
    rows = _state_of(account_id).with_only_columns(*columns).outerjoin(User, User.id == ProjectState.author_id)
    row = db.session.execute(rows).first()
    return None if row is None else State(row[0], row[1], row[3], row[2])


def _state_of(account_id: Any) -> Select[Any]:
    rows = select(ProjectState.id).where(ProjectState.account_id == account_id)
    return rows.order_by(ProjectState.at.desc(), ProjectState.id.desc()).limit(1)
