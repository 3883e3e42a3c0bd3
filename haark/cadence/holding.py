"""What becomes of a review: held on a day, moved to another, cancelled with a reason; each can be taken back."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, formats, locale
from haark.access import changes
from haark.cadence import domain, queries, wording
from haark.cadence.forms import CancellationForm, HoldingForm, MoveForm, day_in
from haark.cadence.models import Review
from haark.cadence.pages import back, blueprint, business_day
from haark.errors import Conflict
from haark.extensions import db
from haark.hypermedia import flash_done, go, respond


@blueprint.get("/reviews/<int:review_id>/outcome")
@changes("review", "review_id")
def outcome(review_id: int) -> Response:
    """One page for the three: it took place, on another day, not at all."""
    return _page(db.session.get_one(Review, review_id))


@blueprint.post("/reviews/<int:review_id>/holding")
@changes("review", "review_id")
def hold(review_id: int) -> Response:
    review, form = db.session.get_one(Review, review_id), HoldingForm(request.form)
    if not form.validate():
        return _page(review, 422, holding=form)
    _same(review, form)
    try:
        domain.hold(review, day_in(form.held_on), **_now())
    except domain.CadenceError as error:
        return _refused(review, error, form.held_on, holding=form)
    db.session.commit()
    flash_done(_("Revue tenue, notée"), undo=url_for(".unhold", review_id=review_id))
    return go(_after(review))


@blueprint.post("/reviews/<int:review_id>/holding/removal")
@changes("review", "review_id")
def unhold(review_id: int) -> Response:
    review = db.session.get_one(Review, review_id)
    domain.unhold(review, **_now())
    db.session.commit()
    flash_done(_("Cette revue n’est plus notée comme tenue"))
    return go(_after(review))


@blueprint.post("/reviews/<int:review_id>/date")
@changes("review", "review_id")
def move(review_id: int) -> Response:
    review, form = db.session.get_one(Review, review_id), MoveForm(request.form)
    if not form.validate():
        return _page(review, 422, moving=form)
    _same(review, form)
    try:
        domain.move(review, day_in(form.due_on), **_now())
    except domain.CadenceError as error:
        return _refused(review, error, form.due_on, moving=form)
    db.session.commit()
    flash_done(_("Revue déplacée au %(day)s", day=formats.day(review.due_on, locale.current())))
    return go(_after(review))


@blueprint.post("/reviews/<int:review_id>/cancellation")
@changes("review", "review_id")
def cancel(review_id: int) -> Response:
    review, form = db.session.get_one(Review, review_id), CancellationForm(request.form)
    if not form.validate():
        return _page(review, 422, cancelling=form)
    _same(review, form)
    try:
        domain.cancel(review, form.reason.data or "", **_now())
    except domain.CadenceError as error:
        return _refused(review, error, form.reason, cancelling=form)
    db.session.commit()
    flash_done(_("Revue annulée"), undo=url_for(".reinstate", review_id=review_id))
    return go(_after(review))


@blueprint.post("/reviews/<int:review_id>/cancellation/removal")
@changes("review", "review_id")
def reinstate(review_id: int) -> Response:
    review = db.session.get_one(Review, review_id)
    domain.reinstate(review, **_now())
    db.session.commit()
    flash_done(_("Revue rétablie"))
    return go(_after(review))


def _now() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.moment(), "on": business_day()}


def _after(review: Review) -> str:
    return back(f"/accounts/{review.account_id}/reviews")


def _same(review: Review, form: Any) -> None:
    """409 when somebody changed the review since the form was shown."""
    if form.version.data != review.version:
        raise Conflict(back=url_for(".outcome", review_id=review.id))


def _refused(review: Review, error: domain.CadenceError, field: Any, **forms: Any) -> Response:
    field.errors = [*field.errors, str(wording.ERRORS[error.kind])]
    return _page(review, 422, **forms)


def _page(review: Review, status: int = 200, **forms: Any) -> Response:
    on = business_day()
    due = max(review.due_on, on) if review.due_on else None
    context: dict[str, Any] = {
        "account": queries.account_of(review.account_id),
        "review": review,
        "on": on,
        "holding": forms.get("holding") or HoldingForm(data={"held_on": on, "version": review.version}),
        "moving": forms.get("moving") or MoveForm(data={"due_on": due, "version": review.version}),
        "cancelling": forms.get("cancelling") or CancellationForm(data={"version": review.version}),
    }
    return respond("cadence/outcome.html", None, status, **context)
