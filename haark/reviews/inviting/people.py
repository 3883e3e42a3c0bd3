"""The participants of a review: who is chosen, guests, changes of an address, answers given otherwise."""

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from haark.access import changes
from haark.cadence import wording as cadence_words
from haark.cadence.domain import CadenceError, Meeting
from haark.cadence.models import Review
from haark.errors import Conflict
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, is_fragment, respond
from haark.reviews import queries as reviews
from haark.reviews.inviting import domain, sending, wording
from haark.reviews.inviting.domain import InvitationError
from haark.reviews.inviting.forms import GuestForm, PersonForm
from haark.reviews.inviting.models import Participant
from haark.reviews.inviting.pages import blueprint, business_day, desk_of, guest_form, now, page, participant

PLACE = "/reviews/<int:review_id>/participants/<ref>"


@blueprint.post("/reviews/<int:review_id>/participants")
@changes("review", "review_id")
def choose(review_id: int) -> Response:
    """Whom to invite; those invited already stay."""
    domain.choose(reviews.get(review_id), request.form.getlist("chosen"), **now())
    db.session.commit()
    if is_fragment():
        desk = desk_of(review_id)
        shown = {"desk": desk, "review": desk.review, "words": wording, "guest": guest_form(desk.review)}
        fragment, beside = "reviews/inviting/_people.html", ("reviews/inviting/_send.html",)
        return respond(fragment, fragment, 200, beside, **shown)
    flash_done(_("Participants enregistrés"))
    return _back(review_id)


@blueprint.post("/reviews/<int:review_id>/participants/guests")
@changes("review", "review_id")
def add(review_id: int) -> Response:
    desk, form = desk_of(review_id), GuestForm(request.form, prefix="guest-")
    if not form.validate():
        return page(desk, 422, guest=form)
    told = (form.name.data or "", form.email.data or "", form.language.data)
    try:
        row = domain.add(desk.review, *told, ours=form.side.data == "ours", **now())
    except InvitationError as error:
        _refuse(form, error)
        return page(desk, 422, guest=form)
    db.session.commit()
    flash_done(_("%(name)s participe", name=row.name))
    return _back(review_id)


@blueprint.get(PLACE)
@changes("review", "review_id")
def show(review_id: int, ref: str) -> Response:
    review = reviews.get(review_id)
    person = next((one for one in domain.people(review, business_day()) if one.ref == ref), None)
    if person is None:
        abort(404)
    form = PersonForm(data={"name": person.name, "email": person.email, "language": person.language})
    return _page(review, person, ref, form)


@blueprint.post(PLACE)
@changes("review", "review_id")
def change(review_id: int, ref: str) -> Response:
    """Another address of somebody invited: the old one gets a cancellation."""
    review, form = reviews.get(review_id), PersonForm(request.form)
    row = participant(review, ref)
    if not form.validate():
        return _page(review, row, ref, form, 422)
    asked = now()
    moved = row.invited_at is not None and (form.email.data or "").casefold() != row.email.casefold()
    try:
        with db.session.begin_nested():
            if moved:
                sending.withdraw(review, row, by=asked["by"], at=asked["at"])
            told = (form.name.data or "", form.email.data or "", form.language.data)
            domain.change(review, row, *told, by=asked["by"], at=asked["at"])
    except InvitationError as error:
        _refuse(form, error)
        return _page(review, row, ref, form, 422)
    db.session.commit()
    flash_done(_("%(name)s, enregistré", name=row.name))
    return _back(review_id)


@blueprint.post(f"{PLACE}/removal")
@changes("review", "review_id")
def remove(review_id: int, ref: str) -> Response:
    """Out of the review; somebody invited is told by a cancellation."""
    review = reviews.get(review_id)
    row, asked = participant(review, ref), now()
    if row.role == "csm":
        flash_error(_("Qui organise la revue y participe."))
        return _back(review_id)
    name = row.name
    sending.withdraw(review, row, by=asked["by"], at=asked["at"])
    domain.remove(review, row, by=asked["by"], at=asked["at"])
    db.session.commit()
    flash_done(_("%(name)s ne participe plus", name=name))
    return _back(review_id)


@blueprint.post(f"{PLACE}/answer")
@changes("review", "review_id")
def note_answer(review_id: int, ref: str) -> Response:
    """An answer that came by telephone, written down by a colleague."""
    review = reviews.get(review_id)
    row, asked = participant(review, ref), now()
    try:
        domain.answer(review, row, request.form.get("reply", ""), by=asked["by"], at=asked["at"])
    except InvitationError as error:
        flash_error(wording.ERRORS[error.kind])
        return _back(review_id)
    db.session.commit()
    flash_done(_("Réponse de %(name)s notée", name=row.name))
    return _back(review_id)


@blueprint.post(f"{PLACE}/acceptance")
@changes("review", "review_id")
def accept(review_id: int, ref: str) -> Response:
    """The time that somebody proposed is taken, and everybody invited is told."""
    review = reviews.get(review_id)
    row, asked = participant(review, ref), now()
    if row.other_at is None or row.other_at.isoformat() != request.form.get("other_at"):
        raise Conflict(back=url_for(".plan", review_id=review_id))
    meeting = Meeting(row.other_at, review.zone, review.minutes, review.place, review.goals)
    try:
        domain.choose_time(review, meeting, **asked)
        done = sending.invite(review, **asked)
    except CadenceError as error:
        flash_error(cadence_words.ERRORS[error.kind])
        return _back(review_id)
    db.session.commit()
    when = wording.moment(meeting.starts_at, meeting.zone)
    flash_done(
        ngettext(
            "Réunion déplacée au %(when)s, %(num)s personne prévenue",
            "Réunion déplacée au %(when)s, %(num)s personnes prévenues",
            len(done.names),
            when=when,
        )
    )
    return _back(review_id)


def _back(review_id: int) -> Response:
    return go(url_for("inviting.plan", review_id=review_id))


def _refuse(form: PersonForm, error: InvitationError) -> None:
    field = form.name if error.kind == "name" else form.email
    field.errors = [*field.errors, str(wording.ERRORS[error.kind])]


def _page(review: Review, person: Participant | object, ref: str, form: PersonForm, status: int = 200) -> Response:
    account = reviews.account_names(review.account_id)
    shown = {"review": review, "account": account, "person": person, "ref": ref, "form": form}
    return respond("reviews/inviting/person.html", None, status, words=wording, **shown)
