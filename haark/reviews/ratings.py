"""A person's rating of the project (RV-11), given on the account's reviews."""

from collections.abc import Mapping, Sequence

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes
from haark.cadence import domain
from haark.cadence import queries as cadence
from haark.extensions import db
from haark.hypermedia import flash_done, go, is_fragment, respond
from haark.reviews.forms import RatingForm
from haark.reviews.pages import blueprint


@blueprint.post("/accounts/<int:account_id>/state")
@changes("account", "account_id")
def rate(account_id: int) -> Response:
    """Adds a rating; earlier ones stay in the history."""
    form = RatingForm(request.form)
    if not form.validate():
        return _shown(account_id, 422, form.errors)
    domain.rate(account_id, int(form.rating.data), form.comment.data or "", by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("État du projet noté"))
    return _shown(account_id) if is_fragment() else go(f"/accounts/{account_id}/reviews")


def _shown(account_id: int, status: int = 200, errors: Mapping[str, Sequence[str]] | None = None) -> Response:
    state = cadence.project_state(account_id)
    return respond(
        "reviews/state.html",
        "reviews/_state.html",
        status=status,
        account_id=account_id,
        state=state,
        errors=errors or {},
        typed=request.form,
    )
