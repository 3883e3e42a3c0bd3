"""The history of a review as a page: who changed what, in the reader's words, and the way back to an earlier text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from haark import clock, locale
from haark.access import changes, sees
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, respond
from haark.reviews import corrections, figures, history, titles
from haark.reviews.answers import load, version
from haark.reviews.assembly import Book
from haark.reviews.content import Field
from haark.reviews.corrections import Overtaken
from haark.reviews.drifting import titles_of
from haark.reviews.history import Change, difference
from haark.reviews.pages import blueprint
from haark.reviews.wording import Words


@dataclass(frozen=True)
class Told:
    """A line of the page. `pieces`: what stood before and since,
    as parts that are the `same`, `gone` or `new`; `slide`: where it can be seen;
    `back`: the version that a form carries to bring this text back, None where it cannot."""

    drawing: str
    title: str
    at: datetime
    who: str
    slide: str = ""
    pieces: tuple[tuple[str, str], ...] = ()
    note: str = ""
    revision: int = 0
    back: int | None = None


@blueprint.get("/reviews/<int:review_id>/history")
@sees("review", "review_id")
def show_history(review_id: int) -> Response:
    """Fifty changes, the newest first."""
    review, book = load(review_id)
    found = history.page(review_id, _after())
    teller = Teller(book, locale.current())
    return respond(
        "reviews/history.html",
        review=review,
        client=book.material.facts["account"]["name"],
        title=titles.review_title(review.kind, book.material.facts["periods"]["now"], locale.current()),
        lines=[teller.tell(change) for change in found.changes],
        after=found.after and f"{found.after[0]}.{found.after[1]}",
    )


@blueprint.post("/reviews/<int:review_id>/history/<int:revision>/restoration")
@changes("review", "review_id")
def restore_text(review_id: int, revision: int) -> Response:
    """The text as that change left it stands again; the one that stood meanwhile stays in the history."""
    review, book = load(review_id)
    row = history.revision(review_id, revision) or abort(404)
    field = field_of(book, row.slide_key, row.field) or abort(404)
    told = {"by": current_user.id, "at": clock.moment()}
    try:
        if row.text is None:
            corrections.give_back(review, field, version(), **told)
        else:
            corrections.write(review, field, row.text, version(), **told)
    except Overtaken:
        db.session.rollback()
        flash_error(_("Ce texte a changé depuis que cette page est ouverte. Relisez l’historique, puis recommencez."))
        return go(url_for("reviews.show_history", review_id=review_id))
    db.session.commit()
    flash_done(_("Texte rétabli"))
    return go(url_for("reviews.show", review_id=review_id, slide=row.slide_key))


def field_of(book: Book, slide: str, name: str) -> Field | None:
    """A text that can be edited now; None when its slide is gone or composed otherwise."""
    page = next((page for page in book.pages if page.key == slide), None)
    return next((field for field in page.draft.fields if field.name == name), None) if page else None


class Teller:
    """Words a review's changes for a reader."""

    def __init__(self, book: Book, language: str) -> None:
        self.book, self.language, self.words = book, language, Words(language)
        self.slides = titles_of(book, self.words)

    def tell(self, change: Change) -> Told:
        if change.kind == "text":
            return self._text(change)
        drawing, title, note = self._event(change)
        here = change.slide if change.slide in self.slides else ""
        return Told(drawing, title, change.at, change.who, here, self._figures(change), note)

    def _text(self, change: Change) -> Told:
        field = field_of(self.book, change.slide, change.field)
        label = self.words(field.label) if field else _("un texte")
        version = (field.edit.version if field.edit else 0) if field else None
        stands = field is not None and (field.edit.text if field.edit else None) == change.after
        return Told(
            drawing="pencil",
            title=_("%(slide)s : %(text)s", slide=self._slide(change.slide), text=label),
            at=change.at,
            who=change.who,
            slide=change.slide if change.slide in self.slides else "",
            pieces=difference(*change.words),
            note=_("Annulé par son auteur.") if change.undone_at else "",
            revision=change.revision,
            back=None if stands or change.undone_at else version,
        )

    def _slide(self, key: str) -> str:
        return self.slides.get(key) or (_("Fiche de préparation") if key == "prep" else _("Diapositive supprimée"))

    def _figure(self, key: str) -> str:
        found = self.book.figures.get(key)
        return self.words(found.label, name=found.name) if found else key

    def _figures(self, change: Change) -> tuple[tuple[str, str], ...]:
        data = change.data or {}
        found = self.book.figures.get(data.get("figure", ""))
        if found is None or "changes" not in data:
            return ()
        currency = self.book.material.facts["account"]["currency"]
        before, after = (
            figures.show_value(value, found.unit, self.language, currency) for value in data["changes"]["value"]
        )
        return difference(before, after)

    def _event(self, change: Change) -> tuple[str, str, str]:
        """Drawing, sentence and what else there is to say."""
        data: dict[str, Any] = change.data or {}
        slide, figure = self._slide(change.slide), self._figure(data.get("figure", ""))
        moved = data.get("figures") or []
        known = {
            "created": ("presentation", _("Revue créée"), ""),
            "generated": ("sparkles", _("Deck généré avec les données du compte"), ""),
            "regenerated": (
                "rotate-cw",
                ngettext(
                    "Chiffres actualisés : %(num)s a changé", "Chiffres actualisés : %(num)s ont changé", len(moved)
                ),
                ", ".join(self._figure(key) for key in moved[:8]) + ("…" if len(moved) > 8 else ""),
            ),
            "figure_overridden": ("pencil-line", _("Chiffre modifié : %(name)s", name=figure), data.get("reason", "")),
            "figure_restored": ("database", _("Chiffre calculé rétabli : %(name)s", name=figure), ""),
            "slide_hidden": ("eye-off", _("Diapositive masquée : %(slide)s", slide=slide), ""),
            "slide_shown": ("eye", _("Diapositive affichée : %(slide)s", slide=slide), ""),
            "slide_moved": (
                "arrow-down-up",
                _("Diapositive déplacée en %(place)s : %(slide)s", place=data.get("position", ""), slide=slide),
                "",
            ),
            "slide_added": ("plus", _("Diapositive ajoutée : %(slide)s", slide=slide), ""),
            "slide_copied": ("copy", _("Diapositive dupliquée : %(slide)s", slide=slide), ""),
            "slide_rewritten": ("pencil", _("Contenu modifié : %(slide)s", slide=slide), ""),
            "slide_deleted": ("trash-2", _("Diapositive supprimée : %(slide)s", slide=slide), ""),
            "slide_restored": ("undo-2", _("Diapositive rétablie : %(slide)s", slide=slide), ""),
            "internal_allowed": ("eye", _("Contenu interne permis dans l’édition du client"), ""),
            "internal_forbidden": ("lock", _("Contenu interne retiré de l’édition du client"), ""),
            "exported": ("download", _("Fichier créé : %(format)s", format=str(data.get("format", "")).upper()), ""),
        }
        return known[change.kind.removeprefix("review.")]


def _after() -> tuple[int, int] | None:
    texts, _dot, events = request.args.get("after", "").partition(".")
    return (int(texts), int(events)) if texts.isdecimal() and events.isdecimal() and len(texts + events) < 22 else None
