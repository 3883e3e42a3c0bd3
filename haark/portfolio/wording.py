"""The words of the portfolio: filters, their values, columns."""

from datetime import date
from typing import Any

from flask_babel import LazyString, lazy_pgettext, ngettext
from flask_babel import lazy_gettext as _l

from haark import formats
from haark.health import rules as health
from haark.health.queries import Explanation
from haark.locale import current
from haark.portfolio.rules import AT_RISK, KNOWN, NONE, PAST, UNKNOWN, Bounds
from haark.signals.wording import KINDS, OPPORTUNITIES, RISKS, SEVERITIES

FACETS: dict[str, LazyString] = {
    "sector": _l("Secteur"),
    "size": _l("Taille"),
    "segment": _l("Segment"),
    "health": _l("Santé"),
    "risk": _l("Risques"),
    "opportunity": _l("Opportunités"),
    "renewal": _l("Renouvellement"),
    "review": _l("Revue"),
    "owner": _l("Responsable"),
    "tier": lazy_pgettext("rang d’un compte", "Rang"),
    "tag": _l("Étiquettes"),
}


def _labels(kinds: dict[str, tuple[str, LazyString]]) -> dict[str, LazyString]:
    return {kind: words for kind, (_drawing, words) in kinds.items()}


VALUES: dict[str, dict[str, LazyString]] = {
    "sector": {UNKNOWN: _l("Secteur inconnu")},
    "size": {
        "1-49": _l("1 à 49 salariés"),
        "50-249": _l("50 à 249 salariés"),
        "250-999": _l("250 à 999 salariés"),
        "1000+": _l("1 000 salariés et plus"),
        UNKNOWN: _l("Taille inconnue"),
    },
    "segment": {
        "enterprise": _l("Enterprise, au-delà de 100 000"),
        "strategic": _l("Strategic, de 20 000 à 100 000"),
        "growth": _l("Growth, de 5 000 à 20 000"),
        "standard": _l("Standard, moins de 5 000"),
        UNKNOWN: _l("ARR inconnu"),
    },
    "health": {
        "green": _l("Bonne, 80 à 100"),
        "yellow": _l("À surveiller, 50 à 79"),
        "red": _l("Critique, sous 50"),
        UNKNOWN: _l("Santé inconnue"),
    },
    "risk": {AT_RISK: _l("Compte à risque"), NONE: _l("Aucun risque ouvert"), **_labels(RISKS)},
    "opportunity": {NONE: _l("Aucune opportunité ouverte"), **_labels(OPPORTUNITIES)},
    "renewal": {
        PAST: _l("Passé"),
        "30": _l("Sous 30 jours"),
        "60": _l("Sous 60 jours"),
        "90": _l("Sous 90 jours"),
        "180": _l("Sous 180 jours"),
        UNKNOWN: _l("Date inconnue"),
    },
    "review": {
        "late": _l("En retard"),
        "due": _l("À tenir sous 30 jours"),
        "planned": _l("Planifiée"),
        NONE: _l("Aucune revue à venir"),
    },
    "owner": {UNKNOWN: _l("Sans responsable")},
    "tier": {UNKNOWN: _l("Sans rang")},
    "tag": {UNKNOWN: _l("Sans étiquette")},
}
# Of custom fields, whose values are the organisation's own words.
ADDED: dict[str, LazyString] = {KNOWN: _l("Renseigné"), UNKNOWN: _l("Non renseigné")}
# Short forms for a line of the list.
SIZES: dict[str, LazyString] = {
    "1-49": _l("1-49 salariés"),
    "50-249": _l("50-249 salariés"),
    "250-999": _l("250-999 salariés"),
    "1000+": _l("1 000 salariés et plus"),
}
ORDERS: dict[str, LazyString] = {
    "name": _l("Trié par nom"),
    "arr": _l("Trié par ARR"),
    "change": _l("Trié par évolution de l’ARR"),
    "health": _l("Trié par santé"),
    "trend": _l("Trié par tendance de la santé"),
    "churn": _l("Trié par risque de départ"),
    "risk": _l("Trié par nombre de risques"),
    "opportunity": _l("Trié par nombre d’opportunités"),
    "review": _l("Trié par prochaine revue"),
    "renewal": _l("Trié par renouvellement"),
    "owner": _l("Trié par responsable"),
    "rank": _l("Trié par rang"),
}


