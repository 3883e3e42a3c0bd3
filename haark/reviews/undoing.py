"""Taking back one's last change, of a text or of the slides, and making it again."""

from collections.abc import Callable

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes
from haark.extensions import db
from haark.hypermedia import flash_done, flash_note, push_url
from haark.reviews import steps
from haark.reviews.answers import load, opened, whole
from haark.reviews.arranging import Obstacles
from haark.reviews.pages import blueprint
from haark.reviews.revisions import ChangedSince, NothingLeft


@blueprint.post("/reviews/<int:review_id>/changes/removal")
@changes("review", "review_id")
def undo(review_id: int) -> Response:
    """The person's last change is taken back; another one's words are never touched."""
    return _walk(review_id, steps.undo, _("Modification annulée"), _("Il n’y a plus rien à annuler."))


@blueprint.post("/reviews/<int:review_id>/changes")
@changes("review", "review_id")
def redo(review_id: int) -> Response:
    """What was taken back last, again."""
    return _walk(review_id, steps.redo, _("Modification refaite"), _("Il n’y a rien à refaire."))


def _walk(review_id: int, step: Callable[..., str], done: str, nothing: str) -> Response:
    """One step; then the slide that changed is shown, whichever was open."""
    review, _book = load(review_id)
    try:
        slide = step(review, by=current_user.id, at=clock.moment())
    except NothingLeft:
        flash_note(nothing)
        return whole(review, opened())
    except Obstacles as refused:
        return whole(review, "opportunities", 422, obstacles=refused.reasons)
    except ChangedSince as since:
        return _kept(review_id, since)
    db.session.commit()
    flash_done(done)
    review, _book = load(review_id)
    push_url(url_for("reviews.show", review_id=review_id, slide=slide))
    return whole(review, slide)


def _kept(review_id: int, since: ChangedSince) -> Response:
    slide = since.revision.slide_key
    db.session.rollback()
    review, _book = load(review_id)
    flash_note(_("Quelqu’un a modifié ce texte depuis : rien n’a été annulé. L’historique garde les deux versions."))
    return whole(review, slide)
