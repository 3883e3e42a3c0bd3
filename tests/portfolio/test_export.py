"""The list as CSV and XLSX: the rows and the order of the screen, the chosen columns, typed cells, bounded memory."""

import csv
import html
import io
import re
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from haark import clock
from haark.accounts.models import AccountTag, CustomField, CustomValue
from haark.extensions import db
from haark.people.models import User
from haark.portfolio import exporting
from haark.portfolio.rules import View
from haark.spreadsheets import xlsx_parts
from tests.conftest import TODAY
from tests.portfolio.conftest import fill, plant
from tests.support.people import Visitor
from tests.support.statements import counted

NAMES = re.compile(r'<tr id="acc-.*?<b>([^<]+)</b>', re.DOTALL)


def lines(answer: Any) -> list[list[str]]:
    """The CSV as a French spreadsheet reads it."""
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))


def cells(answer: Any) -> list[list[Any]]:
    """The workbook as it is read back: typed values, '' where there is none."""
    assert "attachment" in answer.headers["Content-Disposition"]
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def as_typed(cell: Any) -> str:
    """A typed cell as the French CSV writes it."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
    return str(cell)


def test_both_files_hold_what_the_screen_shows_in_its_order(
    db_app: Flask, team: dict[str, int], claire: Visitor
) -> None:
    with db_app.app_context():
        fill(70, sorted(team.values()))
    query = "health=red&health=unknown&sort=-arr"
    shown: list[str] = []
    page = claire.get(f"/portfolio?{query}").text
    while True:
        shown += [html.unescape(name) for name in NAMES.findall(page)]
        more = re.search(r'rel="next" href="([^"]+)"', page)
        if not more:
            break
        page = claire.get(html.unescape(more[1])).text
    text = lines(claire.get(f"/portfolio.csv?{query}"))
    assert [line[2] for line in text[1:]] == shown and len(shown) > 20
    assert text[0][:5] == ["Identifiant externe", "Identifiant Haark", "Compte", "ARR (EUR)", "MRR (EUR)"]
    book = cells(claire.get(f"/portfolio.xlsx?{query}"))
    assert [[as_typed(cell) for cell in row] for row in book] == text
    kinds = {type(row[text[0].index("Renouvellement")]) for row in book[1:]}
    assert kinds <= {date, str} and date in kinds
    assert claire.client.get("/portfolio.csv?owner=me&q=0000").status_code == 200
    assert Visitor(db_app).get("/portfolio.csv").status_code == 303  # whoever is not logged in


def test_the_columns_are_those_that_one_chose_in_the_reader_s_language(
    db_app: Flask, team: dict[str, int], claire: Visitor
) -> None:
    with db_app.app_context():
        ident = plant("=HYPERLINK(1)", external_id="-x", tier="A", lifetime_cents=1_234_567, sector="@Banque")
        plant("Alba")
        for key, kind, facts in (
            ("region", "choice", {"text": "Nord"}),
            ("effort", "number", {"number": 2.5}),
            ("signed", "date", {"date": TODAY}),
        ):
            field = CustomField(key=key, name=key.title(), kind=kind, choices=[], created_at=clock.now(), version=1)
            db.session.add(field)
            db.session.flush()
            db.session.add(CustomValue(account_id=ident, field_id=field.id, **facts))
        db.session.add_all(AccountTag(account_id=ident, tag=tag) for tag in ("pilote", "vip"))
        db.session.commit()
    form = claire.get("/portfolio/columns").text
    order = re.findall(r'name="order" value="(\w+)"', form)
    assert order[:2] == ["arr", "change"] and order[-3:] == ["cf_region", "cf_effort", "cf_signed"]
    moved = claire.post("/portfolio/columns", htmx=True, columns=["arr", "tier"], order=["arr", "tier"], up="tier")
    assert re.findall(r'name="order" value="(\w+)"', moved.text) == ["tier", "arr"] and "checked" in moved.text
    wanted = ["cf_signed", "tier", "lifetime", "sector", "tags", "cf_region", "cf_effort", "made_up"]
    assert claire.post("/portfolio/columns", columns=wanted, order=wanted).status_code == 303
    page = claire.get("/portfolio?sort=name").text
    heads = re.findall(r"<th[^>]*>(?:<a[^>]*>)?([^<]+)", page)
    assert heads == ["Compte", "Signed", "Rang", "Valeur sur la durée", "Secteur", "Étiquettes", "Region", "Effort"]
    for words in ("12\u202f346\u00a0€", "pilote", ">Nord<", ">2,5<", "12 nov. 2026"):
        assert words in page, words

    text = lines(claire.get("/portfolio.csv?sort=name"))
    assert text[0][3:] == ["Signed", "Rang", "Valeur sur la durée (EUR)", "Secteur", "Étiquettes", "Region", "Effort"]
    assert text[1] == [
        "'-x",
        "1",
        "'=HYPERLINK(1)",
        "2026-11-12",
        "A",
        "12345,67",
        "'@Banque",
        "pilote, vip",
        "Nord",
        "2,5",
    ]
    assert text[2][2:] == ["Alba", *[""] * 7]
    book = cells(claire.get("/portfolio.xlsx?sort=name"))
    assert book[1] == ["-x", 1.0, "=HYPERLINK(1)", TODAY, "A", 12345.67, "@Banque", "pilote, vip", "Nord", 2.5]
    with db_app.app_context():
        db.session.get_one(User, team["csm"]).language = "en"
        db.session.commit()
    english = claire.get("/portfolio.csv?sort=name").get_data(as_text=True).splitlines()
    assert english[0].startswith("\ufeffExternal identifier,") and ",12345.67," in english[1]

    assert claire.post("/portfolio/columns", usual="1").status_code == 303
    with db_app.app_context():
        assert db.session.get_one(User, team["csm"]).portfolio_columns == []


def test_ticked_accounts_leave_as_a_file_of_their_own(db_app: Flask, team: dict[str, int], claire: Visitor) -> None:
    with db_app.app_context():
        idents = {name: plant(name, arr_cents=cents) for name, cents in (("Alba", 100), ("Brio", 300), ("Cime", 200))}
        db.session.commit()
    ticked = {"ids": [idents["Alba"], idents["Brio"]], "query": "sort=-arr"}
    assert [line[2] for line in lines(claire.post("/portfolio.csv", **ticked))[1:]] == ["Brio", "Alba"]
    assert [row[2] for row in cells(claire.post("/portfolio.xlsx", **ticked))[1:]] == ["Brio", "Alba"]
    everything = lines(claire.post("/portfolio.csv", query="sort=-arr", all="1", ids=[idents["Alba"]]))
    assert [line[2] for line in everything[1:]] == ["Brio", "Cime", "Alba"]
    assert len(lines(claire.post("/portfolio.csv", query=""))) == 1  # nothing ticked: nobody


@pytest.mark.parametrize("db_app", ["sqlite"], indirect=True)
def test_a_file_of_any_length_takes_the_same_memory_and_statements(
    db_app: Flask, team: dict[str, int], claire: Visitor
) -> None:
    with db_app.app_context():
        fill(2100, sorted(team.values()))
    with counted(db_app) as statements:
        assert len(lines(claire.get("/portfolio.csv?sort=arr"))) == 2101
    assert len(statements) <= 7, statements
    from haark.portfolio import columns

    def rows() -> Iterator[list[Any]]:
        yield from exporting.rows(View(), list(columns.COLUMNS.values())[:10], team["csm"], TODAY, "EUR")

    with db_app.test_request_context():
        for _warm in rows():
            break
        tracemalloc.start()
        size = sum(len(part) for part in xlsx_parts("Comptes", rows()))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size > 60_000
    assert peak < 8_000_000, peak  # a thousand rows at a time, not all and their file


def test_what_no_cell_can_hold_is_left_out() -> None:
    odd = [
        ["Nom"],
        ["a\x00b\x0b\ud800<&>\"'"],
        [float("nan")],
        ["x" * 40_000],
        [True],
        [TODAY - timedelta(days=40_000)],
    ]
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(xlsx_parts("a/b:c[d]*?", odd)))).get_sheet_by_index(0)
    assert book.name == "a b c d"
    read = book.to_python()
    assert read[1] == ["ab<&>\"'"] and read[2] == [""] and len(read[3][0]) == 32_767 and read[4] == [True]
