"""Correcting a review: texts, figures, order and presence of slides. Each answers with the part that changed."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, fields, locale
from haark.access import changes
from haark.cadence.models import Review
from haark.extensions import db
from haark.hypermedia import flash_done, go, is_fragment, respond, reswap, retarget
from haark.reviews import corrections, domain, downloads, figures, prep, queries, workspace
from haark.reviews.assembly import Book
from haark.reviews.content import Field
from haark.reviews.corrections import Overtaken, ReasonMissing
from haark.reviews.figures import Figure
from haark.reviews.pages import blueprint, sheet_of
from haark.reviews.workspace import Collision


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/texts/<field>")
@changes("review", "review_id")
def write(review_id: int, slide: str, field: str) -> Response:
    """Saves one text, as it is typed with htmx, by its button without."""
    review, book = _load(review_id)
    text = fields.paragraphs(request.form.get("text"))
    try:
        found = _field(book, slide, field)
        corrections.write(review, found, text, _version(), by=current_user.id, at=clock.moment())
    except Overtaken as late:
        return _collided(review, slide, Collision(field, text, late.theirs, late.version))
    db.session.commit()
    return _written(review, slide, field)


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/texts/<field>/removal")
@changes("review", "review_id")
def give_back(review_id: int, slide: str, field: str) -> Response:
    """The text is Haark's again."""
    review, book = _load(review_id)
    try:
        corrections.give_back(review, _field(book, slide, field), _version(), by=current_user.id, at=clock.moment())
    except Overtaken as late:
        return _collided(review, slide, Collision(field, "", late.theirs, late.version))
    db.session.commit()
    flash_done(_("Texte rétabli"))
    return _whole(review, slide)


@blueprint.post("/reviews/<int:review_id>/figures/<key>")
@changes("review", "review_id")
def correct(review_id: int, key: str) -> Response:
    """Replaces a figure, with its reason."""
    review, book = _load(review_id)
    figure = _figure(book, key)
    typed = (request.form.get("value", "").strip(), fields.one_line(request.form.get("reason")))
    try:
        value = figures.from_typed(float(fields.read_number(typed[0], locale.current())), figure.unit)
        corrections.correct(review, figure, value, typed[1], _version(), by=current_user.id, at=clock.moment())
    except ValueError:
        return _refused(review, book, figure, typed, _("Entrez un nombre, par exemple 12,5."))
    except ReasonMissing:
        return _refused(review, book, figure, typed, _("Dites pourquoi : la raison est gardée avec le chiffre."))
    except Overtaken as late:
        return _figure_collided(review, key, typed, late)
    db.session.commit()
    flash_done(_("Chiffre modifié"))
    return _whole(review, request.form.get("slide", ""))


@blueprint.post("/reviews/<int:review_id>/figures/<key>/removal")
@changes("review", "review_id")
def uncorrect(review_id: int, key: str) -> Response:
    """The computed figure again."""
    review, book = _load(review_id)
    try:
        corrections.uncorrect(review, _figure(book, key), _version(), by=current_user.id, at=clock.moment())
    except Overtaken as late:
        return _figure_collided(review, key, ("", ""), late)
    db.session.commit()
    flash_done(_("Chiffre calculé rétabli"))
    return _whole(review, request.form.get("slide", ""))


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/place")
@changes("review", "review_id")
def move(review_id: int, slide: str) -> Response:
    """One place up (`step=-1`) or down."""
    review, _book = _load(review_id)
    step = -1 if request.form.get("step") == "-1" else 1
    try:
        domain.move(review, slide, step, by=current_user.id, at=clock.moment())
    except KeyError:
        abort(404)
    db.session.commit()
    return _whole(review, slide)


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/hiding")
@changes("review", "review_id")
def hide(review_id: int, slide: str) -> Response:
    review, _book = _load(review_id)
    try:
        domain.hide(review, slide, by=current_user.id, at=clock.moment())
    except KeyError:
        abort(404)
    db.session.commit()
    return _whole(review, slide)


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/hiding/removal")
@changes("review", "review_id")
def unhide(review_id: int, slide: str) -> Response:
    """Shows a slide again; slide 11 says why it should stay off, and asks once."""
    review, _book = _load(review_id)
    try:
        domain.show(
            review, slide, by=current_user.id, at=clock.moment(), confirmed=request.form.get("confirmed") == "yes"
        )
    except KeyError:
        abort(404)
    except domain.Obstacles as refused:
        return _whole(review, slide, 422, obstacles=refused.reasons)
    db.session.commit()
    return _whole(review, slide)


