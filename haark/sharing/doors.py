"""Who stands at the door of a shared plan, and what every answer under `/s/` has in common.

The secret of a link is good for one thing: a POST that makes a visit. The browser keeps the secret of the visit in a
cookie which only the pages of that link see; every form carries a token made from it (docs/sharing.md).
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _

from haark import clock, headers
from haark.extensions import db
from haark.people import throttle
from haark.plans import links
from haark.plans.links import Guest
from haark.settings import queries as settings

COOKIE = "haark_visit"
FIELD = "token"
# No script at all on these pages; the logos are written into them.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
blueprint = Blueprint("sharing", __name__)


@dataclass(frozen=True)
class Visit:
    """A browser that came in by a link: for whom, and the token that its forms must carry."""

    guest: Guest
    token: str


@blueprint.after_request
def _discreet(response: Response) -> Response:
    if request.path.startswith("/s/"):
        response.headers["Content-Security-Policy"] = POLICY
        headers.discreet(response)
    return response


def zone() -> str:
    """A client reads hours as the organisation that wrote to them does."""
    return str(settings.get("organisation.timezone"))


def today() -> date:
    return clock.today(zone())


def caller(token: str) -> Guest:
    """Whose link this is. 404, the same for every link that does not open; 429 for too many of them."""
    found = links.by_token(token, today())
    if found is None:
        _count_guess()
        refuse(404)
    return found


def visit(link_id: int) -> Visit:
    """The visit of this browser; on a write its form must be one that this visit was shown (403)."""
    secret = request.cookies.get(COOKIE, "")
    found = links.by_visit(link_id, secret, today(), clock.now()) if secret else None
    if found is None:
        if secret:
            _count_guess()
        refuse(404)
    token = form_token(secret)
    if request.method == "POST":
        if not hmac.compare_digest(request.form.get(FIELD, "").encode(), token.encode()):
            refuse(403)
        if throttle.take(f"sharing:{link_id}", None, at=clock.now()):
            db.session.commit()
            refuse(429)
    return Visit(found, token)


def form_token(secret: str) -> str:
    """What the forms of a visit carry: only who knows the visit's secret can make it."""
    return hmac.new(secret.encode(), b"haark form", hashlib.sha256).hexdigest()


def welcome(link_id: int, secret: str) -> Response:
    """Leads a new visit to its address, which holds no secret."""
    url = url_for("sharing.show", link_id=link_id)
    answer = make_response("", 303)
    answer.headers["Location"] = url
    age = int(links.VISIT.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=age, path=url, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def refuse(status: int) -> NoReturn:
    """Ends the request with a page that knows nothing of any plan."""
    words = {
        403: (_("Cette page a expiré"), _("Rien n’a été modifié. Rechargez la page, puis recommencez.")),
        404: (
            _("Ce lien ne s’ouvre pas"),
            _("Il a expiré, a été retiré, ou l’adresse est incomplète. Demandez-en un nouveau à votre interlocuteur."),
        ),
        429: (_("Trop d’essais à la suite"), _("Attendez quelques minutes, puis réessayez.")),
    }
    title, text = words[status]
    abort(make_response(render_template("sharing/refused.html", title=title, text=text), status))


def _count_guess() -> None:
    if throttle.guess("sharing"):
        refuse(429)
