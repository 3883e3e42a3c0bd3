"""The page behind a survey link: public, in the person's language, without scripts, nothing internal in it.

Opening it changes nothing, whatever score the address holds: mail scanners open every link, and only the button votes.
A link that does not work is the same 404 whatever the reason, and guesses are counted.
"""

from flask import Blueprint, Response, abort, request
from flask_babel import force_locale
from flask_babel import gettext as _

from haark import clock, fields, headers
from haark.access import with_secret
from haark.extensions import db
from haark.hypermedia import respond
from haark.people import throttle
from haark.reviews import titles
from haark.reviews.surveying import domain
from haark.reviews.surveying.queries import SCORES, Found
from haark.reviews.wording import Words
from haark.settings import queries as settings

blueprint = Blueprint("surveying", __name__)


@blueprint.get("/survey/<token>")
@with_secret
def show(token: str) -> Response:
    """The question, the clicked score marked; or that it was answered."""
    found = _found(token)
    with force_locale(found.survey.language):
        return _page(found, score=_score(request.args.get("score", "")))


@blueprint.post("/survey/<token>")
@with_secret
def answer(token: str) -> Response:
    found = _found(token)
    score, comment = _score(request.form.get("score", "")), fields.paragraphs(request.form.get("comment"))
    with force_locale(found.survey.language):
        if score is None:
            return _page(found, 422, comment=comment, error=_("Choisissez une note de 0 à 10."))
        try:
            domain.answer(found.survey, score, comment, at=clock.moment())
        except domain.Answered:
            db.session.rollback()
            return _page(_found(token))
        db.session.commit()
        return _page(found, thanks=True)


def _score(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 and int(typed) in SCORES else None


def _found(token: str) -> Found:
    """404 for a link that does not work, and 429 for too many of them."""
    found = domain.by_token(token)
    if found is None:
        abort(429 if throttle.guess("survey") else 404)
    return found


def _page(
    found: Found,
    status: int = 200,
    score: int | None = None,
    comment: str = "",
    error: str = "",
    thanks: bool = False,
) -> Response:
    row, review = found.survey, found.review
    answer = respond(
        "reviews/surveying/show.html",
        status=status,
        survey=row,
        client=found.client,
        vendor=str(settings.get("organisation.name")),
        kind=Words(row.language)(f"kind.{review.kind}"),
        title=titles.title_of(review.kind, review.period, row.language),
        held_on=review.held_on,
        scores=SCORES,
        score=score,
        comment=comment,
        error=error,
        thanks=thanks,
    )
    return headers.discreet(answer)
