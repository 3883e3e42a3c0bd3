"""«Programme QBR»: whether each client that should gets its review, for managers (PG-1, PG-3, XB-9)."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import roles
from haark.accounts.models import Account
from haark.cadence import rules as periods
from haark.cadence.pages import business_day
from haark.cadence.wording import KINDS
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, next_or, respond
from haark.programme import coverage, domain, drawings, exports, queries, rules, wording
from haark.programme.coverage import YEAR, Programme
from haark.settings import queries as settings
from haark.spreadsheets import csv_response

blueprint = Blueprint("programme", __name__)
MANAGERS = ("manager", "admin")
ROWS = 12
PAGE = 50
NEXT = 5


@blueprint.get("/programme")
@roles(*MANAGERS)
def show() -> Response:
    """The four figures with their targets, clients by quarter, CSMs, segments, what is late and what comes."""
    on = business_day()
    code, span = _window(on)
    ground = coverage.read(code, span)
    now, earlier = (coverage.measure(ground, *found) for found in ((code, span), coverage.before(code, span)))
    rows = coverage.table(ground, span)
    late, coming = coverage.wanted(ground, span)
    first, count = _page(len(rows))
    context: dict[str, Any] = {
        "on": on,
        "now": now,
        "choices": _choices(on, code),
        "quarters": [period for period, _span in coverage.trail(span)],
        "rows": rows[first : first + count],
        "row_count": len(rows),
        "first": first,
        "by_owner": coverage.groups(now, late, "owner"),
        "by_segment": coverage.groups(now, late, "segment"),
        "late": late[:NEXT],
        "late_count": len(late),
        "coming": coming[:NEXT],
        "coming_count": len(coming),
        "nudged": queries.nudged(_today(on)),
        "change": lambda name: drawings.change(now.figures[name], earlier.figures[name]),
        "period": drawings.period,
        "address": lambda **asked: url_for("programme.accounts", **{"period": code, **asked}),
        "bullet": drawings.bullet,
        "shown": drawings.shown,
        "words": wording,
        "rules": rules,
    }
    return respond("programme/show.html", **context)


@blueprint.get("/programme/accounts")
@roles(*MANAGERS)
def accounts() -> Response:
    """The accounts behind a figure: `figure`, `part` (in, out, excluded), of one `owner` or `segment`."""
    on = business_day()
    code, span = _window(on)
    name, part = request.args.get("figure", "coverage"), request.args.get("part", "")
    if name not in rules.FIGURES or part not in ("", "in", "out", "excluded"):
        abort(404)
    programme = coverage.measure(coverage.read(code, span), code, span)
    by = next((by for by in ("owner", "segment") if by in request.args), "")
    key = request.args.get(by, "") if by else ""
    figure = programme.figures[name]
    if by:
        figure = figure.of(lambda client: coverage.key_of(client, by) == key)
    lines = [line for line in figure.lines if not part or line.full == (part == "in")]
    excluded = [pair for pair in programme.excluded if not by or coverage.key_of(pair[0], by) == key]
    context: dict[str, Any] = {
        "now": programme,
        "figure": figure,
        "part": part,
        "lines": lines[: PAGE * 10],
        "line_count": len(lines),
        "excluded": excluded,
        "group": _group(by, key, programme),
        "address": lambda **asked: url_for(
            "programme.accounts", **{"period": code, "figure": name, **({by: key} if by else {}), **asked}
        ),
        "arr": lambda client: client.arr_at(span.last),
        "period": drawings.period,
        "kinds": KINDS,
        "shown": drawings.shown,
        "words": wording,
    }
    return respond("programme/accounts.html", **context)


@blueprint.get("/programme.csv")
@roles(*MANAGERS)
def export() -> Response:
    """Every account with what the period says of it, the excluded ones with their reason."""
    code, span = _window(business_day())
    programme = coverage.measure(coverage.read(code, span), code, span)
    return csv_response(f"programme-{code}", exports.rows(programme))


@blueprint.post("/programme/nudges")
@roles(*MANAGERS)
def nudge() -> Response:
    """Asks the account's CSM for its review."""
    ident = request.form.get("account_id", type=int)
    account = db.session.get(Account, ident) if ident else None
    if account is None or account.deleted_at is not None:
        abort(404)
    if domain.nudge(account, by=current_user.id, at=clock.moment(), on=business_day()):
        db.session.commit()
        who = account.owner.name if account.owner else ""
        flash_done(_("%(who)s est relancé pour %(account)s", who=who, account=account.name))
    else:
        flash_error(_("Ce compte n’a pas d’autre responsable que vous : personne à relancer."))
    return go(next_or(request.form.get("next"), url_for(".show")))


def _window(on: date) -> tuple[str, rules.Span]:
    """The period that the address names; the running quarter for none, or for one that cannot be."""
    try:
        return coverage.window(request.args.get("period") or coverage.current(on).code, on)
    except periods.PeriodRefused:
        return coverage.window(coverage.current(on).code, on)


def _today(on: date) -> tuple[datetime, datetime]:
    zone = settings.get("organisation.timezone")
    return clock.start_of(on, zone), clock.start_of(on + timedelta(1), zone)


def _page(total: int) -> tuple[int, int]:
    """(first row, rows) of the table: twelve, or fifty from a place on."""
    first = request.args.get("from", type=int)
    return (0, ROWS) if first is None else (max(0, min(first, max(total - 1, 0))), PAGE)


def _choices(on: date, code: str) -> list[dict[str, Any]]:
    """The quarters just past and running, the twelve months, and whatever else the address asked for."""
    now = coverage.current(on)
    found = [coverage.before(now.code, coverage.window(now.code, on)[1])[0], now.code, YEAR]
    return [
        {"label": drawings.period(one), "url": url_for(".show", period=one), "current": one == code}
        for one in ([code] if code not in found else []) + found
    ]


def _group(by: str, key: str, programme: Programme) -> str:
    """How a CSM or a segment is named; '' for everybody."""
    if not by:
        return ""
    if by == "segment":
        return str(wording.SEGMENTS.get(key, ""))
    clients = [line.client for figure in programme.figures.values() for line in figure.lines]
    clients += [client for client, _reason in programme.excluded]
    return next((one.owner for one in clients if coverage.key_of(one, "owner") == key and one.owner), "") or str(
        _("Sans responsable")
    )
