"""The words of planning: roles, reasons, answers, slots, subjects of mails; times in the zone where they are said."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats, locale
from haark.cadence.steps import monday
from haark.cadence.wording import hours
from haark.formats import LOCALES
from haark.reviews.inviting.roster import Person
from haark.reviews.inviting.slots import Slot

ROLES: dict[str, LazyString] = {
    "sponsor": _l("sponsor"),
    "champion": _l("champion"),
    "decision_maker": _l("décideur"),
    "day_to_day": _l("contact du quotidien"),
    "csm": _l("CSM"),
    "sales": _l("commercial"),
    "executive": _l("direction"),
    "guest": _l("invité"),
}
ANSWERS: dict[str, LazyString] = {
    "yes": _l("Oui, je serai là"),
    "no": _l("Non, je ne peux pas"),
    "other": _l("Proposer un autre moment"),
}
MAILS: dict[str, LazyString] = {  # of mails that did not arrive
    "failed": _l("Envoi échoué"),
    "uncertain": _l("Envoi incertain"),
    "suppressed": _l("Écartée des envois"),
    "kept": _l("Gardée ici"),
}
ERRORS: dict[str, LazyString] = {
    "name": _l("Donnez un nom."),
    "address": _l("Cette adresse e-mail n’a pas la forme nom@domaine."),
    "taken": _l("Une autre personne de la revue a cette adresse."),
    "past": _l("Choisissez un moment à venir."),
    "answer": _l("Choisissez une réponse."),
    "nobody": _l("Donnez d’abord un responsable au compte : c’est de sa part que partent les invitations."),
}


def reason(one: Person) -> str:
    """Why somebody is suggested: «Décide du renouvellement du 11 janv. 2027»."""
    data = one.data
    if one.reason == "renewal":
        return str(_("Décide du renouvellement du %(day)s", day=_day(data["on"])))
    if one.reason == "sponsor_silent":
        return str(
            ngettext(
                "Sponsor, sans échange depuis %(num)s j : à reconquérir",
                "Sponsor, sans échange depuis %(num)s j : à reconquérir",
                data["days"],
            )
        )
    if one.reason == "closed" and data.get("year"):
        return str(_("A signé le contrat en %(year)s, porte le renouvellement", year=data["year"]))
    if one.reason == "executive":
        return str(_("A aidé à conclure ; présente aux trois premières revues, celle-ci est la n° %(number)s", **data))
    words = {
        "organises": _("Responsable du compte"),
        "decides": _("Décide pour le client"),
        "sponsor": _("Sponsor du projet"),
        "champion": _("Champion du projet"),
        "champion_main": _("Champion, contact principal"),
        "main": _("Contact principal"),
        "closed": _("A signé le contrat, porte le renouvellement"),
        "executive_past": _("A aidé à conclure ; trois premières revues seulement"),
        "added": _("Ajoutée par une personne"),
    }
    return str(words.get(one.reason, ""))


def tag(one: Person, sequence: int) -> tuple[str, str, str]:
    """Tone, drawing and words of where somebody stands."""
    if one.organises:
        return "ok", "check", str(_("Organise"))
    if one.left:
        return "warn", "user-x", str(_("A quitté le client"))
    if not one.chosen:
        return "", "", str(_("Non proposée") if one.reason == "executive_past" else _("Non retenue"))
    if not one.invited:
        return ("warn", "circle-alert", str(_("Sans adresse"))) if not one.email else ("", "", str(_("À inviter")))
    return answered(one)


def answered(one: Any) -> tuple[str, str, str]:
    """Tone, drawing and words of an invited person's answer."""
    if one.reply == "yes":
        return "ok", "check", str(_("Confirmée"))
    if one.reply == "no":
        return "bad", "x", str(_("Déclinée"))
    if one.reply == "other" and one.other_at is not None:
        return "acc", "calendar-clock", str(_("Propose le %(when)s", when=moment(one.other_at, locale.timezone())))
    return "warn", "clock", str(_("Sans réponse"))


def pane_tag(row: Any) -> tuple[str, str, str]:
    """The same for a kept participant, where nothing is chosen: the workspace's list."""
    if row.role == "csm":
        return "ok", "check", str(_("Organise"))
    return answered(row) if row.invited_at is not None else ("", "", str(_("À inviter")))


def moment(at: datetime, zone: str) -> str:
    """«jeu. 19 nov. à 10:00», in a zone."""
    here = at.astimezone(ZoneInfo(zone))
    language = locale.current()
    day = format_date(here.date(), "EEE d MMM", locale=LOCALES[language])
    return str(_("%(day)s à %(time)s", day=day, time=clock(at, zone)))


def weekday(at: datetime, zone: str) -> str:
    """«jeudi 19 nov.»."""
    return format_date(at.astimezone(ZoneInfo(zone)).date(), "EEEE d MMM", locale=LOCALES[locale.current()])


def clock(at: datetime, zone: str) -> str:
    """«10:00», in a zone."""
    return format_time(at.astimezone(ZoneInfo(zone)).time(), "HH:mm", locale=LOCALES[locale.current()])


