"""The portfolio as people and htmx ask for it."""

import gzip
import re

import pytest
from flask import Flask

from haark.extensions import db
from tests.portfolio.conftest import fill, plant
from tests.support.people import HTMX, Visitor
from tests.support.statements import counted

MOST_STATEMENTS, MOST_BYTES, MOST_PACKED = 12, 100_000, 12_000
STATE = "/portfolio?q=soci%C3%A9t%C3%A9&sector=Industrie&sector=unknown&health=red&owner=me&sort=-arr"


@pytest.fixture
def sixty(db_app: Flask, team: dict[str, int]) -> Flask:
    with db_app.app_context():
        fill(60, sorted(team.values()))
    return db_app


def test_the_address_restores_search_filters_and_order(sixty: Flask, claire: Visitor) -> None:
    page = claire.get(STATE).text
    assert 'value="société"' in page
    for name, value in (("sector", "Industrie"), ("sector", "unknown"), ("health", "red")):
        assert f'name="{name}" value="{value}" checked' in page
    assert '<input type="hidden" name="sort" value="-arr">' in page
    assert 'aria-sort="descending"' in page


def test_htmx_gets_the_rows_and_the_counters_and_an_address_to_show(sixty: Flask, claire: Visitor) -> None:
    answer = claire.get("/portfolio?q=000&sector=&sort=renewal", htmx=True)
    assert answer.text.startswith('<div id="rows"')
    assert "<html" not in answer.text
    for region in ("count", "kpis", "chips", "apercu"):
        assert re.search(rf'id="{region}"[^>]*hx-swap-oob="true"', answer.text), region
    assert answer.headers["HX-Push-Url"] == "/portfolio?q=000"


def test_the_next_page_comes_as_rows_alone(sixty: Flask, claire: Visitor) -> None:
    following = re.search(r'rel="next" href="([^"]+)"', claire.get("/portfolio").text)
    assert following is not None
    answer = claire.get(following[1].replace("&amp;", "&"), htmx=True)
    assert answer.text.startswith("<tr")
    assert len(re.findall("<tr ", answer.text)) == 10
    assert "HX-Push-Url" not in answer.headers


@pytest.mark.parametrize("htmx", [False, True])
def test_a_made_up_place_gets_a_sentence_and_nothing_else(sixty: Flask, claire: Visitor, htmx: bool) -> None:
    answer = claire.get("/portfolio?after=made-up", htmx=htmx)
    assert answer.status_code == 400
    assert "Cet endroit de la liste n’existe pas" in answer.text
    assert "<tr" not in answer.text


def test_the_panel_opens_without_javascript_and_by_htmx(db_app: Flask, claire: Visitor) -> None:
    with db_app.app_context():
        ident = plant("Kalysta", arr_cents=12_000_000, segment="enterprise")
        db.session.commit()
    page = claire.get(f"/portfolio?peek={ident}").text
    assert '<aside class="peek"' in page and 'aria-selected="true"' in page
    assert "120\u202f000" in page and "10\u202f000" in page  # ARR and MRR
    headers = {**HTMX, "HX-Current-URL": "http://localhost/portfolio?q=kal"}
    answer = claire.client.get(f"/portfolio/peek/{ident}", headers=headers)
    assert answer.text.startswith('<aside class="peek"')
    assert answer.headers["HX-Push-Url"] == f"/portfolio?q=kal&peek={ident}"
    closed = claire.client.get("/portfolio/peek", headers={**HTMX, "HX-Current-URL": answer.headers["HX-Push-Url"]})
    assert 'id="apercu" hidden' in closed.text and closed.headers["HX-Push-Url"] == "/portfolio?q=kal"


def test_the_panel_of_no_account_is_404_by_htmx_and_nothing_beside_the_list(db_app: Flask, claire: Visitor) -> None:
    with db_app.app_context():
        plant("Kalysta")
        db.session.commit()
    assert claire.get("/portfolio/peek/999", htmx=True).status_code == 404
    page = claire.get("/portfolio?peek=999")
    assert page.status_code == 200 and '<aside class="peek"' not in page.text


def test_an_empty_haark_says_how_to_begin_and_an_empty_result_how_to_widen(db_app: Flask, claire: Visitor) -> None:
    assert "bin/haark import" in claire.get("/portfolio").text
    with db_app.app_context():
        plant("Kalysta")
        db.session.commit()
    nothing = claire.get("/portfolio?q=zzz").text
    assert "Aucun compte ne correspond" in nothing and "bin/haark import" not in nothing


def test_what_is_unknown_is_said_and_never_zero(db_app: Flask, claire: Visitor) -> None:
    with db_app.app_context():
        plant("Inconnue")
        db.session.commit()
    row = re.search(r"<tr id=.*?</tr>", claire.get("/portfolio").text, re.DOTALL)
    assert row is not None
    assert row[0].count("n. d.") == 3  # ARR, health, renewal
    assert ">0" not in row[0]


def test_a_hostile_name_stays_text(db_app: Flask, claire: Visitor) -> None:
    name = "<script>alert(1)</script> \u202eevil\U0001f680 " + "x" * 260
    with db_app.app_context():
        ident = plant(name)
        db.session.commit()
    page = claire.get(f"/portfolio?peek={ident}").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_statements_and_bytes_do_not_grow_with_the_portfolio(
    db_app: Flask, team: dict[str, int], claire: Visitor
) -> None:
    owners = sorted(team.values())
    seen = []
    for start, end in ((0, 60), (60, 2000)):
        with db_app.app_context():
            fill(end - start, owners, start)
        for address in ("/portfolio", STATE, "/portfolio?sort=owner&peek=3"):
            with counted(db_app) as statements:
                answer = claire.get(address)
            assert answer.status_code == 200
            assert len(statements) <= MOST_STATEMENTS
            assert len(answer.data) <= MOST_BYTES
            assert len(gzip.compress(answer.data)) <= MOST_PACKED
            seen.append(len(statements))
    # A list that ends within the page asks once more for the accounts without a value: at most one statement apart.
    assert all(abs(small - large) <= 1 for small, large in zip(seen[:3], seen[3:], strict=True))
