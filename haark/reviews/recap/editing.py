"""Changing the words of a recap as they are typed, its points, who gets it and what goes along."""

from flask import Response, abort, request
from flask_babel import gettext as _

from haark import clock, fields
from haark.access import changes
from haark.extensions import db
from haark.fields import one_line
from haark.formats import LANGUAGES
from haark.hypermedia import flash_done, is_fragment, reswap, retarget
from haark.reviews.answers import version
from haark.reviews.recap import domain
from haark.reviews.recap.domain import Overtaken, RecapError
from haark.reviews.recap.pages import BESIDE, blueprint, changed, desk_of, page, refused

SEND = "reviews/recap/_send.html"
WHERE = "/reviews/<int:review_id>/recap"


@blueprint.post(WHERE + "/texts/<any(fr, en, uk):language>/<field>")
@changes("review", "review_id")
def write(review_id: int, language: str, field: str) -> Response:
    """The subject, the opening or a point. Somebody else's words are never overwritten: 409 shows both."""
    desk, typed = desk_of(review_id), request.form.get("text")
    text = fields.paragraphs(typed) if field == "opening" else one_line(typed)
    try:
        domain.write(desk.story, language, field, text, version())
    except RecapError as error:
        abort(404) if error.kind == "field" else None
        return refused(review_id, error.kind, "message")
    except Overtaken as late:
        db.session.rollback()
        return _collided(review_id, language, field, text, late)
    db.session.commit()
    if request.form.get("conflict"):
        # The form that showed both texts gives way to the usual one.
        return changed(review_id, "message", f"f-{_ident(field)}")
    return changed(review_id, "state", f"f-{_ident(field)}", name=field, saved=clock.moment())


def _collided(review_id: int, language: str, field: str, mine: str, late: Overtaken) -> Response:
    """Both texts; what was typed stays in its field, and is saved by the button only."""
    if is_fragment():
        retarget(f"#f-{_ident(field)}")
        reswap("outerHTML")
    desk = desk_of(review_id)
    desk.language = language
    told = {"name": field, "mine": mine, "theirs": late.theirs}
    part = "point" if field.startswith("point.") else "field"
    return page(desk, 409, part, name=field, collision=told)


def _ident(field: str) -> str:
    return field.replace(".", "-")


@blueprint.post(WHERE + "/points/<any(fr, en, uk):language>")
@changes("review", "review_id")
def add_point(review_id: int, language: str) -> Response:
    """One more; an empty one is a field to type in."""
    try:
        domain.add_point(desk_of(review_id).story, language, one_line(request.form.get("text")))
    except RecapError as error:
        return refused(review_id, error.kind, "message")
    db.session.commit()
    return changed(review_id, "message", "points", added=True)


@blueprint.post(WHERE + "/points/<any(fr, en, uk):language>/<any(up, removal):how>")
@changes("review", "review_id")
def rearrange(review_id: int, language: str, how: str) -> Response:
    """A point goes up or away; `number` and `version` tell which one was meant."""
    verb = domain.raise_point if how == "up" else domain.remove_point
    number = request.form.get("number", "")
    place = int(number) if number.isdecimal() and len(number) < 4 else -1
    try:
        verb(desk_of(review_id).story, language, place, version())
    except RecapError as error:
        return refused(review_id, error.kind, "message")
    except Overtaken:
        return refused(review_id, "field", "message")
    db.session.commit()
    return changed(review_id, "message", "points")


@blueprint.post(WHERE + "/texts/<any(fr, en, uk):language>/removal")
@changes("review", "review_id")
def give_back(review_id: int, language: str) -> Response:
    """The language is composed from the meeting again."""
    try:
        domain.give_back(desk_of(review_id).story, language)
    except RecapError as error:
        return refused(review_id, error.kind, "message")
    db.session.commit()
    flash_done(_("Texte repris de la réunion"))
    return changed(review_id, "message", "message")


@blueprint.post(WHERE + "/recipients")
@changes("review", "review_id")
def choose(review_id: int) -> Response:
    """Somebody of the list gets it, or does not, or in another language."""
    desk = desk_of(review_id)
    person = desk.story.roster.find(request.form.get("email", "")) or abort(404)
    language = request.form.get("language", "")
    try:
        wanted = request.form.get("chosen", "1") == "1"
        domain.choose(desk.story, person, wanted, language if language in LANGUAGES else "")
    except RecapError as error:
        return refused(review_id, error.kind, "people")
    db.session.commit()
    return changed(review_id, "people", "people", (*BESIDE, SEND))


@blueprint.post(WHERE + "/people")
@changes("review", "review_id")
def add_person(review_id: int) -> Response:
    """Somebody else, by name and address."""
    typed = {name: one_line(request.form.get(name)) for name in ("name", "email", "language")}
    language = typed["language"] if typed["language"] in LANGUAGES else "fr"
    try:
        domain.add_person(desk_of(review_id).story, typed["name"], typed["email"], language)
    except RecapError as error:
        db.session.rollback()
        if is_fragment():
            return page(desk_of(review_id), 422, "people", typed=typed, error=error.kind)
        return page(desk_of(review_id), 422, typed=typed, error=error.kind)
    db.session.commit()
    return changed(review_id, "people", "people", (*BESIDE, SEND))


@blueprint.post(WHERE + "/options")
@changes("review", "review_id")
def set_option(review_id: int) -> Response:
    """Something goes along, or stays: `option`, and its own name when it is ticked."""
    option = request.form.get("option", "")
    try:
        domain.set_option(desk_of(review_id).story, option, option in request.form)
    except RecapError as error:
        abort(404) if error.kind == "field" else None
        return refused(review_id, error.kind, "enclosed")
    db.session.commit()
    return changed(review_id, "enclosed", "enclosed")
