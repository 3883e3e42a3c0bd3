"""What the route files of the list share: the blueprint, the addresses that a page writes, its words."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, request, url_for
from markupsafe import Markup
from sqlalchemy import Row

from haark import charts, clock
from haark.accounts import rules as facts
from haark.hypermedia import is_local
from haark.locale import timezone
from haark.portfolio import rules, wording
from haark.portfolio.rules import View
from haark.settings import domain as settings
from haark.signals import vocabulary

blueprint = Blueprint("portfolio", __name__)


@dataclass(frozen=True)
class Links:
    """The addresses that a page of the list writes, each with the whole state."""

    view: View

    def to(self, view: View, endpoint: str = "portfolio.index") -> str:
        query = view.query()
        return url_for(endpoint) + (f"?{query}" if query else "")

    def at(self, endpoint: str) -> str:
        """Another page that speaks of the same accounts in the same order."""
        return self.to(self.view.at(), endpoint)

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
        query = self.view.at(self.view.after).query()
        return url_for("portfolio.index") + f"?{query}{'&' if query else ''}whole=1"

    @property
    def figures(self) -> str:
        """Where those figures come from once the page is there."""
        return self.at("portfolio.show_figures")

    @property
    def cleared(self) -> str:
        return self.to(self.view.cleared())


def asked() -> View:
    """The view of the request's address."""
    return rules.read(request.args.getlist, request.args)


def view_of(address: str) -> View:
    """The view that an address of the list shows, the list as it opens for any other address."""
    parts = urlsplit(address if is_local(address) else "")
    given = parse_qs(parts.query)
    return rules.read(lambda name: given.get(name, []), given)


def today() -> date:
    """Today where the reader is."""
    return clock.today(timezone())


def words() -> dict[str, Any]:
    """What the templates of the list always need."""
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
