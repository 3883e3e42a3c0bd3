"""Who was there, how useful it was, the next review, and the end of the meeting."""

from datetime import date, time
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from haark import clock
from haark.access import changes
from haark.accounts.models import Account, Contact
from haark.cadence.models import Review
from haark.errors import Conflict
from haark.extensions import db
from haark.fields import one_line
from haark.hypermedia import flash_done, flash_error, respond
from haark.people.models import User
from haark.reviews import queries as reviews
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting import domain, queries, wording
from haark.reviews.meeting.domain import Agreed
from haark.reviews.meeting.pages import back, blueprint, fragment, live, names, next_form, page, summary
from haark.reviews.pages import business_day


@blueprint.post("/reviews/<int:review_id>/meeting/attendance")
@changes("review", "review_id")
def attend(review_id: int) -> Response:
    """Somebody was there, or was not; `person` is a participant, a contact of the account or one of ours."""
    review = reviews.get(review_id)
    person = _person(review, request.form.get("person", ""))
    try:
        domain.attend(review, person, request.form.get("there") == "1", by=current_user.id, at=clock.moment())
    except domain.Overtaken as late:
        raise Conflict from late
    db.session.commit()
    return fragment("attendance", review)


@blueprint.post("/reviews/<int:review_id>/meeting/usefulness")
@changes("review", "review_id")
def rate_use(review_id: int) -> Response:
    review, typed = reviews.get(review_id), request.form.get("useful", "")
    try:
        domain.rate_use(review, int(typed) if typed else None, at=clock.moment())
    except (ValueError, domain.MeetingError) as error:
        db.session.rollback()
        flash_error(wording.ERRORS[getattr(error, "kind", "useful")])
        return fragment("useful", review)
    db.session.commit()
    return fragment("useful", review, saved=True)


@blueprint.post("/reviews/<int:review_id>/meeting/next")
@changes("review", "review_id")
def agree(review_id: int) -> Response:
    """The next review as agreed: its day, hour and place, and whether the invitation goes with the recap."""
    review, on = reviews.get(review_id), business_day()
    try:
        wanted, was = _agreed(""), _agreed("was_")
        domain.agree(review, wanted, was, on=on, at=clock.moment())
    except ValueError as error:
        db.session.rollback()
        errors = {"next": str(wording.ERRORS[getattr(error, "kind", "day")])}
        form = next_form(review, queries.meeting_of(review_id), on, errors=errors, typed=request.form)
        return fragment("next", review, 422, next=form)
    except domain.Overtaken:
        db.session.rollback()
        form = next_form(review, queries.meeting_of(review_id), on, typed=request.form, overtaken=True)
        return fragment("next", review, 409, next=form)
    db.session.commit()
    return fragment("next", review, next=next_form(review, queries.meeting_of(review_id), on), saved=True)


@blueprint.get("/reviews/<int:review_id>/meeting/end")
@changes("review", "review_id")
def ending(review_id: int) -> Response:
    """What the end would keep, before it is confirmed."""
    review = reviews.get(review_id)
    now = live(review)
    if now.view.state == "over":
        return back(review)
    return respond("reviews/meeting/end.html", live=now, **summary(now))


@blueprint.post("/reviews/<int:review_id>/meeting/end")
@changes("review", "review_id")
def end(review_id: int) -> Response:
    review, on = reviews.get(review_id), business_day()
    told: dict[str, Any] = {"title": names(review)["title"], "questions": wording.QUESTIONS}
    try:
        domain.end(review, by=current_user.id, at=clock.moment(), on=on, **told)
    except domain.MeetingError as error:
        db.session.rollback()
        flash_error(wording.ERRORS[error.kind])
        return page(reviews.get(review_id), 422)
    db.session.commit()
    flash_done(_("Réunion terminée : la revue est tenue"))
    return back(review)


@blueprint.post("/reviews/<int:review_id>/meeting/end/removal")
@changes("review", "review_id")
def reopen(review_id: int) -> Response:
    review = reviews.get(review_id)
    domain.reopen(review, by=current_user.id, at=clock.moment(), on=business_day())
    db.session.commit()
    flash_done(_("Réunion rouverte ; les actions créées restent"))
    return back(review)


def _person(review: Review, key: str) -> Participant:
    """The participant that a key names, a new one for somebody of the account; 404 for anybody else."""
    side, _colon, ident = key.partition(":")
    if not ident.isdecimal() or len(ident) > 9:
        abort(404)
    if side == "participant":
        found = db.session.scalar(
            select(Participant).where(Participant.id == int(ident), Participant.review_id == review.id)
        )
        return found or abort(404)
    column = Participant.contact_id if side == "contact" else Participant.user_id
    known = select(Participant).where(Participant.review_id == review.id, column == int(ident))
    return db.session.scalar(known) or _newcomer(review, side, int(ident))


def _newcomer(review: Review, side: str, ident: int) -> Participant:
    account = db.session.get_one(Account, review.account_id)
    if side == "contact":
        contact = db.session.get(Contact, ident)
        if contact is None or contact.account_id != account.id:
            abort(404)
        told = {"contact_id": ident, "role": contact.role if contact.role != "other" else "guest", "ours": False}
        language = contact.language or account.language
        return Participant(review_id=review.id, name=contact.name, email=contact.email, language=language, **told)
    user = db.session.get(User, ident)
    if user is None or ident not in (account.owner_id, account.sales_owner_id):
        abort(404)
    role = "csm" if ident == account.owner_id else "sales"
    told = {"user_id": ident, "role": role, "ours": True}
    return Participant(review_id=review.id, name=user.name, email=user.email, language=user.language, **told)


def _agreed(prefix: str) -> Agreed:
    """The fields of the form, or with `was_` what it had shown. A day of one's own wins over the three. ValueError."""
    form = request.form
    day = (form.get("own_on", "") if not prefix else "") or form.get(f"{prefix}next_on", "")
    hour = form.get(f"{prefix}time", "")
    return Agreed(
        on=date.fromisoformat(day) if day else None,
        hour=time.fromisoformat(hour).replace(tzinfo=None, microsecond=0) if hour else None,
        place=one_line(form.get(f"{prefix}place"))[: domain.LONGEST_PLACE],
    )
