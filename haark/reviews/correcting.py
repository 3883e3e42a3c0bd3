"""Correcting a review's figures: a value with its reason, and the way back to the computed one."""

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, fields, locale
from haark.access import changes
from haark.cadence.models import Review
from haark.extensions import db
from haark.hypermedia import flash_done, is_fragment, respond, reswap, retarget
from haark.reviews import corrections, figures, panes, workspace
from haark.reviews.answers import around, desk_of, load, version, whole
from haark.reviews.assembly import Book
from haark.reviews.corrections import Overtaken, ReasonMissing
from haark.reviews.figures import Figure
from haark.reviews.pages import blueprint
from haark.reviews.panes import Collision


@blueprint.post("/reviews/<int:review_id>/figures/<key>")
@changes("review", "review_id")
def correct(review_id: int, key: str) -> Response:
    """Replaces a figure, with its reason."""
    review, book = load(review_id)
    figure = _figure(book, key)
    typed = (request.form.get("value", "").strip(), fields.one_line(request.form.get("reason")))
    try:
        value = figures.from_typed(float(fields.read_number(typed[0], locale.current())), figure.unit)
        corrections.correct(review, figure, value, typed[1], version(), by=current_user.id, at=clock.moment())
    except ValueError:
        return _refused(review, book, figure, typed, _("Entrez un nombre, par exemple 12,5."))
    except ReasonMissing:
        return _refused(review, book, figure, typed, _("Dites pourquoi : la raison est gardée avec le chiffre."))
    except Overtaken as late:
        return _figure_collided(review, key, typed, late)
    db.session.commit()
    flash_done(_("Chiffre modifié"))
    return whole(review, request.form.get("slide", ""))


@blueprint.post("/reviews/<int:review_id>/figures/<key>/removal")
@changes("review", "review_id")
def uncorrect(review_id: int, key: str) -> Response:
    """The computed figure again."""
    review, book = load(review_id)
    try:
        corrections.uncorrect(review, _figure(book, key), version(), by=current_user.id, at=clock.moment())
    except Overtaken as late:
        return _figure_collided(review, key, ("", ""), late)
    db.session.commit()
    flash_done(_("Chiffre calculé rétabli"))
    return whole(review, request.form.get("slide", ""))


def _figure(book: Book, key: str) -> Figure:
    return book.figures.get(key) or abort(404)


def _refused(review: Review, book: Book, figure: Figure, typed: tuple[str, str], why: str) -> Response:
    row = panes.figure_row(book, figure, locale.current(), error=str(why), typed=typed)
    return _figure_again(review, row, 422)


def _figure_collided(review: Review, key: str, typed: tuple[str, str], late: Overtaken) -> Response:
    db.session.rollback()
    book = load(review.id)[1]
    collision = Collision(key, typed[0], late.theirs, late.version)
    row = panes.figure_row(book, _figure(book, key), locale.current(), typed=typed, collision=collision)
    return _figure_again(review, row, 409)


def _figure_again(review: Review, row: panes.FigureRow, status: int) -> Response:
    if is_fragment():
        retarget(f"#{row.id}")
        reswap("outerHTML")
    desk = workspace.with_figure(desk_of(review, request.form.get("slide", "")), row)
    return respond("reviews/show.html", "reviews/_figure.html", status=status, row=row, **around(review, desk))
