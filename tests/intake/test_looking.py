"""What a look finds in a file: where its table stands, how it is written, what is left to ask."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from haark.intake.known import Known, by_spelling
from haark.intake.looking import Finding, Look, Reading, fingerprint, look, look_again, rule_of
from haark.intake.wording import AtFault
from tests.intake.conftest import Intake
from tests.intake.readings import import_looked_at


def seen(folder: Path, content: str, name: str = "clients.csv", encoding: str = "utf-8") -> Look:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    (found,) = look(path)
    return found


def book(path: Path, fill: Callable[[Worksheet, Format], None], name: str = "Feuille1") -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        fill(workbook.add_worksheet(name), workbook.add_format({"align": "center"}))
    return path


def test_a_french_export_is_read_as_it_was_meant(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        "Portefeuille au 12/11/2026;;;\n;;;\nRaison sociale;CA annuel;Date de renouvellement;Effectif\n"
        "Société Valmorin;120 000,50 €;11/01/2027;1 240\nFret Océan;1 048,00 €;30/11/2026;-\n",
        encoding="cp1252",
    )
    assert (found.kind, found.encoding, found.delimiter, found.header_row, found.rows) == (
        "accounts", "cp1252", ";", 3, 2,
    )  # fmt: skip
    assert found.headers == ("Raison sociale", "CA annuel", "Date de renouvellement", "Effectif")
    assert [(column.samples, column.filled) for column in found.columns[:2]] == [
        (("Société Valmorin", "Fret Océan"), 2), (("120 000,50 €", "1 048,00 €"), 2),
    ]  # fmt: skip
    assert {name: (each.value, each.example, each.held, each.total) for name, each in found.formats.items()} == {
        "decimal": (",", "120 000,50 €", 2, 2), "thousands": (" ", "120 000,50 €", 3, 3),
        "currency": ("EUR", "120 000,50 €", 2, 2), "dates": ("dmy", "30/11/2026", 2, 2),
    }  # fmt: skip
    assert (found.reading.date_order, found.reading.decimal, found.reading.header_row) == ("dmy", ",", 3)


@pytest.mark.parametrize(
    ("amount", "decimal", "thousands"),
    [
        ("120 000,50 €", ",", " "), ("120\u00a0000,50\u202f€", ",", " "), ("120\u202f000,5", ",", " "),
        ("1.234,5", ",", "."), ("$1,234.50", ".", ","), ("1'234.50", ".", "'"), ("(16.0)", ".", ""),
    ],
)  # fmt: skip
def test_every_way_of_writing_amounts_is_told(tmp_path: Path, amount: str, decimal: str, thousands: str) -> None:
    found = seen(tmp_path, f"Nom\tARR\nA\t{amount}\nB\t-\n", "clients.tsv")
    assert found.formats["decimal"].value == found.reading.decimal == decimal
    assert ("thousands" in found.formats and found.formats["thousands"].value) == (thousands or False)


def test_amounts_that_read_two_ways_are_told(tmp_path: Path) -> None:
    found = seen(tmp_path, "Nom\tARR\nA\t1,234\nB\t5,678\n", "clients.tsv")
    assert found.formats["decimal"].value == found.reading.decimal == ""
    assert found.formats["decimal"].columns == ("ARR",)


def test_an_open_date_order_is_asked_for_and_its_answer_is_followed(
    lite: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lite.files({"clients.csv": "Nom,Date de renouvellement\nA,01/02/2027\nB,03/04/2027\n"})
    path = lite.folder / "clients.csv"
    (found,) = look(path)
    assert found.reading.date_order == ""
    assert found.formats["dates"].columns == ("Date de renouvellement",)
    with pytest.raises(AtFault, match="se lisent aussi bien"):
        import_looked_at(lite, [path], monkeypatch)
    import_looked_at(lite, [path], monkeypatch, date_order="mdy")
    statement = "SELECT name, CAST(renewal_date AS text) FROM account ORDER BY name"
    assert lite.rows(statement) == [("A", "2027-01-02"), ("B", "2027-03-04")]


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["01/02/2027", "25/12/2026"], "dmy"), (["01/02/2027", "12/25/2026"], "mdy"), (["2027-02-01"], "ymd"),
        (["01/02/2027", "03/04/2027"], ""), (["01.02.2027"], "dmy"), (["05/05/2027"], "dmy"), (["1 févr. 2027"], "ymd"),
        (["01/02/2027"] * 6_000 + ["13/02/2027"], "dmy"),  # far below what is looked at cell by cell
    ],
)  # fmt: skip
def test_the_whole_column_decides(tmp_path: Path, dates: list[str], order: str) -> None:
    rows = "".join(f"A{at};{day}\n" for at, day in enumerate(dates))
    assert seen(tmp_path, f"Nom;Échéance\n{rows}").reading.date_order == order


def test_an_open_column_that_is_not_imported_asks_nothing(tmp_path: Path) -> None:
    found = seen(tmp_path, "Nom;Échéance;Anniversaire du chat\nA;2027-01-15;01/02/2020\n")
    assert found.reading.date_order != ""
    assert "Anniversaire du chat" in found.formats["dates"].columns
    found = seen(tmp_path, "Nom;Échéance;Début contrat\nA;01/02/2027;25/12/2020\n")
    assert found.reading.date_order == "dmy"  # the file's other dates tell


def test_misread_utf8_is_repaired_and_told(lite: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    good = "Raison sociale;Secteur\nSociété Générale d’Énergie;Énergie à vendre\nFret Océan « Sud »;Été\n"
    lite.files({"clients.csv": good.encode("utf-8").decode("cp1252", errors="replace").replace("\ufffd", "\u2030")})
    (found,), _ = import_looked_at(lite, [lite.folder / "clients.csv"], monkeypatch)
    repair = found.formats["repaired"]
    assert (repair.value, repair.example, repair.after) == (
        "cp1252", "Ã‰tÃ©", "Été",
    )  # fmt: skip
    assert lite.rows("SELECT name FROM account ORDER BY id") == [
        ("Société Générale d’Énergie",),
        ("Fret Océan « Sud »",),
    ]
    assert "repaired" not in seen(lite.folder, good).formats


def test_repeated_and_blank_headers_get_names_of_their_own(tmp_path: Path) -> None:
    found = seen(tmp_path, "Nom;E-mail;;E-mail;Société\nAnn;a@x.example;?;b@x.example;Acme\n", "contacts.csv")
    assert found.headers == ("Nom", "E-mail (1)", "#3", "E-mail (2)", "Société")
    rule = rule_of(found.reading, tmp_path / "contacts.csv")
    assert rule.headers == ["Société", "Nom", "E-mail (1)"]


def test_each_sheet_with_rows_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Vide")
        workbook.add_worksheet("Lisez-moi").write(0, 0, "Export du 12/11/2026")
        clients, nps = workbook.add_worksheet("Clients"), workbook.add_worksheet("NPS")
        clients.write_row(3, 2, ["Raison sociale", "CA annuel", "Échéance"])
        clients.write_row(4, 2, ["Acme", 1200, "13/01/2027"])
        nps.write_row(0, 0, ["Client", "Date", "Note"])
        nps.write_row(1, 0, ["Acme", "13/10/2026", 9])
    found = look(path)
    assert [(each.sheet, each.kind, each.header_row, each.rows) for each in found] == [
        ("Clients", "accounts", 4, 1), ("NPS", "surveys", 1, 1),
    ]  # fmt: skip
    assert [each.reading.sheet for each in found] == ["Clients", "NPS"]


def test_merged_headers_are_joined(tmp_path: Path) -> None:
    def fill(sheet: Worksheet, style: Format) -> None:
        sheet.merge_range(0, 0, 0, 6, "Annuaire 2026", style)
        sheet.merge_range(2, 0, 3, 0, "Code client", style)
        sheet.merge_range(2, 1, 2, 3, "Contact", style)
        sheet.merge_range(2, 4, 2, 5, "Adresse", style)
        sheet.write(2, 6, "Notes")
        sheet.write_row(3, 1, ["Prénom", "Nom", "E-mail", "Ville", "Pays"])
        sheet.merge_range(4, 0, 5, 0, "A-1", style)  # two contacts of one client
        sheet.write_row(4, 1, ["Ann", "Lee", "ann@a.example", "Lyon", "FR", "x"])
        sheet.write_row(5, 1, ["Bob", "Ray", "bob@a.example", "Lyon", "FR", ""])

    (found,) = look(book(tmp_path / "annuaire.xlsx", fill))
    assert found.headers == (
        "Code client", "Contact / Prénom", "Contact / Nom", "Contact / E-mail", "Adresse / Ville", "Adresse / Pays",
        "Notes",
    )  # fmt: skip
    assert (found.header_row, found.reading.depth, found.rows, found.kind) == (4, 2, 2, "contacts")
    assert {name: choice.headers for name, choice in found.reading.columns.items()} == {
        "account_id": ("Code client",), "name": ("Contact / Prénom", "Contact / Nom"), "email": ("Contact / E-mail",),
    }  # fmt: skip
    assert found.columns[0].filled == 2


def test_merged_headers_of_a_workbook_reach_the_database(lite: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(sheet: Worksheet, style: Format) -> None:
        sheet.merge_range(4, 1, 4, 2, "Client", style)
        sheet.merge_range(4, 3, 4, 4, "Contrat", style)
        sheet.write_row(5, 1, ["Code", "Raison sociale", "ARR (k€)", "Échéance"])
        sheet.write_row(6, 1, ["A-1", "Acme", 12.5, "31/12/2026"])
        sheet.write_row(7, 1, ["A-2", "Beta", "n.c.", "31/12/2026"])

    path = book(lite.folder / "clients.xlsx", fill)
    _, report = import_looked_at(lite, [path], monkeypatch)
    assert lite.rows("SELECT external_id, name, declared_arr_cents, CAST(renewal_date AS text) FROM account") == [
        ("A-1", "Acme", 1_250_000, "2026-12-31"),
    ]
    assert report.refused_file is not None
    assert ",8\n" in report.refused_file.read_text(encoding="utf-8").replace("\r\n", "\n")  # the row that Excel shows


def test_a_title_merged_over_the_table_is_no_group(tmp_path: Path) -> None:
    def fill(sheet: Worksheet, style: Format) -> None:
        sheet.merge_range(0, 0, 0, 2, "Portefeuille", style)
        sheet.write_row(1, 0, ["Raison sociale", "ARR", "Échéance"])
        sheet.write_row(2, 0, ["Acme", 12, "31/12/2026"])

    (found,) = look(book(tmp_path / "clients.xlsx", fill))
    assert (found.headers, found.reading.depth) == (("Raison sociale", "ARR", "Échéance"), 1)


def test_one_table_can_be_looked_at_again_as_somebody_says(tmp_path: Path) -> None:
    content = "Client;Date;Note\nClient;Date;Score\nAcme;13/10/2026;9\n"
    found = seen(tmp_path, content, "divers.csv")
    again = look_again(tmp_path / "divers.csv", "", 2, "interactions")
    assert (found.header_row, again.header_row, again.kind, again.rows) == (1, 2, "interactions", 1)
    assert again.reading.columns["account_id"].header == "Client"


def test_two_columns_make_one_name(lite: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    lite.files(
        {
            "accounts.csv": "name\nAcme\n",
            "annuaire.csv": "Société;Nom;Prénom;E-mail\nAcme;Durand;Inès;ines@a.example\nAcme;Vidal;;paul@a.example\n",
        }
    )
    import_looked_at(lite, [lite.folder / "accounts.csv", lite.folder / "annuaire.csv"], monkeypatch)
    assert lite.rows("SELECT name FROM contact ORDER BY email") == [("Inès Durand",), ("Vidal",)]


def test_intervals_become_levels(lite: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    lite.files(
        {
            "accounts.csv": "external_id,name\nA,Acme\n",
            "abonnements.csv": "Code client;Date début;Date fin;Montant annuel\nA;01/01/2025;01/01/2026;1000\n"
            "A;15/06/2025;;500\n",
        }
    )
    import_looked_at(lite, [lite.folder / "accounts.csv", lite.folder / "abonnements.csv"], monkeypatch)
    assert lite.rows("SELECT CAST(date AS text), arr_cents FROM revenue ORDER BY date") == [
        ("2025-01-01", 100_000), ("2025-06-15", 150_000), ("2026-01-01", 50_000),
    ]  # fmt: skip


def test_a_look_survives_being_kept(tmp_path: Path) -> None:
    found = seen(tmp_path, "Nom;MRR;Échéance\nA;1,5;01/02/2027\n")
    assert Reading.from_json(found.reading.to_json()) == found.reading
    assert {name: Finding.from_json(each.to_json()) for name, each in found.formats.items()} == found.formats
    assert replace(found.reading, date_order="dmy") != found.reading


def test_the_same_headers_have_the_same_fingerprint() -> None:
    mark = fingerprint(("Raison sociale", "CA annuel"))
    assert mark == fingerprint(("ca_annuel", "RAISON SOCIALE")) == fingerprint(
        ("Raison sociale", "CA annuel", "reason", "file", "row")
    )  # fmt: skip
    assert mark != fingerprint(("Raison sociale", "CA"))
    assert len(mark) == 64


def test_colleagues_are_known_by_name_too() -> None:
    spelt = by_spelling([("Claire Delorme", 1), ("Paul Vidal", 2), ("Pierre Vidal", 3), ("Anne-Marie Le Goff", 4)])
    known = Known()
    known.colleagues = spelt
    assert [known.user(text) for text in ("claire delorme", "c. delorme", "delorme, claire", "DELORME C.")] == [1] * 4
    assert [known.user(text) for text in ("anne-marie le goff", "a. le goff")] == [4, 4]
    assert known.user("p. vidal") is None  # there are two of them
    assert known.user("paul vidal") == 2
    assert known.unknown_users == {"p. vidal"}


def test_dates_written_as_text_between_cells_of_dates_are_asked_for_too(
    lite: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lite.folder / "clients.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet, day = workbook.add_worksheet(), workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Raison sociale", "Échéance"])
        sheet.write_row(1, 0, ["A", "01/02/2027"])
        sheet.write(2, 0, "B")
        sheet.write_datetime(2, 1, date(2027, 3, 4), day)
    assert look(path)[0].reading.date_order == ""
    import_looked_at(lite, [path], monkeypatch, date_order="dmy")
    assert lite.rows("SELECT CAST(renewal_date AS text) FROM account ORDER BY name") == [
        ("2027-02-01",),
        ("2027-03-04",),
    ]
