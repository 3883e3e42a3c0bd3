"""What a signal says in the reader's language: a few words for a line, and where its figures come from."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from haark import formats, locale

Evidence = Mapping[str, Any]
LONGEST = 70
YEAR = 365


def short(kind: str, evidence: Evidence) -> str:
    """A few words with the number that counts: «usage −32 %», «silence depuis 61 j»."""
    if evidence.get("source") == "person":
        return shorten(str(evidence.get("text", "")))
    return _SHORT[kind](evidence)


def capital(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def line(signals: Iterable[Any]) -> str:
    """Several signals as one line."""
    return capital(", ".join(short(one.kind, one.evidence) for one in signals))


def source(evidence: Evidence) -> str:
    """Where the figures come from, and of which days: «usage, du 13 sept. 2026 au 11 nov. 2026»."""
    words = {
        "usage": _("usage"),
        "haark": _("calcul de Haark"),
        "account": _("fiche du compte"),
        "contacts": _("contacts"),
        "interactions": _("échanges"),
        "opportunities": _("pipeline"),
        "surveys": _("enquêtes NPS"),
        "tickets": _("support"),
        "reviews": _("calendrier des revues"),
        "plan": _("plan de succès"),
        "person": _("signalé par une personne"),
    }
    named = words.get(str(evidence.get("source", "")), "")
    if evidence.get("start"):
        span = _("du %(start)s au %(end)s", start=day(evidence["start"]), end=day(evidence["end"]))
        return f"{named}, {span}"
    return f"{named}, {day(evidence['date'])}" if evidence.get("date") else named


def shorten(text: str, most: int = LONGEST) -> str:
    """The beginning of a text, cut at a word, with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def percent(fraction: float | None, sign: bool = False) -> str:
    return formats.percent(fraction, locale.current(), sign=sign)


def number(value: float | None) -> str:
    return formats.number(value, locale.current())


def day(iso: str | None) -> str:
    return formats.day(date.fromisoformat(iso) if iso else None, locale.current())


def _change(told: Evidence) -> str:
    name = told.get("name", "")
    role = {"sponsor": _("sponsor"), "champion": _("champion"), "decision_maker": _("décideur")}.get(
        told.get("role", "")
    )
    who = f"{name} ({role})" if role else name
    if told.get("change") == "left":
        return _("départ : %(who)s", who=who)
    if told.get("change") == "arrived":
        return _("arrivée : %(who)s", who=who)
    return _("nouveau rôle : %(who)s", who=who)


def _context(told: Evidence) -> str:
    name = shorten(str(told.get("name", "")), 40)
    return {
        "lost": lambda: _("affaire perdue : %(name)s", name=name),
        "slipped": lambda: _("affaire en retard : %(name)s", name=name),
        "budget_cut": lambda: _("budget en recul"),
        "reorganisation": lambda: _("réorganisation en cours"),
    }[told["what"]]()


def _tickets(told: Evidence) -> str:
    critical, waiting = told["critical"], told["open"]
    if critical:
        return ngettext("%(num)s ticket critique", "%(num)s tickets critiques", critical)
    return ngettext("%(num)s ticket ouvert", "%(num)s tickets ouverts", waiting)


def _silence(told: Evidence) -> str:
    if told.get("days") is None:
        return _("aucune réponse du client")
    return ngettext("silence depuis %(num)s jour", "silence depuis %(num)s jours", told["days"])


def _objective(told: Evidence) -> str:
    title = shorten(told["title"], 48)
    if told["standing"] == "missed":
        return _("objectif manqué : %(title)s", title=title)
    return _("objectif en danger : %(title)s", title=title)


def _intensive(told: Evidence) -> str:
    if "quota" in told:
        return _("%(share)s du quota utilisés", share=percent(told["share"]))
    return _("%(share)s des licences utilisées", share=percent(told["share"]))


