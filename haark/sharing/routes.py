"""The way in, and the plan as its reader sees it."""

from flask import Response, make_response, render_template, request
from flask_babel import force_locale

from haark import clock
from haark.access import with_secret
from haark.extensions import db
from haark.plans import links
from haark.settings import queries as settings
from haark.sharing import doors
from haark.sharing.doors import blueprint
from haark.sharing.pages import SharedPlan, language_of

__all__ = ["blueprint"]


@blueprint.get("/s/<token>")
@with_secret
def landing(token: str) -> Response:
    """Whom it is for, and a button. Programs that open every link of a mail change nothing here."""
    guest = doors.caller(token)
    with force_locale(language_of(guest.account, guest.contact)):
        told = {"guest": guest, "vendor": settings.get("organisation.name")}
        return make_response(render_template("sharing/landing.html", **told))


@blueprint.post("/s/<token>")
@with_secret
def enter(token: str) -> Response:
    """A person pressed the button: their visit is written down, and they go on to an address without a secret."""
    guest = doors.caller(token)
    device = "phone" if "Mobi" in (request.user_agent.string or "") else "computer"
    secret = links.visit(guest.link, device=device, at=clock.moment(), now=clock.now())
    db.session.commit()
    return doors.welcome(guest.link.id, secret)


@blueprint.get("/s/p/<int:link_id>")
@with_secret
def show(link_id: int) -> Response:
    visit = doors.visit(link_id)
    guest = visit.guest
    language = language_of(guest.account, guest.contact)
    with force_locale(language):
        plan = SharedPlan(guest.account, guest.contact, guest.link, doors.today(), doors.zone(), language)
        return make_response(render_template("sharing/show.html", plan=plan, token=visit.token, live=True))
