"""Files that other people wrote to trip readers: each opens as the right table, or says in one sentence why not."""

import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from haark.intake import encodings, workbooks
from haark.intake.looking import Look, look
from haark.intake.reading import Layout, open_table
from haark.intake.unpacking import Limits, is_archive, unpack
from haark.intake.wording import AtFault, Sentence
from tests.intake.conftest import Intake

# By file of shared/data/csv_cases/frictionless: for each of its tables (sheet, row of the header, headers, number of
# columns, rows, those of them that do not fit, the first one that does), or a part of the sentence.
Table = tuple[str, int, tuple[str, ...], int, int, tuple[int, ...], tuple[Any, ...]]
FRICTIONLESS: dict[str, list[Table] | str] = {
    "accent.csv": [("", 1, ("n_amenageur", "n_operateur"), 17, 2, (), ("XXX", "YYY"))],
    "adjust-floating-point-error.xlsx": [
        ("Sheet1", 1, ("Sample Name", "peak PO4"), 4, 5, (), ("P-1-94-AR P21 16-20cm Pi split 3", 60.565)),
    ],
    "blank-cells.csv": [("", 1, ("id", "name"), 2, 5, (), ("1", "Paul"))],
    "blank-headers.csv": [("", 1, ("id", "#2", "age"), 3, 2, (), ("1101", "John"))],
    "blank-rows-multiple.csv": [("", 1, ("id", "name", "age"), 3, 2, (), ("1101", "John"))],
    "bom.csv": [("", 1, ("id", "name"), 2, 2, (), ("1", "english"))],
    "capital-invalid.csv": [("", 1, ("id", "name (1)", "name (2)"), 3, 10, (10, 12), ("1", "London", "Britain"))],
    "countries-truefalsevalues.csv": [("", 1, ("id", "value"), 2, 2, (), ("1", "yes"))],
    "defective-rows.csv": [("", 1, ("id", "name", "age"), 3, 2, (2, 3), ())],
    "doublequote.csv": [("", 1, ("INCISO", "NOMBREINCISO"), 17, 5, (), ("A.N.E.P.",))],
    "duplicate-headers.csv": [
        ("", 1, ("id (1)", "name", "id (2)", "age", "id (3)"), 5, 2, (), ("1101", "John", "0", "30", "001101")),
    ],
    "duplicate-rows.csv": [("", 1, ("id", "name", "age"), 3, 3, (), ("1101", "John"))],
    "empty.csv": "est vide",
    "encoding-issue-274.csv": [("", 1, ("id", "name", "abbreviation"), 17, 507, (), ("nz/a2f",))],
    # Its last row escapes a quote in the way of another language: it cannot be cut, and is refused alone.
    "escaping.csv": [("", 1, ("ID", "Test"), 2, 3, (4,), ("1", "Test line 1"))],
    "issue-1009-semicolon.csv": [("", 1, ("fieldNameA", "fieldNameB"), 2, 1, (), ("0123", "c"))],
    # Three rows of merged headers below a title.
    "issue-1024.xlsx": [("IPC", 12, ("Country", "Level 1 Name"), 55, 48, (),
                         ("Afghanistan: Acute Food Insecurity October 2021", ""))],
    "issue-312.xlsx": [("invalid", 1, ("id", "name (1)", "#3", "name (2)", "#5"), 5, 4, (), (1.0, "english"))],
    "issue-313.xlsx": [("Sheet1", 1, ("Column_1", "Column_3"), 5, 2, (), ("column_1_value_1", "column_3_value_1"))],
    "issue-320.xlsx": [("IPC", 12, ("Country", "Level 1 Name"), 54, 48, (),
                        ("Afghanistan: Acute Food Insecurity April 2020", ""))],
    "issue-870.xlsx": [("Sheet1", 1, ("0", "First Name"), 8, 9, (), (1.0, "Dulce"))],
    "latin1.csv": [("", 1, ("id", "name"), 2, 2, (), ("1", "english"))],
    "leading-zeros.csv": [("", 1, ("value",), 1, 3, (), ("01",))],
    "long.csv": [("", 1, ("id", "name"), 2, 6, (), ("1", "a"))],
    "matrix-with-comment.csv": [("", 2, ("f1", "f2", "f3", "f4"), 4, 4, (), ("11", "12", "13", "14"))],
    # One cell merged over the whole sheet: a header without rows.
    "merged-cells-boolean.xls": [("Лист1", 1, ("True",), 1, 0, (), ())],
    "merged-cells.xls": [("Лист1", 1, ("data",), 1, 0, (), ())],
    "merged-cells.xlsx": [("Лист1", 1, ("data",), 1, 0, (), ())],
    "multiline-headers.xlsx": [
        ("Лист1", 5, ("Region", "Caloric contribution / (%)",
                      "Cumulative impact of changes on cost of food basket / from previous quarter",
                      "Cumulative impact of changes on cost of food basket / from baseline (%)"),
         4, 1, (), ("A", "B", "C", "D")),
    ],
    "number-format-multicode.xlsx": [("Sheet1", 1, ("col1",), 1, 3, (), (4.51119775197299,))],
    "preserve-formatting-percentage.xlsx": [("Sheet1", 1, ("col1", "col2"), 2, 3, (), (123.0, 0.52))],
    "preserve-formatting.xlsx": [("Sheet1", 1, ("empty", "0"), 11, 1, (), ("", 1000.5577))],
    "schema-errors.csv": [("", 1, ("id", "name", "age"), 3, 4, (5,), ("1101", "John"))],
    "sheet2.xlsx": [("Sheet2", 1, ("id", "name"), 2, 2, (), (1.0, "english"))],
    "sheets.xlsx": [
        ("Sheet1", 1, ("id", "name"), 2, 1, (), (1.0, "london")),
        ("Sheet2", 1, ("id", "name"), 2, 1, (), (2.0, "paris")),
        ("Sheet3", 1, ("id", "name"), 2, 1, (), (3.0, "rome")),
    ],
    "skip-rows-before-headers.csv": [("", 2, ("id", "name"), 2, 2, (), ("1", "english"))],
    "skip-rows.xlsx": [("Sheet 1", 2, ("A", "B"), 2, 2, (), (8.0, 9.0))],
    "structure-errors.csv": [("", 1, ("id", "name", "age"), 3, 3, (5,), ("1101", "John"))],
    "table-infer-iso-8859-7.csv": [("", 1, ("id", "age", "name"), 3, 4, (), ("1", "39", "Λεωνιδας"))],
    "table-unicode-headers.csv": [("", 1, ("id", "国人"), 2, 2, (), ("1", "english"))],
    "table-with-accents.csv": [("", 1, ("Classement", "Quartier", "Date", "Année"), 8, 638, (), ("3 stars", "All"))],
    "table-with-ints-floats-dates.xls": [("Лист1", 1, ("Int", "Float", "Date"), 3, 3, (), (2013, 3.3))],
    "wide.csv": [("", 1, ("id", "100022"), 9074, 3, (), ("id1", "TRUE"))],
    # Nothing in it says that its first row is no header; the page shows it, and the row can be changed.
    "without-headers.csv": [("", 1, ("1", "english"), 2, 2, (), ("2", "中国人"))],
    "without-rows.csv": [("", 1, ("id", "name"), 2, 0, (), ())],
}  # fmt: skip


