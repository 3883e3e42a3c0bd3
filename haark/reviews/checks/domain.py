"""Whether what is internal may go to the client (DK-8). Told who and when; flushes, the caller commits."""

from datetime import datetime

from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db


def allow(review: Review, *, by: int | None, at: datetime) -> None:
    """A person lets health, risks, churn and ARR out."""
    _set(review, True, "review.internal_allowed", by, at)


def forbid(review: Review, *, by: int | None, at: datetime) -> None:
    """They are left out of the client's edition again."""
    _set(review, False, "review.internal_forbidden", by, at)


def _set(review: Review, allowed: bool, kind: str, by: int | None, at: datetime) -> None:
    if review.internal_allowed == allowed:
        return
    review.internal_allowed = allowed
    db.session.flush()
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id))
