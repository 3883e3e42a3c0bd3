"""What the shared page says after an act, and the names of what a client proposes to change."""

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats, locale
from haark.sharing import exchanges

# By the word that the address carries after the act.
DONE: dict[str, LazyString] = {
    "comment": _l("Votre message est envoyé."),
    "proposal": _l("Votre proposition est envoyée. La réponse vous viendra par e-mail et sur cette page."),
    "finished": _l("C’est noté : action faite. Nous sommes prévenus."),
    "reopened": _l("C’est noté : action rouverte."),
    "confirmed": _l("Merci, vous avez confirmé cette valeur."),
    "unconfirmed": _l("Votre confirmation est retirée."),
    "signed": _l("Merci, votre signature est enregistrée."),
    "meeting": _l("Votre demande de réunion est envoyée."),
}
PROBLEMS: dict[str, LazyString] = {
    "empty": _l("Écrivez d’abord votre message."),
    "gone": _l("Ce point n’est plus dans le plan. Voici son état actuel ; rien n’a été modifié."),
    "changed": _l("Ce point a changé depuis que vous l’avez lu. Voici sa version actuelle ; rien n’a été modifié."),
    "nothing": _l("Changez au moins une valeur."),
}
FIELDS: dict[str, LazyString] = {
    "title": _l("Intitulé"),
    "why": _l("Pourquoi"),
    "kpi": _l("Indicateur"),
    "comparator": _l("Cible atteinte"),
    "unit": _l("Unité"),
    "baseline": _l("Valeur de départ"),
    "target": _l("Cible"),
    "quote": _l("Vos propres mots"),
    "phase": _l("Phase"),
    "detail": _l("Précisions"),
    "state": _l("État"),
    "starts_on": _l("Début"),
    "due_on": _l("Échéance"),
}
# What a comment on an agenda is, and how its text begins.
REMARKS: dict[str, LazyString] = {
    "topic": _l("Un sujet à ajouter"),
    "figure": _l("Un chiffre à corriger"),
    "remark": _l("Une remarque"),
}


def remark(kind: str, text: str) -> str:
    """A comment on an agenda says what it is in its first words: topics and corrections are looked for there."""
    if not text.strip() or kind not in ("topic", "figure"):
        return text
    told = {"text": text.strip()}
    return str(
        _("Sujet à ajouter : %(text)s", **told) if kind == "topic" else _("Chiffre à corriger : %(text)s", **told)
    )


def shown(value: Any) -> str:
    """A value of a proposal in the reader's language."""
    day = exchanges.day_of(value)
    if day is not None:
        return formats.day(day, locale.current())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return formats.number(value, locale.current())
    return str(value) if value not in (None, "") else "—"