def test_every_file_of_the_set_is_in_the_list(shared_data: Path) -> None:
    found = {path.name for path in (shared_data / "csv_cases" / "frictionless").iterdir()}
    assert found - {"LICENSE.md"} == set(FRICTIONLESS)


@pytest.mark.parametrize("name", FRICTIONLESS)
def test_odd_files_open_as_the_right_table_or_say_why_not(shared_data: Path, name: str) -> None:
    path, answer = shared_data / "csv_cases" / "frictionless" / name, FRICTIONLESS[name]
    if isinstance(answer, str):
        with pytest.raises(AtFault, match=answer):
            look(path)
        return
    looks = look(path)
    assert len(looks) == len(answer)
    for found, (sheet, row, headers, columns, rows, refused, first) in zip(looks, answer, strict=True):
        assert (found.sheet, found.header_row, len(found.headers), found.rows) == (sheet, row, columns, rows)
        assert found.headers[: len(headers)] == headers
        table = open_table(path, (), place_of(found))
        read = list(table.rows())
        assert tuple(number for number, cells in read if isinstance(cells, Sentence)) == refused
        good = [tuple(cells) for _, cells in read if not isinstance(cells, Sentence)]
        assert (good[0] if good else ())[: len(first)] == first


def place_of(found: Look) -> Layout:
    return Layout(found.sheet, found.header_row, found.reading.depth, found.reading.repair)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def far_cells(path: Path) -> None:
    """Two cells in the corners of a sheet: 17 billion when it is laid out."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "name")
        sheet.write(1_048_575, 16_383, "x")


def shared_string(path: Path) -> None:
    """One long text, in 30 000 cells that each hold its number."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(30_000):
            sheet.write(row, 0, "x" * 32_000)


