"""The words of the ranking: measures, tiers, what a client's place means."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from haark import formats, locale
from haark.ranking.rules import Part

MEASURES: dict[str, Any] = {
    "lifetime": _l("Valeur vie client"),
    "arr": _l("ARR"),
    "potential": _l("Affaires ouvertes"),
    "growth": _l("Évolution de l’ARR"),
    "employees": _l("Salariés"),
    "nps": _l("NPS, dernière réponse"),
    "csat": _l("CSAT, dernière réponse"),
    "health": _l("Santé"),
}
HINTS: dict[str, Any] = {
    "lifetime": _l("revenu depuis le début, plus l’ARR pendant les années attendues"),
    "arr": _l("revenu récurrent annuel d’aujourd’hui"),
    "potential": _l("montant des affaires en cours"),
    "growth": _l("sur douze mois"),
    "employees": _l("taille du client"),
    "nps": _l("sur 10, depuis moins d’un an"),
    "csat": _l("de 1 à 5, depuis moins d’un an"),
    "health": _l("score de santé, sur 100"),
}
TIERS: dict[str, Any] = {"A": _l("Rang A"), "B": _l("Rang B"), "C": _l("Rang C")}


def value(measure: str, number: float, currency: str) -> str:
    """The value of a measure as a person reads it."""
    language = locale.current()
    if measure in ("lifetime", "arr", "potential"):
        return formats.money(int(number), language, currency)
    if measure == "growth":
        return formats.percent(number, language)
    shown = formats.number(number, language, 0 if number == int(number) else 1)
    out_of = {"nps": 10, "csat": 5, "health": 100}.get(measure)
    return shown if out_of is None else str(_("%(value)s sur %(most)s", value=shown, most=out_of))


def place(part: Part, counts: tuple[int, int, int] | None) -> str:
    """What gave the points of a measure: the place among the clients, or the scale of a rating."""
    if counts is None:
        return str(_("sur sa propre échelle"))
    below, _equal, known = counts
    return str(
        ngettext("devant %(below)s client sur %(num)s", "devant %(below)s clients sur %(num)s", known, below=below)
    )
