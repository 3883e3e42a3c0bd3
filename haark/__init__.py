"""Haark: the client portfolio and the business reviews of a Customer Success team."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

# Slices with pages, in the order of the floors. Each has `routes.blueprint`.
SLICES: tuple[str, ...] = (
    "jobs",
    "mail",
    "people",
    "notices",
    "actions",
    "health",
    "ranking",
    "value",
    "plans",
    "cadence",
    "signals",
    "library",
    "reviews",
    "reviews.corporate",
    "reviews.checklist",
    "reviews.meeting",
    "reviews.recap",
    "reviews.following",
    "reviews.surveying",
    "reviews.checks",
    "reviews.inviting",
    "reviews.presenting",
    "programme",
    "sharing",
    "portfolio",
    "dossier",
    "intake.merging",
    "today",
    "intake.desk",
    "admin",
    "admin.settings",
    "intake.export",
)


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """The application. `overrides` replace settings of config.py (tests do).

    Imports stand inside, so that an engine such as `haark.decks` can be used without loading the web.
    """
    from haark import collector

    with collector.paused():  # what is loaded stays
        return _create(overrides or {})


def _create(overrides: dict[str, Any]) -> Flask:
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache

    import config
    from haark import access, assets, compression, errors, fragments, headers, hypermedia, locale, navigation
    from haark.extensions import babel, bind_database, csrf, db, htmx, login, migrate
    from haark.settings import domain as settings

    app = Flask(__name__, template_folder="../templates", static_folder=None)
    app.config.update(config.load())
    app.config.update(overrides)
    app.config["TEMPLATE_CACHE"].mkdir(parents=True, exist_ok=True)
    # Jinja would work out `0.6|percent` once, in the language of whoever asked first, and keep that for everybody.
    app.jinja_env.optimized = False
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(app.config["TEMPLATE_CACHE"]), "plain_%s.cache")
    import_module("haark.models")
    db.init_app(app)
    bind_database(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=locale.language, timezone_selector=locale.timezone)
    csrf.init_app(app)
    login.init_app(app)
    htmx.init_app(app)
    for part in (compression, locale, assets, fragments, navigation, headers, hypermedia, errors):
        part.init(app)
    access.init(app, open_editing=lambda: bool(settings.get("open_editing")))
    for name in SLICES:
        app.register_blueprint(import_module(f"haark.{name}.routes").blueprint)
    return app
