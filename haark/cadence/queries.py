"""Reading a person's rating of a project."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from haark.cadence.models import ProjectState
from haark.extensions import db
from haark.people.models import User


@dataclass(frozen=True)
class State:
    """The latest rating of an account's project, 1-5."""

    rating: int
    comment: str
    author: str
    at: datetime


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
