"""The words of what follows a review."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext, pgettext
from flask_babel.speaklater import LazyString

from haark import formats, locale
from haark.reviews.following.queries import Week
from haark.reviews.promises import Grade

# Which button shows what Haark reads from the action itself.
SEEN = {"done": "kept", "late": "late", "dropped": "dropped"}
WEEK: dict[str, LazyString] = {
    "plan": _l("Plan de succès mis à jour"),
    "tracked": _l("Actions suivies"),
    "briefed": _l("Équipes internes informées"),
    "started": _l("Nos actions promises lancées"),
}
FIELDS: dict[str, LazyString] = {
    "title": _l("Titre"),
    "target": _l("Cible"),
    "due_on": _l("Échéance"),
}
KINDS: dict[str, LazyString] = {"objective": _l("Objectif"), "milestone": _l("Jalon"), "risk": _l("Risque")}
ERRORS: dict[str, LazyString] = {
    "state": _l("Cette revue n’est pas à clore : elle n’a pas été tenue, ou l’est déjà."),
    "promise": _l("Cette promesse n’est plus de cette revue. Rechargez la page."),
    "grade": _l("Choisissez tenue, en retard ou abandonnée."),
}


def grades() -> dict[str, str]:
    """A person's word on a promise, in the order of the buttons. «Tenue» is said of reviews too."""
    return {
        "kept": pgettext("promise", "Tenue"),
        "late": pgettext("promise", "En retard"),
        "dropped": pgettext("promise", "Abandonnée"),
    }


def saw(one: Week) -> str:
    """What Haark saw of one of the four things."""
    done, total = one.facts
    if one.key == "plan":
        waiting = total - done
        if waiting:
            return str(ngettext("%(num)s changement à décider", "%(num)s changements à décider", waiting))
        if done:
            return str(ngettext("%(num)s changement repris", "%(num)s changements repris", done))
        return str(_("aucune décision n’y change rien"))
    if one.key == "briefed":
        if not done:
            return str(_("récap envoyé à aucun collègue"))
        return str(ngettext("récap envoyé à %(num)s collègue", "récap envoyé à %(num)s collègues", done))
    if not total:
        return str(_("aucune action promise"))
    if one.key == "tracked":
        return str(_("%(done)s sur %(total)s avec responsable et date", done=done, total=total))
    return str(_("%(done)s sur %(total)s lancées", done=done, total=total))


def history(grade: Grade) -> str:
    """«faite le 23 nov.», «faite le 27 nov., 4 j de retard», «2 j de retard», '' for what is to come."""
    day = formats.day_short(grade.on, locale.current()) if grade.on else ""
    if grade.state == "done":
        told = _("faite le %(day)s", day=day) if day else _("faite")
        return str(told if not grade.late else _("%(told)s, %(days)s j de retard", told=told, days=grade.late))
    if grade.state == "late" and grade.late:
        return str(_("%(days)s j de retard", days=grade.late))
    return ""


def shown(name: str, value: Any) -> str:
    """A value of the plan as a difference shows it."""
    language = locale.current()
    if value is None or value == "":
        return ""
    if name == "due_on":
        return formats.day(date.fromisoformat(value), language)
    if isinstance(value, (int, float)):
        return formats.number(value, language)
    return str(value)


def lag(hours: float) -> str:
    """«3 h 50», «40 min», «2 j 4 h»."""
    minutes = round(hours * 60)
    days, rest = divmod(minutes, 24 * 60)
    if days:
        return str(_("%(days)s j %(hours)s h", days=days, hours=rest // 60))
    if minutes < 60:
        return str(_("%(minutes)s min", minutes=minutes))
    return str(_("%(hours)s h %(minutes)s", hours=rest // 60, minutes=f"{rest % 60:02d}"))
