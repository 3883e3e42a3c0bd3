"""What the route files of this slice share: the blueprint, today, where a person goes back to."""

from datetime import date
from typing import Any

from flask import Blueprint, request

from haark import clock
from haark.cadence import wording
from haark.hypermedia import next_or
from haark.settings import domain as settings

blueprint = Blueprint("cadence", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """The fragments of this slice stand on pages of others, which have words of their own."""
    return {"next_words": wording}


def business_day() -> date:
    """Today where the organisation is."""
    return clock.today(settings.get("organisation.timezone"))


def back(fallback: str) -> str:
    """The page that the form came from, where it says so."""
    return next_or(request.form.get("next") or request.args.get("next"), fallback)
