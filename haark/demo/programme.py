"""How the past reviews of the sample went: who was there, when the recap left, what the clients answered."""

import hashlib
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from haark import clock
from haark.accounts.models import Contact
from haark.cadence.models import Review
from haark.demo.story import SEED
from haark.extensions import db
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting.models import Meeting
from haark.reviews.recap.models import Recap
from haark.reviews.surveying.models import ReviewSurvey

# The older ones are known by their day alone, as in an organisation that began to note this a year ago.
KEPT_DAYS = 400
# Shares: a sponsor came, a recap left within the day, somebody answered, the review came after its time.
SPONSOR, PROMPT, ANSWERS, SLOW = 0.76, 0.86, 0.62, 0.06
MARKS = (10, 9, 9, 9, 9, 8, 8, 8, 7, 10, 9, 6)
WORDS = ("Des chiffres clairs, et des décisions.", "Plus de temps pour les questions, la prochaine fois.")
RECENT = 2  # the last days' reviews are still to be told of


def remember(on: date) -> None:
    """Attendance, recaps and answers of the reviews held in the last year; in bulk."""
    people: dict[int, list[Contact]] = {}
    for contact in db.session.scalars(db.select(Contact).where(Contact.left_on.is_(None)).order_by(Contact.id)):
        people.setdefault(contact.account_id, []).append(contact)
    since, until = on - timedelta(KEPT_DAYS), on - timedelta(RECENT)
    held = db.select(Review).where(Review.held_on >= since, Review.held_on <= until).order_by(Review.id)
    rows: dict[Any, list[dict[str, Any]]] = {Meeting: [], Recap: [], Participant: [], ReviewSurvey: []}
    for review in db.session.scalars(held).all():
        _one(review, people.get(review.account_id, []), rows)
    for model, values in rows.items():
        if values:
            db.session.execute(db.insert(model), values)


def _one(review: Review, contacts: list[Contact], rows: dict[Any, list[dict[str, Any]]]) -> None:
    assert review.held_on is not None
    pick = Random(f"{SEED}:{review.account_id}:{review.period}")
    began = clock.start_of(review.held_on) + timedelta(hours=10)
    ended = began + timedelta(minutes=50)
    if pick.random() < SLOW:
        review.due_on = review.held_on - timedelta(days=pick.randrange(9, 24))
    sent = ended + timedelta(
        minutes=pick.randrange(40, 23 * 60) if pick.random() < PROMPT else pick.randrange(1500, 3000)
    )
    rows[Meeting].append({"review_id": review.id, "started_at": began, "ended_at": ended, "spent": []})
    rows[Recap].append({"review_id": review.id, "sent_at": sent, "sent_by_id": review.created_by_id})
    review.state = "recapped"
    sponsored = pick.random() < SPONSOR
    for contact in contacts[:5]:
        there = sponsored if contact.role == "sponsor" else pick.random() < 0.8
        known = {"review_id": review.id, "contact_id": contact.id, "name": contact.name, "email": contact.email}
        rows[Participant].append({**known, "role": _role(contact), "language": review.language, "attended": there})
        if there and contact.email and pick.random() < ANSWERS:
            rows[ReviewSurvey].append(_answer(review, contact, sent, pick, known))


def _role(contact: Contact) -> str:
    return contact.role if contact.role in ("sponsor", "champion", "decision_maker", "day_to_day") else "guest"


def _answer(review: Review, contact: Contact, sent: datetime, pick: Random, known: dict[str, Any]) -> dict[str, Any]:
    # Nobody holds the secret of this link: it was used up long ago.
    label = hashlib.sha256(f"{SEED}:{review.id}:{contact.id}".encode()).hexdigest()
    return {
        **known,
        "account_id": review.account_id,
        "language": review.language,
        "label": label,
        "token_hash": hashlib.sha256(label.encode()).hexdigest(),
        "sent_at": sent,
        "score": pick.choice(MARKS),
        "comment": pick.choice(WORDS) if pick.random() < 0.15 else "",
        "answered_at": sent + timedelta(hours=pick.randrange(1, 70)),
    }
