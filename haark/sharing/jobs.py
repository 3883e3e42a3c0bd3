"""Work about shared plans that nobody waits for. It may run twice; what it sends exists once."""

from datetime import timedelta

from sqlalchemy import select

from haark import clock
from haark.extensions import db
from haark.plans.models import Proposal
from haark.settings import domain as settings
from haark.sharing import letters

# What was answered longer ago is no news: a job that comes so late writes nothing.
FRESH = timedelta(days=7)


def answer(account_id: int) -> dict[str, int]:
    """Tells the contacts of an account what became of their proposals."""
    zone = settings.get("organisation.timezone")
    at, on = clock.moment(zone), clock.today(zone)
    decided = select(Proposal).where(
        Proposal.account_id == account_id,
        Proposal.contact_id.is_not(None),
        Proposal.state.in_(("accepted", "declined")),
        Proposal.decided_at > at - FRESH,
    )
    sent = sum(letters.answer(row, at=at, on=on) for row in db.session.scalars(decided.order_by(Proposal.id)).all())
    db.session.commit()
    return {"mails": sent}
