"""Work on recaps that nobody waits for. Each may run twice; what it sends exists once."""

from contextlib import closing
from typing import Any

from haark import clock
from haark.extensions import db
from haark.jobs import bell
from haark.jobs.runner import JobRefused
from haark.reviews import exports
from haark.reviews import queries as reviews
from haark.reviews.recap import decks, sending
from haark.reviews.recap.domain import RecapError
from haark.reviews.recap.story import Story
from haark.settings import queries as settings


def send(review_id: int, to: list[str], by: int, trial: bool = False) -> dict[str, Any]:
    """Draws what is not drawn yet, each file kept as soon as it is made, then writes the mails."""
    zone = str(settings.get("organisation.timezone"))
    story = _story(review_id, zone)
    missing = () if story.recap.sent_at is not None else decks.deck_of(story).missing
    if missing:
        with closing(exports.render(review_id, missing, at=clock.moment(zone), apart=not bell.inline())) as made:
            for _file in made:
                db.session.commit()
        story = _story(review_id, zone)
    at, on = clock.moment(zone), clock.today(zone)
    try:
        if trial:
            sending.deliver_trial(story, to[0], by=by, at=at)
            return {"review_id": review_id}
        return {"mails": len(sending.deliver(story, to, by=by, at=at, on=on).names)}
    except RecapError as fault:
        if fault.kind == "deck":
            raise  # the deck changed while it was drawn: the next try draws it anew
        raise JobRefused(fault.kind) from fault


def _story(review_id: int, zone: str) -> Story:
    return Story(reviews.get(review_id), clock.today(zone))
