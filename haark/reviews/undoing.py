"""Taking back one's last change of a text, and making it again."""

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes
from haark.extensions import db
from haark.hypermedia import flash_done, flash_note, push_url
from haark.reviews import revisions
from haark.reviews.answers import load, opened, whole
from haark.reviews.models import TextRevision
from haark.reviews.pages import blueprint
from haark.reviews.revisions import ChangedSince, NothingLeft


@blueprint.post("/reviews/<int:review_id>/changes/removal")
@changes("review", "review_id")
def undo(review_id: int) -> Response:
    """The person's last change is taken back; another one's words are never touched."""
    review, _book = load(review_id)
    try:
        row = revisions.undo(review, by=current_user.id, at=clock.moment())
    except NothingLeft:
        flash_note(_("Il n’y a plus rien à annuler."))
        return whole(review, opened())
    except ChangedSince as since:
        return _kept(review_id, since)
    db.session.commit()
    flash_done(_("Modification annulée"))
    return _shown(review_id, row)


@blueprint.post("/reviews/<int:review_id>/changes")
@changes("review", "review_id")
def redo(review_id: int) -> Response:
    """What was taken back last, again."""
    review, _book = load(review_id)
    try:
        row = revisions.redo(review, by=current_user.id, at=clock.moment())
    except NothingLeft:
        flash_note(_("Il n’y a rien à refaire."))
        return whole(review, opened())
    except ChangedSince as since:
        return _kept(review_id, since)
    db.session.commit()
    flash_done(_("Modification refaite"))
    return _shown(review_id, row)


def _shown(review_id: int, row: TextRevision) -> Response:
    """The slide whose words changed, whichever was open."""
    review, _book = load(review_id)
    push_url(url_for("reviews.show", review_id=review_id, slide=row.slide_key))
    return whole(review, row.slide_key)


def _kept(review_id: int, since: ChangedSince) -> Response:
    slide = since.revision.slide_key
    db.session.rollback()
    review, _book = load(review_id)
    flash_note(_("Quelqu’un a modifié ce texte depuis : rien n’a été annulé. L’historique garde les deux versions."))
    return whole(review, slide)
