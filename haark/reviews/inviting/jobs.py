"""Work about invitations that nobody waits for. Each may run twice; what it sends exists once."""

from haark import clock
from haark.extensions import db
from haark.reviews.inviting import domain, queries, reminders, sending
from haark.settings import domain as settings


def suggest(account_id: int) -> dict[str, int]:
    """Keeps whom to invite to each review of an account that is to be held."""
    on = clock.today(settings.get("organisation.timezone"))
    return {"people": sum(len(domain.adopt(review, on)) for review in queries.planned_of(account_id))}


def call_off(account_id: int) -> dict[str, int]:
    """Cancellations to those invited to reviews of an account that will not take place."""
    return {"mails": sending.call_off(account_id, at=clock.moment())}


def remind() -> dict[str, int]:
    """The day's reminders. Each is committed by itself, so that one that fails keeps nobody from the others."""
    zone = settings.get("organisation.timezone")
    return {"mails": reminders.send(at=clock.moment(zone), on=clock.today(zone), step=db.session.commit)}
