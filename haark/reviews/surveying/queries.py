"""What clients answered to «was this review useful to you», 0 to 10. Read only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from haark.cadence.models import Review
from haark.extensions import db
from haark.reviews.surveying.models import ReviewSurvey

SCORES = range(11)


@dataclass(frozen=True)
class Found:
    """The question behind a link, what it is about, and the client's name."""

    survey: ReviewSurvey
    review: Review
    client: str


@dataclass(frozen=True)
class Answer:
    """What one person answered; `score` None while they did not."""

    id: int
    name: str
    email: str
    score: int | None
    comment: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Summary:
    """The answers about one review, the latest first; `mean` None without any."""

    asked: int
    answers: tuple[Answer, ...]

    @property
    def mean(self) -> float | None:
        scores = [one.score for one in self.answers if one.score is not None]
        return sum(scores) / len(scores) if scores else None


def asked(review_id: int, email: str) -> ReviewSurvey | None:
    """The question to this address about this review."""
    rows = select(ReviewSurvey).where(ReviewSurvey.review_id == review_id, ReviewSurvey.email == email)
    return db.session.scalar(rows)


def of_review(review_id: int) -> Summary:
    """Who was asked about a review, and what they answered. One statement."""
    rows = select(
        ReviewSurvey.id,
        ReviewSurvey.name,
        ReviewSurvey.email,
        ReviewSurvey.score,
        ReviewSurvey.comment,
        ReviewSurvey.answered_at,
    ).where(ReviewSurvey.review_id == review_id)
    rows = rows.order_by(ReviewSurvey.answered_at.desc().nulls_last(), ReviewSurvey.id)
    found = [Answer(*row) for row in db.session.execute(rows)]
    return Summary(len(found), tuple(one for one in found if one.answered_at is not None))
