"""What the route files of this part share: the blueprint, today, the planning page."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user

from haark import clock, locale
from haark.cadence.models import Review
from haark.errors import Conflict
from haark.hypermedia import respond
from haark.reviews import queries as reviews
from haark.reviews import titles
from haark.reviews.inviting import domain, planning, wording
from haark.reviews.inviting.forms import OTHER, GuestForm, TimeForm
from haark.reviews.inviting.models import Participant
from haark.reviews.inviting.planning import Desk
from haark.settings import queries as settings

blueprint = Blueprint("inviting", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """The pane of this part stands on pages of others."""
    return {"invite_words": wording}


def business_day() -> date:
    """Today where the organisation is."""
    return clock.today(settings.get("organisation.timezone"))


def now() -> dict[str, Any]:
    """Who, when, on which day, as the verbs want to be told."""
    return {"by": current_user.id, "at": clock.moment(), "on": business_day()}


def desk_of(review_id: int) -> Desk:
    return Desk(reviews.get(review_id), current_user.id, business_day(), clock.moment())


def participant(review: Review, ref: str) -> Participant:
    """The one that an address names, kept if it was a suggestion; 404 where there is none."""
    found = domain.find(review, ref, business_day())
    if found is None:
        abort(404)
    return found


def same(review: Review) -> None:
    """409 when somebody changed the review since the form was shown."""
    if request.form.get("version", -1, type=int) != review.version:
        raise Conflict(back=url_for("inviting.plan", review_id=review.id))


def page(desk: Desk, status: int = 200, **forms: Any) -> Response:
    """The planning page, with the forms as typed where one of them was refused."""
    review = desk.review
    asked = {"ref": request.args.get("to", ""), "language": request.args.get("lang", "")}
    shown: dict[str, Any] = {
        "desk": desk,
        "review": review,
        "title": titles.title_of(review.kind, review.period, locale.current()),
        "time": forms.get("time") or time_form(desk),
        "guest": forms.get("guest") or guest_form(review),
        "preview": desk.preview(**asked),
        "step": "plan",
        "planning": planning,
        "words": wording,
    }
    return respond("reviews/inviting/plan.html", None, status, **shown)


def guest_form(review: Review) -> GuestForm:
    """Somebody to add, speaking the language of the review to begin with."""
    return GuestForm(data={"language": review.language}, prefix="guest-")


def time_form(desk: Desk) -> TimeForm:
    """The meeting as it stands."""
    review = desk.review
    other = review.starts_at if desk.picked == OTHER else None
    here = other.astimezone(ZoneInfo(desk.zone)) if other else None
    return TimeForm(
        data={
            "slot": desk.picked,
            "day": here.date() if here else None,
            "hour": here.time() if here else None,
            "zone": desk.zone,
            "minutes": desk.minutes,
            "place": review.place,
            "goals": review.goals,
            "version": review.version,
        }
    )
