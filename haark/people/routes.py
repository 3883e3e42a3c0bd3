"""Logging in and out, and the two choices that exist before a login: theme and language."""

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from haark import clock, navigation
from haark.access import public, signed_in
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.hypermedia import go, next_or, respond
from haark.people import arrivals, browser, domain, profile, queries, resets, throttle
from haark.people.forms import LoginForm
from haark.settings import domain as settings

blueprint = Blueprint("people", __name__)
blueprint.register_blueprint(arrivals.blueprint)
blueprint.register_blueprint(profile.blueprint)
blueprint.register_blueprint(resets.blueprint)
blueprint.after_app_request(browser.note_presence)
FEW = 3  # attempts left from which on the page says so


@blueprint.get("/")
@signed_in
def home() -> AnyResponse:
    """The role's first page."""
    return redirect(url_for(navigation.first_page(current_user.role)))


@blueprint.get("/login")
@public
def login() -> AnyResponse:
    after = next_or(request.args.get("next"), "/")
    if current_user.is_authenticated:
        return redirect(after)
    if queries.nobody_yet():
        return redirect(url_for("people.arrivals.setup"))
    form = LoginForm()
    form.next.data = after
    return _page(form)


@blueprint.post("/login")
@public
def log_in() -> Response:
    form, at, address = LoginForm(request.form), clock.now(), request.remote_addr or ""
    if not form.validate():
        return _page(form, 422)
    email: str = form.email.data or ""
    found = domain.attempt(email, address, at=at)
    left = throttle.remaining(email, at=at)
    db.session.commit()
    if found.wait:
        return _refused(form, found.wait)
    user = domain.welcome(found, form.password.data or "", address, at=at)
    if user is None:
        form.password.errors = [_wrong(left)]
        return _page(form, 422)
    browser.sign_in(user, remember=bool(form.remember.data), at=at)
    db.session.commit()
    return go(next_or(form.next.data, "/"))


@blueprint.post("/logout")
@signed_in
def logout() -> Response:
    language, theme = current_user.language, current_user.theme
    browser.sign_out(at=clock.now())
    db.session.commit()
    session["theme"] = theme
    return browser.keep_language(go(url_for("people.login")), language)


@blueprint.post("/preferences/theme")
@public
def set_theme() -> Response:
    theme = request.form.get("theme")
    if theme not in navigation.THEMES:
        abort(400)
    if current_user.is_authenticated:
        domain.change_profile(current_user, {"theme": theme}, at=clock.now())
        db.session.commit()
    else:
        session["theme"] = theme
    return go(next_or(request.form.get("next"), "/"))


@blueprint.post("/preferences/language")
@public
def set_language() -> Response:
    language = request.form.get("language")
    if language not in LANGUAGES:
        abort(400)
    if current_user.is_authenticated:
        domain.change_profile(current_user, {"language": language}, at=clock.now())
        db.session.commit()
    return browser.keep_language(go(next_or(request.form.get("next"), "/")), str(language))


def _page(form: LoginForm, status: int = 200) -> Response:
    return respond("people/login.html", status=status, form=form, organisation=settings.get("organisation.name"))


def _wrong(left: int) -> str:
    """The same sentence whether the account exists or not; attempts are counted for both."""
    if left > FEW:
        return _("E-mail ou mot de passe incorrect.")
    return ngettext(
        "E-mail ou mot de passe incorrect. Encore %(num)s essai.",
        "E-mail ou mot de passe incorrect. Encore %(num)s essais.",
        left,
    )


def _refused(form: LoginForm, seconds: int) -> Response:
    minutes = -(-seconds // 60)
    form.password.errors = [
        ngettext(
            "Trop d’essais à la suite. Réessayez dans %(num)s minute.",
            "Trop d’essais à la suite. Réessayez dans %(num)s minutes.",
            minutes,
        )
    ]
    response = _page(form, 429)
    response.headers["Retry-After"] = str(seconds)
    return response
