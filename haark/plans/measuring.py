"""Values of an objective: noted, taken away."""

from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import changes
from haark.extensions import db
from haark.fields import write_number
from haark.hypermedia import flash_error, go, is_fragment
from haark.plans import pages, values
from haark.plans.forms import ValueForm
from haark.plans.models import Objective, ObjectiveValue
from haark.plans.pages import blueprint


@blueprint.post("/objectives/<int:ident>/values")
@changes("objective", "ident")
def add_value(ident: int) -> Response:
    objective, form = db.session.get_one(Objective, ident), ValueForm(request.values)
    place = pages.place()
    if not form.validate():
        flash_error(" ".join(str(error) for field in form for error in field.errors))
        if not is_fragment():
            return go(pages.back_of(objective.account_id))
        return pages.fresh(objective.account_id, "objectives", status=422)
    day: date = form.on_day.data  # type: ignore[assignment]  # required
    row = values.add(
        objective,
        float(form.value.data or 0),
        day,
        source=form.source.data or "",
        by=current_user.id,
        at=clock.moment(),
    )
    undo = url_for("plans.remove_value", ident=row.id, **place)
    text = _("Valeur notée")
    if objective.current_on and objective.current_on > day:
        text = _("Valeur notée dans l’historique ; l’actuelle reste celle du jour le plus récent.")
    return pages.saved(objective.account_id, "objectives", text, undo)


@blueprint.post("/objective-values/<int:ident>/removal")
@changes("objective_value", "ident")
def remove_value(ident: int) -> Response:
    """Takes a value away; undone by noting it again."""
    row = db.session.get_one(ObjectiveValue, ident)
    typed = write_number(row.value, locale.current())
    known: dict[str, Any] = {"value": typed, "on_day": row.on.isoformat(), "source": row.source}
    undo = url_for("plans.add_value", ident=row.objective_id, **known, **pages.place())
    account_id = db.session.get_one(Objective, row.objective_id).account_id
    values.remove(row, by=current_user.id, at=clock.moment())
    pages.wake()
    return pages.saved(account_id, "objectives", _("Valeur retirée"), undo)