def _premium(told: Evidence) -> str:
    if "asked" in told:
        return ngettext(
            "%(name)s : demandé %(num)s fois", "%(name)s : demandé %(num)s fois", told["asked"], name=told["feature"]
        )
    return _("non utilisé : %(names)s", names=told["features"])


def _growing(told: Evidence) -> str:
    if "change" in told:
        return _("effectif %(change)s sur un an", change=percent(told["change"], sign=True))
    return _("croissance : %(text)s", text=shorten(told["text"], 48))


def _review(told: Evidence) -> str:
    if told["days"] > YEAR:
        return _("aucune revue depuis plus d’un an")
    return ngettext("revue en retard de %(num)s jour", "revue en retard de %(num)s jours", told["days"])


_SHORT: dict[str, Callable[[Evidence], str]] = {
    "usage_drop": lambda told: _("usage %(change)s", change=percent(told["change"], sign=True)),
    "renewal_near": lambda told: ngettext(
        "renouvellement dans %(num)s jour", "renouvellement dans %(num)s jours", told["days"]
    ),
    "contact_change": _change,
    "health_drop": lambda told: _(
        "santé %(score)s (%(change)s)", score=told["score"], change=formats.signed(told["change"], locale.current())
    ),
    "fewer_exchanges": lambda told: _("échanges %(change)s", change=percent(told["change"], sign=True)),
    "uncertain_context": _context,
    "detractor": lambda told: _(
        "NPS %(score)s : %(name)s", score=number(told["score"]), name=told.get("name") or _("réponse anonyme")
    ),
    "support_trouble": _tickets,
    "silence": _silence,
    "low_seat_use": lambda told: _("%(share)s des licences utilisées", share=percent(told["share"])),
    "review_late": _review,
    "objective_off_track": _objective,
    "intensive_usage": _intensive,
    "premium_unused": _premium,
    "need_identified": lambda told: _("besoin : %(text)s", text=shorten(told["text"], 56)),
    "budget_available": lambda told: _("budget : %(text)s", text=shorten(told["text"], 56)),
    "promoter": lambda told: _(
        "NPS %(score)s : %(name)s", score=number(told["score"]), name=told.get("name") or _("réponse anonyme")
    ),
    "objectives_reached": lambda told: ngettext(
        "%(num)s objectif atteint sur %(of)s", "%(num)s objectifs atteints sur %(of)s", told["count"], of=told["of"]
    ),
    "company_growing": _growing,
}


def figures(evidence: Evidence) -> list[tuple[str, str]]:
    """The numbers of the evidence with their names, for the detail of a signal."""
    language = locale.current()
    shares = {"share"}
    names = {
        "now": _("Maintenant"),
        "before": _("Avant"),
        "change": _("Variation"),
        "users": _("Utilisateurs actifs par jour ouvré"),
        "seats": _("Licences"),
        "more": _("Licences à ajouter"),
        "share": _("Part utilisée"),
        "used": _("Actions en 30 jours"),
        "quota": _("Quota"),
        "score": pgettext("score", "Note"),
        "days": _("Jours"),
        "name": _("Nom"),
        "date": _("Date"),
        "critical": _("Tickets critiques"),
        "open": _("Tickets ouverts"),
        "title": _("Objectif"),
        "current": _("Valeur actuelle"),
        "target": _("Cible"),
        "feature": _("Fonction"),
        "features": _("Fonctions"),
        "asked": _("Demandes en 90 jours"),
        "count": _("Nombre"),
        "of": _("Sur"),
    }
    told = []
    for key, name in names.items():
        value = evidence.get(key)
        if value is None or (key == "change" and isinstance(value, str)):
            continue
        if key == "date":
            shown = day(value)
        elif key in shares or (key == "change" and isinstance(value, float)):
            shown = formats.percent(value, language, 1, sign=key == "change")
        elif key == "change":
            shown = formats.signed(value, language)
        else:
            shown = number(value) if isinstance(value, int | float) else str(value)
        told.append((name, shown))
    return told
