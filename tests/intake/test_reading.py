"""Files become tables, or a sentence: never a crash, never a shifted cell."""

import json
import zipfile
from pathlib import Path

import pytest

from haark.intake import workbooks
from haark.intake.reading import open_table
from haark.intake.wording import AtFault, Sentence

KNOWN_ERRORS_OF_THE_SET = {
    # Its JSON holds another phone number than its CSV.
    "location_coordinates": lambda rows: [{**row, "Contact Phone Number": "1234567890"} for row in rows],
    # The CSV in the set has lost its carriage returns, its JSON has not.
    "newlines_crlf": lambda rows: [
        {key: cell.replace("e upon \n", "e upon \r\n") for key, cell in row.items()} for row in rows
    ],
}


def write(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def as_dicts(path: Path, expected: tuple[str, ...] = ()) -> list[dict[str, object]]:
    table = open_table(path, expected)
    return [
        dict(zip(table.headers, cells, strict=True)) for _, cells in table.rows() if not isinstance(cells, Sentence)
    ]


def test_csv_spectrum_reads_as_its_json(shared_data: Path) -> None:
    cases = sorted((shared_data / "csv_cases" / "spectrum_csv").iterdir())
    assert len(cases) == 12
    for case in cases:
        answer = json.loads((shared_data / "csv_cases" / "spectrum_json" / f"{case.stem}.json").read_text("utf-8"))
        known_error = KNOWN_ERRORS_OF_THE_SET.get(case.stem, lambda rows: rows)
        assert known_error(as_dicts(case)) == (answer if isinstance(answer, list) else [answer]), case.name


def test_odd_files_give_a_table_or_a_sentence(shared_data: Path) -> None:
    for case in sorted((shared_data / "csv_cases" / "frictionless").iterdir()):
        try:
            table = open_table(case)
            rows = list(table.rows())
        except AtFault as fault:
            assert str(fault).startswith(("Le fichier", "Le classeur", "Dans")) and case.name in str(fault)
            continue
        assert table.headers
        assert all(isinstance(cells, Sentence) or len(cells) == len(table.headers) for _, cells in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "a.csv", "name,sector\nSociété Générale,Énergie\nÇa & là,Santé\n", encoding)
    assert as_dicts(path)[0] == {"name": "Société Générale", "sector": "Énergie"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["name", "arr", "note"], ["Acme", "1 200.50", "a: b"], ["Béta", "3", ""]]
    path = write(tmp_path, "a.csv", "\n".join(delimiter.join(row) for row in rows))
    assert open_table(path).headers == ("name", "arr", "note")


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "name;arr;csat\nAcme;1,5;2,5\nBeta;2,5;3,5\n")
    assert as_dicts(path)[0] == {"name": "Acme", "arr": "1,5", "csat": "2,5"}


def test_the_header_is_found_below_titles_and_notes(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "Export du 12/11/2026;;\n;;\nConfidentiel;;\nname;arr;sector\nAcme;1;Logistique\n")
    table = open_table(path, ("name", "arr"))
    assert (table.header_row, table.headers) == (4, ("name", "arr", "sector"))
    assert list(table.rows()) == [(5, ["Acme", "1", "Logistique"])]


def test_a_ragged_row_is_named_and_the_others_stay(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n\n4,5,6\n")
    rows = list(open_table(path).rows())
    assert [(number, cells) for number, cells in rows if not isinstance(cells, Sentence)] == [
        (2, ["1", "2", "3"]), (5, ["1", "2", "3"]), (7, ["4", "5", "6"]),
    ]  # fmt: skip
    assert [(number, str(cells)) for number, cells in rows if isinstance(cells, Sentence)] == [
        (3, "2 cellules au lieu de 3"), (4, "4 cellules au lieu de 3"),
    ]  # fmt: skip


def test_a_stray_quote_costs_its_row_only(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'a,b\n"x"y,2\n3,4\n')
    rows = list(open_table(path).rows())
    assert isinstance(rows[0][1], Sentence)
    assert rows[1] == (3, ["3", "4"])


def test_a_quote_never_closed_is_the_files_fault(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'a,b\n1,2\n"3,4\n5,6\n')
    with pytest.raises(AtFault, match="ligne 3"):
        list(open_table(path).rows())


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'a,b\n"one\ntwo",2\n3,4\n')
    assert [number for number, _ in open_table(path).rows()] == [2, 4]


def test_two_columns_of_one_name_are_told_when_that_name_is_asked_for(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "a.csv", "name,arr,Name\n1,2,3\n"), ("name",))
    assert table.position("name") == 0  # exactly so written
    with pytest.raises(AtFault, match="2 colonnes"):
        table.position("NAME")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "est vide"),
        ("blank.csv", b"\n\n  \n", "est vide"),
        ("noise.csv", bytes(range(256)) * 40, "binaire"),
        ("book.xlsx", b"PK\x03\x04 torn", "illisible"),
        ("book.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "illisible"),
        (
            "locked.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64 + "EncryptedPackage".encode("utf-16-le"),
            "mot de passe",
        ),
        ("mixed.csv", "name\nÉcole\nForêt\nCôté\n".encode() + "Été\n".encode("cp1252"), "mélange deux encodages"),
    ],
)
def test_unreadable_files_get_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(AtFault, match=sentence):
        list(open_table(write(tmp_path, name, content)).rows())


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AtFault, match="ne peut pas être ouvert"):
        open_table(tmp_path / "nowhere.csv")


def test_a_bomb_is_refused_before_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 1_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    with pytest.raises(AtFault, match="décompressé"):
        open_table(path)


def test_the_sheet_with_the_expected_columns_is_read(shared_data: Path) -> None:
    table = open_table(shared_data / "csv_cases" / "frictionless" / "sheet2.xlsx", ("id", "name"))
    assert (table.sheet, [list(cells) for _, cells in table.rows()]) == ("Sheet2", [[1.0, "english"], [2.0, "中国人"]])