def zeros(path: Path) -> None:
    """Megabytes of nothing, in kilobytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(40):
                part.write(bytes(1 << 20))


@pytest.mark.parametrize("bomb", [far_cells, shared_string, zeros])
def test_bombs_cost_a_sentence(tmp_path: Path, bomb: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 30_000_000)
    path = tmp_path / "bomb.xlsx"
    bomb(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(AtFault, match=r"bomb\.xlsx"):
        look(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KiB


def test_formulas_are_read_as_their_values(tmp_path: Path) -> None:
    path = tmp_path / "accounts.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Raison sociale", "CA annuel"])
        sheet.write_row(1, 0, ["Acme"])
        sheet.write_formula(1, 1, "=1000*12", value=12000)
    (found,) = look(path)
    assert found.columns[1].samples == ("12000",)


def test_a_line_that_never_ends_is_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(encodings, "LONGEST_LINE", 8000)
    with pytest.raises(AtFault, match="une de ses lignes"):
        look(write(tmp_path, "a.csv", "name,arr\n" + "x" * 20_000))
    assert look(write(tmp_path, "b.csv", "name,arr\n" + f"{'x' * 900},1\n" * 100))[0].rows == 100


def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    """200 MB: looked at in a process of its own, whose memory is then known."""
    path = tmp_path / "usage.csv"
    line = "account-%06d,2026-%02d-%02d,boards,12,3400,18," + "x" * 1960 + "\n"
    with path.open("w", encoding="utf-8") as handle:
        handle.write("account_id,date,feature,active_users,events,logins,comment\n")
        for number in range(100):
            handle.write((line % (number, number % 12 + 1, number % 28 + 1)) * 1000)
    assert path.stat().st_size > 200_000_000
    script = (
        "import sys\nfrom pathlib import Path\nfrom haark.intake.looking import look\n"
        "found = look(Path(sys.argv[1]))[0]\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(found.kind, found.rows, int(status.split('VmHWM:')[1].split()[0]) // 1024)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ).stdout.split()  # fmt: skip
    assert told[:2] == ["usage", "100000"]
    assert int(told[2]) < 120  # MB


def test_bad_rows_are_refused_and_a_bad_mapping_changes_nothing(lite: Intake) -> None:
    lite.run({"accounts.csv": "external_id,name\nA,Acme\n"})
    report = lite.run(
        {
            "accounts.csv": 'external_id,name,sector\nB,Be\x00ta,x\nC,Gamma\nD,"Delta" SA,x\nE,Epsilon,=1+1\n'
            "E,Epsilon again,x\nF,Phi,x\n"
        }
    )
    assert (report.kinds["accounts"].new, report.kinds["accounts"].refused) == (2, 4)
    assert lite.rows("SELECT external_id, name, sector FROM account ORDER BY 1") == [
        ("A", "Acme", ""), ("E", "Epsilon", "=1+1"), ("F", "Phi", "x"),
    ]  # fmt: skip
    assert report.refused_file is not None
    told = report.refused_file.read_text(encoding="utf-8")
    for reason in ("caractère nul", "2 cellules au lieu de 3", "guillemets mal placés", "Epsilon again"):
        assert reason in told
    before = lite.everything()
    twice = 'source = "s"\n[[table]]\nfile = "accounts.csv"\nkind = "accounts"\nid = "external_id"\n'
    with pytest.raises(AtFault):
        lite.run(mapping=twice + 'columns.external_id = "name"\ncolumns.name = "name"\n')
    assert lite.everything() == before


def test_an_archive_of_files_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("exports/accounts.csv", "name\nAcme\n")
        archive.writestr("old/accounts.csv", "name\nBeta\n")
        archive.writestr("../../../outside.csv", "name\nGamma\n")
        archive.writestr("C:\\evil\\con.tsv", "name\nDelta\n")
        archive.writestr("readme.md", "no table")
        archive.writestr("__MACOSX/._accounts.csv", "junk")
        archive.writestr(".hidden.csv", "junk")
    assert is_archive(path)
    into = tmp_path / "deep" / "er"
    found = unpack(path, into)
    assert [each.name for each in found] == ["accounts.csv", "accounts-2.csv", "outside.csv", "con.tsv"]
    assert all(each.parent == into for each in found)
    assert sorted(each.name for each in tmp_path.rglob("*.*sv")) == sorted(each.name for each in found)


@pytest.mark.parametrize(
    ("members", "limits", "sentence"),
    [
        ({"a.csv": "x", "b.zip": "PK"}, Limits(), "autre archive"),
        ({"a.txt.md": "x"}, Limits(), "aucun tableau"),
        ({f"{number}.csv": "x" for number in range(4)}, Limits(files=3), "dépasse 3 fichiers"),
        ({"a.csv": "x" * 3_000_000}, Limits(bytes=2_000_000), "décompressée"),
    ],
)
def test_archives_that_are_refused_leave_nothing(
    tmp_path: Path, members: dict[str, str], limits: Limits, sentence: str
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(AtFault, match=sentence):
        unpack(path, tmp_path / "into", limits)
    assert list((tmp_path / "into").iterdir()) == []


def test_an_archive_that_lies_about_its_sizes_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "x" * 3_000_000)
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")  # its size once unpacked
    path.write_bytes(content)
    with pytest.raises(AtFault):
        unpack(path, tmp_path / "into", Limits(bytes=2_000_000))
    assert list((tmp_path / "into").iterdir()) == []


def test_a_workbook_is_no_archive_and_a_torn_archive_gets_a_sentence(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet().write(0, 0, "x")
    assert not is_archive(tmp_path / "a.xlsx")
    assert not is_archive(write(tmp_path, "a.csv", "name\nAcme\n"))
    with pytest.raises(AtFault, match="illisible"):
        unpack(write(tmp_path, "torn.zip", b"PK\x03\x04 torn"), tmp_path / "into")


PAGE = (
    '<html><head><meta charset="utf-8"></head><body><table border=1><tr><th colspan="3">Export &amp; co'
    "<tr><th>Raison sociale</th><th>CA annuel</th><th>Échéance</th></tr>"
    "<tr><td>Société<br>Valmorin</td><td>120&nbsp;000,50&nbsp;€</td><td>31/12/2026</td></tr>"
    "<tr><td>Fret Océan<td>1 048,00 €<td></table></body></html>"
)
XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="String">Raison sociale</Data></Cell>'
    '<Cell><Data ss:Type="String">CA annuel</Data></Cell><Cell><Data ss:Type="String">Échéance</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">Société Valmorin</Data></Cell><Cell ss:Index="3"><Data ss:Type="DateTime">'
    "2026-12-31T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>"
)


def test_web_pages_and_old_xml_under_the_name_of_a_workbook_are_read(tmp_path: Path) -> None:
    (found,) = look(write(tmp_path, "report.xls", PAGE))
    assert (found.kind, found.header_row, found.rows) == ("accounts", 2, 2)
    rows = [cells for _, cells in open_table(tmp_path / "report.xls", (), place_of(found)).rows()]
    assert rows == [["Société Valmorin", "120 000,50 €", "31/12/2026"], ["Fret Océan", "1 048,00 €", ""]]
    (found,) = look(write(tmp_path, "clients.xls", XML))
    assert (found.kind, [column.samples for column in found.columns]) == (
        "accounts", [("Société Valmorin",), (), ("2026-12-31T00:00:00.000",)],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name"),
    [("%PDF-1.7\n", "PDF"), ('{"a": 1}', "JSON"), ('\ufeff[{"a": 1}]', "JSON"), ("<?xml version='1.0'?><a/>", "XML")],
)
def test_other_formats_are_called_by_their_name(tmp_path: Path, content: str, name: str) -> None:
    with pytest.raises(AtFault, match=name):
        look(write(tmp_path, "a.csv", content))


def test_excels_hint_of_the_delimiter_and_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    (found,) = look(write(tmp_path, "clients.csv", "sep=;\nRaison sociale;CA annuel\nAcme;1,5\n"))
    assert (found.delimiter, found.header_row, found.headers) == (";", 2, ("Raison sociale", "CA annuel"))
    with xlsxwriter.Workbook(tmp_path / "dynamics.xlsx") as book:
        for name in ("Clients", "hiddenSheet"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Raison sociale", "CA annuel"])
            sheet.write_row(1, 0, ["Acme", 12])
        sheet.very_hidden()
    assert [each.sheet for each in look(tmp_path / "dynamics.xlsx")] == ["Clients"]


def test_a_workbook_at_rest_can_be_read_again(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name in ("A", "B"):
            book.add_worksheet(name).write_column(0, 0, [name, *map(str, range(1_200))])
    source = workbooks.Workbook(tmp_path / "a.xlsx")
    first, second = source.records("A"), source.records("B")
    mixed = [next(each)[1] for _ in range(700) for each in (first, second)]  # two readers of one workbook
    source.rest()
    rest = [cells for _, cells in (*first, *second)]
    assert sorted(map(tuple, mixed + rest)) == sorted(
        [("A",), ("B",), *((str(number),) for number in range(1_200) for _ in "AB")]
    )
