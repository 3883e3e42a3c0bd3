"""Rewriting a review's texts. Each answer is the part that changed."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, fields
from haark.access import changes
from haark.cadence.models import Review
from haark.extensions import db
from haark.hypermedia import flash_done, go, is_fragment, respond, reswap, retarget
from haark.reviews import corrections, downloads, prep
from haark.reviews.answers import around, desk_of, load, version, whole
from haark.reviews.assembly import Book
from haark.reviews.content import Edit, Field
from haark.reviews.corrections import Overtaken
from haark.reviews.pages import blueprint, sheet_of
from haark.reviews.panes import Collision

# The regions that a saved text changes besides its slide.
BESIDE = tuple(f"reviews/_{name}.html" for name in ("outline", "field_state", "saved", "steps_back", "exports"))


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/texts/<field>")
@changes("review", "review_id")
def write(review_id: int, slide: str, field: str) -> Response:
    """Saves one text, as it is typed with htmx, by its button without."""
    review, book = load(review_id)
    text = fields.paragraphs(request.form.get("text"))
    found = _field(book, slide, field)
    try:
        row = corrections.write(review, found, text, version(), by=current_user.id, at=clock.moment())
    except Overtaken as late:
        return _collided(review, slide, Collision(field, text, late.theirs, late.version))
    db.session.commit()
    edit = Edit(row.text, row.computed, current_user.name, row.at, row.version) if row else None
    return _written(review, book.retold(slide, field, edit), slide, field)


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/texts/<field>/removal")
@changes("review", "review_id")
def give_back(review_id: int, slide: str, field: str) -> Response:
    """The text is Haark's again."""
    review, book = load(review_id)
    try:
        corrections.give_back(review, _field(book, slide, field), version(), by=current_user.id, at=clock.moment())
    except Overtaken as late:
        return _collided(review, slide, Collision(field, "", late.theirs, late.version))
    db.session.commit()
    flash_done(_("Texte rétabli"))
    return whole(review, slide)


@blueprint.post("/reviews/<int:review_id>/prep/notes")
@changes("review", "review_id")
def note(review_id: int) -> Response:
    """The free notes of the prep sheet."""
    review, _book = load(review_id)
    text = fields.paragraphs(request.form.get("text"))
    field = Field(*prep.NOTES, "field.notes", "text", "", "")
    try:
        corrections.write(review, field, text, version(), by=current_user.id, at=clock.moment())
    except Overtaken as late:
        db.session.rollback()
        context: dict[str, Any] = {"review": review, "sheet": sheet_of(review), "version": late.version}
        return respond("reviews/prep.html", status=409, mine=text, theirs=late.theirs, **context)
    db.session.commit()
    flash_done(_("Notes enregistrées"))
    return go(url_for("reviews.prep_sheet", review_id=review_id))


def _field(book: Book, slide: str, name: str) -> Field:
    try:
        return next(field for field in book.page(slide).draft.fields if field.name == name)
    except (KeyError, StopIteration):
        abort(404)


def _written(review: Review, book: Book, slide: str, field: str) -> Response:
    """The slide as it now looks; beside it, out of band, what else of the page says something new."""
    if not is_fragment():
        flash_done(_("Texte enregistré"))
        return whole(review, slide)
    desk = desk_of(review, slide, book=book)
    context: dict[str, Any] = {"desk": desk, "row": desk.rows[field], "export": downloads.state(review, desk.book)}
    return respond("reviews/show.html", "reviews/_slide.html", out_of_band=BESIDE, **context)


def _collided(review: Review, slide: str, collision: Collision) -> Response:
    """409 with both texts; what was typed stays in its field."""
    db.session.rollback()
    desk = desk_of(review, slide, collision)
    row = desk.rows[collision.field]
    if is_fragment():
        retarget(f"#{row.id}")
        reswap("outerHTML")
    return respond("reviews/show.html", "reviews/_field.html", status=409, row=row, **around(review, desk))
