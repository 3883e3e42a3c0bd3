"""The next review of one account: why this date, planning it, another date with a reason, one that took place."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, formats, locale
from haark.access import changes, sees
from haark.cadence import domain, overriding, queries, wording
from haark.cadence.forms import HeldForm, OverrideForm, PlanForm, day_in
from haark.cadence.pages import back, blueprint, business_day
from haark.extensions import db
from haark.hypermedia import flash_done, go, respond
from haark.settings import domain as settings


@blueprint.get("/accounts/<int:account_id>/next-review")
@sees("account", "account_id")
def show(account_id: int) -> Response:
    """Every candidate with its numbers, and what a person can do about it."""
    return _page(account_id)


@blueprint.post("/accounts/<int:account_id>/planned-reviews")
@changes("account", "account_id")
def plan(account_id: int) -> Response:
    form = PlanForm(request.form)
    if not form.validate():
        return _page(account_id, 422, plan=form)
    try:
        review = domain.plan_review(account_id, form.kind.data, day_in(form.due_on), **_now())
    except domain.CadenceError as error:
        return _refused(account_id, error, form.due_on, plan=form)
    db.session.commit()
    day = formats.day(review.due_on, locale.current())
    flash_done(_("%(kind)s à tenir le %(day)s", kind=wording.KINDS[review.kind], day=day))
    return go(back(url_for(".show", account_id=account_id)))


@blueprint.post("/accounts/<int:account_id>/next-review/date")
@changes("account", "account_id")
def override(account_id: int) -> Response:
    """A person's own date; the computed one waits behind it."""
    form = OverrideForm(request.form)
    if not form.validate():
        return _page(account_id, 422, own=form)
    try:
        overriding.override(account_id, form.kind.data, day_in(form.due_on), form.reason.data or "", **_now())
    except domain.CadenceError as error:
        return _refused(account_id, error, form.due_on, own=form)
    db.session.commit()
    flash_done(_("Votre date compte désormais"), undo=url_for(".end_override", account_id=account_id))
    return go(back(url_for(".show", account_id=account_id)))


@blueprint.post("/accounts/<int:account_id>/next-review/date/removal")
@changes("account", "account_id")
def end_override(account_id: int) -> Response:
    overriding.end_override(account_id, **_now())
    db.session.commit()
    flash_done(_("La date calculée compte à nouveau"))
    return go(back(url_for(".show", account_id=account_id)))


@blueprint.post("/accounts/<int:account_id>/held-reviews")
@changes("account", "account_id")
def keep(account_id: int) -> Response:
    """A review that took place without being planned here: the calendar counts from it."""
    form = HeldForm(request.form)
    if not form.validate():
        return _page(account_id, 422, held=form)
    try:
        review = domain.keep(account_id, form.kind.data, day_in(form.held_on), **_now())
    except domain.CadenceError as error:
        return _refused(account_id, error, form.held_on, held=form)
    db.session.commit()
    flash_done(_("Revue tenue, notée"), undo=url_for(".unhold", review_id=review.id))
    return go(back(url_for(".show", account_id=account_id)))


def _now() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.moment(), "on": business_day()}


def _refused(account_id: int, error: domain.CadenceError, field: Any, **forms: Any) -> Response:
    field.errors = [*field.errors, str(wording.ERRORS[error.kind])]
    return _page(account_id, 422, **forms)


def _page(account_id: int, status: int = 200, **forms: Any) -> Response:
    next_review, on = queries.next_of(account_id), business_day()
    winner = next_review.winner
    usual = {"kind": winner.kind if winner else next_review.kind or "qbr", "due_on": winner.on if winner else None}
    account = queries.account_of(account_id)
    context: dict[str, Any] = {
        "account": account,
        "next": next_review,
        "on": on,
        "rules": queries.policy(),
        "house_currency": settings.get("organisation.currency"),
        "plan": forms.get("plan") or PlanForm(data=usual),
        "own": forms.get("own") or OverrideForm(data={**usual, "due_on": None}),
        "held": forms.get("held") or HeldForm(data={"kind": usual["kind"]}),
    }
    for name in ("plan", "own", "held"):
        for field in context[name]:
            field.id = f"{name}-{field.short_name}"
    return respond("cadence/next.html", None, status, **context)
