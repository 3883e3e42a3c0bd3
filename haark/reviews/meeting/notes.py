"""Saving what is noted in a part or answered to a question, as it is typed or by its button."""

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, fields
from haark.access import changes
from haark.extensions import db
from haark.hypermedia import flash_done, is_fragment, reswap, retarget
from haark.reviews import queries as reviews
from haark.reviews.answers import version
from haark.reviews.meeting import noting, queries
from haark.reviews.meeting.pages import back, blueprint, fragment


@blueprint.post("/reviews/<int:review_id>/meeting/notes/<field>")
@changes("review", "review_id")
def note(review_id: int, field: str) -> Response:
    """Keeps the note. Somebody else's words are never overwritten: 409 shows both, `both` joins them."""
    review, text, seen = reviews.get(review_id), fields.paragraphs(request.form.get("text")), version()
    if request.form.get("both"):
        standing = noting.note_of(review_id, field)
        text = noting.both(standing.text if standing else "", text)
        seen = standing.version if standing else 0
    try:
        noting.write(review, field, text, seen, by=current_user.id, at=clock.moment())
    except noting.UnknownField:
        abort(404)
    except noting.Overtaken as late:
        db.session.rollback()
        return _collided(review_id, field, text, late)
    db.session.commit()
    if not is_fragment():
        flash_done(_("Note enregistrée"))
        return back(reviews.get(review_id), f"note-{field}")
    if request.form.get("conflict"):
        # The form that showed both texts gives way to the usual one.
        retarget(f"#note-{field.replace('.', '-')}")
        reswap("outerHTML")
        return fragment("note", reviews.get(review_id), field=field)
    return fragment("note_state", reviews.get(review_id), field=field, saved=True)


def _collided(review_id: int, field: str, mine: str, late: noting.Overtaken) -> Response:
    """Both texts; what was typed stays in its field, and is saved by the button only."""
    review = reviews.get(review_id)
    if is_fragment():
        retarget(f"#note-{field.replace('.', '-')}")
        reswap("outerHTML")
    author = queries.notes(review_id).get(field)
    collision = {"field": field, "mine": mine, "theirs": late.theirs, "who": author.author if author else ""}
    return fragment("note", review, 409, field=field, collision=collision)
