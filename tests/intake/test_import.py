"""Every kind goes in, once; what is wrong is named; nothing is half written."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from haark.intake.report import Report
from haark.intake.wording import AtFault
from tests.intake.conftest import Intake

Counts = Callable[[Report], dict[str, tuple[int, int, int, int]]]

ACCOUNTS = (
    "external_id,name,sector,employees,arr,contract_start,renewal_date,tags\n"
    "A-1,Société Valmorin,Logistique,320,120000,2023-01-15,2027-01-15,vip;sud\n"
    "A-2,Beta,,,,,,\n"
)
FOLDER = {
    "accounts.csv": ACCOUNTS,
    "contacts.csv": (
        "account_id,name,email,role,main\n"
        "A-1,Claire Dumas,claire@valmorin.example,sponsor,oui\n"
        "societe valmorin,Paul,,champion,non\n"
    ),
    "revenue.csv": "account_id,date,arr,reason\nA-1,2023-01-15,100000,new\nA-1,2024-06-01,120000,expansion\n",
    "renewals.csv": "account_id,date,outcome,reason\nA-1,2026-01-15,renewed,\nA-2,2026-02-01,lost,prix\n",
    "features.csv": "key,name,premium,plan\nroutes,Tournées,non,\nforecast,Prévisions,oui,Pro\n",
    "usage.csv": (
        "account_id,date,feature,active_users,events,logins\n"
        "A-1,2026-11-01,,20,300,40\n"
        "A-1,2026-11-01,routes,12,200,\n"
        "A-1,2026-11-01,new-one,3,4,\n"
    ),
    "surveys.csv": (
        "account_id,date,kind,score,comment\n"
        "A-1,2026-10-01,nps,9,Parfait\n"
        "A-1,2026-10-01,nps,9,Parfait\n"
        "A-1,2026-10-02,csat,4.5,\n"
    ),
    "tickets.csv": (
        "account_id,external_id,opened_at,closed_at,priority,csat\n"
        "A-1,T-1,2026-10-01 08:00,2026-10-02,haute,5\n"
        "A-1,,2026-10-03,,,\n"
    ),
    "interactions.csv": (
        "account_id,at,kind,direction,tags,summary\n"
        "A-1,2026-10-01 10:00,call,both,budget;vip,\"Point, budget\"\n"
    ),
    "golives.csv": "account_id,date,name,major\nA-1,2023-03-01,Socle,oui\n",
    "opportunities.csv": (
        "external_id,account_id,name,kind,stage,amount,close_date,owner_email\n"
        "O-1,A-1,Extension,upsell,Proposition,15000,2026-12-31,x@y.example\n"
        "O-2,,Prospect libre,new,,9000,,\n"
    ),
}  # fmt: skip


def test_a_folder_of_every_kind_goes_in_and_a_second_time_changes_nothing(intake: Intake, counts: Counts) -> None:
    first = intake.run(FOLDER)
    assert counts(first) == {
        "accounts": (2, 0, 0, 0), "contacts": (2, 0, 0, 0), "revenue": (2, 0, 0, 0), "renewals": (2, 0, 0, 0),
        "features": (2, 0, 0, 0), "usage": (3, 0, 0, 0), "surveys": (3, 0, 0, 0), "tickets": (2, 0, 0, 0),
        "interactions": (1, 0, 0, 0), "golives": (1, 0, 0, 0), "opportunities": (2, 0, 0, 0),
    }  # fmt: skip
    assert first.refused_file is None
    before = intake.everything()
    second = intake.run()
    assert all(kind.new == kind.changed == kind.refused == 0 for kind in second.kinds.values())
    assert sum(kind.unchanged for kind in second.kinds.values()) == first.accepted
    assert intake.everything() == before


def test_what_went_in_is_what_was_written(intake: Intake) -> None:
    intake.run(FOLDER)
    assert intake.rows("SELECT name, name_folded, declared_arr_cents, employees, sector FROM account ORDER BY id") == [
        ("Société Valmorin", "societe valmorin", 12_000_000, 320, "Logistique"), ("Beta", "beta", None, None, ""),
    ]  # fmt: skip
    assert intake.rows("SELECT name, email, role FROM contact ORDER BY id") == [
        ("Claire Dumas", "claire@valmorin.example", "sponsor"), ("Paul", "", "champion"),
    ]  # fmt: skip
    assert intake.rows("SELECT active_users, events, logins FROM usage_day") == [(20, 300, 40)]
    assert intake.rows(
        "SELECT f.key, u.events, f.premium FROM usage_feature u JOIN feature f ON f.id = u.feature_id ORDER BY 1"
    ) == [
        ("new-one", 4, False), ("routes", 200, False),
    ]  # fmt: skip
    assert intake.rows("SELECT priority, csat FROM ticket ORDER BY id") == [("high", 5.0), ("", None)]
    assert intake.rows("SELECT name, amount_cents, account_id IS NULL FROM opportunity ORDER BY external_id") == [
        ("Extension", 1_500_000, False), ("Prospect libre", 900_000, True),
    ]  # fmt: skip
    assert intake.rows("SELECT name, arr_cents FROM account_card ORDER BY name") == [
        ("Beta", None),
        ("Société Valmorin", 12_000_000),
    ]
    kinds = [kind for (kind,) in intake.rows("SELECT kind FROM event ORDER BY id")]
    assert sorted(kinds) == ["account.created"] * 2 + ["contact.created"] * 2 + ["import.applied", "signal.opened"]


def test_a_changed_field_leaves_its_before_and_after(intake: Intake, counts: Counts) -> None:
    intake.run({"accounts.csv": ACCOUNTS})
    report = intake.run({"accounts.csv": "external_id,name,sector\nA-1,Société Valmorin,Transport\nA-2,Beta,\n"})
    assert counts(report) == {"accounts": (0, 1, 1, 0)}
    assert intake.rows("SELECT sector, declared_arr_cents, version FROM account WHERE external_id = 'A-1'") == [
        ("Transport", 12_000_000, 2)
    ]
    (data,) = intake.rows("SELECT data FROM event WHERE kind = 'account.changed'")
    told = data[0] if isinstance(data[0], dict) else json.loads(data[0])
    assert told == {"changes": {"sector": ["Logistique", "Transport"]}}


def test_a_dry_run_counts_and_changes_nothing(intake: Intake, counts: Counts) -> None:
    before = intake.everything()
    report = intake.run(FOLDER, dry_run=True)
    assert counts(report)["usage"] == (3, 0, 0, 0)
    assert intake.everything() == before


def test_refused_rows_come_back_with_their_reasons(intake: Intake, counts: Counts) -> None:
    report = intake.run(
        {
            "accounts.csv": "external_id,name,employees,arr,contract_start,renewal_date\n"
            "A-1,Bon,10,1000,2024-01-01,2025-01-01\n"
            "A-2,Négatif,10,-5,2024-01-01,2025-01-01\n"
            "A-3,Inversé,10,5,2024-01-01,2023-01-01\n"
            "A-4,,dix,5,2024-13-01,\n"
            "A-1,Autre nom,10,1000,2024-01-01,2025-01-01\n"
            "A-5,Court,10\n"
            "=A-6,Formule,-1,,,\n",
            "renewals.csv": (
                "account_id,date,outcome\nA-1,2025-01-01,renewed\nA-9,2025-01-01,lost\nA-1,2025-02-01,perhaps\n"
            ),
            "surveys.csv": (
                "account_id,date,kind,score\nA-1,2025-01-01,nps,11\nA-1,2025-01-01,csat,0\nA-1,2025-01-01,nps,10\n"
            ),
        }
    )
    assert counts(report) == {"accounts": (1, 0, 0, 6), "renewals": (1, 0, 0, 2), "surveys": (1, 0, 0, 2)}
    assert report.refused_file is not None
    with report.refused_file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    told = {(row["file"], int(row["row"])): row["reason"] for row in rows}
    assert "négative" in told["accounts.csv", 3]
    assert "précède le début" in told["accounts.csv", 4]
    assert told["accounts.csv", 5].count(";") == 2  # every fault of the row, not only the first
    assert "« A-1 » existe déjà à la ligne 2" in told["accounts.csv", 6]
    assert told["accounts.csv", 7] == "3 cellules au lieu de 6"
    assert "« A-9 » est inconnu" in told["renewals.csv", 3]
    assert "renewed, lost" in told["renewals.csv", 4]
    assert "de 0 à 10" in told["surveys.csv", 2]
    assert "de 1 à 5" in told["surveys.csv", 3]
    formula = next(row for row in rows if row["row"] == "8")
    assert (formula["external_id"], formula["employees"]) == ("'=A-6", "-1")


MIXED = "external_id,name,contract_start\nA-1,Bon,13/01/2024\nA-2,Autre,01/25/2024\n"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"accounts.csv": ""}, "est vide"),
        ({"accounts.csv": "external_id,name\n"}, "Aucune ligne"),
        ({"accounts.csv": "external_id,nom\nA-1,Bon\n"}, "il manque la colonne « name »"),
        ({"accounts.csv": "external_id,name,arr\nA-1,Bon,-1\n"}, "Aucune ligne valable"),
        ({"accounts.csv": MIXED}, "mélange deux ordres de date"),
        ({"accounts.csv": "external_id,name,name\nA-1,Bon,Bon\n"}, "2 colonnes"),
        ({"accounts.csv": 'external_id,name\nA-1,"Bon\n'}, "jamais refermé"),
        ({"accounts.csv": ACCOUNTS, "renewals.csv": ""}, "« renewals.csv » est vide"),
        ({"accounts.csv": ACCOUNTS, "usage.csv": "account_id,day\nA-1,2024-01-01\n"}, "il manque la colonne « date »"),
        ({"clients.csv": "name\nBon\n"}, "Aucun fichier à importer"),
        ({}, "Aucun fichier à importer"),
    ],
)
def test_a_file_at_fault_changes_nothing(intake: Intake, files: dict[str, str], sentence: str) -> None:
    before = intake.everything()
    with pytest.raises(AtFault, match=sentence):
        intake.run(files)
    assert intake.everything() == before
    assert not list((Path(intake.app.config["HAARK_DATA"]) / "imports").glob("*.scratch"))


def test_parents_may_come_later_and_unknown_ones_are_refused(intake: Intake, counts: Counts) -> None:
    report = intake.run(
        {
            "accounts.csv": "external_id,name,parent_external_id\nC,Fille,M\nG,Petite-fille,C\nM,Mère,\n"
            "X,Orpheline,Z\nY,Fille d’orpheline,X\nS,Soi,S\nP,Un,Q\nQ,Deux,P\n"
        }
    )
    assert counts(report) == {"accounts": (3, 0, 0, 5)}
    assert intake.rows("SELECT c.name, p.name FROM account c JOIN account p ON p.id = c.parent_id ORDER BY 1") == [
        ("Fille", "Mère"), ("Petite-fille", "Fille"),
    ]  # fmt: skip
    assert counts(intake.run())["accounts"][:3] == (0, 0, 3)


LEDGER = (
    'source = "s"\n'
    "[[table]]\n"
    'file = "u.csv"\n'
    'kind = "usage"\n'
    'id = "id"\n'
    'columns.account_id = "a"\n'
    'columns.date = "d"\n'
    'columns.feature = "f"\n'
    'columns.events = "n"\n'
)


def test_usage_rows_with_ids_are_summed_and_follow_corrections(intake: Intake, counts: Counts) -> None:
    intake.run({"accounts.csv": "external_id,name\nA-1,Bon\n"})
    first = "id,a,d,f,n\n1,A-1,2026-01-01,x,5\n2,A-1,2026-01-01,x,7\n3,A-1,2026-01-02,,1\n2,A-1,2026-01-01,x,9\n"
    assert counts(intake.run({"u.csv": first}, LEDGER)) == {"usage": (3, 0, 0, 1)}
    per_day = "SELECT CAST(day AS text), events FROM usage_feature ORDER BY 1"
    assert intake.rows(per_day) == [("2026-01-01", 12)]
    assert intake.rows("SELECT events FROM usage_day") == [(1,)]
    moved = "id,a,d,f,n\n1,A-1,2026-01-01,x,5\n2,A-1,2026-01-03,x,8\n3,A-1,2026-01-02,,1\n"
    assert counts(intake.run({"u.csv": moved}, LEDGER)) == {"usage": (0, 1, 2, 0)}
    assert intake.rows(per_day) == [("2026-01-01", 5), ("2026-01-03", 8)]
    gone = "id,a,d,f,n\n1,A-1,2026-01-03,x,5\n"
    intake.run({"u.csv": gone}, LEDGER)
    assert intake.rows(per_day) == [("2026-01-03", 13)]


LEVELS = (
    'source = "s"\n'
    "[[table]]\n"
    'file = "subs.csv"\n'
    'kind = "revenue"\n'
    'levels = { start = "from", end = "to", amount = "arr", by = "account" }\n'
)


def test_intervals_become_levels_and_follow_corrections(intake: Intake, counts: Counts) -> None:
    intake.run({"accounts.csv": "external_id,name\nA-1,Bon\nA-2,Essai\n"})
    subs = (
        "account,from,to,arr\n"
        "A-1,2024-01-01,2025-01-01,100\n"
        "A-1,2024-06-01,,50\n"
        "A-2,2024-01-01,,0\n"
        "A-1,2024-05-01,2024-04-01,9\n"
    )
    assert counts(intake.run({"subs.csv": subs}, LEVELS)) == {"revenue": (3, 0, 0, 1)}
    levels = "SELECT CAST(date AS text), arr_cents, reason FROM revenue ORDER BY 1"
    assert intake.rows(levels) == [
        ("2024-01-01", 10_000, "new"),
        ("2024-06-01", 15_000, "expansion"),
        ("2025-01-01", 5_000, "contraction"),
    ]
    assert counts(intake.run(None, LEVELS)) == {"revenue": (0, 0, 3, 1)}
    report = intake.run({"subs.csv": "account,from,to,arr\nA-1,2024-01-01,2024-03-01,100\n"}, LEVELS)
    assert intake.rows(levels) == [("2024-01-01", 10_000, "new"), ("2024-03-01", 0, "churn")]
    assert counts(report) == {"revenue": (1, 2, 1, 0)}  # two levels taken back


def test_amounts_in_a_currency_without_a_rate_are_told(intake: Intake) -> None:
    report = intake.run({"accounts.csv": "external_id,name,arr,currency\nA-1,Bon,1000,EUR\nA-2,Yen,1000,JPY\n"})
    assert [str(note) for note in report.notes] == [
        "Comptes dont la devise n’a pas de taux dans les réglages, laissés hors des totaux : 1"
    ]


def test_a_name_of_300_characters_with_emoji_and_right_to_left_text(intake: Intake) -> None:
    name = ("שלום 👩‍🚀 " * 40)[:300].strip()
    intake.run({"accounts.csv": f"external_id,name\nA-1,{name}\n"})
    assert intake.rows("SELECT name FROM account") == [(name,)]


def test_an_account_is_adopted_by_its_name_and_ambiguous_names_are_refused(intake: Intake, counts: Counts) -> None:
    intake.run({"accounts.csv": "name\nSociété Un\n"})
    assert counts(intake.run({"accounts.csv": "external_id,name\nU-1,societe un\nU-2,Double\nU-3,Double\n"})) == {
        "accounts": (2, 1, 0, 0)
    }
    report = intake.run({"renewals.csv": "account_id,date,outcome\nDouble,2025-01-01,lost\nU-2,2025-01-01,lost\n"})
    assert counts(report) == {"renewals": (1, 0, 0, 1)}


def test_the_language_of_reasons_and_the_source_keep_apart(intake: Intake, counts: Counts) -> None:
    intake.run({"accounts.csv": "external_id,name\nA-1,Bon\n"})
    nps = "id,a,d,s\n1,A-1,2026-01-01,9\n"
    toml = (
        "\n[[table]]\n"
        'file = "n.csv"\n'
        'kind = "surveys"\n'
        'id = "id"\n'
        'columns.account_id = "a"\n'
        'columns.date = "d"\n'
        'columns.score = "s"\n'
        'columns.kind = { const = "nps" }\n'
    )
    assert counts(intake.run({"n.csv": nps}, 'source = "one"' + toml)) == {"surveys": (1, 0, 0, 0)}
    assert counts(intake.run({"n.csv": nps}, 'source = "two"' + toml)) == {"surveys": (1, 0, 0, 0)}
    assert counts(intake.run({"n.csv": nps.replace(",9", ",8")}, 'source = "one"' + toml)) == {"surveys": (0, 1, 0, 0)}


def test_cells_are_joined_and_one_column_stands_in_for_another(lite: Intake) -> None:
    """Each is read in its own column's order: the first alone would say nothing about `Planned`."""
    lite.run(
        {
            "accounts.csv": "name\nAcme\n",
            "deals.csv": "id,First,Last,Actual,Planned,Status,Stage\n1,New,site,,11/2/2026,Open,Proposal\n"
            "2,Big,,,11/25/2026,Won,Proposal\n3,,one,2026-10-01,11/26/2026,Lost,\n",
        },
        'source = "s"\n[[table]]\nfile = "accounts.csv"\nkind = "accounts"\ncolumns.name = "name"\n'
        '[[table]]\nfile = "deals.csv"\nkind = "opportunities"\nid = "id"\n'
        'columns.name = { column = "First", join = ["Last"] }\n'
        'columns.close_date = { column = "Actual", else = "Planned" }\n'
        'columns.stage = { column = "Status", else = "Stage", values = { Open = "" } }\n',
    )
    assert lite.rows("SELECT name, CAST(close_date AS text), stage FROM opportunity ORDER BY external_id") == [
        ("New site", "2026-11-02", "Proposal"), ("Big", "2026-11-25", "Won"), ("one", "2026-10-01", "Lost"),
    ]  # fmt: skip
