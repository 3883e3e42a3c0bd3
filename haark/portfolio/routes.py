"""The client portfolio: one address holds search, filters, order, page and the account looked at."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Row

from haark import charts, clock, hypermedia
from haark.access import sees, signed_in
from haark.accounts import rules as facts
from haark.hypermedia import respond
from haark.locale import timezone
from haark.portfolio import facets, peek, queries, rules, wording
from haark.portfolio.rules import View
from haark.settings import domain as settings
from haark.signals import vocabulary

blueprint = Blueprint("portfolio", __name__)
REGIONS = (
    "portfolio/_count.html",
    "portfolio/_kpis.html",
    "portfolio/_views.html",
    "portfolio/_chips.html",
    "portfolio/_peek.html",
)
# What else of a page tells figures of everything it keeps.
COUNTED = ("portfolio/_count.html", "portfolio/_chips.html")


@dataclass(frozen=True)
class Links:
    """The addresses that a page of the list writes, each with the whole state."""

    view: View

    def to(self, view: View) -> str:
        query = view.query()
        return url_for("portfolio.index") + (f"?{query}" if query else "")

    def sorted_by(self, column: str) -> str:
        return self.to(self.view.sorted_by(column))

    def without(self, facet: str) -> str:
        return self.to(self.view.without(facet))

    def only(self, facet: str, value: str) -> str:
        return self.to(self.view.only(facet, value))

    @property
    def here(self) -> str:
        return self.to(self.view.at(self.view.after))

    @property
    def whole(self) -> str:
        """This page with the figures of all of it, however long they take."""
        return url_for("portfolio.index") + f"?{self.state}whole=1"

    @property
    def figures(self) -> str:
        """Where those figures come from once the page is there."""
        query = self.view.at().query()
        return url_for("portfolio.show_figures") + (f"?{query}" if query else "")

    @property
    def cleared(self) -> str:
        return self.to(self.view.cleared())

    @property
    def state(self) -> str:
        """The query with a separator after it, for links that add a parameter of their own."""
        query = self.view.at(self.view.after).query()
        return f"{query}&" if query else ""


@blueprint.get("/portfolio")
@signed_in
def index() -> Response:
    view, me, on = rules.read(request.args.getlist), current_user.id, clock.today(timezone())
    try:
        page = queries.page(view, me, on)
    except rules.BadCursor:
        abort(400, _("Cet endroit de la liste n’existe pas ou plus. Reprenez la liste depuis le début."))
    context = _context(view, page)
    if view.after and hypermedia.is_fragment():
        return respond("portfolio/index.html", "portfolio/_more.html", **context)
    whole = "whole" in request.args
    context |= {
        "totals": queries.totals(view, me, on, whole),
        "facets": facets.facets(view, me, on, whole),
        "look": peek.look(view.peek, on) if view.peek is not None else None,
    }
    hypermedia.push_url(context["links"].to(view))
    return respond("portfolio/index.html", "portfolio/_rows.html", out_of_band=REGIONS, **context)


@blueprint.get("/portfolio/figures")
@signed_in
def show_figures() -> Response:
    """The figures of a set too large to wait for with its page; without htmx the list with them."""
    view, me, on = rules.read(request.args.getlist), current_user.id, clock.today(timezone())
    if not hypermedia.is_fragment():
        return hypermedia.go(Links(view).whole)
    context = _context(view, queries.Page((), ""))
    context |= {"totals": queries.totals(view, me, on, True), "facets": facets.facets(view, me, on, True)}
    return respond("portfolio/_kpis.html", "portfolio/_kpis.html", out_of_band=COUNTED, **context)


@blueprint.get("/portfolio/peek/<int:account_id>")
@sees("account", "account_id")
def show_peek(account_id: int) -> Response:
    """The panel beside the list; without htmx the list with the panel open."""
    look = peek.look(account_id, clock.today(timezone())) if hypermedia.is_fragment() else None
    return _panel(account_id, look)


@blueprint.get("/portfolio/peek")
@signed_in
def close_peek() -> Response:
    """The list without the panel."""
    return _panel(None, None)


def _panel(account_id: int | None, look: peek.Look | None) -> Response:
    """The panel alone; the address around it says the rest of the state."""
    around = parse_qs(urlsplit(hypermedia.here()).query)
    view = rules.read(lambda name: around.get(name, []))
    address = Links(view).to(view.at(view.after, account_id))
    if not hypermedia.is_fragment():
        return hypermedia.go(address)
    hypermedia.push_url(address)
    context = {"look": look, "links": Links(view), "view": view, **_words()}
    return respond("portfolio/_peek.html", "portfolio/_peek.html", **context)


def _context(view: View, page: queries.Page) -> dict[str, Any]:
    return {"view": view, "listing": page, "links": Links(view), **_words()}


def _words() -> dict[str, Any]:
    return {
        **vocabulary.words(),
        "place": "peek",
        "wording": wording,
        "rules": rules,
        "mrr_cents": facts.mrr_cents,
        "evolution": facts.evolution,
        "currency": settings.get("organisation.currency"),
        "churn_alert": settings.get("risk.churn"),
        "sparkline": _sparkline,
    }


def _sparkline(row: Row[Any]) -> Markup:
    change = row.arr_change or 0
    # Without a title: the change in percent stands beside it.
    return charts.sparkline(row.arr_spark, "up" if change > 0 else "dn" if change < 0 else "", sized=False)
