"""The list as CSV and XLSX: what the filters keep, or the accounts that were ticked."""

from collections.abc import Iterator, Sequence

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from haark.access import signed_in
from haark.extensions import db, reading
from haark.portfolio import columns, exporting
from haark.portfolio.exporting import Cell
from haark.portfolio.pages import asked, blueprint, today, view_of
from haark.portfolio.rules import View
from haark.settings import domain as settings
from haark.spreadsheets import csv_stream, xlsx_stream

MOST_TICKED = 5_000


@blueprint.get("/portfolio.csv")
@signed_in
def as_csv() -> Response:
    return csv_stream(_name(), _rows(asked()))


@blueprint.get("/portfolio.xlsx")
@signed_in
def as_xlsx() -> Response:
    return xlsx_stream(_name(), _("Comptes"), _rows(asked()))


@blueprint.post("/portfolio.csv")
@signed_in
def ticked_as_csv() -> Response:
    """The accounts that were ticked; their ids may be too many for an address."""
    return csv_stream(_name(), _ticked())


@blueprint.post("/portfolio.xlsx")
@signed_in
def ticked_as_xlsx() -> Response:
    return xlsx_stream(_name(), _("Comptes"), _ticked())


def _name() -> str:
    return f"haark-portefeuille-{today().isoformat()}"


def _rows(view: View, ids: Sequence[int] = ()) -> Iterator[list[Cell]]:
    currency = settings.get("organisation.currency")
    return exporting.rows(view, columns.of(current_user), current_user.id, today(), currency, ids)


def _ticked() -> Iterator[list[Cell]]:
    view = view_of("/portfolio?" + request.form.get("query", ""))
    ids = [] if request.form.get("all") else request.form.getlist("ids", type=int)[:MOST_TICKED]
    rows = _rows(view, ids or ([] if request.form.get("all") else [0]))
    # A POST would read with the write lock, and hold it until the last row has left.
    db.session.commit()
    return _apart(rows)


def _apart(rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    with reading():
        yield from rows
