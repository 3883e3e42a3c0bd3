"""What the side bar and the keyboard lead to, as data. An entry whose route does not exist is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, g, request, session
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from haark import locale, monograms

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
    Entry("today.index", _l("À faire"), "list-todo", "a", within=("today",)),
    Entry(
        "portfolio.index",
        _l("Portefeuille"),
        "building-2",
        "p",
        within=("portfolio", "accounts", "dossier", "reviews", "value", "ranking"),
    ),
    Entry("actions.desk.show", _l("Actions"), "list-checks", "t", within=("actions", "actions.desk", "actions.panel")),
    Entry("signals.index", _l("Risques et opport."), "scale", "r", within=("signals",)),
    Entry(
        "cadence.agenda",
        _l("Business Reviews"),
        "presentation",
        "b",
        within=("cadence", "checklist", "checks", "inviting", "meeting", "recap", "following"),
    ),
    Entry("plans.index", _l("Plans de succès"), "flag", "u", within=("plans",)),
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
    Entry("mail.outbox", _l("Boîte d’envoi"), "mail", "x", within=("mail", "mail.quiet"), roles=("manager", "admin")),
    Entry("imports.index", _l("Importer"), "file-up", "i", within=("imports",), roles=("csm", "manager", "admin")),
    Entry("settings.index", _l("Réglages"), "settings", "o", within=("settings", "corporate"), roles=("admin",)),
)
# Where each role begins; the first of these pages that exists, else the portfolio.
FIRST: dict[str, tuple[str, ...]] = {"csm": ("today.index",), "manager": ("programme.show",)}
# By endpoint, what the side bar writes beside it. Registered by the slice that knows the numbers (haark/today).
Numbers = Callable[[], Mapping[str, int]]
NUMBERS: list[Numbers] = []
MOST_VIEWS = 4  # of one's own that a side bar has room for
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
    Shortcut(("E",), _l("Terminer"), "[data-list] [data-row-key=e]"),
    Shortcut(("R",), _l("Reporter"), "[data-list] [data-row-key=r]"),
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


def first_page(role: str) -> str:
    """The endpoint of a role's first page."""
    return next((name for name in (*FIRST.get(role, ()), "portfolio.index") if exists(name)), "people.profile.show")


def counted(numbers: Numbers) -> Numbers:
    """Registers what counts for the side bar; asked at most once in a request."""
    NUMBERS.append(numbers)
    return numbers


def number_of(endpoint: str) -> int:
    """What stands beside an entry of the side bar; 0 where nothing counts."""
    if "numbers" not in g:
        known: dict[str, int] = {}
        if getattr(current_user, "is_authenticated", False):
            for numbers in NUMBERS:
                known |= numbers()
        g.numbers = known
    return cast("dict[str, int]", g.numbers).get(endpoint, 0)


def keep_views(views: Sequence[tuple[str, str]]) -> None:
    """The views of the portfolio that the present user keeps, (name, query): said by who reads the numbers."""
    g.own_views = views[:MOST_VIEWS]


def own_views() -> Sequence[tuple[str, str]]:
    """The first of the user's views, for the side bar; they come with the numbers."""
    number_of("today.index")
    return cast("Sequence[tuple[str, str]]", g.get("own_views", ()))


def side_key(rail: bool) -> tuple[Any, ...]:
    """Everything that the side bar shows."""
    numbers = () if rail else tuple(number_of(name) for name in ("today.index", "notices.index"))
    views = () if rail or not getattr(current_user, "is_authenticated", False) else tuple(own_views())
    person = tuple(getattr(current_user, name, None) for name in ("id", "role", "name", "email"))
    return (rail, numbers, views, person, locale.current(), theme(), request.endpoint, request.blueprint)


def frame_key() -> tuple[Any, ...]:
    """Everything that a page of the house shows around its own content, but for messages."""
    return (side_key(False), theme(), one_letter_keys())


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
        navigation=entries,
        number_of=number_of,
        own_views=own_views,
        route_exists=exists,
        theme=theme,
        side_key=side_key,
        THEMES=THEMES,
        one_letter_keys=one_letter_keys,
    )
