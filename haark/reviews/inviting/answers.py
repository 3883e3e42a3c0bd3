"""The page behind an answer link: public, without scripts, in the recipient's language, and nothing internal in it.

Opening it changes nothing, as mail scanners open every link; a link that does not work is the same 404 whatever the
reason, and guesses are counted.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, request
from flask_babel import force_locale

from haark import clock, headers
from haark.access import with_secret
from haark.extensions import db
from haark.hypermedia import respond
from haark.people import throttle
from haark.reviews import titles
from haark.reviews.inviting import domain, replies, wording
from haark.reviews.inviting.domain import InvitationError
from haark.reviews.inviting.forms import AnswerForm
from haark.reviews.inviting.pages import blueprint
from haark.reviews.inviting.replies import Found
from haark.settings import queries as settings


@blueprint.get("/answers/<token>")
@with_secret
def answering(token: str) -> Response:
    found = _found(token, clock.moment())
    with force_locale(found[0].language):
        return _page(found, _shown(found))


@blueprint.post("/answers/<token>")
@with_secret
def answer(token: str) -> Response:
    """Yes, no, or another moment; it may be changed until the meeting."""
    at = clock.moment()
    found = _found(token, at)
    row, review, _client = found
    wait = throttle.take(f"answers:{row.id}", None, at=clock.now())
    if wait:
        db.session.commit()
        abort(429)
    with force_locale(row.language):
        form = AnswerForm(request.form)
        form.zone = review.zone
        if not form.validate():
            return _page(found, form, 422)
        try:
            domain.answer(review, row, form.reply.data, form.note.data or "", form.other_at, at=at)
        except InvitationError as error:
            field = form.day if error.kind == "past" else form.reply
            field.errors = [str(wording.ERRORS[error.kind])]
            return _page(found, form, 422)
        db.session.commit()
        return _page(found, _shown(found), done=True)


def _found(token: str, at: datetime) -> Found:
    """404 for a link that does not work, and 429 for too many of them: a guess is counted on a GET too, which otherwise
    writes nothing."""
    found = replies.by_token(token, at)
    if found is None:
        abort(429 if throttle.guess("answers") else 404)
    return found


def _shown(found: Found) -> AnswerForm:
    """What they answered last."""
    row, review, _client = found
    there = row.other_at.astimezone(ZoneInfo(review.zone)) if row.other_at else None
    told: dict[str, Any] = {"reply": row.reply or None, "note": row.reply_note}
    if there is not None:
        told |= {"day": there.date(), "hour": there.time()}
    return AnswerForm(data=told)


def _page(found: Found, form: AnswerForm, status: int = 200, done: bool = False) -> Response:
    row, review, client = found
    assert review.starts_at is not None
    title = titles.title_of(review.kind, review.period, row.language)
    vendor = str(settings.get("organisation.name"))
    answer = respond(
        "reviews/inviting/answer.html",
        None,
        status,
        form=form,
        done=done,
        name=row.name,
        what=wording.summary(title, client, vendor),
        when=wording.when(review.starts_at, domain.minutes_of(review), review.zone, row.language),
        city=wording.city(review.zone, row.language),
        place=review.place,
        vendor=vendor,
    )
    return headers.discreet(answer)
