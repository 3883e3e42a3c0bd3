"""The words of the meeting: the six parts with their points (MT-1), the six questions (MT-3), roles, refusals."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from haark.cadence.rules import PARTS

POINTS: dict[str, tuple[LazyString, tuple[LazyString, ...]]] = {
    "introduction": (
        _l("Introduction"),
        (_l("Tour de table"), _l("Objectifs de la séance"), _l("Accord sur l’ordre du jour")),
    ),
    "objectives": (
        _l("Objectifs business"),
        (
            _l("Pourquoi ils nous ont choisis"),
            _l("Comment leurs priorités ont évolué"),
            _l("Les indicateurs à faire bouger"),
        ),
    ),
    "value": (
        _l("Valeur délivrée"),
        (
            _l("Usage et adoption"),
            _l("ROI démontré"),
            _l("Réussites et gains rapides"),
            _l("Comparaison avec les objectifs"),
            _l("Témoignages d’utilisateurs"),
        ),
    ),
    "challenges": (
        _l("Défis et retours"),
        (
            _l("Problèmes et résolutions"),
            _l("Retours sur le produit"),
            _l("Demandes en attente"),
            _l("Satisfaction globale"),
        ),
    ),
    "plan": (
        _l("Plan de la période suivante"),
        (
            _l("Objectifs"),
            _l("Actions prioritaires"),
            _l("Nouveautés qui les concernent"),
            _l("Extension, si le moment s’y prête"),
            _l("Ressources et formations"),
        ),
    ),
    "recap": (
        _l("Récap et prochaines étapes"),
        (
            _l("Décisions"),
            _l("Actions, avec responsables et dates"),
            _l("Date de la prochaine revue"),
            _l("Questions ouvertes"),
        ),
    ),
}
TITLES: tuple[LazyString, ...] = tuple(POINTS[key][0] for key in PARTS)
QUESTIONS: dict[str, LazyString] = {
    "question.doing": _l("Comment nous en sortons-nous ?"),
    "question.expectations": _l("Répondons-nous à vos attentes ?"),
    "question.working": _l("Qu’est-ce qui marche bien ?"),
    "question.better": _l("Que devons-nous améliorer ?"),
    "question.obstacles": _l("Quels obstacles devons-nous lever ?"),
    "question.changes": _l("Qu’est-ce qui change dans votre activité et que nous devrions savoir ?"),
}
KINDS: dict[str, tuple[str, str, LazyString]] = {  # drawing, tone, word
    "action": ("circle-check", "t-ok", _l("Action")),
    "decision": ("gavel", "t-acc", _l("Décision")),
    "question": ("circle-question-mark", "t-warn", _l("Question")),
}
ROLES: dict[str, LazyString] = {
    "sponsor": _l("Sponsor"),
    "champion": _l("Champion"),
    "decision_maker": _l("Décideur"),
    "day_to_day": _l("Interlocuteur quotidien"),
    "csm": _l("Responsable du compte"),
    "sales": _l("Commercial"),
    "executive": _l("Direction, chez nous"),
    "guest": _l("Invité"),
    "other": _l("Contact"),
}
ERRORS: dict[str, LazyString] = {
    "state": _l("Cette revue n’est plus à tenir : elle a été tenue ou annulée."),
    "over": _l("La réunion est terminée. Rouvrez-la pour ajouter quelque chose."),
    "past": _l("Ce jour est passé. Choisissez un jour à venir."),
    "part": _l("L’ordre du jour a six parties."),
    "empty": _l("Écrivez d’abord ce qui a été dit."),
    "long": _l("300 caractères au plus : gardez l’essentiel."),
    "kind": _l("Choisissez action, décision ou question."),
    "useful": _l("Choisissez une note de 0 à 10."),
    "hour": _l("Écrivez une heure, par exemple 10:00."),
    "day": _l("Cette date n’existe pas. Écrivez-la ainsi : 2026-11-20."),
}
