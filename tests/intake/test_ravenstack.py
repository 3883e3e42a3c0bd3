"""The real files, whole, against sums taken straight from them by other means."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from tests.intake.conftest import Intake

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
DATES = ("2023-06-30", "2023-12-31", "2024-03-15", "2024-10-01", "2024-12-30", "2025-06-01")


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture
def raven(intake: Intake, shared_data: Path) -> Iterator[Intake]:
    report = intake.paths([shared_data / "ravenstack"], EXAMPLES / "ravenstack.toml")
    intake.report = report  # type: ignore[attr-defined]
    yield intake


def test_ravenstack_goes_in_whole_and_adds_up(raven: Intake, shared_data: Path) -> None:
    folder = shared_data / "ravenstack"
    told = {name: vars(kind) for name, kind in raven.report.kinds.items()}  # type: ignore[attr-defined]
    assert told["accounts"] == {"new": 500, "changed": 0, "unchanged": 0, "refused": 0}
    assert told["usage"] == {"new": 24_979, "changed": 0, "unchanged": 0, "refused": 21}
    assert told["tickets"] == {"new": 2_000, "changed": 0, "unchanged": 0, "refused": 0}
    assert told["renewals"] == {"new": 600, "changed": 0, "unchanged": 0, "refused": 0}
    assert told["revenue"]["refused"] == 0
    _check_arr(raven, folder)
    _check_usage(raven, folder)
    _check_tickets_and_renewals(raven, folder)
    before = raven.everything()
    again = raven.paths([folder], EXAMPLES / "ravenstack.toml")
    assert not again.moved
    assert raven.everything() == before


def _check_arr(raven: Intake, folder: Path) -> None:
    subscriptions = rows(folder, "ravenstack_subscriptions")
    history: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for account, day, cents in raven.rows(
        "SELECT a.external_id, CAST(r.date AS text), r.arr_cents FROM revenue r"
        " JOIN account a ON a.id = r.account_id ORDER BY r.date"
    ):
        history[account].append((day, cents))
    for day in DATES:
        expected: Counter[str] = Counter()
        for row in subscriptions:
            if row["start_date"] <= day and (not row["end_date"] or day < row["end_date"]):
                expected[row["account_id"]] += round(float(row["arr_amount"]) * 100)
        found = {account: [cents for since, cents in levels if since <= day] for account, levels in history.items()}
        assert {account: levels[-1] for account, levels in found.items() if levels and levels[-1]} == {
            account: cents for account, cents in expected.items() if cents
        }, day


def _check_usage(raven: Intake, folder: Path) -> None:
    account_of = {row["subscription_id"]: row["account_id"] for row in rows(folder, "ravenstack_subscriptions")}
    expected: Counter[tuple[str, str, str]] = Counter()
    seen: set[str] = set()
    later: list[str] = []
    for row in rows(folder, "ravenstack_feature_usage"):
        if row["usage_id"] in seen:
            later.append(row["usage_id"])
            continue
        seen.add(row["usage_id"])
        quarter = f"{row['usage_date'][:4]}Q{(int(row['usage_date'][5:7]) + 2) // 3}"
        expected[account_of[row["subscription_id"]], quarter, row["feature_name"]] += int(row["usage_count"])
    found: Counter[tuple[str, str, str]] = Counter()
    for account, day, feature, events in raven.rows(
        "SELECT a.external_id, CAST(u.day AS text), f.key, u.events FROM usage_feature u"
        " JOIN account a ON a.id = u.account_id JOIN feature f ON f.id = u.feature_id"
    ):
        found[account, f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}", feature] += events
    assert found == expected
    assert raven.rows("SELECT count(*), count(DISTINCT key) FROM feature WHERE NOT premium") == [(40, 40)]
    refused_file = raven.report.refused_file  # type: ignore[attr-defined]
    with refused_file.open(encoding="utf-8", newline="") as handle:
        refused = list(csv.DictReader(handle))
    assert Counter(row["usage_id"] for row in refused) == Counter(later)
    assert all(f"« {row['usage_id']} »" in row["reason"] for row in refused)


def _check_tickets_and_renewals(raven: Intake, folder: Path) -> None:
    tickets = rows(folder, "ravenstack_support_tickets")
    assert Counter(
        raven.rows(
            "SELECT a.external_id, t.external_id, t.priority, t.csat FROM ticket t"
            " JOIN account a ON a.id = t.account_id"
        )
    ) == Counter(
        (
            row["account_id"],
            row["ticket_id"],
            {"medium": "normal"}.get(row["priority"], row["priority"]),
            float(row["satisfaction_score"]) if row["satisfaction_score"] else None,
        )
        for row in tickets
    )
    churn = rows(folder, "ravenstack_churn_events")
    assert Counter(
        raven.rows(
            "SELECT a.external_id, CAST(r.date AS text), r.outcome, r.reason FROM renewal r"
            " JOIN account a ON a.id = r.account_id"
        )
    ) == Counter((row["account_id"], row["churn_date"], "lost", row["reason_code"]) for row in churn)


def test_maven_goes_in_whole(intake: Intake, shared_data: Path) -> None:
    folder = shared_data / "maven_crm"
    report = intake.paths([folder], EXAMPLES / "maven.toml")
    assert {name: vars(kind) for name, kind in report.kinds.items()} == {
        "accounts": {"new": 85, "changed": 0, "unchanged": 0, "refused": 0},
        "opportunities": {"new": 8_800, "changed": 0, "unchanged": 0, "refused": 0},
    }
    deals = rows(folder, "sales_pipeline")
    assert Counter(
        raven
        for raven in intake.rows(
            "SELECT o.external_id, a.external_id, o.name, o.stage, o.amount_cents, o.owner_email,"
            " CAST(o.close_date AS text)"
            " FROM opportunity o LEFT JOIN account a ON a.id = o.account_id"
        )
    ) == Counter(
        (
            row["opportunity_id"],
            row["account"] or None,
            row["product"].replace("GTXPro", "GTX Pro"),
            row["deal_stage"],
            int(row["close_value"]) * 100 if row["close_value"] else None,
            row["sales_agent"],
            row["close_date"] or None,
        )
        for row in deals
    )
    assert intake.rows("SELECT count(*) FROM opportunity WHERE account_id IS NULL") == [(1_425,)]
    accounts = rows(folder, "accounts")
    assert intake.rows("SELECT count(*) FROM account WHERE sector = 'technolgy' OR declared_arr_cents IS NOT NULL") == [
        (0,)
    ]
    assert Counter(intake.rows("SELECT c.name, p.name FROM account c JOIN account p ON p.id = c.parent_id")) == Counter(
        (row["account"], row["subsidiary_of"]) for row in accounts if row["subsidiary_of"]
    )


def test_the_survey_file_gives_the_known_nps(app: Flask, tmp_path: Path, shared_data: Path) -> None:
    intake = Intake(app, tmp_path / "files")
    app.config["HAARK_JOBS"] = "inline"
    intake.run({"accounts.csv": "external_id,name\nV,Vendeur\n"})
    mapping = (
        'source = "nps"\n[[table]]\nfile = "nps_survey.csv"\nkind = "surveys"\ncolumns.account_id = { const = "V" }\n'
        'columns.date = "surveyed_at"\ncolumns.kind = { const = "nps" }\ncolumns.score = "score"\n'
        'columns.comment = "id"\n'
    )
    report = intake.paths([shared_data / "nps"], mapping)
    assert report.kinds["surveys"].new == 20_268
    (promoters, detractors, answers) = intake.rows(
        "SELECT sum(CASE WHEN score >= 9 THEN 1 ELSE 0 END), sum(CASE WHEN score <= 6 THEN 1 ELSE 0 END), count(*)"
        " FROM survey"
    )[0]
    assert round(100 * (promoters - detractors) / answers, 3) == 10.859
    assert date.fromisoformat("2017-02-01") < date.fromisoformat(
        intake.rows("SELECT CAST(max(date) AS text) FROM survey")[0][0]
    )
