"""The recap of a review: the page, its preview, the trial, the sending; editing.py holds what people change of it."""

from typing import Any

from flask import Response, abort, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from haark import clock
from haark.access import changes, sees
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, flash_note, go, is_fragment
from haark.jobs.models import Job
from haark.reviews.pages import business_day
from haark.reviews.recap import acting, editing, sending, wording
from haark.reviews.recap.domain import RecapError
from haark.reviews.recap.pages import blueprint, desk_of, page

__all__ = ["acting", "blueprint", "editing"]  # the other files add their routes when they are imported

# The mail in its frame: no script, no form, nothing fetched, no origin.
INERT = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@blueprint.get("/reviews/<int:review_id>/recap")
@sees("review", "review_id")
def show(review_id: int) -> Response:
    return page(desk_of(review_id))


@blueprint.get("/reviews/<int:review_id>/recap/preview")
@sees("review", "review_id")
def preview(review_id: int) -> Response:
    """The HTML of one person's mail by itself, for the frame of the page."""
    desk = desk_of(review_id)
    if not desk.held:
        abort(404)
    answer = make_response(desk.letter.html)
    answer.headers["Content-Security-Policy"] = INERT
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/reviews/<int:review_id>/recap/delivery")
@sees("review", "review_id")
def delivery(review_id: int) -> Response:
    """How far the sending is; once the deck is drawn and the mails are written, the page anew."""
    desk = desk_of(review_id)
    if not is_fragment() or (request.args.get("waiting") and (desk.job is None or not desk.job.is_open)):
        return go(url_for(".show", review_id=review_id))
    return page(desk, fragment="delivery")


@blueprint.post("/reviews/<int:review_id>/recap/trial")
@changes("review", "review_id")
def trial(review_id: int) -> Response:
    """The mail that is shown, to whoever asks."""
    desk = desk_of(review_id)
    try:
        job = sending.ask_trial(desk.story, desk.person, by=current_user.id, at=clock.moment())
    except RecapError as error:
        return _refused(review_id, error)
    db.session.commit()
    if job is None:
        flash_done(_("Essai envoyé à %(address)s", address=current_user.email))
    else:
        flash_note(_("L’essai part à %(address)s dès que le deck est prêt", address=current_user.email))
    return _back(review_id)


@blueprint.post("/reviews/<int:review_id>/recap/sending")
@changes("review", "review_id")
def send(review_id: int) -> Response:
    """To everybody chosen who has not got it yet."""
    desk = desk_of(review_id)
    asked = {"by": current_user.id, "at": clock.moment(), "on": business_day()}
    try:
        found = sending.ask(desk.story, desk.story.roster.waiting, **asked)
    except RecapError as error:
        return _refused(review_id, error)
    db.session.commit()
    if isinstance(found, Job):
        flash_note(_("Le deck se prépare ; le récap part dès qu’il est prêt"))
    elif found.names:
        count = len(found.names)
        flash_done(
            ngettext("Récap mis en file pour %(num)s personne", "Récap mis en file pour %(num)s personnes", count)
        )
    for name in [] if isinstance(found, Job) else found.refused:
        flash_error(_("L’adresse de %(name)s ne peut pas recevoir de message", name=name))
    return _back(review_id)


def _refused(review_id: int, error: RecapError) -> Response:
    db.session.rollback()
    flash_error(wording.ERRORS[error.kind])
    return _back(review_id)


def _back(review_id: int) -> Response:
    asked: dict[str, Any] = {name: request.values.get(name) or None for name in ("lang", "to")}
    return go(url_for(".show", review_id=review_id, **asked))
