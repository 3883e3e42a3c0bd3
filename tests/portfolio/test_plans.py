"""How the databases read the portfolio: along an index, never the whole of it. Plans are looked at, not times."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from haark.extensions import db
from haark.portfolio import figures, queries, rules
from haark.portfolio.rules import View
from tests.conftest import TODAY
from tests.portfolio.conftest import fill
from tests.support.people import Visitor

LARGE = ("account", "account_card", "usage_day", "usage_feature", "health_snapshot", "signal", "interaction", "ticket")
# A whole table read from end to end, however it is said.
SCANS = re.compile(rf"^\s*SCAN (?:{'|'.join(LARGE)})(?:_\d+)?\n|Seq Scan on (?:{'|'.join(LARGE)})\b", re.MULTILINE)
SORTED = re.compile(r"TEMP B-TREE FOR ORDER BY|(?<!Incremental )\bSort  ")
FILTERED = [
    View(health=("red",)),
    View(owner=("me",), sort="name"),
    View(sector=("Santé",), size=("1-49",), sort="arr", descending=True),
    View(risk=("usage_drop",), sort="churn", descending=True),
    View(risk=("at_risk",)),
    View(renewal=("90",)),
    View(review=("late",), sort="review"),
    View(q="societe 0012"),
    View(q="ext-0001", sort="owner"),
]


@pytest.fixture
def portfolio(db_app: Flask, team: dict[str, int]) -> Flask:
    with db_app.app_context():
        fill(600, sorted(team.values()))
        connection = db.session.connection()
        connection.exec_driver_sql("UPDATE account_card SET rank_score = account_id / 600.0 WHERE account_id < 500")
        connection.exec_driver_sql("ANALYZE")
        if connection.dialect.name == "postgresql":
            # A small table is read whole, or sorted, because it is small; told not to, PostgreSQL does where it must.
            connection.exec_driver_sql(f'ALTER DATABASE "{db.engine.url.database}" SET enable_seqscan = off')
            connection.exec_driver_sql(f'ALTER DATABASE "{db.engine.url.database}" SET enable_sort = off')
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return db_app


@contextmanager
def explained() -> Iterator[list[str]]:
    """The plans of the statements sent meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith(("SELECT", "WITH")) and any(name in statement for name in LARGE):
            sent.append((statement, values))

    plans: list[str] = []
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    for statement, values in sent:
        rows = db.session.connection().exec_driver_sql(f"{explain} {statement}", values)
        plans.append("".join(f"{row[-1]}\n" for row in rows))


def test_every_order_is_walked_along_an_index_also_deep_down(portfolio: Flask, team: dict[str, int]) -> None:
    with portfolio.app_context():
        for sort in rules.SORTS:
            for descending in (False, True):
                view = View(sort=sort, descending=descending)
                for _page in range(3):
                    with explained() as plans:
                        found = queries.page(view, team["csm"], TODAY)
                    for plan in plans:
                        assert not SCANS.search(plan) and not SORTED.search(plan), (view, plan)
                    view = view.at(found.after)


def test_filters_searches_and_figures_read_no_whole_table(portfolio: Flask, team: dict[str, int]) -> None:
    with portfolio.app_context():
        for view in FILTERED:
            with explained() as plans:
                queries.page(view, team["csm"], TODAY)
                figures.of(view, team["csm"], TODAY)
            assert plans
            for plan in plans:
                assert not SCANS.search(plan), (view, plan)


def test_an_account_page_reads_its_account_alone(portfolio: Flask) -> None:
    claire = Visitor(portfolio).login("csm")
    with portfolio.app_context(), explained() as plans:
        assert claire.get("/accounts/7").status_code == 200
    with portfolio.app_context():
        assert plans
    for plan in plans:
        assert not SCANS.search(plan), plan


@pytest.mark.parametrize("db_app", ["postgresql"], indirect=True)
def test_a_search_on_postgresql_asks_its_index_first(portfolio: Flask, team: dict[str, int]) -> None:
    with portfolio.app_context():
        with explained() as plans:
            queries.page(View(q="societe 0012"), team["csm"], TODAY)
        assert any("ix_account_card_search" in plan and "CTE hits" in plan for plan in plans), plans
