"""Language and time zone of the reader, and the formats as template filters."""

import html
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import force_locale, get_locale
from flask_login import current_user

from haark import clock, formats
from haark.translations.catalogues import compile_stale

COOKIE = "haark_language"


def language() -> str:
    """The user's language; before login the one chosen on this browser, else what the browser asks for, else French."""
    if not has_request_context():
        return "fr"
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    chosen = request.cookies.get(COOKIE)
    if chosen in formats.LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(formats.LANGUAGES, "fr") or "fr"


def on_terminal() -> AbstractContextManager[None]:
    """The command line speaks one language, whoever uses it: English. Files made for clients keep their own."""
    return force_locale("en")


def timezone() -> str:
    """The user's time zone, Europe/Paris before login."""
    if has_request_context() and current_user and current_user.is_authenticated:
        return str(current_user.timezone)
    return clock.DEFAULT_ZONE


def current() -> str:
    """The language in force here, also under `force_locale`."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in formats.LANGUAGES else "fr"


def _localised(function: Callable[..., str]) -> Callable[..., str]:
    def shown(value: Any, *args: Any, **options: Any) -> str:
        return function(value, current(), *args, **options)

    return shown


def _instant(value: datetime | None) -> str:
    return formats.instant(value, current(), timezone())


def _hour(value: datetime | None) -> str:
    """«06:10» today, the whole date else: for «saved at»."""
    zone = timezone()
    today = value is not None and clock.day_of(value, zone) == clock.today(zone)
    return formats.hour(value, current(), zone) if today else formats.instant(value, current(), zone)


def _days_until(value: date | None) -> int | None:
    return None if value is None else (value - clock.today(timezone())).days


def init(app: Flask) -> None:
    compile_stale()
    for name in (
        "number",
        "signed",
        "percent",
        "money",
        "money_short",
        "day",
        "day_week",
        "day_long",
        "day_short",
        "month",
    ):
        app.jinja_env.filters[name] = _localised(getattr(formats, name))
    app.jinja_env.filters["instant"] = _instant
    app.jinja_env.filters["hour"] = _hour
    # For the text of a mail: a macro that it shares with the HTML escapes what it says.
    app.jinja_env.filters["unescaped"] = html.unescape
    app.jinja_env.filters["days_until"] = _days_until
    app.jinja_env.globals.update(language=current, today=lambda: clock.today(timezone()), LANGUAGES=formats.LANGUAGES)
