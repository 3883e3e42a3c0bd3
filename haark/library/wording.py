"""The words of the libraries' pages."""

from datetime import date

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats, locale
from haark.library.rules import Reason

KINDS: dict[str, LazyString] = {"stories": _l("Réussites"), "roadmap": _l("Feuille de route")}
LANGUAGES: dict[str, LazyString] = {"fr": _l("Français"), "en": _l("Anglais"), "uk": _l("Ukrainien")}
# drawing, tone, label
PERMISSIONS: dict[str, tuple[str, str, LazyString]] = {
    "none": ("lock", "bad", _l("Interne seulement")),
    "anonymous": ("eye-off", "warn", _l("Sans le nom du client")),
    "named": ("badge-check", "ok", _l("Avec le nom du client")),
}
PUBLIC: dict[str, tuple[str, str, LazyString]] = {
    "yes": ("eye", "ok", _l("Montrable au client")),
    "no": ("lock", "bad", _l("Interne seulement")),
}
STAGES: dict[str, tuple[str, str, LazyString]] = {
    "planned": ("calendar-clock", "", _l("Prévu")),
    "in_progress": ("loader", "acc", _l("En cours")),
    "available": ("circle-check", "ok", _l("Disponible")),
}
STANDINGS: dict[str, LazyString] = {
    "valid": _l("Valide"),
    "coming": _l("Pas encore valide"),
    "expired": _l("Expirée"),
}
REFUSALS: dict[str, LazyString] = {
    "dates": _l("La fin de validité vient après le début."),
    "unnamed": _l("Nommez le client, ou choisissez une citation sans son nom."),
    "betrayed": _l("Ce texte nomme le client ou la personne citée, alors que leur nom doit rester caché."),
}


def reason(why: Reason) -> str:
    """Why an entry fits, in a few words of the reader's language."""
    words = {
        "sector": lambda: _("même secteur : %(name)s", name=why.what),
        "need": lambda: _("besoin noté : %(name)s", name=why.what),
        "used": lambda: _("utilise %(name)s", name=why.what),
        "unused": lambda: _("n’utilise pas encore %(name)s", name=why.what),
        "everybody": lambda: _("pour tous les clients"),
    }
    return str(words[why.kind]())


def until(day: date | None) -> str:
    """«jusqu’au 12 nov. 2026», '' for no end."""
    return str(_("jusqu’au %(day)s", day=formats.day(day, locale.current()))) if day else ""
