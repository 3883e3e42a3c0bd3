"""Workbooks whose cells are numbers and dates, not text."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import xlsxwriter

from haark.intake.report import Report
from tests.intake.conftest import Intake


def test_a_workbook_with_titles_typed_cells_and_another_sheet(
    intake: Intake, counts: Callable[[Report], dict[str, tuple[int, int, int, int]]]
) -> None:
    path = Path(intake.folder) / "accounts.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        notes = book.add_worksheet("Notes")
        notes.write(0, 0, "Export du trimestre")
        sheet = book.add_worksheet("Clients")
        sheet.write(0, 0, "Portefeuille")
        sheet.write_row(2, 0, ["External ID", "Name", "ARR", "Renewal date", "Employees"])
        sheet.write_row(3, 0, [1562, "Société Valmorin", 120000.5])
        sheet.write_datetime(3, 3, date(2027, 1, 15), day)
        sheet.write(3, 4, 320)
        sheet.write_row(4, 0, ["B-2", "Beta", "1 200,50 €", "31/12/2026", "douze"])
        sheet.write_row(6, 0, ["B-3", "Gamma", "-", "", ""])
    report = intake.run()
    assert counts(report) == {"accounts": (2, 0, 0, 1)}
    assert intake.rows(
        "SELECT external_id, declared_arr_cents, CAST(renewal_date AS text) FROM account ORDER BY id"
    ) == [
        ("1562", 12_000_050, "2027-01-15"),
        ("B-3", None, None),
    ]
    assert report.refused_file is not None
    assert "« douze » n’est pas un nombre" in report.refused_file.read_text(encoding="utf-8")
    assert ",5\n" in report.refused_file.read_text(encoding="utf-8").replace("\r\n", "\n")
    assert counts(intake.run()) == {"accounts": (0, 0, 2, 1)}
