"""The words of signals: kinds, severities, states. Short enough for a chip of the list."""

from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

# By kind: drawing and label.
RISKS: dict[str, tuple[str, LazyString]] = {
    "usage_drop": ("trending-down", _l("Usage en baisse")),
    "renewal_near": ("alarm-clock", _l("Renouvellement proche")),
    "contact_change": ("user-x", _l("Interlocuteur parti ou nouveau")),
    "health_drop": ("activity", _l("Santé en baisse")),
    "fewer_exchanges": ("phone", _l("Échanges en baisse")),
    "uncertain_context": ("circle-question-mark", _l("Contexte incertain")),
    "detractor": ("frown", _l("Détracteur")),
    "support_trouble": ("life-buoy", _l("Tickets bloquants")),
    "silence": ("message-square-off", _l("Silence du client")),
    "low_seat_use": ("users", _l("Licences peu utilisées")),
    "review_late": ("clock-alert", _l("Revue en retard")),
    "objective_off_track": ("target", _l("Objectif en danger")),
}
OPPORTUNITIES: dict[str, tuple[str, LazyString]] = {
    "intensive_usage": ("gauge", _l("Usage intensif")),
    "premium_unused": ("zap", _l("Fonction premium inutilisée")),
    "need_identified": ("sprout", _l("Besoin identifié")),
    "budget_available": ("wallet", _l("Budget disponible")),
    "promoter": ("star", _l("Promoteur")),
    "objectives_reached": ("badge-check", _l("Objectifs atteints")),
    "company_growing": ("trending-up", _l("Client en croissance")),
}
KINDS = RISKS | OPPORTUNITIES
SEVERITIES: dict[str, LazyString] = {"low": _l("faible"), "medium": _l("moyenne"), "high": _l("élevée")}
SEVERITY_TONES = {"low": "", "medium": "warn", "high": "bad"}
STATES: dict[str, LazyString] = {
    "open": _l("ouvert"),
    "acknowledged": _l("pris en charge"),
    "snoozed": _l("mis de côté"),
    "dismissed": _l("écarté"),
    "resolved": _l("résolu"),
}
IGNORED_FOR: dict[str, LazyString] = {
    "done": _l("Déjà fait"),
    "not_now": _l("Pas le bon moment"),
    "wrong_facts": _l("Les faits sont inexacts"),
    "not_useful": _l("Ce conseil n’aide pas ici"),
    "other": _l("Autre raison"),
}
ADVICE_STATES: dict[str, LazyString] = {
    "proposed": _l("proposée"),
    "accepted": _l("acceptée"),
    "postponed": _l("reportée"),
    "ignored": _l("ignorée"),
    "expired": _l("sans objet"),
}
SCOPES: dict[str, LazyString] = {
    "mine": _l("Mes comptes"),
    "team": _l("Équipe"),
    "cs": _l("CS"),
    "sales": _l("Ventes"),
}
GROUPS: dict[str, LazyString] = {
    "todo": _l("Risques"),
    "handled": _l("Déjà pris en charge"),
    "watch": _l("À surveiller"),
}
# What people did with a signal, for its history.
EVENTS: dict[str, LazyString] = {
    "signal.noted": _l("Signalé"),
    "signal.acknowledged": _l("Pris en charge"),
    "signal.snoozed": _l("Mis de côté"),
    "signal.dismissed": _l("Écarté"),
    "signal.reopened": _l("Rouvert"),
    "signal.resolved": _l("Clos"),
}
ERRORS: dict[str, LazyString] = {
    "reason": _l("Dites pourquoi, en quelques mots."),
    "past": _l("Choisissez un jour à venir."),
    "kind": _l("Ce signal ne se note pas ici."),
    "text": _l("Écrivez ce que vous avez vu."),
    "over": _l("Ce n’est plus d’actualité : la cause a disparu, ou quelqu’un a déjà décidé."),
}
# Signals that one line of the history names.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of signals or recommendations, as the history tells it."""

    icon: str
    title: str
    detail: str = ""
    tone: str = ""


def happened(kind: str, data: dict[str, Any]) -> Happened:
    """The words of an event `signal.*` or `advice.*`."""
    if kind.startswith("advice."):
        state = kind.partition(".")[2]
        return Happened("sparkles", _("Recommandation %(state)s", state=str(ADVICE_STATES.get(state, state))))
    told = [one for one in data.get("signals", ()) if one["kind"] in KINDS]
    each = list(dict.fromkeys(str(KINDS[one["kind"]][1]) for one in told))
    names = ", ".join(each[:MOST_NAMED])
    if more := len(each) - MOST_NAMED if len(each) > MOST_NAMED else 0:
        names = ngettext("%(names)s et %(num)s autre", "%(names)s et %(num)s autres", more, names=names)
    icon = KINDS[told[0]["kind"]][0] if told else "activity"
    grave = any(one["side"] == "risk" and one["severity"] == "high" for one in told)
    if kind == "signal.opened":
        risk = any(one["side"] == "risk" for one in told)
        return Happened(icon, _("Nouveau : %(names)s", names=names), tone="bad" if grave else "" if risk else "acc")
    if kind == "signal.worsened":
        return Happened(icon, _("Aggravé : %(names)s", names=names), tone="bad")
    if kind == "signal.resolved" and not data.get("reason"):
        return Happened("circle-check", _("Résolu : %(names)s", names=names), tone="ok")
    title = _("%(what)s : %(names)s", what=str(EVENTS.get(kind, "")), names=names)
    return Happened(icon, title, str(data.get("reason", "")))
