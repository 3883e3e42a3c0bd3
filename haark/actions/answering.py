"""The page behind a completion link: public, without scripts, in the client's language, and nothing internal in it.

Opening it changes nothing, as mail scanners open every link; a link that does not work is the same 404 whatever the
reason, and guesses are counted.
"""

from flask import Blueprint, Response, abort
from flask_babel import force_locale

from haark import clock, headers
from haark.access import with_secret
from haark.accounts.languages import language_of
from haark.actions import domain, links
from haark.actions.links import Found
from haark.extensions import db
from haark.hypermedia import respond
from haark.people import throttle
from haark.settings import queries as settings

blueprint = Blueprint("answering", __name__)


@blueprint.get("/done/<token>")
@with_secret
def ask(token: str) -> Response:
    """What it is about, and the button."""
    return _page(_found(token))


@blueprint.post("/done/<token>")
@with_secret
def finish(token: str) -> Response:
    """The client says that it is done; a second time says that it was."""
    found = _found(token)
    if domain.complete(found.item, by=None, at=clock.moment(), contact=found.contact):
        db.session.commit()
    return _page(found)


def _found(token: str) -> Found:
    found = links.by_token(token)
    if found is None:
        abort(429 if throttle.guess("done") else 404)
    return found


def _page(found: Found) -> Response:
    vendor = str(settings.get("organisation.name"))
    with force_locale(language_of(found.contact, found.account)):
        answer = respond("actions/answer.html", item=found.item, contact=found.contact, vendor=vendor)
    return headers.discreet(answer)
