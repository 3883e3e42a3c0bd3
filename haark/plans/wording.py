"""The words of a plan's fields, and their values as people read them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, pgettext

from haark import clock, formats, locale
from haark.plans.comparing import Change
from haark.plans.forms import IMPACTS, ROLES

KINDS = {
    "plan": _l("Plan"),
    "objective": _l("Objectif"),
    "milestone": _l("Jalon"),
    "risk": _l("Risque"),
    "member": _l("Équipe"),
}
DRAWINGS = {
    "plan": "flag",
    "objective": "target",
    "milestone": "milestone",
    "risk": "shield-alert",
    "member": "users",
}
FIELDS = {
    "title": _l("Intitulé"),
    "vision": _l("Vision"),
    "kpi": _l("Indicateur"),
    "why": _l("Pourquoi il compte pour le client"),
    "quote": _l("Dans les mots du client"),
    "comparator": _l("Cible atteinte"),
    "unit": _l("Unité"),
    "baseline": _l("Valeur de départ"),
    "target": _l("Cible"),
    "current": _l("Actuel"),
    "current_on": _l("Mesuré le"),
    "starts_on": _l("Début"),
    "due_on": _l("Échéance"),
    "agreed_on": _l("Convenu le"),
    "agreed_by": _l("Convenu avec"),
    "source": _l("Source des valeurs"),
    "phase": _l("Phase"),
    "detail": _l("Détail"),
    "state": _l("État"),
    "impact": _l("Impact"),
    "mitigation": _l("Parade"),
    "role": _l("Rôle"),
    "name": lazy_pgettext("personne", "Nom"),
    "duty": _l("Ce que la personne fait"),
    "owner_ours": _l("Responsable chez nous"),
    "owner_theirs": _l("Responsable chez le client"),
}
STATES = {"todo": _l("À faire"), "in_progress": _l("En cours"), "done": _l("Fait")}
MILESTONE_STATES = {**STATES, "late": _l("En retard")}
STANDINGS = {
    "reached": _l("Atteint"),
    "on_pace": _l("Dans les temps"),
    "behind": _l("En retard léger"),
    "at_risk": _l("En danger"),
    "missed": _l("Échéance manquée"),
    "unknown": _l("Non mesurable"),
}
COMPARATORS = {"ge": _l("au moins la cible"), "le": _l("au plus la cible")}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "state": STATES,
    "comparator": COMPARATORS,
    "impact": IMPACTS,
    "role": ROLES,
}
DAYS = ("current_on", "starts_on", "due_on", "agreed_on")
REFUSALS = {
    "decided": _l("Quelqu’un a déjà répondu à cette proposition. Rien n’a été modifié."),
    "gone": _l("Ce dont parle cette proposition a été supprimé. Déclinez-la, ou rétablissez l’élément d’abord."),
    "nothing": _l("Cette proposition ne change plus rien : le plan dit déjà cela."),
    "field": _l("Ce champ ne peut pas être proposé."),
}


def shown(field: str, value: Any) -> str:
    """A value of a version, a proposal or a part in the reader's language; '' for nothing."""
    if value is None or value == "":
        return ""
    if field in CHOICES:
        return str(CHOICES[field].get(value, value))
    if field in DAYS:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return formats.day(day, locale.current())
    if isinstance(value, (int, float)):
        return formats.number(value, locale.current())
    return str(value)


def on(at: datetime) -> date:
    """The day of an instant, where the reader is."""
    return clock.day_of(at, locale.timezone())


def when(at: datetime) -> str:
    """«18:04» today, «9 nov., 11:00» this year, the whole date else."""
    zone, language = locale.timezone(), locale.current()
    day, today = clock.day_of(at, zone), clock.today(zone)
    if day == today:
        return formats.hour(at, language, zone)
    if day.year != today.year:
        return formats.instant(at, language, zone)
    return f"{formats.day_short(day, language)}, {formats.hour(at, language, zone)}"


def verb(change: Change) -> str:
    """«ajouté», «ôté» or «modifié», after the name of the thing."""
    if change.verb == "added":
        return pgettext("élément du plan", "ajouté")
    return pgettext("élément du plan", "ôté") if change.verb == "removed" else pgettext("élément du plan", "modifié")


def field(name: str) -> str:
    """The label of a field."""
    return str(FIELDS.get(name, name))


def origin(author: str, source_kind: str) -> str:
    """Who proposed a change: a person, or a decision of a review."""
    return author or (_("Décision d’une revue") if source_kind else _("Proposition interne"))
