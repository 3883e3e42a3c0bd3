"""The two pages of a forgotten password: asking for the link, and choosing anew."""

from flask import Blueprint, Response, abort, request
from flask_babel import ngettext

from haark import clock
from haark.access import public
from haark.extensions import db
from haark.hypermedia import respond
from haark.people import arrivals, recovery, throttle, tokens
from haark.people.forms import ForgottenForm, WelcomeForm

blueprint = Blueprint("resets", __name__)


@blueprint.get("/login/forgotten")
@public
def forgotten() -> Response:
    return respond("people/forgotten.html", form=ForgottenForm(request.args), asked=False)


@blueprint.post("/login/forgotten")
@public
def ask() -> Response:
    """The same answer whether or not somebody has the address."""
    form = ForgottenForm(request.form)
    if not form.validate():
        return respond("people/forgotten.html", status=422, form=form, asked=False)
    wait, _job = recovery.ask(form.email.data or "", request.remote_addr or "", at=clock.now())
    db.session.commit()
    if not wait:
        return respond("people/forgotten.html", form=form, asked=True)
    minutes = -(-wait // 60)
    form.email.errors = [
        ngettext(
            "Trop d’essais à la suite. Réessayez dans %(num)s minute.",
            "Trop d’essais à la suite. Réessayez dans %(num)s minutes.",
            minutes,
        )
    ]
    response = respond("people/forgotten.html", status=429, form=form, asked=False)
    response.headers["Retry-After"] = str(wait)
    return response


@blueprint.get("/login/reset/<code>")
@public
def show(code: str) -> Response:
    """A code that does not work is the same 404, whatever the reason."""
    if tokens.find(tokens.RESET, code, at=clock.now()) is None:
        if throttle.take_apart(request.remote_addr or "", at=clock.now()):
            abort(429)
        abort(404)
    return respond("people/reset.html", form=WelcomeForm())


@blueprint.post("/login/reset/<code>")
@public
def choose(code: str) -> Response:
    arrivals.count_attempt()
    if tokens.find(tokens.RESET, code, at=clock.now()) is None:
        abort(404)
    form = WelcomeForm(request.form)
    password = form.password.data or ""
    return arrivals.arrive(form, "people/reset.html", lambda: recovery.reset(code, password, at=clock.now()))