@blueprint.post("/reviews/<int:review_id>/prep/notes")
@changes("review", "review_id")
def note(review_id: int) -> Response:
    """The free notes of the prep sheet."""
    review, _book = _load(review_id)
    text = fields.paragraphs(request.form.get("text"))
    field = Field(*prep.NOTES, "field.notes", "text", "", "")
    try:
        corrections.write(review, field, text, _version(), by=current_user.id, at=clock.moment())
    except Overtaken as late:
        db.session.rollback()
        context: dict[str, Any] = {"review": review, "sheet": sheet_of(review), "version": late.version}
        return respond("reviews/prep.html", status=409, mine=text, theirs=late.theirs, **context)
    db.session.commit()
    flash_done(_("Notes enregistrées"))
    return go(url_for("reviews.prep_sheet", review_id=review_id))


def _load(review_id: int) -> tuple[Review, Book]:
    review = queries.get(review_id)
    book = domain.compose(review)
    if book is None:
        abort(404)
    return review, book


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _field(book: Book, slide: str, name: str) -> Field:
    try:
        return next(field for field in book.page(slide).draft.fields if field.name == name)
    except (KeyError, StopIteration):
        abort(404)


def _figure(book: Book, key: str) -> Figure:
    return book.figures.get(key) or abort(404)


def _desk(review: Review, slide: str, collision: Collision | None = None) -> workspace.Desk:
    return workspace.desk(review, _load(review.id)[1], slide, locale.current(), collision)


def _whole(review: Review, slide: str, status: int = 200, **more: Any) -> Response:
    """The workspace anew; a plain form goes on to its page."""
    if not is_fragment() and status == 200:
        return go(url_for("reviews.show", review_id=review.id, slide=slide or None))
    desk = _desk(review, slide)
    context: dict[str, Any] = {"desk": desk, "export": downloads.state(review, desk.book), **more}
    return respond("reviews/show.html", "reviews/_workspace.html", status=status, **context)


def _written(review: Review, slide: str, field: str) -> Response:
    """The slide as it now looks; beside it, out of band, the outline, the field's own line and the files' state."""
    if not is_fragment():
        flash_done(_("Texte enregistré"))
        return _whole(review, slide)
    desk = _desk(review, slide)
    row = next(item for item in (desk.headline, desk.notes, *desk.texts) if item.field.name == field)
    aside = ("reviews/_outline.html", "reviews/_field_state.html", "reviews/_exports.html")
    context: dict[str, Any] = {"desk": desk, "row": row, "export": downloads.state(review, desk.book)}
    return respond("reviews/show.html", "reviews/_slide.html", out_of_band=aside, **context)


def _collided(review: Review, slide: str, collision: Collision) -> Response:
    """409 with both texts; what was typed stays in its field."""
    db.session.rollback()
    desk = _desk(review, slide, collision)
    row = next(item for item in (desk.headline, desk.notes, *desk.texts) if item.collision)
    if is_fragment():
        retarget(f"#{row.id}")
        reswap("outerHTML")
    context: dict[str, Any] = {"desk": desk, "row": row, "export": downloads.state(review, desk.book)}
    return respond("reviews/show.html", "reviews/_field.html", status=409, **context)


def _refused(review: Review, book: Book, figure: Figure, typed: tuple[str, str], why: str) -> Response:
    row = workspace.figure_row(book, figure, locale.current(), error=str(why), typed=typed)
    return _figure_again(review, row, 422)


def _figure_collided(review: Review, key: str, typed: tuple[str, str], late: Overtaken) -> Response:
    db.session.rollback()
    book = _load(review.id)[1]
    collision = Collision(key, typed[0], late.theirs, late.version)
    row = workspace.figure_row(book, _figure(book, key), locale.current(), typed=typed, collision=collision)
    return _figure_again(review, row, 409)


def _figure_again(review: Review, row: workspace.FigureRow, status: int) -> Response:
    if is_fragment():
        retarget(f"#{row.id}")
        reswap("outerHTML")
    desk = workspace.with_figure(_desk(review, request.form.get("slide", "")), row)
    context: dict[str, Any] = {"desk": desk, "row": row, "export": downloads.state(review, desk.book)}
    return respond("reviews/show.html", "reviews/_figure.html", status=status, **context)
