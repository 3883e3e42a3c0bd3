"""What both sides promised at the last review (XB-1), when the next one is due, and a person's word on the project."""

from datetime import date
from typing import Any

from sqlalchemy import or_, select

from haark.accounts.models import Contact
from haark.actions.models import ActionItem
from haark.cadence import following
from haark.cadence import queries as cadence
from haark.cadence.models import Review
from haark.extensions import db
from haark.people.models import User
from haark.reviews.facts.span import Span
from haark.reviews.following.models import PromiseGrade

WAITING = ("open", "in_progress")


def promises(span: Span) -> dict[str, Any] | None:
    """The promises of the last review held before this one, and those of earlier ones that were still open then.

    None where no review was held before, or nothing was promised there. Two statements.
    """
    last = _last_held(span)
    if last is None:
        return None
    kept = span.opening(last.held_on)
    rows = db.session.execute(
        select(ActionItem.id, ActionItem.title, ActionItem.due_on, ActionItem.state, ActionItem.done_at)
        .add_columns(User.name.label("ours"), Contact.name.label("theirs"), ActionItem.source_id)
        .join(Review, Review.id == ActionItem.source_id)
        .add_columns(PromiseGrade.grade)
        .outerjoin(
            PromiseGrade, (PromiseGrade.action_id == ActionItem.id) & (PromiseGrade.review_id == ActionItem.source_id)
        )
        .outerjoin(User, User.id == ActionItem.owner_user_id)
        .outerjoin(Contact, Contact.id == ActionItem.owner_contact_id)
        .where(
            ActionItem.account_id == span.account_id,
            ActionItem.deleted_at.is_(None),
            ActionItem.source_kind == "review",
            Review.account_id == span.account_id,
            Review.held_on <= last.held_on,
            or_(
                ActionItem.source_id == last.id,
                ActionItem.state.in_(WAITING),
                ActionItem.done_at >= kept,
            ),
        )
        .order_by(ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
    ).all()
    if not rows:
        return None
    return {
        "kind": last.kind,
        "period": last.period,
        "held_on": last.held_on.isoformat(),
        "items": [
            {
                "id": row.id,
                "title": row.title,
                "due_on": row.due_on.isoformat() if row.due_on else None,
                "state": row.state,
                "done_on": span.day_of(row.done_at).isoformat() if row.done_at else None,
                "owner": row.ours or row.theirs or "",
                "side": "theirs" if row.theirs else "ours",
                "carried": row.source_id != last.id,
                "graded": row.grade or "",
            }
            for row in rows
        ],
    }


def _last_held(span: Span) -> Any:
    """The last review held before this one: id, kind, period, held_on."""
    before = Review.held_on <= span.on
    if span.day is not None and span.held:
        before = Review.held_on < span.day
    return db.session.execute(
        select(Review.id, Review.kind, Review.period, Review.held_on)
        .where(
            Review.account_id == span.account_id,
            Review.id != (span.review_id or 0),
            Review.deleted_at.is_(None),
            Review.held_on.is_not(None),
            before,
        )
        .order_by(Review.held_on.desc(), Review.id.desc())
        .limit(1)
    ).first()


def following_review(span: Span, today: date) -> dict[str, Any] | None:
    """The review after this one: its day, kind, and whether somebody planned it. None: nothing asks for one."""
    found = following.after(
        span.account_id, span.review_id, span.kind, span.day or today, held=span.held, on=max(span.on, today)
    )
    return None if found is None else {"on": found.on.isoformat(), "kind": found.kind, "planned": found.planned}


def project(span: Span) -> dict[str, Any] | None:
    """The latest rating of the project, 1-5; its comment is for our own eyes and stays out of the facts."""
    said = cadence.project_state(span.account_id)
    return (
        None if said is None else {"rating": said.rating, "author": said.author, "on": span.day_of(said.at).isoformat()}
    )
