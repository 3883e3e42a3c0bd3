"""The words of the recap's page: languages, refusals, what became of a mail."""

from datetime import timedelta

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

LANGUAGES: dict[str, tuple[str, LazyString]] = {  # short name, as in «écrit en français»
    "fr": ("FR", _l("français")),
    "en": ("EN", _l("anglais")),
    "uk": ("УК", _l("ukrainien")),
}
ERRORS: dict[str, LazyString] = {
    "state": _l("Cette revue n’a pas encore été tenue : il n’y a rien à récapituler."),
    "sent": _l("Le récap est parti : son texte ne change plus."),
    "nobody": _l("Choisissez d’abord à qui l’envoyer."),
    "address": _l("Cette adresse e-mail n’a pas la forme nom@domaine."),
    "name": _l("Donnez un nom."),
    "many": _l("Vingt points au plus : gardez l’essentiel."),
    "field": _l("Ce texte n’est plus là. Rien n’a été changé."),
    "deck": _l("Le deck a changé entre-temps. Envoyez à nouveau."),
    "title": _l("Écrivez ce qui est promis."),
    "day": _l("Cette date n’existe pas. Écrivez-la ainsi : 2026-11-20."),
}
MAILS: dict[str, tuple[str, str, LazyString]] = {  # state of a mail -> tone, drawing, word
    "queued": ("", "clock", _l("En file")),
    "leased": ("", "clock", _l("En file")),
    "sending": ("", "send", _l("En cours d’envoi")),
    "sent": ("ok", "check", _l("Remis")),
    "failed": ("bad", "circle-alert", _l("Envoi échoué")),
    "uncertain": ("warn", "circle-question-mark", _l("Envoi incertain")),
    "kept": ("acc", "mail", _l("Gardé ici")),
    "suppressed": ("bad", "eye-off", _l("Adresse écartée")),
}


def lasting(wait: timedelta) -> str:
    """«20 h 30», «45 min», «3 j 4 h»: how long something takes, never below zero."""
    minutes = max(int(wait.total_seconds() // 60), 0)
    days, hours = divmod(minutes // 60, 24)
    if days >= 2:
        return str(_("%(days)s j %(hours)s h", days=days, hours=hours))
    if minutes >= 60 and not minutes % 60:
        return str(_("%(hours)s h", hours=minutes // 60))
    if minutes >= 60:
        return str(_("%(hours)s h %(minutes)s", hours=minutes // 60, minutes=f"{minutes % 60:02d}"))
    return str(_("%(minutes)s min", minutes=minutes))
