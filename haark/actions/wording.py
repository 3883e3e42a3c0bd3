"""Actions in the words of the reader: views, orders, sources and the addresses these lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_babel import ngettext

from haark import navigation
from haark.actions.listing import NONE, group
from haark.actions.sources import Thing

VIEWS: dict[str, Any] = {
    "mine": _l("Mes actions"),
    "team": _l("Équipe"),
    "late": _l("En retard"),
    "client": _l("Côté client"),
    "done": _l("Closes"),
}
ORDERS: dict[str, Any] = {
    "due": _l("Échéance"),
    "account": _l("Compte"),
    "owner": _l("Responsable"),
    "source": _l("Origine"),
}
GROUPS: dict[str, Any] = {
    "late": _l("En retard"),
    "today": _l("Aujourd’hui"),
    "week": _l("Sous 7 jours"),
    "later": _l("Plus tard"),
    "undated": _l("Sans échéance"),
}


@dataclass(frozen=True)
class Origin:
    """A kind of source or of served thing: its word, its drawing, the page that shows one and that page's parameter."""

    label: Any
    icon: str
    endpoint: str = ""
    parameter: str = ""


SOURCES: dict[str, Origin] = {
    "": Origin(_l("Tâche"), "list-checks"),
    "review": Origin(_l("Revue"), "presentation", "reviews.show", "review_id"),
    "checkin": Origin(_l("Point de mi-parcours"), "calendar-clock", "reviews.show", "review_id"),
    "advice": Origin(_l("Recommandation"), "sparkles", "dossier.show", "account_id"),
    "sharing": Origin(_l("Demande du sponsor"), "message-square-quote", "plans.show", "plan_id"),
    "survey": Origin(_l("Réponse à l’enquête"), "star", "reviews.show", "review_id"),
}
SERVES: dict[str, Origin] = {
    "objective": Origin(_l("Objectif"), "target", "plans.show", "plan_id"),
    "milestone": Origin(_l("Jalon"), "milestone", "plans.show", "plan_id"),
}
OTHER = Origin(_lp("origine d’une action", "Autre"), "link")


def origin(kind: str) -> Origin:
    """The words of a source's kind; actions without one are plain tasks."""
    return SOURCES.get("" if kind == NONE else kind, OTHER)


def address(kind: Origin, thing: Thing | None) -> str:
    """The page of a thing, '' where that part of Haark is not there or the thing is gone."""
    if thing is None or thing.target is None or not kind.endpoint or not navigation.exists(kind.endpoint):
        return ""
    return url_for(kind.endpoint, **{kind.parameter: thing.target})


def due(due_on: date | None, on: date) -> tuple[str, str]:
    """How near a due date is: the tone of its tag ('' for none) and the words."""
    if due_on is None:
        return "", str(_("sans échéance"))
    days = (due_on - on).days
    if days < 0:
        return "bad", ngettext("%(num)s j de retard", "%(num)s j de retard", -days)
    if days == 0:
        return "warn", str(_("aujourd’hui"))
    if days == 1:
        return "warn", str(_("demain"))
    return "", ngettext("dans %(num)s j", "dans %(num)s j", days)


def postponements(on: date) -> list[tuple[date, str]]:
    """Days that are offered at one click."""
    monday = on + timedelta(7 - on.weekday())
    offered = [(on + timedelta(1), _("Demain")), (monday, _("Lundi")), (on + timedelta(7), _("Dans une semaine"))]
    offered.append((on + timedelta(30), _("Dans un mois")))
    return list({day: (day, str(label)) for day, label in offered}.values())


def facet(name: str, item: Any) -> str:
    """A value of a filter."""
    if name == "source":
        return str(origin(item.value).label)
    return item.label or str(_("Personne encore"))


def chosen(name: str, value: str, items: Sequence[Any]) -> str:
    """The value that a filter has; it may have no action any more."""
    known = next((item for item in items if item.value == value), None)
    return facet(name, known) if known else str(origin(value).label) if name == "source" else str(_("1 choix"))


def heading(by: str, row: Any, on: date, view: str) -> tuple[str, str]:
    """Under what a row stands, in the list's order: a key, and its words."""
    if view == "done":
        return "done", str(VIEWS["done"])
    if by == "account":
        return f"account {row.account_id}", row.account_name
    if by == "owner":
        return f"owner {row.owner_name}", row.owner_name or str(_("Personne encore"))
    if by == "source":
        return f"source {row.source_kind}", str(origin(row.source_kind).label)
    key = group(row.due_on, on)
    return key, str(GROUPS[key])


def refusal(reason: str, titles: Sequence[str]) -> str:
    """Why some of many stayed as they were."""
    count = len(titles)
    if reason == "gone":
        return ngettext("%(num)s action n’existe plus.", "%(num)s actions n’existent plus.", count)
    names = ", ".join(titles[:3]) + (" …" if count > 3 else "")
    return str(
        ngettext(
            "%(num)s action n’est pas à vous et n’a pas changé : %(names)s.",
            "%(num)s actions ne sont pas à vous et n’ont pas changé : %(names)s.",
            count,
            names=names,
        )
    )
