"""A person's rating of how the project goes (RV-11), kept beside the computed health."""

from datetime import datetime

from haark.cadence.models import ProjectState
from haark.events.domain import record
from haark.extensions import db

RATINGS = (1, 2, 3, 4, 5)


def rate(account_id: int, rating: int, comment: str, *, by: int | None, at: datetime) -> ProjectState:
    """Adds a rating, 1 (badly) to 5 (very well); earlier ones stay in the history. ValueError outside of 1-5."""
    if rating not in RATINGS:
        raise ValueError(f"a rating goes from 1 to 5, not {rating}")
    row = ProjectState(account_id=account_id, rating=rating, comment=comment.strip()[:400], author_id=by, at=at)
    db.session.add(row)
    db.session.flush()
    record("project.rated", at=at, by=by, account_id=account_id, subject=("project_state", row.id), rating=rating)
    return row
