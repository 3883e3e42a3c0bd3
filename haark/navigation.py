"""What the side bar and the keyboard lead to, as data. An entry whose route does not exist is left out."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, session
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from haark import monograms

THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class Entry:
    """A place of the side bar. `key` follows `g`; `within`: blueprints that belong to it; no `roles`: all."""

    endpoint: str
    label: Any
    icon: str
    key: str
    within: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        return request.endpoint == self.endpoint or (request.blueprint or "") in self.within


@dataclass(frozen=True)
class Shortcut:
    """`needs` is a CSS selector: the help sheet of a page leaves out what it has not."""

    keys: tuple[str, ...]
    label: Any
    needs: str = ""


ENTRIES = (
    Entry(
        "portfolio.index",
        _l("Portefeuille"),
        "building-2",
        "p",
        within=("portfolio", "accounts", "dossier", "reviews", "value", "plans", "actions"),
    ),
    Entry("signals.index", _l("Risques et opport."), "scale", "r", within=("signals",)),
    Entry(
        "cadence.agenda",
        _l("Business Reviews"),
        "presentation",
        "b",
        within=("cadence", "checklist", "checks", "inviting", "meeting"),
    ),
    Entry(
        "library.index",
        _l("Bibliothèque"),
        "library",
        "l",
        within=("library", "library.stories", "library.roadmap"),
    ),
    Entry(
        "programme.show",
        _l("Programme QBR"),
        "chart-no-axes-column",
        "q",
        within=("programme",),
        roles=("manager", "admin"),
    ),
    Entry("health.trust", _l("Score de santé"), "flask-conical", "s", within=("health",), roles=("manager", "admin")),
    Entry("mail.outbox", _l("Boîte d’envoi"), "mail", "x", within=("mail",), roles=("manager", "admin")),
    Entry("settings.index", _l("Réglages"), "settings", "o", within=("settings", "corporate"), roles=("admin",)),
)
EDITOR = (
    Shortcut((_l("Entrée"),), _l("Écrire sur la diapositive, là où est le focus"), "[data-spot]"),
    Shortcut(("Ctrl", _l("Entrée")), _l("Garder et fermer le champ"), "[data-spot]"),
    Shortcut((_l("Échap"),), _l("Remettre le texte d’avant"), "[data-spot]"),
    Shortcut(("Ctrl", "Z"), _l("Annuler ma dernière modification, hors d’un champ"), "[data-step=undo]"),
    Shortcut(("Ctrl", _l("Maj"), "Z"), _l("La refaire"), "[data-step=redo]"),
    Shortcut(("Alt", "↑ ↓"), _l("Déplacer la diapositive"), "[data-alt]"),
)
EVERYWHERE = (
    Shortcut(("/",), _l("Chercher dans la page"), "[data-search]"),
    Shortcut(("?",), _l("Cette aide")),
)
LISTS = (
    Shortcut(("J", "K"), _l("Ligne suivante, précédente")),
    Shortcut((_l("Espace"),), _l("Aperçu"), "[data-list] [data-peek]"),
    Shortcut((_l("Entrée"),), _l("Ouvrir")),
    Shortcut(("X",), _l("Cocher"), "[data-list] .pick"),
    Shortcut(("F",), _l("Filtrer"), "[data-filter]"),
    Shortcut((_l("Échap"),), _l("Fermer")),
)


def exists(endpoint: str) -> bool:
    """Whether a route is there, for links to pages that come with another part of Haark."""
    return endpoint in current_app.view_functions


def entries() -> list[Entry]:
    """The side bar of the present user."""
    role = getattr(current_user, "role", None)
    return [entry for entry in ENTRIES if exists(entry.endpoint) and (not entry.roles or role in entry.roles)]


def theme() -> str:
    """`system`, `light` or `dark`: the user's choice, before login the one kept in this browser's session."""
    chosen = getattr(current_user, "theme", None) or session.get("theme")
    return str(chosen) if chosen in THEMES else "system"


def one_letter_keys() -> bool:
    """Whether shortcuts of a single letter are on (WCAG 2.1.4 asks that they can be switched off)."""
    return bool(getattr(current_user, "shortcuts", True))


def init(app: Flask) -> None:
    app.jinja_env.filters["hue"] = monograms.hue
    app.jinja_env.filters["initials"] = monograms.initials
    app.jinja_env.globals.update(
        navigation=entries, route_exists=exists, theme=theme, THEMES=THEMES, one_letter_keys=one_letter_keys
    )
