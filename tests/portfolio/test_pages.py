"""The portfolio as people and htmx ask for it."""

import gzip
import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from haark.extensions import db
from haark.signals.models import Signal
from tests.conftest import TODAY
from tests.portfolio.conftest import OPPORTUNITIES, fill, plant
from tests.support.people import HTMX, Visitor
from tests.support.statements import counted

# Of a page that this process shows for the first time; one is the side bar's.
MOST_STATEMENTS, MOST_BYTES, MOST_PACKED = {"list": 12, "peek": 17}, 100_000, 12_000
STATE = (
    "/portfolio?q=soci%C3%A9t%C3%A9&sector=Industrie&sector=unknown&health=red&risk=at_risk&risk=silence"
    "&opportunity=none&renewal=90&review=late&review=due&owner=me&sort=-arr"
)


ROW = re.compile(r'<tr id="acc-(\d+)"')


@pytest.fixture
def sixty(db_app: Flask, team: dict[str, int]) -> Flask:
    with db_app.app_context():
        fill(60, sorted(team.values()))
    return db_app


KALYSTA = {
    "sector": "Industrie",
    "size": "50-249",
    "segment": "strategic",
    "health": "red",
    "risk": "silence",
    "opportunity": "promoter",
    "renewal": "90",
    "review": "late",
    "owner": "me",
}


def test_filters_combine_and_opening_the_copied_url_restores_all_of_it(
    db_app: Flask, team: dict[str, int], claire: Visitor
) -> None:
    facts = {
        "sector": "Industrie",
        "size": "50-249",
        "segment": "strategic",
        "health_band": "red",
        "health_score": 30,
        "renewal_date": TODAY + timedelta(days=90),
        "next_review_late": True,
        "next_review_on": TODAY + timedelta(days=7),
        "owner_id": team["csm"],
    }
    others = {"sector": "Santé", "size": "1-49", "segment": "growth", "health_band": "green"}
    others |= {"renewal_date": TODAY + timedelta(days=91), "next_review_late": False, "owner_id": team["sales"]}
    with db_app.app_context():
        kalysta = plant("Kalysta", **facts)
        for name, value in others.items():
            note(plant(f"Sans {name}", **{**facts, name: value}), "silence", "promoter")
        note(plant("Sans opportunité", **facts), "silence")
        note(plant("Sans risque", **facts), "promoter")
        note(kalysta, "silence", "promoter", "usage_drop")
        db.session.commit()
    answer = claire.get("/portfolio", htmx=True, query_string={**KALYSTA, "sort": "-arr"})
    assert ROW.findall(answer.text) == [str(kalysta)]
    page = claire.get(answer.headers["HX-Push-Url"]).text
    assert ROW.findall(page) == [str(kalysta)]
    for name, value in KALYSTA.items():
        value = str(team["csm"]) if value == "me" else value
        assert f'name="{name}" value="{value}" checked' in page, name
    assert '<input type="hidden" name="sort" value="-arr">' in page and 'aria-sort="descending"' in page
    for left_out in KALYSTA:
        wider = claire.get("/portfolio", query_string={key: value for key, value in KALYSTA.items() if key != left_out})
        assert len(ROW.findall(wider.text)) == 2, left_out


def note(account_id: int, *kinds: str) -> None:
    for kind in kinds:
        side = "opportunity" if kind in OPPORTUNITIES else "risk"
        db.session.add(
            Signal(account_id=account_id, side=side, kind=kind, severity="high", opened_on=TODAY, seen_on=TODAY)
        )


def test_an_arr_of_120_000_shows_an_mrr_of_10_000(db_app: Flask, claire: Visitor) -> None:
    with db_app.app_context():
        plant("Groupe Valmorin", arr_cents=12_000_000, arr_before_cents=10_800_000)
        db.session.commit()
    page = claire.get("/portfolio").text
    assert "<b>120\u202f000\u00a0€</b><small>MRR 10\u202f000\u00a0€</small>" in page
    assert "MRR 10\u00a0k€" in kpis(page)


