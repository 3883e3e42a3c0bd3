"""The calendar feed: a secret address for each person, which they renew or end on their profile (TD-2).

The address alone opens it, as calendar programs send nothing else: only its hash is kept, it is shown once, guesses are
counted, and whatever does not work is the same 404.
"""

import hmac
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import signed_in, with_secret
from haark.events.domain import record
from haark.extensions import db
from haark.hypermedia import flash_done, go
from haark.mail import feed as calendars
from haark.people import throttle, tokens
from haark.people.models import User
from haark.settings import queries as settings
from haark.today import agenda

blueprint = Blueprint("feed", __name__)
SHOWN = "calendar_address"
LONGEST = 100


@blueprint.get("/calendar/<token>.ics")
@with_secret
def show(token: str) -> Response:
    """The calendar; 304 while nothing changed."""
    user = _holder(token)
    if user is None:
        abort(429 if throttle.guess("calendar") else 404)
    parts = urlsplit(request.url_root)
    with force_locale(user.language):
        found = agenda.entries(
            user, clock.moment(user.timezone), parts.hostname or "haark", request.url_root.rstrip("/")
        )
        name = f"Haark · {settings.get('organisation.name') or user.name}"
        answer = make_response(calendars.write(name, found))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="haark.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.post("/profile/calendar")
@signed_in
def renew() -> Response:
    """A new secret address; the one before no longer works. It is shown on the next page, once."""
    token = tokens.new_token()
    _keep(tokens.digest(token))
    session[SHOWN] = token
    flash_done(_("Adresse créée. Copiez-la maintenant : elle ne sera plus montrée."))
    return go(url_for("people.profile.show") + "#calendrier")


@blueprint.post("/profile/calendar/removal")
@signed_in
def end() -> Response:
    _keep(None)
    flash_done(_("L’adresse du calendrier ne fonctionne plus"))
    return go(url_for("people.profile.show") + "#calendrier")


@blueprint.app_template_global()
def new_calendar_address() -> str:
    """The address that was just made, once; '' afterwards."""
    token = session.pop(SHOWN, "")
    return url_for("today.feed.show", token=token, _external=True) if token else ""


def _keep(digest: str | None) -> None:
    current_user.calendar_hash = digest
    db.session.flush()
    what = "renewed" if digest else "ended"
    record("user.changed", at=clock.now(), by=current_user.id, subject=("user", current_user.id), calendar=what)
    db.session.commit()


def _holder(token: str) -> User | None:
    """Whose address it is; None for one that is unknown, ended, or of somebody who left."""
    if len(token) > LONGEST:
        return None
    digest = tokens.digest(token)
    found: User | None = db.session.scalar(db.select(User).where(User.calendar_hash == digest, User.active))
    return found if found is not None and hmac.compare_digest(found.calendar_hash or "", digest) else None
