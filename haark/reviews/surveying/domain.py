"""The one question after a review (AX-5): asked once of each person, answered once, never changed.

Verbs are told when (`at`); they flush and record their event, the caller commits. The score stands apart from the NPS
and CSAT that feed health: it judges a meeting, not the product.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from haark.accounts.models import Account
from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.mail import compose
from haark.notices import domain as notices
from haark.reviews.surveying import queries
from haark.reviews.surveying.models import ReviewSurvey
from haark.reviews.surveying.queries import SCORES, Found

PAGE = "survey"  # the path of its link
LONGEST = 2000


class Answered(Exception):
    """It was answered before: the first answer stays."""


def ask(
    review: Review, *, name: str, email: str, language: str, contact_id: int | None = None, at: datetime
) -> ReviewSurvey:
    """The question to one person; asking again gives the one that stands."""
    found = queries.asked(review.id, email)
    if found is not None:
        return found
    label = f"survey.{secrets.token_hex(16)}"
    row = ReviewSurvey(review_id=review.id, account_id=review.account_id, contact_id=contact_id, label=label)
    row.name, row.email, row.language, row.sent_at = name[:200], email, language, at
    row.token_hash = digest(compose.sealed_token(str(current_app.config["SECRET_KEY"]), label))
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        standing = queries.asked(review.id, email)  # somebody asked in the same instant
        if standing is None:
            raise
        return standing
    return row


def sealed(row: ReviewSurvey) -> str:
    """What a mail writes where the address of the question is to stand, without its last slash."""
    return compose.sealed(PAGE, row.label)


def by_token(token: str) -> Found | None:
    """The question behind a link, with its review and the client's name; None for one that is unknown, or whose review
    or account was deleted: nobody learns which."""
    wanted = digest(token)
    rows = (
        select(ReviewSurvey, Review, Account.name)
        .join(Review, Review.id == ReviewSurvey.review_id)
        .join(Account, Account.id == ReviewSurvey.account_id)
        .where(ReviewSurvey.token_hash == wanted, Review.deleted_at.is_(None), Account.deleted_at.is_(None))
    )
    row = db.session.execute(rows).one_or_none()
    if row is None or not hmac.compare_digest(row[0].token_hash, wanted):
        return None
    return Found(row[0], row[1], row[2])


def answer(row: ReviewSurvey, score: int, comment: str, *, at: datetime) -> None:
    """What they think, 0 to 10, and why if they say so; the account's owner is told. ValueError outside; Answered."""
    if score not in SCORES:
        raise ValueError(f"a score goes from 0 to 10, not {score}")
    # In one statement: two browsers may send the same link's answer in this instant.
    taken = update(ReviewSurvey).where(ReviewSurvey.id == row.id, ReviewSurvey.answered_at.is_(None))
    done = db.session.execute(taken.values(score=score, comment=comment.strip()[:LONGEST], answered_at=at))
    if not done.rowcount:  # type: ignore[attr-defined]  # a cursor result
        raise Answered
    db.session.refresh(row)
    subject = ("review", row.review_id)
    told: dict[str, Any] = {"name": row.name, "score": score}
    record("review.survey_answered", at=at, account_id=row.account_id, subject=subject, **told)
    owner = db.session.scalar(select(Account.owner_id).where(Account.id == row.account_id))
    about: dict[str, Any] = {"account_id": row.account_id, "subject": subject, "actor_name": row.name}
    notices.tell([owner], "answered", "survey", at=at, key=f"survey:{row.id}", score=score, **about)


def digest(token: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