def test_the_strip_tells_retention_risk_and_late_reviews_of_what_is_shown(db_app: Flask, claire: Visitor) -> None:
    """Alba grew from 100 000 to 130 000, Brio left, Cime is new: NRR 130/150, GRR 100/150, one of two left."""
    with db_app.app_context():
        plant("Alba", arr_cents=13_000_000, arr_before_cents=10_000_000, at_risk=True, next_review_late=True)
        plant("Brio", arr_cents=0, arr_before_cents=5_000_000)
        plant("Cime", arr_cents=9_000_000, at_risk=True, next_review_on=TODAY + timedelta(days=30))
        db.session.commit()
    strip = kpis(claire.get("/portfolio").text)
    for words in (
        "86,7\u00a0%",
        "GRR 66,7\u00a0% · 1 départ sur 2",
        "2 / 3 220\u00a0k€ d’ARR",
        "1 / 3 1 à tenir sous 30 j",
    ):
        assert words in strip, (words, strip)
    alone = kpis(claire.get("/portfolio?q=cime").text)
    assert "NRR 12 mois n. d. aucun compte actif il y a 12 mois" in alone
    assert "1 / 1 90\u00a0k€ d’ARR" in alone


def kpis(page: str) -> str:
    found = re.search(r'<section class="kpis".*?</section>', page, re.DOTALL)
    assert found
    words = re.sub(r"<[^>]+>", " ", html.unescape(found[0]))
    return re.sub(r"[ \n]+", " ", words.replace("\u00a0/", " /"))


def test_the_default_views_are_tabs_with_their_address(sixty: Flask, claire: Visitor) -> None:
    page = claire.get("/portfolio?review=late&sort=arr").text
    tabs = re.findall(r'<a href="([^"]+)"( aria-current="page")?>([^<]+) <span class="n">(\d+)</span>', page)
    assert [(url, bool(here)) for url, here, _, _ in tabs] == [
        ("/portfolio", False),
        ("/portfolio?owner=me", False),
        ("/portfolio?risk=at_risk", False),
        ("/portfolio?renewal=90", False),
        ("/portfolio?review=late&amp;sort=review", True),
    ]
    assert int(tabs[4][3]) == len(ROW.findall(page)) > 0


def test_htmx_gets_the_rows_and_the_counters_and_an_address_to_show(sixty: Flask, claire: Visitor) -> None:
    answer = claire.get("/portfolio?q=000&sector=&sort=renewal", htmx=True)
    assert answer.text.startswith('<div id="rows"')
    assert "<html" not in answer.text
    for region in ("count", "kpis", "views", "chips", "apercu"):
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
    assert 'href="/imports"' in claire.get("/portfolio").text
    with db_app.app_context():
        plant("Kalysta")
        db.session.commit()
    nothing = claire.get("/portfolio?q=zzz").text
    assert "Aucun compte ne correspond" in nothing and "Votre portefeuille est vide" not in nothing


def test_what_is_unknown_is_said_and_never_zero(db_app: Flask, claire: Visitor) -> None:
    with db_app.app_context():
        plant("Inconnue")
        db.session.commit()
    row = re.search(r"<tr id=.*?</tr>", claire.get("/portfolio").text, re.DOTALL)
    assert row is not None
    assert row[0].count("n. d.") == 4  # ARR, health, churn, renewal
    assert row[0].count("—") == 4  # no risk, no opportunity, no review, nobody in charge
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
            assert len(statements) <= MOST_STATEMENTS["peek" if "peek" in address else "list"]
            assert len(answer.data) <= MOST_BYTES
            assert len(gzip.compress(answer.data)) <= MOST_PACKED
            seen.append(len(statements))
    # A list that ends within the page asks once more for the accounts without a value: at most one statement apart.
    assert all(abs(small - large) <= 1 for small, large in zip(seen[:3], seen[3:], strict=True))
