"""Custom fields of accounts as columns `cf_KEY` of a file."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from haark.accounts import custom
from haark.accounts.models import Account, CustomField, CustomValue
from haark.events.models import Event
from haark.extensions import db
from haark.intake import domain
from haark.intake.desk import words
from haark.intake.looking import look, rule_of
from haark.intake.report import Report
from haark.intake.wording import AtFault
from tests.conftest import TODAY
from tests.intake.conftest import AT, Intake
from tests.intake.test_undoing import Undone

FIRST = (
    "external_id,name,cf_tier,cf_score,cf_since,cf_note,cf_none\n"
    '1,One,ete,"1 234,5",12/11/2026,=Hello,x\n2,Two,,,,,\n3,Three,Printemps,,,,\n4,Four,Hiver,deux,31/12/2026,,\n'
)


@pytest.fixture
def fields(intake: Intake) -> Intake:
    with intake.app.app_context():
        given: list[dict[str, Any]] = [
            {"key": "tier", "name": "Saison", "kind": "choice", "choices": ["Été", "Hiver"]},
            {"key": "score", "name": "Note", "kind": "number"},
            {"key": "since", "name": "Depuis", "kind": "date"},
            {"key": "note", "name": "Remarque", "kind": "text"},
        ]
        db.session.add_all(CustomField(created_at=AT, **one) for one in given)
        db.session.commit()
    return intake


def values(intake: Intake) -> dict[tuple[str, str], Any]:
    found = intake.rows(
        "SELECT a.external_id, f.key, v.text, v.number, v.date FROM custom_value v"
        " JOIN account a ON a.id = v.account_id JOIN custom_field f ON f.id = v.field_id"
    )
    return {(row[0], row[1]): next(str(one) for one in row[2:] if one is not None) for row in found}


def test_custom_fields_come_from_files_like_other_facts(fields: Intake) -> None:
    report = fields.run({"accounts.csv": FIRST.replace(",", ";").replace("1 234;5", "1 234,5")})
    assert vars(report.kinds["accounts"]) == {"new": 2, "changed": 0, "unchanged": 0, "refused": 2}
    assert any("cf_none" in str(note) for note in report.notes)
    told = {("1", "tier"): "Été", ("1", "score"): "1234.5", ("1", "since"): "2026-11-12", ("1", "note"): "=Hello"}
    assert values(fields) == told
    same = "external_id,name,cf_tier,cf_score,cf_since,cf_note\n1,One,Été,1234.5,2026-11-12,'=Hello\n2,Two,,,,\n"
    assert not fields.run({"accounts.csv": same}).moved
    # A column that the file does not have is left as it is; a blank cell empties.
    report = fields.run({"accounts.csv": "external_id,name,cf_tier,cf_score\n1,One,Hiver,\n2,Two,,7\n"})
    assert report.kinds["accounts"].changed == 2
    changed = told | {("1", "tier"): "Hiver", ("2", "score"): "7.0"}
    del changed["1", "score"]
    assert values(fields) == changed
    with fields.app.app_context():
        events = db.session.scalars(db.select(Event).where(Event.kind == "account.changed").order_by(Event.id)).all()
        assert [one.data["changes"] for one in events] == [
            {"cf_tier": ["Été", "Hiver"], "cf_score": [1234.5, None]},
            {"cf_score": [None, 7.0]},
        ]


def test_a_mapping_may_fill_them_and_says_when_there_is_none(fields: Intake) -> None:
    mapping = 'source = "crm"\n[[table]]\nfile = "x.csv"\nkind = "accounts"\nid = "N"\ncolumns.name = "Nom"\n'
    more = 'columns.cf_tier = { column = "Saison", values = { H = "Hiver" } }\ncolumns.cf_since = "Le"\n'
    fields.run({"x.csv": "N,Nom,Saison,Le\n1,One,H,5 janv. 2026\n"}, mapping + more)
    assert values(fields) == {("1", "tier"): "Hiver", ("1", "since"): "2026-01-05"}
    with pytest.raises(AtFault, match="cf_other"):
        fields.run(None, mapping + 'columns.cf_other = "Saison"\n')
    with fields.app.app_context():
        assert db.session.scalar(db.select(CustomValue.date).where(CustomValue.date.is_not(None))) == date(2026, 1, 5)


def test_undoing_an_import_brings_their_values_back(fields: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    undone = Undone(fields, monkeypatch)
    header = "external_id,name,cf_tier,cf_score,cf_since\n"
    undone.run({"accounts.csv": f"{header}1,One,Été,1,2026-01-05\n2,Two,Été,2,2026-01-06\n"})
    before = values(fields)
    last = undone.run({"accounts.csv": f"{header}1,One,Hiver,,2026-02-05\n2,Two,Hiver,3,\n3,New,Été,4,\n4,Kept,,,\n"})
    with fields.app.app_context():
        ids = dict(db.session.execute(db.select(Account.external_id, Account.id)).all())
        by_key = {one.key: one for one in custom.fields()}
        written = [(ids["2"], by_key["score"], 9.0), (ids["4"], by_key["note"], "typed")]
        for account, field, value in written:
            custom.set_value(account, field, value, by=None, at=AT)
        db.session.commit()
    kept = undone.undo(last)
    assert [row[2:] for row in kept] == [["Kept", "cf_note"], ["Two", "cf_score"]]
    assert values(fields) == before | {("2", "score"): "9.0", ("4", "note"): "typed"}
    assert fields.rows("SELECT count(*) FROM account") == [(3,)]


def test_a_look_finds_them_by_their_column_or_their_name(fields: Intake, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(
        "Raison sociale;Saison;cf_score;cf since\nOne;été;1,5;05/01/2026\nTwo;;;31/01/2026\n", encoding="utf-8"
    )
    with fields.app.app_context():
        (seen,) = look(path, fields={one.column: one.name for one in custom.fields()})
        chosen = {name: choice.header for name, choice in seen.reading.columns.items()}
        assert {name: header for name, header in chosen.items() if name.startswith("cf_")} == {
            "cf_tier": "Saison",
            "cf_score": "cf_score",
            "cf_since": "cf since",
        }
        assert chosen["name"] == "Raison sociale"
        assert ("cf_note", "Remarque") in words.fields("accounts")
        assert words.field("cf_tier") == "Saison"
        with domain.staged([domain.Item(rule_of(seen.reading, path), path, "crm")]) as stager:
            report = Report()
            domain.check_any(stager.scratch, report)
            domain.apply(stager, report, None, by=None, at=AT, on=TODAY, files=["clients.csv"], ring=False)
    found = fields.rows(
        "SELECT a.name, f.key, v.text, v.number FROM custom_value v JOIN account a ON a.id = v.account_id"
        " JOIN custom_field f ON f.id = v.field_id WHERE f.key <> 'since' ORDER BY f.key"
    )
    assert found == [("One", "score", None, 1.5), ("One", "tier", "Été", None)]
