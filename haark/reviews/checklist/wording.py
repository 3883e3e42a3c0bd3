"""The words of the checklist: groups, items, and sentences that say what Haark saw."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats, locale
from haark.reviews.checklist.rules import Sight

GROUPS: dict[str, LazyString] = {
    "data": _l("Données"),
    "research": _l("Recherche client"),
    "presentation": _l("Présentation"),
    "logistics": _l("Logistique"),
}
# The short name of the card, and what is asked for.
ITEMS: dict[str, tuple[LazyString, LazyString]] = {
    "usage": (_l("Usage et fonctions"), _l("Connexions, fonctions utilisées et actions clés de la période.")),
    "health": (_l("Santé et évolution"), _l("Le score du compte et ce qui l’a fait bouger.")),
    "surveys": (_l("NPS et CSAT"), _l("Les réponses récentes aux enquêtes.")),
    "tickets": (_l("Tickets résolus"), _l("Les demandes au support et leur résolution.")),
    "exchanges": (_l("Échanges"), _l("L’historique de ce qui s’est dit depuis la dernière revue.")),
    "arr": (_l("ARR et pipeline"), _l("L’évolution de l’ARR et les opportunités ouvertes.")),
    "objectives": (_l("Objectifs comparés"), _l("Les objectifs de la dernière revue, comparés au réalisé.")),
    "news": (_l("Actualité"), _l("Levée de fonds, recrutements, annonces récentes du client.")),
    "organisation": (_l("Organisation"), _l("Départs, arrivées, nouveaux rattachements chez le client.")),
    "market": (_l("Marché"), _l("Ce qui change chez ses concurrents et ses propres clients.")),
    "projects": (_l("Projets annoncés"), _l("Les projets dont le client a parlé en public.")),
    "profiles": (_l("Profils des participants"), _l("Le parcours et les attentes de chaque participant.")),
    "deck": (_l("Deck personnalisé"), _l("Un deck fait des chiffres de ce client.")),
    "roi": (_l("ROI précis"), _l("Le retour sur investissement calculé avec ses hypothèses.")),
    "stories": (_l("Réussites à partager"), _l("Des témoignages ou des exemples proches de son métier.")),
    "roadmap": (_l("Feuille de route utile"), _l("Les nouveautés qui le concernent, et elles seules.")),
    "expansion": (_l("Extension"), _l("Une proposition d’extension, si le moment s’y prête.")),
    "invitation": (_l("Invitation"), _l("Envoyée avec l’ordre du jour et les objectifs.")),
    "participants": (_l("Participants"), _l("Chacun a répondu, et le client sera là.")),
    "video": (_l("Visio testée"), _l("Le lien de la visioconférence, essayé.")),
    "shared": (_l("Deck partagé"), _l("Le deck, envoyé avant la réunion.")),
    "absence": (_l("Absence prévue"), _l("Que faire si une personne clé ne vient pas.")),
}
STATES: dict[str, tuple[str, LazyString]] = {  # tone, words
    "early": ("", _l("ouvre le %(opens)s")),
    "open": ("acc", _l("à finir d’ici le %(ready)s")),
    "today": ("warn", _l("à finir aujourd’hui")),
    "late": ("bad", _l("en retard")),
    "done": ("ok", _l("complète")),
    "over": ("", _l("revue passée")),
    "undated": ("", _l("sans date")),
}


def seen(sight: Sight) -> str:
    """What Haark saw, in one sentence with its numbers."""
    data = {name: _shown(name, value, sight.data) for name, value in sight.data.items()}
    return str(_SENTENCES[sight.phrase](sight.data, data))


def short(sight: Sight) -> str:
    """The few words beside an item on the card: «4 sur 6», else «auto»."""
    if sight.phrase == "participants" and not sight.done:
        return str(_("%(confirmed)s sur %(chosen)s", **sight.data))
    return str(_("auto")) if sight.done else ""


def _usage(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    used = ngettext("%(count)s connexion", "%(count)s connexions", raw["count"], count=data["count"])
    return _read_on(used, raw, data)


def _actions(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    used = ngettext("%(count)s action", "%(count)s actions", raw["count"], count=data["count"])
    return _read_on(used, raw, data)


def _read_on(used: str, raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    features = ngettext("%(num)s fonction", "%(num)s fonctions", raw["features"])
    return str(_("%(used)s, %(features)s, relevé le %(on)s", used=used, features=features, on=data["on"]))


def _health(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    if raw["change"] is None:
        return str(_("Santé %(score)s, relevée le %(on)s", **data))
    return str(_("Santé %(score)s (%(change)s), relevée le %(on)s", **data))


def _surveys(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    return str(_("NPS %(nps)s, %(answers)s", nps=data["nps"], answers=_answers(raw)))


def _csat(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    return str(_("CSAT %(csat)s sur 5, %(answers)s", csat=data["csat"], answers=_answers(raw)))


def _answers(raw: Mapping[str, Any]) -> str:
    return str(ngettext("%(num)s réponse sur la période", "%(num)s réponses sur la période", raw["answers"]))


def _tickets(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    opened = ngettext("%(num)s ticket ouvert", "%(num)s tickets ouverts", raw["opened"])
    solved = ngettext("%(num)s résolu", "%(num)s résolus", raw["resolved"])
    left = ngettext("%(num)s encore ouvert", "%(num)s encore ouverts", raw["open"])
    return f"{opened}, {solved}, {left}"


def _exchanges(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    talked = ngettext("%(num)s échange sur la période", "%(num)s échanges sur la période", raw["now"])
    return str(_("%(talked)s, %(before)s sur la précédente", talked=talked, before=data["before"]))


def _arr(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    deals = ngettext("%(num)s opportunité ouverte", "%(num)s opportunités ouvertes", raw["deals"])
    return str(_("ARR %(arr)s, %(deals)s", arr=data["arr"], deals=deals))


def _objectives(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    return str(
        ngettext(
            "%(num)s objectif, dont %(measured)s mesuré",
            "%(num)s objectifs, dont %(measured)s mesurés",
            raw["count"],
            measured=data["measured"],
        )
    )


def _deck(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    own = ngettext("%(num)s retouche de votre part", "%(num)s retouches de votre part", raw["own"])
    return str(_("Deck généré le %(on)s, %(own)s", on=data["on"], own=own))


def _invitation(raw: Mapping[str, Any], data: Mapping[str, str]) -> str:
    return str(
        ngettext(
            "%(num)s invitation envoyée le %(on)s",
            "%(num)s invitations envoyées le %(on)s",
            raw["count"],
            on=data["on"],
        )
    )


def _fixed(text: LazyString) -> Any:
    return lambda raw, data: text % data if raw else text


_SENTENCES: dict[str, Any] = {
    "usage": _usage,
    "usage.actions": _actions,
    "usage.none": _fixed(_l("Aucun usage relevé sur la période")),
    "health": _health,
    "health.none": _fixed(_l("Aucun score calculé")),
    "surveys": _surveys,
    "surveys.csat": _csat,
    "surveys.none": _fixed(_l("Aucune réponse sur la période")),
    "tickets": _tickets,
    "tickets.none": _fixed(_l("Aucun ticket connu de Haark")),
    "exchanges": _exchanges,
    "arr": _arr,
    "arr.none": _fixed(_l("ARR inconnu")),
    "objectives": _objectives,
    "objectives.none": _fixed(_l("Aucun objectif dans le plan de succès")),
    "deck": _deck,
    "roi": _fixed(_l("ROI %(roi)s, calculé")),
    "roi.none": _fixed(_l("Aucun calcul de valeur saisi")),
    "stories": _fixed(_l("Une diapositive de témoignages est dans le deck")),
    "stories.none": _fixed(_l("Aucun témoignage dans le deck")),
    "roadmap": _fixed(_l("La feuille de route est dans le deck")),
    "roadmap.none": _fixed(_l("Aucune feuille de route dans le deck")),
    "expansion": _fixed(_l("La diapositive des opportunités est montrée")),
    "expansion.none": _fixed(_l("La diapositive des opportunités est masquée")),
    "invitation": _invitation,
    "invitation.none": _fixed(_l("Aucune invitation envoyée")),
    "participants": _fixed(_l("%(confirmed)s confirmés sur %(chosen)s")),
    "participants.none": _fixed(_l("Aucun participant choisi")),
    "not_generated": _fixed(_l("Le deck n’est pas encore généré")),
}


def _shown(name: str, value: Any, data: Mapping[str, Any]) -> str:
    language = locale.current()
    if name == "on":
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return formats.day_short(day, language)
    if name == "arr":
        return formats.money(value, language, data["currency"])
    if name == "roi":
        return formats.percent(None if value is None else value / 100, language)
    if name == "csat":
        return formats.number(value, language, 1)
    if name in ("change", "nps") and value is not None:
        return formats.signed(value, language) if name == "change" else formats.number(value, language)
    return value if isinstance(value, str) else formats.number(value, language)
