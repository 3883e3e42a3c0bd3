"""The client portfolio: one address holds search, filters, order, page and the account looked at."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from haark import hypermedia, locale
from haark.access import sees, signed_in
from haark.accounts.custom import fields
from haark.fragments import Parts
from haark.hypermedia import respond
from haark.portfolio import (
    acting,
    choosing,
    columns,
    custom,
    downloads,
    facets,
    keeping,
    peek,
    queries,
    rules,
    standing,
    tabs,
    views,
)
from haark.portfolio.pages import Links, asked, blueprint, today, view_of, words
from haark.portfolio.rules import View
from haark.settings import queries as settings

__all__ = [
    "acting",
    "blueprint",
    "choosing",
    "downloads",
    "keeping",
]  # the other files add their routes when they are imported

REGIONS = (
    "portfolio/_count.html",
    "portfolio/_menu.html",
    "portfolio/_kpis.html",
    "portfolio/_views.html",
    "portfolio/_chips.html",
    "portfolio/_peek.html",
)
# What else of a page tells figures of everything it keeps.
COUNTED = ("portfolio/_count.html", "portfolio/_chips.html")


@blueprint.get("/portfolio")
@signed_in
def index() -> Response:
    view, me, on = asked(), current_user.id, today()
    if set(request.args) == {"view"}:
        return _open(view.saved, me)
    if not hypermedia.is_fragment() and view.peek is None:
        return _kept(view, me, on)
    page = _page(view, me, on)
    context = _context(view, page)
    if view.after and hypermedia.is_fragment():
        return respond("portfolio/index.html", "portfolio/_more.html", **context)
    context |= _figures(view, me, on)
    context["look"] = peek.look(view.peek, on) if view.peek is not None else None
    hypermedia.push_url(context["links"].to(view))
    return respond("portfolio/index.html", "portfolio/_rows.html", out_of_band=REGIONS, **context)


def _kept(view: View, me: int, on: date) -> Response:
    """The list from what was drawn before, where nothing that it shows has changed since."""

    def load() -> dict[str, Any]:
        settings.under(now[2])
        return {**_context(view, _page(view, me, on)), **_figures(view, me, on)}

    now = standing.state()
    chosen = tuple(current_user.portfolio_columns or ())
    reader = (me, current_user.role, chosen, locale.current(), locale.timezone(), on)
    key = None if now[2] is None else (*now, *reader, view, "whole" in request.args)
    return respond("portfolio/kept.html", kept=Parts("portfolio", key, load))


def _page(view: View, me: int, on: date) -> queries.Page:
    try:
        return queries.page(view, me, on)
    except rules.BadCursor:
        abort(400, _("Cet endroit de la liste n’existe pas ou plus. Reprenez la liste depuis le début."))


def _figures(view: View, me: int, on: date) -> dict[str, Any]:
    whole = "whole" in request.args
    totals = queries.totals(view, me, on, whole)
    return {
        "totals": totals,
        "tabs": tabs.tabs(view, me, on, totals.views),
        "facets": facets.facets(view, me, on, fields(), whole),
    }


def _open(ident: int | None, me: int) -> Response:
    """A saved view named alone: the list as it was saved; one that is not there (any more) is the whole list."""
    row = next((row for row in views.visible(me) if row.id == ident), None)
    return hypermedia.go(Links(View()).to(tabs.as_saved(row) if row else View()))


@blueprint.get("/portfolio/figures")
@signed_in
def show_figures() -> Response:
    """The figures of a set too large to wait for with its page; without htmx the list with them."""
    view, me, on = asked(), current_user.id, today()
    if not hypermedia.is_fragment():
        return hypermedia.go(Links(view).whole)
    totals, own = queries.totals(view, me, on, True), fields()
    context = {**words(), "view": view, "links": Links(view), "totals": totals}
    context["facets"] = facets.facets(view, me, on, own, True)
    return respond("portfolio/_kpis.html", "portfolio/_kpis.html", out_of_band=COUNTED, **context)


@blueprint.get("/portfolio/peek/<int:account_id>")
@sees("account", "account_id")
def show_peek(account_id: int) -> Response:
    """The panel beside the list; without htmx the list with the panel open."""
    look = peek.look(account_id, today()) if hypermedia.is_fragment() else None
    return _panel(account_id, look)


@blueprint.get("/portfolio/peek")
@signed_in
def close_peek() -> Response:
    """The list without the panel."""
    return _panel(None, None)


def _panel(account_id: int | None, look: peek.Look | None) -> Response:
    """The panel alone; the address around it says the rest of the state."""
    # Without htmx the page that the link stood on.
    around = hypermedia.here() if hypermedia.is_fragment() else request.referrer or ""
    view = view_of("/portfolio?" + urlsplit(around).query)
    address = Links(view).to(view.at(view.after, account_id))
    if not hypermedia.is_fragment():
        return hypermedia.go(address)
    hypermedia.push_url(address)
    context = {"look": look, "links": Links(view), "view": view, **words()}
    return respond("portfolio/_peek.html", "portfolio/_peek.html", **context)


def _context(view: View, page: queries.Page) -> dict[str, Any]:
    chosen = columns.of(current_user)
    names = {column.name for column in chosen}
    wanted = [field for field in fields() if field.column in names] if any("cf_" in n for n in names) else []
    ids = [row.account_id for row in page.rows]
    return {
        "view": view,
        "listing": page,
        "links": Links(view),
        "columns": chosen,
        "custom_values": custom.values_of(ids, wanted),
        "tags_of": queries.tags_of(ids) if "tags" in names else {},
        **words(),
    }