VIEWS: dict[str, LazyString] = {
    "all": _l("Tous"),
    "mine": _l("Mes comptes"),
    "at_risk": _l("À risque"),
    "renewals": _l("Renouv. sous 90 j"),
    "late": _l("Revues en retard"),
}
REVIEWS: dict[str, LazyString] = {"ebr": _l("EBR"), "qbr": _l("QBR"), "mbr": _l("MBR"), "call": _l("Point succès")}
TONES = {"high": "bad", "medium": "warn"}  # of a risk, by severity


def signal(kind: str) -> tuple[str, str]:
    """The drawing and the words of a kind of risk or opportunity."""
    drawing, words = KINDS.get(kind, ("circle-alert", kind))
    return drawing, str(words)


def severity(name: str) -> str:
    """«gravité élevée», empty when it is unknown."""
    return str(_l("gravité %(word)s", word=SEVERITIES[name])) if name in SEVERITIES else ""


def value_label(facet: str, value: str, label: str) -> str:
    """A filter's value in the reader's language; sectors and people are named by the data."""
    return str(VALUES.get(facet, ADDED).get(value, label or value))


def bounds_label(limits: Bounds) -> str:
    """«10 à 20», «dès le 1 nov. 2026», «contient « or »»; empty without bounds."""
    words = [str(_l("contient « %(text)s »", text=limits.has))] if limits.has else []
    least, most = (_edge(edge) for edge in (limits.least, limits.most))
    if least and most:
        words.append(str(_l("%(least)s à %(most)s", least=least, most=most)))
    elif least or most:
        words.append(f"≥ {least}" if least else f"≤ {most}")
    return ", ".join(words)


def typed(edge: float | date | None) -> str:
    """A bound as it stands in its field."""
    return "" if edge is None else edge.isoformat() if isinstance(edge, date) else str(edge).removesuffix(".0")


def _edge(edge: float | date | None) -> str:
    if edge is None:
        return ""
    return formats.day(edge, current()) if isinstance(edge, date) else formats.number(edge, current())


def size_label(size: str) -> str:
    """«250-999 salariés», empty when the size is unknown."""
    return str(SIZES.get(size, size))


COMPONENTS: dict[str, LazyString] = {
    "usage": _l("Usage"),
    "engagement": _l("Engagement"),
    "satisfaction": _l("Satisfaction"),
    "history": _l("Historique"),
}
EXCHANGES: dict[str, tuple[str, LazyString]] = {  # kind: drawing, words where the source has none
    "call": ("phone", _l("Appel")),
    "email": ("mail", _l("E-mail")),
    "meeting": ("users", _l("Réunion")),
    "note": ("notebook-pen", _l("Note")),
    "ticket": ("life-buoy", _l("Ticket")),
}


def component_rows(told: Explanation) -> list[dict[str, Any]]:
    """The components for `component_rows` of shared/health.html, each against its score of 30 days before."""
    if told.now is None:
        return []
    earlier = {part.name: part.score for part in told.before.components} if told.before else {}
    return [
        {
            "label": COMPONENTS[part.name],
            "score": part.score,
            "band": health.band_of(part.score),
            "delta": _difference(part.score, earlier.get(part.name)),
        }
        for part in told.now.components
    ]


def _difference(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before


def done(act: str, count: int) -> str:
    """What was done to many accounts."""
    if act == "owner":
        return ngettext("%(num)s compte réaffecté", "%(num)s comptes réaffectés", count)
    if act == "review":
        return ngettext("%(num)s revue planifiée", "%(num)s revues planifiées", count)
    if act == "action":
        return ngettext("%(num)s action ajoutée", "%(num)s actions ajoutées", count)
    if act == "tags":
        return ngettext("%(num)s compte étiqueté autrement", "%(num)s comptes étiquetés autrement", count)
    return ngettext("%(num)s compte remis comme avant", "%(num)s comptes remis comme avant", count)
