"""What a browser holds of a login: a token in the signed cookie, whose hash names a row that can be revoked.

Flask-Login asks `user_of` at each request, so a revoked session, a removed user or another role count at once.
"""

from datetime import datetime, timedelta

from flask import Response, current_app, g, request, session
from flask_login import current_user
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from haark import clock
from haark.extensions import db, login
from haark.locale import COOKIE as LANGUAGE_COOKIE
from haark.people import domain, queries, tokens
from haark.people.models import LoginSession, User

TOKEN = "_user_id"  # the name under which Flask-Login looks for it
SEEN_EVERY = timedelta(minutes=1)
A_YEAR = 365 * 24 * 3600

login.login_view = "people.login"
login.session_protection = None  # the session row is the protection; Flask-Login's check would log out on an update


@login.user_loader
def user_of(token: str) -> User | None:
    """The user of the session that the browser names; None when it no longer holds."""
    found = queries.live_session(tokens.digest(token), clock.now())
    g.login_session = found
    return found.user if found else None


def sign_in(user: User, *, remember: bool, at: datetime) -> None:
    """A new session and a new cookie: nothing of the visitor's from before survives but the theme (no fixation)."""
    if current_user.is_authenticated:
        domain.revoke(g.login_session, at=at)
    token = domain.open_session(user, request.user_agent.string, at=at, remember=remember)
    _forget()
    session[TOKEN] = token
    session.permanent = remember


def sign_out(*, at: datetime) -> None:
    """Ends the session of this browser."""
    domain.revoke(g.login_session, at=at)
    _forget()


def session_id() -> int | None:
    """The id of the session that this request belongs to."""
    found: LoginSession | None = g.get("login_session")
    return found.id if found else None


def keep_language(response: Response, language: str) -> Response:
    """The login page of this browser speaks `language` from now on."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def note_presence(response: Response) -> Response:
    """After the page was sent, on a connection of its own: this session was seen now. At most once a minute."""
    found: LoginSession | None = g.get("login_session")
    now = clock.now()
    if found is not None and request.method == "GET" and now - found.last_seen_at > SEEN_EVERY:
        engine, ident = db.engine, found.id
        response.call_on_close(lambda: _seen(engine, ident, now))
    return response


def _seen(engine: Engine, ident: int, at: datetime) -> None:
    seen = db.update(LoginSession).where(LoginSession.id == ident, LoginSession.last_seen_at < at)
    try:
        with engine.begin() as connection:
            connection.execute(seen.values(last_seen_at=at))
    except OperationalError:
        return  # the database is busy: the next page will tell


def _forget() -> None:
    theme = session.get("theme")
    session.clear()
    if theme:
        session["theme"] = theme
