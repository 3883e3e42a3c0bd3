"""DI-6: the exports of the usual CRMs and support tools are recognised and give the right rows (all rows made up)."""

from pathlib import Path

import pytest

from haark.intake.kinds import KINDS
from haark.intake.looking import look
from haark.intake.suggesting import ready
from tests.intake.conftest import Intake
from tests.intake.readings import import_looked_at

ACCOUNTS = "SELECT external_id, name, sector, employees, country FROM account ORDER BY external_id"
CONTACTS = (
    "SELECT c.name, c.email, c.role, c.phone, a.name FROM contact c JOIN account a ON a.id = c.account_id ORDER BY 2"
)
DEALS = (
    "SELECT o.external_id, o.name, a.name, o.stage, o.kind, o.amount_cents, CAST(o.close_date AS text),"
    " CAST(o.created_on AS text), o.owner_email"
    " FROM opportunity o LEFT JOIN account a ON a.id = o.account_id ORDER BY o.external_id"
)
TICKETS = (
    "SELECT t.external_id, a.name, CAST(t.opened_at AS text), CAST(t.closed_at AS text), t.priority, t.csat, t.subject"
    " FROM ticket t JOIN account a ON a.id = t.account_id ORDER BY t.external_id"
)
EXPORTS = Path(__file__).with_name("exports")
SYSTEMS = sorted(folder.name for folder in EXPORTS.iterdir())
# Exports of tickets name accounts that are there already.
OWN = "accounts.csv"

