"""The words of signals: kinds, severities, states. Short enough for a chip of the list."""

from flask_babel import LazyString
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
