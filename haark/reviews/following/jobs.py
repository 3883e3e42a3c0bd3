"""After the meeting, by itself: the check-in and what decisions ask of the plan."""

from datetime import timedelta
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import select

from haark import clock
from haark.accounts.models import Account
from haark.cadence.models import Review
from haark.extensions import db
from haark.people.models import User
from haark.reviews import titles
from haark.reviews.following import domain
from haark.settings import queries as settings

# A review noted long after the fact has no half-way to plan.
RECENT = timedelta(days=30)


def prepare(account_id: int) -> dict[str, Any]:
    """For the account's reviews of the last weeks; in the language of who runs it."""
    on = clock.today(settings.get("organisation.timezone"))
    wanted = select(Review).where(
        Review.account_id == account_id, Review.held_on >= on - RECENT, Review.deleted_at.is_(None)
    )
    language = db.session.scalar(
        select(User.language).join(Account, Account.owner_id == User.id).where(Account.id == account_id)
    )
    found = list(db.session.scalars(wanted.order_by(Review.id)))
    with force_locale(language or settings.get("organisation.language")):
        for review in found:
            title = titles.title_of(review.kind, review.period, language or settings.get("organisation.language"))
            words = gettext("Point de mi-parcours après le %(review)s", review=title)
            domain.prepare(review, words, at=clock.moment(), on=on)
    db.session.commit()
    return {"reviews": len(found)}
