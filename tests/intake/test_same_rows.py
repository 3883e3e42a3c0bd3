"""The same data in another format gives the same records: maven_crm six ways."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.intake.conftest import Intake

MAPPING = Path(__file__).parents[2] / "docs" / "examples" / "maven.toml"
DATES = {"engage_date", "close_date"}
NUMBERS = {"revenue", "employees", "year_established", "close_value"}
DEALS = 2_000  # of 8 800: enough for every trap of the file, few enough for six imports

Rows = list[list[str]]
ACCOUNTS_FOUND = (
    "SELECT a.external_id, a.name, a.sector, a.employees, a.country, p.external_id, a.language, a.currency"
    " FROM account a LEFT JOIN account p ON p.id = a.parent_id ORDER BY a.name"
)
DEALS_FOUND = (
    "SELECT o.external_id, a.external_id, o.name, o.stage, o.amount_cents, CAST(o.close_date AS text),"
    " CAST(o.created_on AS text), o.owner_email"
    " FROM opportunity o LEFT JOIN account a ON a.id = o.account_id ORDER BY o.external_id"
)


def tables(folder: Path) -> dict[str, Rows]:
    found = {}
    for name, most in (("accounts", None), ("sales_pipeline", DEALS + 1)):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            found[name] = list(csv.reader(handle))[:most]
    return found


def expected(tables: dict[str, Rows]) -> tuple[list[object], list[object]]:
    """What the database must hold, straight from the file."""
    accounts = [dict(zip(tables["accounts"][0], row, strict=True)) for row in tables["accounts"][1:]]
    deals = [dict(zip(tables["sales_pipeline"][0], row, strict=True)) for row in tables["sales_pipeline"][1:]]
    sectors, countries = {"technolgy": "technology"}, {"Philipines": "Philippines"}
    return (
        sorted(
            (
                row["account"], row["account"], sectors.get(row["sector"], row["sector"]), int(row["employees"]),
                countries.get(row["office_location"], row["office_location"]), row["subsidiary_of"] or None,
                "en", "EUR",
            )
            for row in accounts
        ),
        sorted(
            (
                row["opportunity_id"], row["account"] or None, row["product"].replace("GTXPro", "GTX Pro"),
                row["deal_stage"], int(row["close_value"]) * 100 if row["close_value"] else None,
                row["close_date"] or None, row["engage_date"] or None, row["sales_agent"],
            )
            for row in deals
        ),
    )  # fmt: skip


def text(
    shown: Callable[[date], str], encoding: str = "utf-8", delimiter: str = ",", mark: str = "."
) -> Callable[[dict[str, Rows], Path], str]:
    """Writes CSV files with dates as `shown` and decimals behind `mark`."""

    def cell_of(header: str, cell: str) -> str:
        if header in DATES and cell:
            return shown(date.fromisoformat(cell))
        return cell.replace(".", mark) if header in NUMBERS else cell

    def write(tables: dict[str, Rows], folder: Path) -> str:
        for name, (headers, *rows) in tables.items():
            with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as handle:
                writer = csv.writer(handle, delimiter=delimiter)
                writer.writerow(headers)
                writer.writerows(map(cell_of, headers, row) for row in rows)
        return ".csv"

    return write


def workbook(tables: dict[str, Rows], folder: Path) -> str:
    """Typed cells, below a title, beside another sheet."""
    for name, (headers, *rows) in tables.items():
        with xlsxwriter.Workbook(folder / f"{name}.xlsx") as book:
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            book.add_worksheet("Notes").write(0, 0, "Export")
            sheet = book.add_worksheet("Data")
            sheet.write(0, 0, f"Export of {name}")
            sheet.write_row(2, 0, headers)
            for at, row in enumerate(rows, start=3):
                for place, (header, cell) in enumerate(zip(headers, row, strict=True)):
                    if header in DATES and cell:
                        sheet.write_datetime(at, place, date.fromisoformat(cell), day)
                    elif header in NUMBERS and cell:
                        sheet.write_number(at, place, float(cell))
                    else:
                        sheet.write_string(at, place, cell)
    return ".xlsx"


FORMS: dict[str, Callable[[dict[str, Rows], Path], str]] = {
    "ISO dates": text(date.isoformat),
    "m/d/yyyy": text(lambda day: f"{day.month}/{day.day}/{day.year}"),
    "dd-mm-yy": text(lambda day: day.strftime("%d-%m-%y")),
    "BOM": text(date.isoformat, "utf-8-sig"),
    "cp1252 with semicolons": text(lambda day: day.strftime("%d/%m/%Y"), "cp1252", ";", ","),
    "XLSX": workbook,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_data_gives_the_same_rows(lite: Intake, shared_data: Path, form: str) -> None:
    original = tables(shared_data / "maven_crm")
    for name, place in (("accounts", 0), ("accounts", 6), ("sales_pipeline", 3)):
        for row in original[name]:  # something that cp1252 and UTF-8 write differently
            row[place] = row[place].replace("Cancity", "Cité d’Été")
    suffix = FORMS[form](original, lite.folder)
    mapping = MAPPING.read_text(encoding="utf-8").replace(".csv", suffix)
    report = lite.run(mapping=mapping)
    assert {name: (kind.new, kind.refused) for name, kind in report.kinds.items()} == {
        "accounts": (85, 0), "opportunities": (DEALS, 0),
    }  # fmt: skip
    accounts, deals = expected(original)
    assert lite.rows(ACCOUNTS_FOUND) == accounts
    assert lite.rows(DEALS_FOUND) == deals
