"""A stage for the behaviours: a page with a list, forms that succeed and fail, and somebody logged in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, abort, request
from jinja2 import ChoiceLoader, DictLoader

from haark import hypermedia
from haark.access import public
from haark.errors import Conflict
from haark.extensions import db
from haark.people import domain
from haark.people.models import User
from tests.browser import launch, serving

STAGE = {
    "stage.html": """{% extends "layouts/app.html" %}{% from "shared/forms.html" import csrf_field, search %}
{% from "shared/nav.html" import menu, menu_link %}
{% block title %}Scène{% endblock %}{% block topbar %}<h1>Scène</h1>
{% call menu("Actions") %}{{ menu_link("Noter un suivi", "#noted", "plus", "n") }}{% endcall %}
<a href="#report" data-key="g z">Rapport</a>{% endblock %}
{% block content %}
<form action="/stage">{{ search("q", "Chercher") }}</form>
<table class="tb" data-list><thead><tr><th>Compte</th><th>Aperçu</th></tr></thead><tbody id="rows">
{% for name in ("Arvel", "Brelan", "Corvin") %}<tr data-row id="row-{{ name }}"><td>
<input class="pick" type="checkbox" aria-label="{{ name }}">
<a href="#open-{{ name }}">{{ name }}</a></td><td><a href="#peek-{{ name }}" data-peek>Voir</a></td></tr>{% endfor %}
</tbody></table>
<div id="panel">{% include "_form.html" %}</div>
{% for what in ("rows", "done", "409", "404", "500", "conflict", "expired", "proxy") %}
<button id="do-{{ what }}" hx-post="/stage/{{ what }}" hx-target="#panel">{{ what }}</button>{% endfor %}
<button id="more" hx-get="/stage/more" hx-target="#rows" hx-swap="beforeend">plus</button>
<b id="count">3</b>
{% endblock %}""",
    "_form.html": """<form id="ask" method="post" action="/stage/form" hx-post="/stage/form" hx-target="#panel">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<label>Nom <input class="in" id="name" name="name" value="{{ name }}"
{% if wrong %} aria-invalid="true"{% endif %}></label>
<button id="send">Envoyer</button>{% if wrong %}<p>manque</p>{% endif %}</form>""",
    "_more.html": "<tr data-row><td><a href='#open-d'>Dorval</a></td><td></td></tr>",
    "_count.html": '<b id="count"{% if oob %} hx-swap-oob="true"{% endif %}>4</b>',
    "_kept.html": "<p id='kept'>les deux textes</p>",
}


def _form() -> Any:
    name = request.form.get("name", "")
    if not name.strip():
        return hypermedia.respond("stage.html", "_form.html", status=422, name="  ", wrong=True)
    hypermedia.flash_done(f"{name} est noté", undo="/stage/undo")
    return hypermedia.go("/stage")


def _undo() -> Any:
    hypermedia.flash_done("C’est défait")
    return hypermedia.done()


def _done() -> Any:
    hypermedia.flash_done("C’est fait", undo="/stage/undo")
    return hypermedia.respond("stage.html", "_form.html")


def _conflict() -> Any:
    raise Conflict("Synthèse", mine="a", theirs="b")


ACTS: dict[str, Callable[[], Any]] = {
    "form": _form,
    "undo": _undo,
    "done": _done,
    "conflict": _conflict,
    "409": lambda: hypermedia.respond("stage.html", "_kept.html", status=409),
    "expired": hypermedia.ask_login,
    "proxy": lambda: ("<html><body id='bad'>502 Bad Gateway</body></html>", 502),
    "404": lambda: abort(404),
    "500": lambda: abort(500),
}


@pytest.fixture
def stage(app: Flask) -> Iterator[Flask]:
    """The app with the page /stage and what its buttons ask for."""
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([DictLoader(STAGE), app.jinja_loader])
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/stage", "stage", public(lambda: hypermedia.respond("stage.html")))
    app.add_url_rule(
        "/stage/more",
        "more",
        public(lambda: hypermedia.respond("stage.html", "_more.html", out_of_band=("_count.html",))),
    )
    app.add_url_rule("/stage/<what>", "act", public(lambda what: ACTS[what]()), methods=["POST"])
    yield app


def cookie_of_claire(app: Flask, **changes: Any) -> str:
    """The session cookie of a logged-in CSM."""
    with app.app_context():
        values = {"email": "claire.delorme@sillage.fr", "name": "Claire Delorme", "role": "csm", **changes}
        user = User(**values, created_at=datetime.now(UTC))
        db.session.add(user)
        db.session.flush()
        token = domain.open_session(user, "test", at=datetime.now(UTC))
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    cookie = client.get_cookie("haark")
    assert cookie is not None
    return cookie.value


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launch() as started:
        yield started


@pytest.fixture
def address(stage: Flask) -> Iterator[str]:
    with serving(stage) as found:
        yield found


def opened(browser: Any, address: str, path: str, cookie: str = "", **options: Any) -> Any:
    """A page of a new visitor, or of the one whose session `cookie` is."""
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce", **options)
    if cookie:
        context.add_cookies([{"name": "haark", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(address + path)
    return page
