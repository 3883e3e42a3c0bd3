"""The recap that the sample's CSM still has to send, and how our people sign what they send.

What became of the other recaps is the programme's to remember.
"""

from sqlalchemy import delete, update

from haark.accounts.models import Account
from haark.cadence.models import Review
from haark.extensions import db
from haark.people.models import User
from haark.reviews.recap.models import Recap
from haark.reviews.surveying.models import ReviewSurvey

CLAIRE = "csm@demo.haark.test"
TITLES = {"csm": "Responsable succès client", "sales": "Responsable commercial", "manager": "Directrice succès client"}


def wait() -> None:
    """Claire's latest review waits for its recap; the caller commits."""
    for role, title in TITLES.items():
        db.session.execute(update(User).where(User.role == role).values(title=title))
    db.session.execute(update(User).where(User.email == CLAIRE).values(phone="06 12 34 56 78"))
    latest = db.session.scalar(
        db.select(Review)
        .join(Account, Account.id == Review.account_id)
        .join(User, User.id == Account.owner_id)
        .where(User.email == CLAIRE, Review.held_on.is_not(None))
        .order_by(Review.held_on.desc(), Review.id.desc())
        .limit(1)
    )
    if latest is not None:
        for model in (Recap, ReviewSurvey):
            db.session.execute(delete(model).where(model.review_id == latest.id))
        latest.state = "held"
        db.session.flush()
