"""The journal of an account: who changed what, when, before and after; filtered, by pages, as a CSV."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request, stream_with_context, url_for
from flask_babel import gettext as _

from haark import clock, locale
from haark.access import sees
from haark.accounts import queries as accounts
from haark.dossier import trail, trail_words
from haark.hypermedia import is_fragment, respond
from haark.spreadsheets import csv_lines

blueprint = Blueprint("audit", __name__)
HEADER = ("at", "who", "account", "what", "about", "field", "before", "after")


@blueprint.get("/accounts/<int:account_id>/audit")
@sees("account", "account_id")
def show(account_id: int) -> Response:
    head = accounts.header(account_id, clock.today(locale.timezone()))
    return page(
        account_id, url_for(".show", account_id=account_id), url_for(".table", account_id=account_id), head=head
    )


@blueprint.get("/accounts/<int:account_id>/audit.csv")
@sees("account", "account_id")
def table(account_id: int) -> Response:
    return download(account_id)


def page(
    account_id: int | None, here: str, csv: str, labels: trail_words.Labels | None = None, **more: Any
) -> Response:
    """A page of the journal, of one account or of the house; with htmx the next lines only."""
    wanted, labels = trail.Filter.of(request.args), {**trail.custom_fields(), **(labels or {})}
    try:
        found = trail.page(account_id, wanted, request.args.get("after", ""), zone=locale.timezone())
    except trail.BadPlace:
        abort(400, _("Cet endroit du journal n’existe pas ou plus. Reprenez-le depuis le début."))
    lines = [trail_words.line(row, found.names, labels) for row in found.rows]
    context: dict[str, Any] = {"lines": lines, "after": found.after, "wanted": wanted, "here": here, "csv": csv, **more}
    context["overall"] = account_id is None
    if is_fragment() and request.args.get("after"):
        return respond("dossier/audit.html", "dossier/_audit_rows.html", **context)
    fields = trail_words.fields(labels)
    context |= {
        "people": trail.people(account_id),
        "groups": trail_words.GROUPS,
        "fields": fields,
        "HAARK": trail.HAARK,
    }
    return respond("dossier/audit.html", "dossier/_audit.html", **context)


def download(account_id: int | None, labels: trail_words.Labels | None = None) -> Response:
    """Every line that the filters let through, streamed; one row for each changed field."""
    labels = {**trail.custom_fields(), **(labels or {})}
    rows = _rows(account_id, trail.Filter.of(request.args), labels, locale.timezone())
    answer = Response(stream_with_context(csv_lines(rows, locale.current())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return answer


def _rows(
    account_id: int | None, wanted: trail.Filter, labels: trail_words.Labels, zone: str
) -> Iterator[tuple[Any, ...]]:
    yield HEADER
    for row, names in trail.everything(account_id, wanted, zone):
        one = trail_words.line(row, names, labels)
        at = one.at.astimezone(ZoneInfo(zone)).isoformat(" ", "seconds")
        start = (at, one.who or "Haark", one.account, one.what, one.about)
        for change in one.changes or (("", "", ""),):
            yield (*start, *change)
