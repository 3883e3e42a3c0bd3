"""The organisation's own fields as filters: between two numbers or days, by a part of a text; on both databases."""

import io
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from haark import clock
from haark.accounts.models import AccountCard, CustomField, CustomValue
from haark.extensions import db
from haark.portfolio import queries, rules
from haark.portfolio.rules import Bounds
from tests.conftest import TODAY
from tests.portfolio.conftest import fill
from tests.support.people import Visitor

FIELDS = {"seats": "number", "signed": "date", "region": "text", "plan": "choice"}
PLANS = ("Gold", "Silver")


@pytest.fixture
def portfolio(db_app: Flask, team: dict[str, int]) -> Flask:
    """Sixty accounts; the n-th has n seats, signed on the n-th day of a year, in a region; every fourth is silent."""
    with db_app.app_context():
        fill(60, sorted(team.values()))
        made = {
            key: CustomField(
                key=key,
                name=key.title(),
                kind=kind,
                choices=list(PLANS) if kind == "choice" else [],
                position=0,
                created_at=clock.now(),
            )
            for key, kind in FIELDS.items()
        }
        db.session.add_all(made.values())
        db.session.flush()
        for n, ident in enumerate(
            db.session.scalars(db.select(AccountCard.account_id).order_by(AccountCard.account_id))
        ):
            if n % 4 == 3:
                continue
            values = {
                "seats": {"number": n - 5.5}, "signed": {"date": date.fromordinal(date(2026, 1, 1).toordinal() + n)},
                "region": {"text": f"Région {'Nord' if n % 2 else 'Sud'} 100%"}, "plan": {"text": PLANS[n % 2]},
            }  # fmt: skip
            db.session.add_all(
                CustomValue(account_id=ident, field_id=made[key].id, **held) for key, held in values.items()
            )
        db.session.commit()
    return db_app


def found(app: Flask, query: str) -> int:
    with app.app_context():
        view = rules.parse(query)
        assert rules.parse(view.query()) == view
        return queries.totals(view, 0, TODAY).count


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("cf_seats=>=10", lambda n: n - 5.5 >= 10),
        ("cf_seats=<=-2.5", lambda n: n - 5.5 <= -2.5),
        ("cf_seats=>=0.5&cf_seats=<=6.5", lambda n: 0.5 <= n - 5.5 <= 6.5),
        ("cf_signed=>=2026-02-01&cf_signed=<=2026-02-10", lambda n: 31 <= n <= 40),
        ("cf_region=~NORD", lambda n: n % 2),
        ("cf_region=~%25&cf_plan=Gold", lambda n: n % 2 == 0),
        ("cf_seats=>=50&cf_seats=unknown", lambda n: n - 5.5 >= 50),
        ("cf_seats=~5", lambda n: False),
        ("cf_region=>=5", lambda n: False),
    ],
)
def test_each_kind_of_bound_keeps_what_it_says(portfolio: Flask, query: str, kept) -> None:
    silent = 15 if "unknown" in query else 0
    assert found(portfolio, query) == silent + sum(1 for n in range(60) if n % 4 != 3 and kept(n))


def test_typed_bounds_become_the_address_the_chip_and_the_files(portfolio: Flask, claire: Visitor) -> None:
    """As a form sends them, without JavaScript; what is no number is left out, and nothing else with it."""
    typed = "cf_seats.from=1%C2%A0000,5&cf_seats.to=&cf_signed.from=2026-01-10&cf_signed.to=hier&cf_region.has=nord"
    view = rules.parse(typed)
    assert dict(view.custom) == {"cf_region": ("~nord",), "cf_seats": (">=1000.5",), "cf_signed": (">=2026-01-10",)}
    page = claire.get("/portfolio?cf_seats.from=2,5&cf_seats.to=7&cf_region.has=NORD", htmx=True)
    pushed = parse_qs(urlsplit(page.headers["HX-Push-Url"]).query)
    assert pushed == {"cf_seats": [">=2.5", "<=7"], "cf_region": ["~NORD"]}
    whole = claire.get("/portfolio?cf_seats=%3E%3D2.5&cf_seats=%3C%3D7&cf_region=~NORD").text
    assert "2,5 à 7" in whole and "contient « NORD »" in whole
    assert 'name="cf_seats.from" value="2.5"' in whole and 'name="cf_region.has" value="NORD"' in whole
    csv = claire.get("/portfolio.csv?cf_seats=%3E%3D2.5&cf_seats=%3C%3D7&cf_region=~NORD").text
    xlsx = claire.get("/portfolio.xlsx?cf_seats=%3E%3D2.5&cf_seats=%3C%3D7&cf_region=~NORD").data
    rows = len(CalamineWorkbook.from_filelike(io.BytesIO(xlsx)).get_sheet_by_index(0).to_python())
    assert (
        len(csv.strip().splitlines()) == rows == 1 + sum(1 for n in range(60) if n % 4 != 3 and n % 2 and 8 <= n <= 12)
    )


NUMBERS = st.integers(-(10**9), 10**9).map(float) | st.sampled_from([0.5, -2.25, 1e6])


@given(st.none() | NUMBERS | st.dates(date(1900, 1, 1)), st.none() | NUMBERS, st.text("aé%_~<>=", max_size=20))
def test_bounds_come_back_from_the_values_that_say_them(least, most, has: str) -> None:
    def said(edge) -> str:
        return edge.isoformat() if isinstance(edge, date) else f"{edge:f}".rstrip("0").rstrip(".")

    values = [f">={said(least)}"] if least is not None else []
    values += [f"<={said(most)}"] if most is not None else []
    values += [f"~{has}"] if has else []
    assert all(map(rules.is_bound, values))
    assert rules.bounds(values) == Bounds(least, most, has)
    assert bool(rules.bounds(values)) == bool(values)
