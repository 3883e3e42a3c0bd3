"""Why a client has its tier."""

from flask import Blueprint, Response

from haark import clock, locale
from haark.access import sees
from haark.accounts import queries as accounts
from haark.hypermedia import respond
from haark.ranking import domain, wording
from haark.settings import queries as settings

blueprint = Blueprint("ranking", __name__)
blueprint.add_app_template_filter(lambda name: str(wording.MEASURES[name]), "ranking_measure")


@blueprint.get("/accounts/<int:account_id>/rank")
@sees("account", "account_id")
def show(account_id: int) -> Response:
    on = clock.today(locale.timezone())
    return respond(
        "ranking/show.html",
        head=accounts.header(account_id, on),
        why=domain.why(account_id, on=on),
        months=settings.get("ranking.months"),
        shares=settings.get("ranking.tiers"),
        wording=wording,
    )
