"""Planning a review: why this date, which slot, how loaded the weeks are, the invitations; people.py and answers.py
hold the participants and what they answer."""

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from haark import clock
from haark.access import changes, sees
from haark.cadence import domain as cadence
from haark.cadence import wording as cadence_words
from haark.cadence.domain import CadenceError, Meeting
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, flash_note, go
from haark.reviews import queries as reviews
from haark.reviews.inviting import answers, domain, letters, people, planning, queries, sending, wording
from haark.reviews.inviting.domain import InvitationError
from haark.reviews.inviting.forms import TimeForm
from haark.reviews.inviting.pages import blueprint, desk_of, now, page, same
from haark.reviews.inviting.sending import Sent

__all__ = ["answers", "blueprint", "people"]  # the other files add their routes when they are imported


@blueprint.get("/reviews/<int:review_id>/planning")
@sees("review", "review_id")
def plan(review_id: int) -> Response:
    return page(desk_of(review_id))


@blueprint.post("/reviews/<int:review_id>/planning/time")
@changes("review", "review_id")
def choose_time(review_id: int) -> Response:
    """A slot, or a day and an hour; with them place, length and goals."""
    desk, form = desk_of(review_id), TimeForm(request.form)
    same(desk.review)
    if not form.validate() or form.starts_at is None:
        return page(desk, 422, time=form)
    usual = None if form.minutes.data == desk.minutes and not desk.review.minutes else form.minutes.data
    meeting = Meeting(form.starts_at, form.zone.data, usual, form.place.data or "", form.goals.data or "")
    try:
        domain.choose_time(desk.review, meeting, **now())
    except CadenceError as error:
        form.day.errors = [str(cadence_words.ERRORS[error.kind])]
        return page(desk, 422, time=form)
    db.session.commit()
    desk = desk_of(review_id)
    when = wording.moment(form.starts_at, desk.zone)
    flash_done(_("Réunion proposée le %(when)s", when=when))
    for told in planning.held_then(desk, desk.clashing):
        flash_note(told)
    return go(url_for(".plan", review_id=review_id))


@blueprint.post("/reviews/<int:review_id>/planning/agreement")
@changes("review", "review_id")
def agree(review_id: int) -> Response:
    """The date was agreed with the client without a mail of Haark."""
    review = reviews.get(review_id)
    same(review)
    try:
        cadence.set_date(review, **now())
    except CadenceError as error:
        flash_error(cadence_words.ERRORS[error.kind])
        return go(url_for(".plan", review_id=review_id))
    db.session.commit()
    flash_done(_("Date convenue, notée"))
    return go(url_for(".plan", review_id=review_id))


@blueprint.post("/reviews/<int:review_id>/invitations")
@changes("review", "review_id")
def invite(review_id: int) -> Response:
    """Sends the invitations that wait, and what changed to those invited."""
    review = reviews.get(review_id)
    same(review)
    try:
        done = sending.invite(review, **now())
    except CadenceError as error:
        flash_error(cadence_words.ERRORS[error.kind])
    except InvitationError as error:
        flash_error(wording.ERRORS[error.kind])
    else:
        db.session.commit()
        tell(done)
    return go(url_for(".plan", review_id=review_id))


def tell(done: Sent) -> None:
    """What was sent, and to whom it could not be."""
    count = len(done.names)
    if count:
        flash_done(ngettext("%(num)s message en route", "%(num)s messages en route", count))
    if done.refused:
        flash_error(_("Adresse refusée : %(names)s", names=wording.listed(done.refused)))
    if not count and not done.refused:
        flash_note(_("Chacun a déjà reçu ce qui vaut aujourd’hui."))


@blueprint.get("/reviews/<int:review_id>/invitation.ics")
@sees("review", "review_id")
def calendar(review_id: int) -> Response:
    """The meeting for the organiser's own calendar; back to the page while it has no time."""
    review = reviews.get(review_id)
    if review.starts_at is None:
        flash_error(cadence_words.ERRORS["time"])
        return go(url_for(".plan", review_id=review_id))
    occasion = letters.Occasion(review)
    if occasion.organiser is None:
        flash_error(wording.ERRORS["nobody"])
        return go(url_for(".plan", review_id=review_id))
    text = letters.own_copy(occasion, at=clock.moment(), guests=sending.guests_of(queries.participants(review_id)))
    answer = Response(text, mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "attachment", filename="invitation.ics")
    return answer
