"""What each finding says, and the names of severities, in the reader's language."""

from collections.abc import Callable
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats, locale
from haark.reviews.checks.rules import Found
from haark.reviews.wording import Words

# By severity: drawing, tone, and what it asks for.
SEVERITIES: dict[str, tuple[str, str, LazyString]] = {
    "high": ("circle-alert", "bad", _l("À corriger")),
    "medium": ("triangle-alert", "warn", _l("À vérifier")),
    "low": ("info", "", _l("À savoir")),
}
COLOURS: dict[str, LazyString] = {"primary": _l("couleur principale"), "secondary": _l("couleur secondaire")}


def sentence(one: Found, words: Words) -> str:
    """The finding in one sentence. `words`: those of decks, in the reader's language."""
    return SENTENCES[one.kind](one, words)


def _gap(one: Found, words: Words) -> str:
    gap = one.values.get("gap")
    return words(f"gap.{gap}") if gap else str(_("Cette diapositive n’a rien à montrer."))


def _source(one: Found, words: Words) -> str:
    gap = one.values.get("gap")
    return words(f"gap.{gap}") if gap else str(_("Des chiffres sont montrés sans source en pied."))


def _overflow(_one: Found, _words: Words) -> str:
    return str(_("Ce texte ne tient pas : sa fin est coupée. Raccourcissez-le."))


def _continued(one: Found, _words: Words) -> str:
    return str(_("Le contenu prend %(n)s pages. Masquez des lignes si une seule suffit.", n=one.values["n"]))


def _word(one: Found, _words: Words) -> str:
    if one.spot == "notes":
        return str(
            _("Mot interne « %(word)s » dans la note de l’orateur, que le PowerPoint emporte.", word=one.values["word"])
        )
    return str(_("Mot interne : « %(word)s ».", word=one.values["word"]))


def _figure(one: Found, words: Words) -> str:
    return str(_("Chiffre interne : %(name)s.", name=words(f"figure.{one.values['figure']}")))


def _contrast(one: Found, _words: Words) -> str:
    return str(
        _(
            "La %(colour)s de la marque se lit mal sur blanc (%(ratio)s pour 1, il faut 4,5) : le deck l’assombrit.",
            colour=str(COLOURS[one.values["colour"]]),
            ratio=formats.number(one.values["ratio"], locale.current(), 1),
        )
    )


def _uninvited(one: Found, _words: Words) -> str:
    return ngettext("%(num)s participant sans invitation.", "%(num)s participants sans invitation.", one.values["n"])


def _fixed(text: LazyString) -> Callable[[Found, Words], str]:
    def say(_one: Found, _words: Words) -> str:
        return str(text)

    return say


SENTENCES: dict[str, Callable[[Any, Words], str]] = {
    "empty": _gap,
    "incomplete": _gap,
    "alt": _gap,
    "source": _source,
    "overflow": _overflow,
    "continued": _continued,
    "internal_word": _word,
    "internal_figure": _figure,
    "internal_shown": _fixed(
        _l("Diapositive interne dans l’édition du client : quelqu’un l’a permis. Masquez-la ou retirez la permission.")
    ),
    "permission": _fixed(_l("Le client de ce témoignage ne permet pas (ou plus) d’être cité ainsi.")),
    "claim": _fixed(
        _l("Un gain que le client n’a pas confirmé est écrit comme un fait. Dites que c’est une estimation.")
    ),
    "logo": _fixed(_l("Le logo du client manque sur la couverture.")),
    "contrast": _contrast,
    "uninvited": _uninvited,
    "nobody": _fixed(_l("La réunion a une date, mais aucun participant n’est choisi.")),
}