OPENED, CLOSED = "2026-11-01 08:30:00.000000", "2026-11-13 15:05:00.000000"
FOUND = {
    "hubspot": {
        ACCOUNTS: [("9001", "Acme, Inc.", "COMPUTER_SOFTWARE", 320, "France"), ("9002", "Béta", "", None, "")],
        CONTACTS: [
            ("Inès Durand", "ines@acme.example", "decision_maker", "+33 1 02", "Acme, Inc."),
            ("Vidal", "paul@beta.example", "other", "", "Béta"),
        ],
        DEALS: [
            ("7001", "Extension", "Acme, Inc.", "won", "upsell", 1_500_050, "2026-12-01", "2026-09-01", "Ann Lee"),
            ("7002", "New site", None, "Contract Sent (Sales Pipeline)", "", None, None, "2026-10-01", ""),
        ],
    },
    "salesforce": {
        ACCOUNTS: [
            ("0015g00000AbCdE", "Acme, Inc.", "Energy", 320, "France"), ("0015g00000AbCdF", "Béta", "", None, ""),
        ],
        CONTACTS: [
            ("Inès Durand", "ines@acme.example", "other", "+33 1 02", "Acme, Inc."),
            ("Vidal", "paul@beta.example", "other", "", "Béta"),
        ],
        DEALS: [
            ("0065g1", "Extension", "Acme, Inc.", "won", "upsell", 1_500_050, "2026-12-01", "2026-09-14", "Ann Lee"),
            ("0065g2", "New site", None, "Prospecting", "", None, None, "2026-10-01", ""),
        ],
        TICKETS: [
            ("00001001", "Acme, Inc.", OPENED, CLOSED, "urgent", None, "No access"),
            ("00001002", "Béta", "2026-11-14 07:00:00.000000", None, "normal", None, "Question"),
        ],
    },
    "pipedrive": {
        ACCOUNTS: [("1", "Acme, Inc.", "Energy", 320, "France"), ("2", "Béta", "", None, "")],
        CONTACTS: [
            ("Inès Durand", "ines@acme.example", "other", "+33 1 02", "Acme, Inc."),
            ("Vidal", "paul@beta.example", "other", "", "Béta"),
        ],
        DEALS: [
            ("21", "Extension", "Acme, Inc.", "won", "", 1_500_050, "2026-12-01", "2026-09-14", "Ann Lee"),
            ("22", "New site", None, "Qualified", "", None, "2027-02-01", "2026-10-01", ""),
        ],
    },
    "dynamics": {
        ACCOUNTS: [("a1f-1", "Acme, Inc.", "Energy", 320, "France"), ("a1f-2", "Béta", "", None, "")],
        CONTACTS: [
            ("Inès Durand", "ines@acme.example", "other", "+33 1 02", "Acme, Inc."),
            ("Vidal", "paul@beta.example", "other", "", "Béta"),
        ],
        DEALS: [
            ("o-1", "Extension", "Acme, Inc.", "won", "", 1_500_050, "2026-12-01", "2026-09-14", "Ann Lee"),
            ("o-2", "New site", None, "2-Develop", "", None, "2027-02-01", "2026-10-01", ""),
        ],
    },
    "zendesk": {
        TICKETS: [
            ("1001", "Acme, Inc.", OPENED, CLOSED, "urgent", 5.0, "No access"),
            ("1002", "Béta", "2026-11-14 07:00:00.000000", None, "", None, "Question"),
        ],
    },
    "intercom": {
        CONTACTS: [
            ("Inès Durand", "ines@acme.example", "other", "+33 1 02", "Béta"),
            ("Vidal", "paul@beta.example", "other", "", "Béta"),
        ],
        TICKETS: [("5001", "Béta", OPENED, CLOSED, "", 5.0, "No access")],
    },
}  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
def test_exports_are_recognised_and_give_the_right_rows(
    lite: Intake, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    paths = sorted((EXPORTS / system).iterdir())
    looks, report = import_looked_at(lite, paths, monkeypatch)
    own = [found for path, found in zip(paths, looks, strict=True) if path.name != OWN]
    assert [(found.system, found.reading.source) for found in own] == [(system, system)] * len(own)
    assert {name: kind.refused for name, kind in report.kinds.items() if kind.refused} == {}, (
        report.refused_file and report.refused_file.read_text("utf-8")
    )
    for statement, rows in FOUND[system].items():
        assert lite.rows(statement) == rows


def test_the_data_loaders_names_are_known_too(tmp_path: Path) -> None:
    for name, content, kind in (
        ("Account.csv", "Id,Name,OwnerId,BillingCountry,NumberOfEmployees,Industry\n001,Acme,005,FR,3,Energy\n",
         "accounts"),
        ("Contact.csv", "Id,AccountId,LastName,FirstName,Email\n003,001,Durand,Inès,ines@acme.example\n", "contacts"),
        ("Opportunity.csv", "Id,AccountId,Name,StageName,Amount,CloseDate,CreatedDate,Type\n"
         "006,001,New,Closed Lost,12,2026-12-01,2026-01-01T08:00:00.000Z,\n", "opportunities"),
    ):  # fmt: skip
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        (found,) = look(path)
        assert (found.system, found.kind) == ("salesforce", kind)
        assert found.reading.columns["external_id"].header == "Id"


def test_a_system_s_own_columns_leave_room_for_those_that_were_added(tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(
        "Record ID,Company name,Company owner,Annual Revenue,ARR,Renewal date\n9001,Acme,,9000000,1200,2027-01-15\n",
        encoding="utf-8",
    )
    (found,) = look(path)
    assert found.system == "hubspot"
    assert {name: choice.header for name, choice in found.reading.columns.items()} == {
        "external_id": "Record ID", "name": "Company name", "owner_email": "Company owner", "arr": "ARR",
        "renewal_date": "Renewal date",
    }  # fmt: skip


def test_a_sheet_with_only_everyday_headers_is_nobodys_export(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("Id,Name,Email,Created at,Organization\n1,Acme,a@b.example,2026-01-15,X\n", encoding="utf-8")
    (found,) = look(path)
    assert found.system == ""


def test_ready_mappings_speak_of_columns_that_exist() -> None:
    assert {table.system for table in ready.tables()} == set(SYSTEMS)
    for table in ready.tables():
        kind = KINDS[table.kind]
        assert table.columns.keys() <= set(kind.names), (table.system, table.kind)
        for name, written in table.columns.items():
            column = kind.column(name)
            assert column is not None
            for value in written.get("values", {}).values():
                assert not value or not column.choices or value in column.choices, (table.system, name, value)
