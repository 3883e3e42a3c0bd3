"""From a folder of real files to a deck: its figures equal sums made straight from the CSVs, without Haark's code."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from statistics import mean, median

import pytest
from flask import Flask

from haark import clock
from haark.accounts import queries as accounts
from haark.cadence.models import SECTIONS
from haark.decks.markdown import render_markdown
from haark.reviews import domain
from haark.reviews.assembly import Book
from tests.conftest import TODAY

KEY = "A-2e4581"
Q3 = (date(2024, 7, 1), date(2024, 9, 30))
Q4 = (date(2024, 10, 1), date(2024, 12, 31))
MAPPING = Path(__file__).resolve().parents[2] / "docs" / "examples" / "ravenstack.toml"


class Files:
    """The CSVs, summed by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.subscriptions = [row for row in self.rows("subscriptions") if row["account_id"] == KEY]

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"ravenstack_{name}.csv").open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def actions(self, start: date, end: date) -> int:
        ours, seen, total = {row["subscription_id"] for row in self.subscriptions}, set(), 0
        for row in self.rows("feature_usage"):
            first = row["usage_id"] not in seen
            seen.add(row["usage_id"])
            if first and row["subscription_id"] in ours and start <= date.fromisoformat(row["usage_date"]) <= end:
                total += int(row["usage_count"])
        return total

    def arr(self, day: date) -> int:
        return sum(
            int(row["arr_amount"])
            for row in self.subscriptions
            if date.fromisoformat(row["start_date"]) <= day
            and (not row["end_date"] or day < date.fromisoformat(row["end_date"]))
        )

    def tickets(self, start: date, end: date) -> list[dict[str, str]]:
        found = [row for row in self.rows("support_tickets") if row["account_id"] == KEY]
        return [row for row in found if start <= datetime.fromisoformat(row["closed_at"]).date() <= end]


@pytest.fixture
def book(raven: Flask) -> Iterator[Book]:
    with raven.app_context():
        account = accounts.find_account(KEY)
        assert account is not None
        period = domain.read_period(account.id, "2024-Q4", TODAY)
        review = domain.generate(account.id, period, SECTIONS, account.language, by=None, at=clock.moment(), on=TODAY)
        made = domain.compose(review)
        assert made is not None
        yield made


def test_the_deck_tells_what_the_files_hold(book: Book, shared_data: Path) -> None:
    files = Files(shared_data / "ravenstack")
    figures = book.figures
    assert figures["usage.events"].value == files.actions(*Q4)
    assert (figures["usage.events"].previous or 0) == files.actions(*Q3)
    assert figures["arr.end"].value == files.arr(Q4[1]) * 100
    closed = files.tickets(*Q4)
    assert figures["support.resolved"].value == len(closed)
    hours = [float(row["resolution_time_hours"]) for row in closed]
    assert figures["support.median_hours"].value == pytest.approx(median(hours), abs=1)
    scores = [float(row["satisfaction_score"]) for row in closed if row["satisfaction_score"]]
    assert figures["relation.csat"].value == (mean(scores) if scores else None)

    text = render_markdown(book.deck)
    assert f"{files.actions(*Q4):,}" in text
    assert book.deck.language == "en"


def test_by_feature_the_actions_add_up_to_the_whole(book: Book) -> None:
    features = book.material.facts["usage"]["features"]
    assert sum(item["events"] or 0 for item in features) == book.figures["usage.events"].value


def test_unknown_users_stay_unknown(book: Book) -> None:
    assert book.figures["usage.active"].value is None
    assert book.page("usage").draft.filled
