"""The agenda of reviews: what is due, late and planned, by day and by CSM."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_login import current_user

from haark import access
from haark.access import Owned, signed_in
from haark.cadence import agenda as reading
from haark.cadence import holding, planning, steps, workload
from haark.cadence.agenda import SCOPES, STATES, View
from haark.cadence.pages import blueprint, business_day
from haark.hypermedia import respond
from haark.settings import queries as settings

__all__ = ["blueprint", "holding", "planning"]  # the other files add their routes when they are imported


@blueprint.get("/reviews")
@signed_in
def agenda() -> Response:
    """Late ones first, then by day, 50 a page; beside them the load of each week."""
    on, view = business_day(), _view(request.args, current_user.role)
    context: dict[str, Any] = {
        "on": on,
        "view": view,
        "listing": reading.page(view, current_user.id, on, access.may_change(current_user, Owned())),
        "counts": workload.counts(view, current_user.id, on),
        "loads": workload.loads(view, current_user.id, on),
        "mondays": workload.mondays(on),
        "address": lambda **changes: _address(view, **changes),
        "steps": steps,
        "hours": settings.get("review.hours"),
        "cap": settings.get("review.weekly_hours"),
    }
    return respond("cadence/agenda.html", **context)


def _view(arguments: Mapping[str, str], role: str) -> View:
    """What the address asks for; whatever cannot be is left out. A CSM and a salesperson start with their accounts."""
    usual = "mine" if role in ("csm", "sales") else "team"
    state, scope = arguments.get("state", ""), arguments.get("scope", "")
    owner, week = arguments.get("owner", ""), _day(arguments.get("week", ""))
    return View(
        state=state if state in STATES else "all",
        scope=scope if scope in SCOPES else usual,
        owner=int(owner) if owner.isdecimal() and len(owner) < 10 else None,
        week=steps.monday(week) if week else None,
        after=_place(arguments.get("after", "")),
        sells=role == "sales",
    )


def _address(view: View, **changes: Any) -> str:
    """The agenda with something changed; another filter starts at the first page."""
    asked = {"state": view.state, "scope": view.scope, "owner": view.owner, "week": view.week, "after": None, **changes}
    if asked["after"] is not None:
        asked["after"] = ".".join(str(part) for part in asked["after"])
    if asked["state"] == "all":
        asked["state"] = None
    return url_for("cadence.agenda", **{name: value for name, value in asked.items() if value is not None})


def _place(written: str) -> tuple[int, date, int] | None:
    parts = written.split(".")
    if len(parts) != 3 or parts[0] not in ("0", "1") or not parts[2].isdecimal() or len(parts[2]) > 18:
        return None
    day = _day(parts[1])
    return None if day is None else (int(parts[0]), day, int(parts[2]))


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None
