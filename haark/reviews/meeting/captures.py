"""Capturing decisions, actions and questions in one line or by the fields; changing them, taking them off."""

from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, fields, formats, locale
from haark.access import changes
from haark.cadence.models import Review
from haark.extensions import db
from haark.fields import one_line
from haark.hypermedia import announce, flash_done, go, is_fragment, respond, reswap, retarget
from haark.reviews import queries as reviews
from haark.reviews.answers import version
from haark.reviews.meeting import capturing, lines, wording
from haark.reviews.meeting.capturing import CaptureError, Said
from haark.reviews.meeting.models import CAPTURES, Capture
from haark.reviews.meeting.pages import back, blueprint, capture_form, fragment, live, names, people_of
from haark.reviews.pages import business_day

LIST = ("reviews/meeting/_captures.html",)


@blueprint.post("/reviews/<int:review_id>/meeting/captures")
@changes("review", "review_id")
def capture(review_id: int) -> Response:
    """Keeps a line; what it says of owner and day is read from it, the fields fill what it leaves open."""
    review = reviews.get(review_id)
    said, errors = _read(review, typed := _typed())
    if not errors:
        try:
            token = typed["token"] or "-"
            capturing.add(review, said, token, by=current_user.id, at=clock.moment(), on=business_day())
        except CaptureError as error:
            errors = _errors(error, said)
    if errors:
        db.session.rollback()
        form = capture_form(review, **{**typed, "errors": errors})
        return fragment("capture_form", review, 422, capture=form)
    db.session.commit()
    return fragment("capture_form", review, aside=LIST, capture=capture_form(review, kind=said.kind))


@blueprint.get("/captures/<int:capture_id>")
@changes("capture", "capture_id")
def edit(capture_id: int) -> Response:
    """The form of one line: over the page for htmx, else a page."""
    row = db.session.get_one(Capture, capture_id)
    return _form(row, _saved(row))


@blueprint.post("/captures/<int:capture_id>")
@changes("capture", "capture_id")
def change(capture_id: int) -> Response:
    row = db.session.get_one(Capture, capture_id)
    review = reviews.get(row.review_id)
    if version() != row.version:
        return _form(row, {**_typed(), "version": row.version}, 409, theirs=_saved(row))
    said, errors = _read(review, typed := _typed(), whole=True)
    if not errors:
        try:
            capturing.change(review, row, said, by=current_user.id, at=clock.moment(), on=business_day())
        except CaptureError as error:
            errors = _errors(error, said)
    if errors:
        db.session.rollback()
        return _form(row, {**typed, "version": row.version, "errors": errors}, 422)
    db.session.commit()
    return _changed(review)


@blueprint.post("/captures/<int:capture_id>/removal")
@changes("capture", "capture_id")
def remove(capture_id: int) -> Response:
    row = db.session.get_one(Capture, capture_id)
    review = reviews.get(row.review_id)
    capturing.remove(review, row, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Ligne retirée"), undo=url_for(".restore", capture_id=capture_id))
    return _changed(review)


@blueprint.post("/captures/<int:capture_id>/removal/removal")
@changes("removed_capture", "capture_id")
def restore(capture_id: int) -> Response:
    row = db.session.get_one(Capture, capture_id)
    review = reviews.get(row.review_id)
    capturing.restore(review, row, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Ligne rétablie"))
    return _changed(review)


def _changed(review: Review) -> Response:
    """The list is told to ask again, whatever part of the page the form was in."""
    announce("captures-changed")
    if not is_fragment():
        return go(url_for("meeting.ending", review_id=review.id)) if _ending() else back(review, "captures")
    return respond("reviews/meeting/_captures.html", "reviews/meeting/_captures.html", live=live(review), review=review)


def _ending() -> bool:
    """Whether the line was opened from the page before the end, which its form then leads back to."""
    return request.values.get("from") == "end"


def _typed() -> dict[str, Any]:
    kind = request.form.get("kind", "")
    return {
        "kind": kind if kind in CAPTURES else "action",
        "text": one_line(request.form.get("text"))[:2000],
        "owner": request.form.get("owner", ""),
        "due_on": request.form.get("due_on", ""),
        "answer": fields.paragraphs(request.form.get("answer"))[:4000],
        "token": request.form.get("token", "")[:40],
        "errors": {},
    }


def _read(review: Review, typed: dict[str, Any], whole: bool = False) -> tuple[Said, dict[str, str]]:
    """What the form says, and what is wrong with it. `whole`: a line that is changed is text as it stands."""
    ours, theirs, me = people_of(review)
    line = lines.read(typed["text"], [] if whole else [*ours, *theirs], business_day(), kind=typed["kind"], me=me)
    if whole:
        line = lines.Line(typed["kind"], typed["text"])
    errors: dict[str, str] = {}
    owner = next((one for one in (*ours, *theirs) if one.key == typed["owner"]), None) or line.owner
    if line.asked and owner is None:
        errors["owner"] = _whom(line)
    due = line.due_on
    if typed["due_on"] and due is None and line.kind == "action":
        try:
            due = date.fromisoformat(typed["due_on"])
        except ValueError:
            errors["due_on"] = str(wording.ERRORS["day"])
    return Said(line.kind, line.text, owner, due, typed["answer"]), errors


def _whom(line: lines.Line) -> str:
    """Why a name is nobody's, in words that say what to do."""
    if line.found:
        meant = ", ".join(person.name for person in line.found[:6])
        return str(_("« @%(name)s » peut être %(people)s. Choisissez dans la liste.", name=line.asked, people=meant))
    return str(_("Personne ne s’appelle « %(name)s » ici. Choisissez dans la liste.", name=line.asked))


def _errors(error: CaptureError, said: Said) -> dict[str, str]:
    if error.kind == "past":
        day = formats.day(said.due_on, locale.current())
        return {"due_on": str(_("Le %(day)s est passé. Écrivez un jour à venir.", day=day))}
    return {"text": str(wording.ERRORS[error.kind])}


def _saved(row: Capture) -> dict[str, Any]:
    owner = f"user:{row.owner_user_id}" if row.owner_user_id else ""
    if row.owner_contact_id:
        owner = f"contact:{row.owner_contact_id}"
    due = row.due_on.isoformat() if row.due_on else ""
    kept = {"kind": row.kind, "text": row.text, "owner": owner, "due_on": due, "answer": row.answer}
    return {**kept, "version": row.version, "errors": {}}


def _form(row: Capture, typed: dict[str, Any], status: int = 200, theirs: dict[str, Any] | None = None) -> Response:
    review = reviews.get(row.review_id)
    form = {**capture_form(review), "typed": typed}
    told: dict[str, Any] = {"review": review, "line": row, "form": form, "theirs": theirs, **names(review)}
    told["ending"] = _ending()
    if refused := status != 200 and is_fragment():
        retarget("#capture_fields")
        reswap("outerHTML")
    return respond("reviews/meeting/capture.html", "reviews/meeting/_capture.html", status, refused=refused, **told)
