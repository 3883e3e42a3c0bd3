"""The blueprint of the plan's pages, and where an answer is shown: on the plan's own page or in the account's tab.

Addresses of forms on the plan's page carry `on=page`; then a card is replaced, else the whole tab.
"""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel.speaklater import LazyString

from haark import clock
from haark.extensions import db
from haark.hypermedia import announce, done, flash_done, go, is_fragment, respond, reswap, retarget
from haark.locale import timezone
from haark.plans import domain, queries, reading, wording
from haark.plans.models import Plan

blueprint = Blueprint("plans", __name__)
ON_PAGE = {"on": "page"}
# Each card is a template of the same name, with the id `plan-NAME`.
CARDS = ("proposals", "objectives", "milestones", "links", "team", "risks", "comments", "versions")


def on_page() -> bool:
    return request.values.get("on") == "page"


def place() -> dict[str, Any]:
    """What an address of the same place carries."""
    return dict(ON_PAGE) if on_page() else {}


def back_of(account_id: int) -> str:
    """The page that a form of this place belongs to."""
    if not on_page():
        return f"/accounts/{account_id}/plan"
    plan_id = db.session.scalar(db.select(Plan.id).where(Plan.account_id == account_id))
    return url_for("plans.show", plan_id=plan_id) if plan_id else f"/accounts/{account_id}/plan"


def saved(
    account_id: int, card: str, text: LazyString | str = "", undo: str | None = None, *more: str, **extra: Any
) -> Response:
    """Commits, says so, and shows the card again, with the other cards (`more`) that changed by it.

    `extra` is for the card: with some of it the page is the answer, even without JavaScript.
    """
    db.session.commit()
    if text:
        flash_done(text, undo=undo)
    if not is_fragment() and not extra:
        return go(back_of(account_id))
    return fresh(account_id, card, *more, **extra)


def fresh(account_id: int, card: str, *more: str, status: int = 200, **extra: Any) -> Response:
    """A card of the page and, out of band, those that follow from it; in the account's tab the whole tab."""
    on = clock.today(timezone())
    if not on_page():
        return done("plans/_tab.html", plan=queries.tab(account_id, on))
    page = reading.page(domain.plan_of(account_id).id, on)
    follow = tuple(f"plans/_{name}.html" for name in (*more, "versions", "head") if name != card)
    inner = f"plans/_{card}.html"
    return respond("plans/show.html", inner, status, follow, desk=page, wording=wording, **extra)


def show(page: reading.PlanPage, fragment: str | None = None, status: int = 200, **extra: Any) -> Response:
    """The plan's page, or a part of it."""
    return respond("plans/show.html", fragment, status, desk=page, wording=wording, **extra)


def instead(selector: str) -> None:
    """A refused form stays where it stood, and the card as it is."""
    retarget(selector)
    reswap("innerHTML")


def wake() -> None:
    """Tells a plan that stands on the page that something of it changed elsewhere: the undo of a message."""
    announce("plan-changed")
