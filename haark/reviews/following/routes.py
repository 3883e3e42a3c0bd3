"""«Suivre»: what was promised in the room, on both sides, until the next review opens with it (AX-2, AX-3, XB-1)."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from haark import clock
from haark.access import changes, sees
from haark.cadence import queries as cadence
from haark.cadence.models import Review
from haark.errors import Conflict
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, is_fragment, respond
from haark.plans import proposals
from haark.plans.models import Proposal
from haark.plans.proposals import ProposalError
from haark.reviews import promises
from haark.reviews import queries as reviews
from haark.reviews.following import domain, queries, wording
from haark.reviews.following.domain import FollowError
from haark.reviews.meeting.pages import names
from haark.reviews.pages import business_day
from haark.reviews.surveying import queries as surveying
from haark.reviews.surveying.models import ReviewSurvey
from haark.reviews.surveying.rules import TARGET
from haark.settings import queries as settings

blueprint = Blueprint("following", __name__)


@blueprint.get("/reviews/<int:review_id>/follow")
@sees("review", "review_id")
def show(review_id: int) -> Response:
    return _page(reviews.get(review_id))


@blueprint.post("/reviews/<int:review_id>/follow/grades")
@changes("review", "review_id")
def grade(review_id: int) -> Response:
    """A person's word on a promise; the same word again takes it back."""
    review, word = reviews.get(review_id), request.form.get("grade", "")
    try:
        domain.grade(review, request.form.get("action_id", 0, type=int), word, by=current_user.id, at=clock.moment())
    except FollowError as error:
        return _refused(review, error)
    db.session.commit()
    return _answer(review)


@blueprint.post("/reviews/<int:review_id>/follow/ticks")
@changes("review", "review_id")
def tick(review_id: int) -> Response:
    review = reviews.get(review_id)
    try:
        done = request.form.get("done") == "1"
        domain.tick(review, request.form.get("item", ""), done, by=current_user.id, at=clock.moment())
    except FollowError as error:
        return _refused(review, error)
    db.session.commit()
    return _answer(review)


@blueprint.post("/reviews/<int:review_id>/follow/proposals/<int:ident>/<any(acceptance, refusal):verb>")
@changes("review", "review_id")
def decide(review_id: int, ident: int, verb: str) -> Response:
    """The plan follows what was decided in the room, or stays as it is."""
    review, proposal = reviews.get(review_id), db.session.get(Proposal, ident)
    if proposal is None or proposal.account_id != review.account_id or proposal.source_kind != queries.DECIDED:
        abort(404)
    decision = proposals.accept if verb == "acceptance" else proposals.decline
    try:
        decision(proposal, by=current_user.id, at=clock.moment())
    except ProposalError as error:
        if error.kind == "decided":
            raise Conflict(back=_url(review)) from error
        flash_error(_("Ce que la décision changeait n’est plus au plan."))
        return _answer(review)
    db.session.commit()
    text = _("Le plan de succès suit la décision") if verb == "acceptance" else _("Écarté, le plan reste tel quel")
    flash_done(text)
    return _answer(review)


@blueprint.post("/reviews/<int:review_id>/follow/wishes")
@changes("review", "review_id")
def wish(review_id: int) -> Response:
    """A client's comment becomes an action of ours."""
    review = reviews.get(review_id)
    answer = db.session.get(ReviewSurvey, request.form.get("answer_id", 0, type=int))
    if answer is None or answer.review_id != review.id or not answer.comment.strip():
        abort(404)
    title = _("Donner suite à l’avis de %(who)s", who=answer.name)
    domain.act_on(review, answer, title, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Action créée pour le responsable du compte"))
    return _answer(review)


@blueprint.post("/reviews/<int:review_id>/closure")
@changes("review", "review_id")
def close(review_id: int) -> Response:
    review = reviews.get(review_id)
    try:
        carried = domain.close(review, by=current_user.id, at=clock.moment())
    except FollowError as error:
        return _refused(review, error)
    db.session.commit()
    text = ngettext(
        "Revue close, %(num)s promesse reste à tenir : la prochaine revue s’ouvrira avec elle",
        "Revue close, %(num)s promesses restent à tenir : la prochaine revue s’ouvrira avec elles",
        carried,
    )
    flash_done(text if carried else _("Revue close, tout est réglé"), undo=url_for(".reopen", review_id=review_id))
    return go(_url(review))


@blueprint.post("/reviews/<int:review_id>/closure/removal")
@changes("review", "review_id")
def reopen(review_id: int) -> Response:
    review = reviews.get(review_id)
    domain.reopen(review, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("La revue est de nouveau suivie"))
    return go(_url(review))


def _page(review: Review, status: int = 200, fragment: str | None = None) -> Response:
    on = business_day()
    if review.held_on is None:
        return respond("reviews/following/early.html", None, 200, review=review, **names(review))
    rows = queries.promises_of(review, on, str(settings.get("organisation.timezone")))
    waiting, accepted, declined = queries.changes(review)
    ended, sent, told = queries.recap_of(review.id)
    survey = surveying.of_review(review.id)
    delay = (sent - ended).total_seconds() / 3600 if sent and ended else None
    context: dict[str, Any] = {
        "review": review,
        "on": on,
        "rows": rows,
        "count": promises.count([row.grade for row in rows]),
        "waiting": waiting,
        "accepted": accepted,
        "declined": declined,
        "week": queries.week(review, rows, len(waiting), accepted),
        "recap_sent": sent,
        "recap_delay": delay,
        "recap_told": told,
        "recap_hours": settings.get("recap.hours"),
        "survey": survey,
        "score_target": float(TARGET),
        "before": queries.mean_before(review) if survey.answers else None,
        "check_in": queries.check_in(review.id),
        "threatened": queries.threatened(review.account_id, on),
        "others": queries.others(review),
        "next": cadence.planned_of(review.account_id),
        "ours_name": settings.get("organisation.name"),
        "words": wording,
        **names(review),
    }
    return respond("reviews/following/show.html", fragment, status, **context)


def _answer(review: Review) -> Response:
    """The page's content again for htmx, the page for a plain form."""
    return _page(review, fragment="reviews/following/_follow.html") if is_fragment() else go(_url(review))


def _refused(review: Review, error: FollowError) -> Response:
    flash_error(wording.ERRORS[error.kind])
    return _answer(review)


def _url(review: Review) -> str:
    return url_for("following.show", review_id=review.id)
