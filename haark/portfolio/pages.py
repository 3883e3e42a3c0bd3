"""What the route files of the list share: the blueprint, the addresses that a page writes, its words."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, g, request, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Row

from haark import charts, clock
from haark.accounts import rules as facts
from haark.hypermedia import is_local
from haark.locale import current, timezone
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
        "line_key": _line_key,
        "lines_key": _lines_key,
        "chips_key": _chips_key,
        "totals_key": _totals_key,
        "tabs_key": _tabs_key,
    }


def _line_key(row: Row[Any], columns: Any, peek: int | None, tags: Any, values: Any) -> tuple[Any, ...]:
    """Everything that a line of the list shows."""
    if "portfolio_lines" not in g:
        house = (settings.get("organisation.currency"), settings.get("risk.churn"))
        g.portfolio_lines = (current(), today(), *house, tuple((column.name, str(column.head)) for column in columns))
    ident = row.account_id
    added = (tuple(tags.get(ident, ())), tuple(values.get(ident, {}).items()))
    return (*g.portfolio_lines, tuple(row), ident == peek, row.owner_id == current_user.id, added)


def _lines_key(listing: Any, columns: Any, view: View, tags: Any, values: Any) -> tuple[Any, ...]:
    """Everything that the table shows."""
    return (view, listing.after, *(_line_key(row, columns, view.peek, tags, values) for row in listing.rows))


def _totals_key(totals: Any) -> tuple[Any, ...]:
    """Everything that the strip of figures shows, and the counts of the usual views."""
    return tuple(tuple(value.items()) if name == "views" else value for name, value in vars(totals).items())


def _tabs_key(tabs: Any) -> tuple[Any, ...]:
    """Everything that the tabs show, what one may do with them included."""
    here = tabs.here and (tabs.here.id, tabs.here.version, tabs.here.user_id)
    person = (current_user.id, current_user.role, settings.get("open_editing"))
    return (tuple(tabs.shown), tabs.others, tabs.modified, here, person)


def _chips_key(facets: Any, view: View) -> tuple[Any, ...]:
    """Everything that the filters show."""
    shown = tuple((one.name, one.label, one.hidden, tuple(one.choices), one.kind, one.bounds) for one in facets)
    return (current(), view.at(), shown)


def _sparkline(row: Row[Any]) -> Markup:
    change = row.arr_change or 0
    # Without a title: the change in percent stands beside it.
    return charts.sparkline(row.arr_spark, "up" if change > 0 else "dn" if change < 0 else "", sized=False)
