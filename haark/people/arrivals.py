"""First visits: the organisation's (with the code that bin/run --empty prints) and an invited person's."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, request
from wtforms import Form

from haark import clock
from haark.access import public
from haark.extensions import db
from haark.hypermedia import go, respond
from haark.people import browser, domain, queries, throttle, tokens
from haark.people.forms import REASONS, SetupForm, WelcomeForm
from haark.people.models import User

blueprint = Blueprint("arrivals", __name__)
FIELDS = {"used": "code", "email": "email", "taken": "email"}  # where a reason is shown; else at the password


@blueprint.get("/setup")
@public
def setup() -> Response:
    """Only while nobody is there; afterwards there is no such page."""
    if not queries.nobody_yet():
        abort(404)
    return respond("people/setup.html", form=SetupForm(request.args))


@blueprint.post("/setup")
@public
def set_up() -> Response:
    if not queries.nobody_yet():
        abort(404)
    count_attempt()
    form = SetupForm(request.form)
    return arrive(form, "people/setup.html", lambda: domain.set_up(**_typed(form), at=clock.now()))


@blueprint.get("/welcome/<code>")
@public
def welcome(code: str) -> Response:
    """The invited person chooses a password. A code that does not work is the same 404, whatever the reason."""
    if tokens.find(tokens.PASSWORD, code, at=clock.now()) is None:
        if throttle.take_apart(_address(), at=clock.now()):
            abort(429)
        abort(404)
    return respond("people/welcome.html", form=WelcomeForm())


@blueprint.post("/welcome/<code>")
@public
def accept(code: str) -> Response:
    count_attempt()
    if tokens.find(tokens.PASSWORD, code, at=clock.now()) is None:
        abort(404)
    form = WelcomeForm(request.form)
    return arrive(form, "people/welcome.html", lambda: domain.accept_invitation(code, **_typed(form), at=clock.now()))


def arrive(form: Form, page: str, verb: Callable[[], User]) -> Response:
    """Does it, or shows the form again with the reason; the person is logged in afterwards."""
    if not form.validate():
        return respond(page, status=422, form=form)
    try:
        user = verb()
    except domain.PersonError as fault:
        db.session.rollback()
        field = form[FIELDS.get(fault.kind, "password")] if FIELDS.get(fault.kind) in form.data else form.password
        field.errors = [*field.errors, REASONS[fault.kind]]
        return respond(page, status=422, form=form)
    browser.sign_in(user, remember=False, at=clock.now())
    db.session.commit()
    return go("/")


def _typed(form: Form) -> dict[str, str]:
    return {name: str(value or "") for name, value in form.data.items()}


def count_attempt() -> None:
    wait = throttle.take(_address(), None, at=clock.now())
    db.session.commit()
    if wait:
        abort(429)


def _address() -> str:
    return request.remote_addr or ""