def city(zone: str, language: str) -> str:
    """«Paris», «Kyiv»."""
    if (zone, language) == ("Europe/Kyiv", "uk"):
        return "Київ"  # Babel knows the city under its former name only
    return str(get_timezone_location(zone, locale=LOCALES[language], return_city=True))


def when(starts: datetime, minutes: int, zone: str, language: str) -> str:
    """«Jeudi 19 novembre 2026, 10:00 à 10:50 (Paris)»."""
    day = format_date(starts.astimezone(ZoneInfo(zone)).date(), "full", locale=LOCALES[language])
    told = {
        "day": day[:1].upper() + day[1:],
        "start": clock(starts, zone),
        "end": clock(starts + timedelta(minutes=minutes), zone),
        "zone": city(zone, language),
    }
    return str(_("%(day)s, %(start)s à %(end)s (%(zone)s)", **told))


def summary(title: str, client: str, vendor: str) -> str:
    """«QBR Q4 2026 Groupe Valmorin × Sillage»."""
    return " ".join(part for part in (title, client, f"× {vendor}" if vendor else "") if part)


def subject(purpose: str, title: str, client: str, vendor: str, starts: datetime | None, zone: str) -> str:
    """The subject of a mail: what, with whom, when."""
    assert starts is not None
    told = {"what": summary(title, client, vendor), "day": weekday(starts, zone), "time": clock(starts, zone)}
    words = {
        "invitation": _("Invitation : %(what)s, %(day)s à %(time)s", **told),
        "update": _("Mise à jour : %(what)s, %(day)s à %(time)s", **told),
        "reminder": _("Rappel : %(what)s, %(day)s à %(time)s", **told),
        "cancellation": _("Annulation : %(what)s, %(day)s à %(time)s", **told),
    }
    return str(words[purpose])


def slot_reasons(slot: Slot, names: Mapping[int, str], me: int, zone: str) -> list[str]:
    """Why this slot, in sentences; at most three."""
    told = [_slot_reason(key, data, names, me, zone) for key, data in slot.reasons]
    return told[:3]


def _slot_reason(key: str, data: Mapping[str, Any], names: Mapping[int, str], me: int, zone: str) -> str:
    if key in ("clash", "near"):
        return held(data["what"], data["at"], data["who"], names, me, zone)
    if key == "there":
        told = {"time": clock(data["at"], data["zone"]), "city": city(data["zone"], locale.current())}
        return str(_("%(time)s chez le client (%(city)s)", **told))
    if key in ("over", "light"):
        told = {"week": data["week"].isocalendar().week, "hours": hours(data["hours"])}
        return str(
            _("Semaine %(week)s : %(hours)s, au-dessus du plafond", **told)
            if key == "over"
            else _("Semaine la moins chargée (%(week)s) : %(hours)s", **told)
        )
    words = {
        "wish": lambda: _("Proposé par %(who)s", **data),
        "after_due": lambda: _("Après l’échéance du %(day)s", day=_short(data["due"])),
        "tight": lambda: _("Deck à finir la veille, le %(day)s", day=_short(data["on"])),
        "ready": lambda: _("Préparation finie le %(day)s", day=_short(data["on"])),
        "margin": lambda: _margin(data["days"]),
        "evening": lambda: _("Fin de journée, peu de temps pour le récap"),
    }
    return str(words[key]())


def _margin(days: int) -> str:
    if not days:
        return str(_("Le jour de l’échéance"))
    return str(ngettext("%(num)s jour ouvré avant l’échéance", "%(num)s jours ouvrés avant l’échéance", days))


def held(what: str, at: datetime, who: int, names: Mapping[int, str], me: int, zone: str) -> str:
    """«Vous tenez déjà Kerdoncuff à 10:00»."""
    told = {"what": what, "time": clock(at, zone), "who": names.get(who, "")}
    if who == me:
        return str(_("Vous tenez déjà %(what)s à %(time)s", **told))
    return str(_("%(who)s est déjà chez %(what)s à %(time)s", **told))


def freedom(slot: Slot, names: Mapping[int, str], guests: int) -> str:
    """What is known of who is free: «Claire et Hugo libres dans Haark, 4 agendas inconnus»."""
    free = [names[who].split()[0] for who in slot.free if who in names]
    known = (
        str(
            ngettext(
                "Agenda de %(names)s libre dans Haark",
                "Agendas de %(names)s libres dans Haark",
                len(free),
                names=listed(free),
            )
        )
        if free
        else str(_("Personne de libre chez nous"))
    )
    if not guests:
        return known
    unknown = ngettext("%(num)s agenda inconnu", "%(num)s agendas inconnus", guests)
    return f"{known}, {unknown}"


def listed(names: Sequence[str]) -> str:
    """«Claire, Hugo et Nadia»."""
    if len(names) < 2:
        return "".join(names)
    return str(_("%(first)s et %(last)s", first=", ".join(names[:-1]), last=names[-1]))


def week_label(start: date) -> str:
    """«9-13 nov.», Monday to Friday."""
    end, language = monday(start) + timedelta(4), locale.current()
    first = str(start.day) if start.month == end.month else formats.day_short(start, language)
    return f"{first}-{formats.day_short(end, language)}"


def _day(written: str) -> str:
    return formats.day(date.fromisoformat(written), locale.current())


def _short(day: date) -> str:
    return formats.day_short(day, locale.current())
