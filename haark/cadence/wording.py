"""The words of next reviews: kinds, states, reasons with their numbers, next steps."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats, locale
from haark.cadence import steps
from haark.cadence.due import RENEWAL_DAYS, Candidate

KINDS: dict[str, LazyString] = {"ebr": _l("EBR"), "qbr": _l("QBR"), "mbr": _l("MBR"), "call": _l("Point succès")}
LONG_KINDS: dict[str, LazyString] = {
    "ebr": _l("EBR, revue de direction annuelle"),
    "qbr": _l("QBR, revue trimestrielle"),
    "mbr": _l("MBR, point mensuel"),
    "call": _l("Point succès, à l’occasion"),
}
STATES: dict[str, tuple[str, str, LazyString]] = {  # tone, drawing, words
    "planned": ("acc", "calendar-days", _l("Planifiée")),
    "preparing": ("acc", "pencil", _l("En préparation")),
    "scheduled": ("acc", "calendar-check", _l("Date convenue")),
    "held": ("ok", "check", _l("Tenue")),
    "recapped": ("ok", "mail", _l("Récapitulée")),
    "closed": ("ok", "check", _l("Close")),
    "cancelled": ("", "x", _l("Annulée")),
}
REASONS: dict[str, tuple[str, LazyString]] = {  # drawing, title
    "override": ("user", _l("Date choisie par une personne")),
    "renewal": ("calendar-clock", _l("90 j avant le renouvellement")),
    "health": ("trending-down", _l("Baisse de santé")),
    "contact": ("user-x", _l("Changement de sponsor ou de champion")),
    "golive": ("rocket", _l("Mise en service majeure")),
    "calendar": ("calendar-check", _l("Calendrier de la politique")),
}
ROLES: dict[str, LazyString] = {"sponsor": _l("sponsor"), "champion": _l("champion")}
ERRORS: dict[str, LazyString] = {
    "past": _l("Choisissez aujourd’hui ou un jour à venir."),
    "future": _l("Ce jour n’est pas encore passé."),
    "reason": _l("Dites pourquoi en une phrase."),
    "state": _l("Cette revue n’est plus à tenir. Rechargez la page."),
    "time": _l("Choisissez d’abord un jour et une heure."),
    "unknown": _l("Ce type de revue n’existe pas."),
}


def title(one: Candidate) -> str:
    """What asks for the review; the calendar says which one."""
    if one.reason == "calendar":
        return str(_("Calendrier, %(kind)s", kind=KINDS[one.kind]))
    return str(REASONS[one.reason][1])


def why(one: Candidate, on: date) -> str:
    """The reason of a date with its numbers, as of day `on`: «Renouvellement le 11 janv. 2027, dans 60 j : …»."""
    facts = one.facts
    if one.reason == "renewal":
        renewal = date.fromisoformat(facts["renewal"])
        left, day = (renewal - on).days, _day(facts["renewal"])
        return str(
            ngettext(
                "Renouvellement le %(day)s, dans %(num)s j : une revue est due %(ahead)s j avant.",
                "Renouvellement le %(day)s, dans %(num)s j : une revue est due %(ahead)s j avant.",
                left,
                day=day,
                ahead=RENEWAL_DAYS,
            )
        )
    if one.reason == "health":
        return _health(facts)
    if one.reason == "contact":
        return _contact(facts)
    if one.reason == "golive":
        name, day = facts["name"], _day(facts["since"])
        return str(
            _("Mise en service de %(name)s le %(day)s.", name=name, day=day)
            if name
            else _("Mise en service le %(day)s.", day=day)
        )
    if one.reason == "override":
        return str(facts["reason"])
    return _calendar(one)


def kinds(names: Sequence[str]) -> str:
    """«EBR, revue de direction annuelle ; QBR, revue trimestrielle»."""
    return "\u202f; ".join(str(LONG_KINDS[name]) for name in names)


def overdue(one: Candidate, on: date) -> str:
    """«dépassée de 30 j», of the reason's own day."""
    days = (on - one.due).days
    return str(ngettext("dépassée de %(num)s j", "dépassée de %(num)s j", days))


