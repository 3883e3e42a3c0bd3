"""The words of the programme."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

FIGURES: dict[str, LazyString] = {
    "coverage": _l("Comptes avec QBR"),
    "on_time": _l("QBR tenus à la date"),
    "sponsor": _l("Sponsor présent"),
    "score": _l("Note des clients"),
    "recap": _l("Récaps envoyés à temps"),
    "actions": _l("Promesses tenues"),
}
LEVELS: dict[str, LazyString] = {
    "alert": _l("En alerte"),
    "below": _l("Sous la cible"),
    "met": _l("Atteint"),
    "": _l("n. d."),
}
TONES = {"alert": "bad", "below": "warn", "met": "ok", "": ""}
DEFINITIONS: dict[str, LazyString] = {
    "coverage": _l("Comptes éligibles dont une revue a été tenue dans la période."),
    "on_time": _l("Revues échues dans la période, tenues à la date prévue ou dans le délai de grâce."),
    "sponsor": _l("Revues tenues où la présence d’un sponsor exécutif a été notée."),
    "score": _l("Moyenne des réponses des clients, de 0 à 10, sur les revues tenues dans la période."),
    "recap": _l("Revues tenues dont le récap est parti à temps, parmi celles dont il est parti ou dû."),
    "actions": _l("Actions promises dans les revues de la période, échues, et faites."),
}
EXCLUSIONS: dict[str, LazyString] = {
    "later": _l("client depuis moins longtemps que la période"),
    "left": _l("parti pendant la période"),
    "onboarding": _l("mise en service pendant la période"),
    "unknown": _l("ARR inconnu"),
    "small": _l("ARR sous le seuil des QBR"),
}
SEGMENTS: dict[str, LazyString] = {
    "enterprise": _l("Enterprise"),
    "strategic": _l("Strategic"),
    "growth": _l("Growth"),
    "standard": _l("Standard"),
    "": _l("Segment inconnu"),
}
CELLS: dict[str, LazyString] = {
    "held": _l("tenu"),
    "late": _l("en retard"),
    "missed": _l("manqué"),
    "planned": _l("planifié"),
    "open": _l("à planifier"),
    "none": _l("sans objet"),
}
# The class of a cell in the table of quarters.
MARKS = {"held": "h", "late": "l", "missed": "x", "planned": "p", "open": "o", "none": "o"}
# Of each figure, what its two parts are called in the list behind it: (in it, missing).
PARTS: dict[str, tuple[LazyString, LazyString]] = {
    "coverage": (_l("Avec une revue tenue"), _l("Sans revue tenue")),
    "on_time": (_l("À la date"), _l("En retard")),
    "sponsor": (_l("Sponsor présent"), _l("Sans sponsor noté")),
    "score": (_l("Réponses"), _l("Réponses")),
    "recap": (_l("Récap à temps"), _l("Récap en retard")),
    "actions": (_l("Toutes tenues"), _l("Avec des actions en retard")),
}
