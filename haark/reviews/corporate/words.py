"""The sentences of the template's page: why a file is refused, what was found, what was done about it."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats, locale
from haark.decks.corporate import Issue, Layout, Refused

ROLES: dict[str, Any] = {
    "cover": _l("Couverture"),
    "agenda": _l("Ordre du jour"),
    "content": _l("Contenu"),
    "recap": _l("Récap et prochaines étapes"),
}
LEVELS: dict[str, Any] = {
    "block": _l("Ne convient pas"),
    "adapted": _l("Adapté par Haark"),
    "note": _l("Bon à savoir"),
}


def _decimal(value: str, digits: int) -> str:
    return formats.number(float(value), locale.current(), digits)


def refusal(refused: Refused) -> str:
    """What is wrong with the file and what to do."""
    return REFUSALS.get(refused.reason, REFUSALS["broken"])(refused.detail)


REFUSALS: dict[str, Callable[[str], str]] = {
    "missing": lambda _detail: _("Choisissez un fichier PowerPoint, .pptx ou .potx."),
    "empty": lambda _detail: _("Ce fichier est vide. Choisissez un fichier .pptx ou .potx."),
    "too_large": lambda detail: _(
        "Ce fichier dépasse %(limit)s Mo. Allégez ses images, puis recommencez.", limit=detail
    ),
    "encrypted": lambda _detail: _(
        "Ce fichier est protégé par un mot de passe. Dans PowerPoint : Fichier, Informations, Protéger, retirez le mot"
        " de passe, puis recommencez."
    ),
    "legacy": lambda _detail: _(
        "Ce fichier est à l’ancien format .ppt. Enregistrez-le en .pptx ou en .potx, puis recommencez."
    ),
    "not_powerpoint": lambda _detail: _("Ce fichier n’est pas un PowerPoint. Choisissez un fichier .pptx ou .potx."),
    "macros": lambda _detail: _(
        "Ce fichier contient des macros ou des contrôles ActiveX, que Haark refuse. Enregistrez-le en .pptx ou en .potx"
        " sans macros, puis recommencez."
    ),
    "bomb": lambda _detail: _(
        "Ce fichier se déploie en un volume anormal : il n’a pas été ouvert. Réenregistrez-le depuis PowerPoint."
    ),
    "broken": lambda detail: _(
        "Ce fichier est abîmé (%(part)s). Ouvrez-le dans PowerPoint, réparez-le, enregistrez-le, puis recommencez.",
        part=detail or _("archive illisible"),
    ),
    "strict": lambda _detail: _(
        "Ce fichier est au format « Open XML strict ». Enregistrez-le en « Présentation PowerPoint (.pptx) »."
    ),
    "portrait": lambda detail: _(
        "Ces pages sont trop étroites (rapport %(ratio)s) : les diapositives y seraient illisibles. Choisissez un"
        " modèle en 16:9, 16:10 ou 4:3.",
        ratio=_decimal(detail, 2),
    ),
    "no_layouts": lambda _detail: _(
        "Ce fichier n’a aucune disposition. Ajoutez-en dans le masque des diapositives, puis recommencez."
    ),
    "no_title": lambda _detail: _(
        "Aucune disposition n’a d’emplacement de titre. Ajoutez-en un dans le masque des diapositives, puis"
        " recommencez."
    ),
    "no_room": lambda _detail: _(
        "Aucune disposition avec un titre ne laisse assez de place au contenu. Agrandissez la zone sous le titre dans"
        " le masque, puis recommencez."
    ),
}


def sentence(issue: Issue) -> str:
    """What was found about the template or one of its layouts."""
    return SENTENCES[issue.code](issue.value) if issue.code in SENTENCES else issue.code


SENTENCES: dict[str, Callable[[str], str]] = {
    "four_three": lambda value: _(
        "Pages au format %(ratio)s : les blocs sont disposés sur cette largeur, les tableaux y sont plus serrés"
        " qu’en 16:9.",
        ratio=value,
    ),
    "slides": lambda value: _(
        "Ses propres diapositives (%(count)s) ne sont pas reprises, seulement ses masques.", count=value
    ),
    "links": lambda value: _("Liens vers des fichiers extérieurs retirés : %(count)s.", count=value),
    "heavy": lambda value: _("Ses images pèsent %(size)s Mo : chaque PowerPoint créé pèsera autant.", size=value),
    "signature": lambda _value: _("Sa signature numérique est retirée : le fichier créé n’est plus le fichier signé."),
    "font": lambda value: _(
        "Police %(font)s : elle doit être installée chez qui ouvre le fichier. Haark mesure ses textes avec une marge.",
        font=value,
    ),
    "masters": lambda value: _(
        "%(count)s masques : Haark propose celui qui convient le mieux, vous pouvez en changer.", count=value
    ),
    "no_title": lambda _value: _("Pas d’emplacement de titre : aucune diapositive de contenu n’y tient."),
    "vertical": lambda _value: _("Titre à la verticale : Haark ne l’utilise pas."),
    "no_room": lambda _value: _("Trop peu de place sous le titre pour un contenu lisible."),
    "little_room": lambda value: _(
        "Peu de place : les textes y sont réduits à %(share)s de leur taille habituelle.",
        share=formats.percent(float(value), locale.current()),
    ),
    "title_small": lambda _value: _(
        "L’emplacement du titre ne tient pas deux lignes de 27 points : les titres longs y sont plus petits."
    ),
    "title_contrast": lambda value: _(
        "Le titre se lit mal sur ce fond (contraste %(ratio)s) : Haark assombrit ou éclaircit sa couleur.",
        ratio=_decimal(value, 1),
    ),
    "text_contrast": lambda value: _(
        "Le texte du thème se lit mal sur ce fond (contraste %(ratio)s) : Haark en ajuste la couleur.",
        ratio=_decimal(value, 1),
    ),
    "no_number": lambda _value: _("Pas de numéro de page : Haark l’écrit à droite de la source."),
    "no_footer": lambda _value: _("Pas de pied de page : Haark écrit le client et la période à droite de la source."),
    "avoided": lambda value: _("Les blocs contournent : %(names)s.", names=value),
}


def why_not(layout: Layout) -> str:
    """In brackets behind a layout that cannot carry content."""
    if layout.title is None:
        return _("sans titre")
    return _("titre vertical") if layout.title.style.vertical else _("trop peu de place")


def labels() -> dict[str, str]:
    """What a sketch writes in its boxes."""
    return {
        "title": _("Titre"),
        "subtitle": _("Sous-titre, noms, date"),
        "section": _("Section"),
        "body": _("Contenu de Haark"),
        "source": _("Source"),
        "footer": _("Pied de page"),
    }