def lateness(one: Candidate, on: date) -> str:
    """«13 oct. 2026, dépassé de 30 j»."""
    days = (on - one.due).days
    return str(
        ngettext(
            "%(day)s, dépassé de %(num)s j",
            "%(day)s, dépassé de %(num)s j",
            days,
            day=_day(one.due.isoformat()),
        )
    )


def next_step(state: str, due_on: date, on: date) -> str:
    """What comes next for a review (steps.next_step) and until when: «Planifier d’ici le 5 nov.»; '' for none."""
    key, by = steps.next_step(state, due_on, on)
    day = formats.day_short(by, locale.current()) if by else ""
    words = {
        "plan": _("Planifier d’ici le %(day)s", day=day),
        "plan_now": _("Planifier dès aujourd’hui"),
        "generate": _("Générer le deck d’ici le %(day)s", day=day),
        "generate_now": _("Générer le deck dès aujourd’hui"),
        "invite": _("Convenir de la date et inviter d’ici le %(day)s", day=day),
        "invite_now": _("Convenir de la date et inviter dès aujourd’hui"),
        "prepare": _("Finir la préparation d’ici le %(day)s", day=day),
        "prepare_now": _("Finir la préparation dès aujourd’hui"),
        "hold": _("Tenir la revue le %(day)s", day=day),
        "hold_now": _("Tenir la revue aujourd’hui"),
        "settle": _("Dire si elle a eu lieu, ou la déplacer"),
        "": "",
    }
    return str(words[key if by is None or by > on or key == "settle" else f"{key}_now"])


def _health(facts: Mapping[str, Any]) -> str:
    points = formats.signed(facts["now"] - facts["before"], locale.current())
    numbers = {"before": facts["before"], "now": facts["now"], "points": points}
    if facts["renewal"]:
        return str(
            _(
                "Santé passée de %(before)s à %(now)s (%(points)s) en 30 j, et renouvellement le %(day)s.",
                **numbers,
                day=_day(facts["renewal"]),
            )
        )
    return str(_("Santé passée de %(before)s à %(now)s (%(points)s) en 30 j.", **numbers))


def _contact(facts: Mapping[str, Any]) -> str:
    told = {"name": facts["name"], "role": ROLES[facts["role"]], "day": _day(facts["since"])}
    if facts["kind"] == "arrived":
        return str(_("Arrivée de %(name)s, %(role)s, le %(day)s.", **told))
    if facts["kind"] == "role":
        return str(_("Nouveau rôle de %(name)s, %(role)s, le %(day)s.", **told))
    return str(_("Départ de %(name)s, %(role)s, le %(day)s.", **told))


def _calendar(one: Candidate) -> str:
    facts = one.facts
    pace = {
        1: _("tous les mois"),
        3: _("tous les trois mois"),
        12: _("tous les ans"),
    }.get(facts["months"]) or ngettext("tous les %(num)s mois", "tous les %(num)s mois", facts["months"])
    told = {"kind": KINDS[facts.get("replaces") or one.kind], "pace": pace, "day": _day(facts["since"])}
    said = (
        _("Dernière revue (%(held)s) le %(day)s ; %(kind)s %(pace)s.", held=KINDS[facts["held"]], **told)
        if facts["held"]
        else _("Aucune revue tenue depuis le début, le %(day)s ; %(kind)s %(pace)s.", **told)
    )
    if facts.get("replaces"):
        return f"{said} {_('L’EBR de l’année prend sa place ce trimestre.')}"
    return str(said)


def _day(written: str) -> str:
    return formats.day(date.fromisoformat(written), locale.current())


def hours(value: float) -> str:
    """«2 h 45», «11 h»."""
    whole, minutes = divmod(round(value * 60), 60)
    if minutes:
        return str(_("%(hours)s h %(minutes)s", hours=whole, minutes=f"{minutes:02d}"))
    return str(_("%(hours)s h", hours=whole))
