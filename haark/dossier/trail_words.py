"""The audit trail in words: what happened, to what, and each value as people read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from haark import formats, locale
from haark.dossier import wording
from haark.dossier.trail import ACCOUNTS, CONTACTS, EDITED, USERS, Names, text_key
from haark.dossier.trail_terms import BANDS, GROUPS, MORE_FIELDS, THINGS, VERBS
from haark.plans import wording as plans
from haark.portfolio import wording as portfolio
from haark.settings import queries as settings
from haark.signals import wording as signals

# The plan's own words for its fields and values.
__all__ = ["GROUPS", "Line", "field", "fields", "line", "shown"]
OF_PLAN = ("plan", "objective", "milestone", "risk", "member", "proposal")
OF_MANY = ("account.actions_added", "account.reassigned", "account.reviews_planned", "account.tagged")
LONGEST = 400
Labels = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """An event as it is read. `changes`: (field, before, after); `who` '' for Haark itself."""

    at: datetime
    who: str
    account_id: int | None
    account: str
    icon: str
    what: str
    about: str
    changes: tuple[tuple[str, str, str], ...]
    review_id: int | None


def line(row: Any, names: Names, labels: Labels | None = None) -> Line:
    """`labels`: names of fields that come from elsewhere (settings, custom fields)."""
    data = row.data or {}
    family = row.kind.partition(".")[0]
    currency = names.currencies.get(row.account_id) or str(settings.get("organisation.currency"))
    changes = data.get("changes")
    pairs = changes.items() if isinstance(changes, dict) else ()
    told = tuple(
        (
            field(name, family, labels or {}),
            shown(name, pair[0], family, names, currency),
            shown(name, pair[1], family, names, currency),
        )
        for name, pair in pairs
        if isinstance(pair, list) and len(pair) == 2
    )
    if edited := names.texts.get(text_key(row)) if row.kind.startswith(EDITED) else None:
        before, after = (shown("text", one, family, names, currency) for one in edited)
        told = ((field("summary", family, {}), before, after),)
    icon, what = _sentence(row.kind, data)
    return Line(
        at=row.at,
        who=_who(row, names, data),
        account_id=row.account_id,
        account=names.accounts.get(row.account_id, ""),
        icon=icon,
        what=what,
        about=_about(data, row.kind),
        changes=told,
        review_id=row.subject_id if row.subject_kind == "review" else None,
    )


def _who(row: Any, names: Names, data: Mapping[str, Any]) -> str:
    """Our people by name, the client's as the event calls them."""
    if row.actor_id:
        return names.users.get(row.actor_id) or str(_("Utilisateur supprimé"))
    return str(data.get("by_name") or data.get("who") or "")[:LONGEST]


def _sentence(kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
    if kind in wording.EVENTS:
        drawing, words = wording.EVENTS[kind]
        return drawing, str(words)
    if kind in wording.REVIEWS and data.get("what") and data.get("period"):
        drawing, _tone, said = wording.review_event(kind, data)
        return drawing, said
    if kind.startswith(("signal.", "advice.")):
        told = signals.happened(kind, dict(data))
        return told.icon, told.title
    thing, _dot, verb = kind.partition(".")
    drawing = wording.FAMILIES.get(thing, ("history", ""))[0]
    named = str(THINGS.get(thing, thing))
    return drawing, str(_("%(thing)s : %(verb)s", thing=named, verb=VERBS[verb])) if verb in VERBS else named


def _about(data: Mapping[str, Any], kind: str) -> str:
    """What it happened to, as the event names it; of many accounts at once, how many."""
    if kind in OF_MANY:
        return str(ngettext("%(num)s compte", "%(num)s comptes", int(data.get("count") or 0)))
    named = data.get("name") or data.get("title") or data.get("reason") or ""
    return str(named)[:LONGEST] if isinstance(named, str) else ""


def field(name: str, family: str, labels: Labels) -> str:
    """The name of a field as people read it; its own name where nobody gave it words."""
    words = labels.get(name) or (plans.FIELDS.get(name) if family in OF_PLAN else None)
    said = str(words or wording.FIELDS.get(name) or MORE_FIELDS.get(name) or name)
    return said[:1].upper() + said[1:]


def fields(labels: Labels) -> dict[str, str]:
    """The fields that a filter offers, by name."""
    known = {**wording.FIELDS, **MORE_FIELDS, **labels}
    return dict(sorted(((name, field(name, "", labels)) for name in known), key=lambda one: formats.fold(one[1])))


def shown(name: str, value: Any, family: str, names: Names, currency: str) -> str:
    """A value as people read it; «vide» for nothing."""
    if value is None or value == "" or value == [] or value == {}:
        return str(_("vide"))
    if isinstance(value, bool):
        return str(_("oui") if value else _("non"))
    for fields, called in ((USERS, names.users), (CONTACTS, names.contacts), (ACCOUNTS, names.accounts)):
        if name in fields and isinstance(value, int):
            return called.get(value, f"n° {value}")
    if name.endswith("_cents") and isinstance(value, int):
        return formats.money(value, locale.current(), currency, 0 if value % 100 == 0 else 2)
    if isinstance(value, (int, float)):
        return formats.number(value, locale.current())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)[:LONGEST]
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)[:LONGEST]
    return _text(name, str(value), family)


# What stands for a choice, by family of events ('' for all) and field.
_CHOICES: dict[tuple[str, str], Mapping[str, Any]] = {
    ("", "language"): wording.LANGUAGES,
    ("", "health_band"): BANDS,
    ("", "priority"): wording.PRIORITIES,
    ("contact", "role"): wording.ROLES,
    ("account", "segment"): wording.SEGMENTS,
    ("account", "size"): portfolio.SIZES,
    ("interaction", "kind"): {kind: words for kind, (_icon, words) in wording.INTERACTIONS.items()},
    ("interaction", "direction"): wording.DIRECTIONS,
}


def _text(name: str, value: str, family: str) -> str:
    if words := _CHOICES.get((family, name)) or _CHOICES.get(("", name)):
        return str(words.get(value, value))
    if family in OF_PLAN and name in plans.CHOICES:
        return str(plans.CHOICES[name].get(value, value))
    try:
        if len(value) == 10:
            return formats.day(date.fromisoformat(value), locale.current())
        if len(value) >= 19 and value[10] in "T ":
            return formats.instant(datetime.fromisoformat(value), locale.current(), locale.timezone())
    except ValueError:
        pass
    return value[:LONGEST]
