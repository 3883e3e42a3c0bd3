"""«Comment ce score est calculé»: down to the rows, as of any date, with what stands beside the score."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts.models import Account
from haark.cadence import domain as cadence
from haark.cadence import rating
from haark.dossier import evidence
from haark.extensions import db
from haark.health import domain as health
from haark.health.models import HealthSnapshot
from haark.measures.models import UsageDay
from tests.conftest import TODAY
from tests.support.people import Visitor
from tests.support.statements import counted

MOST_STATEMENTS = 16


@pytest.fixture
def scored(db_app: Flask, montclar: int) -> int:
    with db_app.app_context():
        for back in (0, 30, 60):
            health.score_accounts(on=TODAY - timedelta(back))
        db.session.commit()
    return montclar


def at(days: int) -> datetime:
    return clock.start_of(TODAY - timedelta(days)) + timedelta(hours=9)


def test_the_page_adds_up_and_names_its_parts(db_app: Flask, claire: Visitor, scored: int) -> None:
    with counted(db_app) as statements:
        page = claire.get(f"/accounts/{scored}/health").text
    assert len(statements) <= MOST_STATEMENTS
    score = int(re.search(r"Santé (\d+) sur 100", page)[1])
    assert f"la somme des points donne {score},0" in page
    points = re.findall(r'<td class="r"><b class="num">([\d,]+)</b>', page)
    assert round(sum(float(one.replace(",", ".")) for one in points[:4]), 1) == score
    assert page.count('class="comp"') == 4 and page.count('class="inp"') >= 16
    for words in ("Ce qui a bougé", "Départ au renouvellement", "Forces et faiblesses", "Évolution du score"):
        assert words in page


def test_an_account_without_data_is_told_so_and_never_zero(
    db_app: Flask, claire: Visitor, open_account: Callable[..., int]
) -> None:
    ident = open_account("Bare")
    assert "pas encore été évalué" in claire.get(f"/accounts/{ident}/health").text
    with db_app.app_context():
        health.score_accounts([ident], on=TODAY)
        db.session.commit()
    page = claire.get(f"/accounts/{ident}/health").text
    assert page.count("aucune donnée, son poids va aux autres") == 4
    assert "Pas de probabilité" in page


def test_the_effects_add_up_to_the_probability_shown(claire: Visitor, scored: int) -> None:
    page = claire.get(f"/accounts/{scored}/health").text
    card = page[page.index("Départ au renouvellement") :]
    shown = int(re.search(r'<b class="end num">(\d+)', card)[1])
    parts = re.findall(r">([+−]?\d+)\u00a0?pts|>([+−]?\d+) pts", card[: card.index("</ul>")])
    assert sum(int((a or b).replace("−", "-")) for a, b in parts) == shown
    assert f"= {shown}" in card
    assert "Au renouvellement du 11 janv. 2027" in card


def test_every_input_leads_to_its_rows(claire: Visitor, scored: int) -> None:
    for name in evidence._READERS:
        address = f"/accounts/{scored}/health/{name}?on={TODAY}"
        page, fragment = claire.get(address), claire.get(address, htmx=True)
        assert page.status_code == fragment.status_code == 200, name
        assert fragment.text.startswith('<section class="card mt4" id="score-rows"') and "<h1" not in fragment.text
        assert re.search(r"Source\s: \w+", fragment.text), name


def test_rows_are_counted_limited_and_of_their_period(db_app: Flask, claire: Visitor, scored: int) -> None:
    usage = claire.get(f"/accounts/{scored}/health/trend?on={TODAY}").text
    assert "50 lignes sur 60" in usage
    assert "du 13 sept. 2026 au 12 nov. 2026" in usage
    earlier = claire.get(f"/accounts/{scored}/health/trend?on=2026-10-01").text
    assert "nov. 2026" not in earlier
    assert claire.get(f"/accounts/{scored}/health/nothing").status_code == 404
    assert claire.get("/accounts/999999/health/seats").status_code == 404
    bare = claire.get(f"/accounts/{scored}/health/csat").text
    assert "Aucune ligne dans cette période" in bare or "ligne" in bare


def test_a_score_as_of_a_date_is_made_and_not_kept(db_app: Flask, claire: Visitor, scored: int) -> None:
    def kept() -> int:
        with db_app.app_context():
            return db.session.scalar(db.select(db.func.count()).select_from(HealthSnapshot))

    before = kept()
    page = claire.get(f"/accounts/{scored}/health?on={TODAY - timedelta(45)}").text
    assert "Recalculé avec ce qui était connu le 28 sept. 2026" in page
    assert kept() == before
    with db_app.app_context():
        then = health.score_chunk([scored], TODAY - timedelta(45), at(45))[scored].health
        db.session.rollback()
    assert f"Santé {then.score} sur 100" in page
    assert "Recalculé" not in claire.get(f"/accounts/{scored}/health?on=never").text
    assert claire.get(f"/accounts/{scored}/health?on=2999-01-01").status_code == 200


def test_the_evolution_has_any_period(claire: Visitor, scored: int) -> None:
    page = claire.get(f"/accounts/{scored}/health?start=2026-09-01&end=2026-10-20").text
    assert "Du 1 sept. 2026 au 20 oct. 2026" in page and "Pas assez d’historique" in page
    page = claire.get(f"/accounts/{scored}/health?days=365").text
    assert "Score de santé au fil du temps" in page
    assert "Contre Q3 2026" in page


def test_a_rating_stands_beside_the_score_until_it_is_old_or_the_owner_changes(
    db_app: Flask, claire: Visitor, team: dict[str, int], scored: int
) -> None:
    before = re.search(r"Santé (\d+) sur 100", claire.get(f"/accounts/{scored}/health").text)[1]
    with db_app.app_context():
        cadence.rate(scored, 2, "Le sponsor hésite", by=team["csm"], at=at(60))
        db.session.commit()
        assert rating.of_account(scored, TODAY).counted == 2
        assert rating.of_account(scored, TODAY + timedelta(1)).expired == "age"
    page = claire.get(f"/accounts/{scored}/health").text
    assert "Avis de Claire Delorme" in page and "Le sponsor hésite" in page and "compte jusqu’au 12 nov. 2026" in page
    assert re.search(r"Santé (\d+) sur 100", page)[1] == before
    with db_app.app_context():
        version = db.session.get_one(Account, scored).version
        accounts.change(scored, version, by=team["manager"], at=at(1), on=TODAY, owner_id=team["manager"])
        db.session.commit()
        assert rating.of_account(scored, TODAY).expired == "owner"
    assert "le responsable a changé depuis" in claire.get(f"/accounts/{scored}/health").text


def test_the_account_says_where_the_score_and_people_or_money_disagree(
    db_app: Flask, claire: Visitor, team: dict[str, int], scored: int
) -> None:
    with db_app.app_context():
        for row in db.session.scalars(db.select(UsageDay)):
            row.active_users = 0
        db.session.execute(db.update(HealthSnapshot).where(HealthSnapshot.day == TODAY).values(score=40, band="red"))
        cadence.rate(scored, 4, "", by=team["csm"], at=at(3))
        db.session.commit()
    for address in ("", "/health"):
        page = claire.get(f"/accounts/{scored}{address}").text
        assert "Score rouge, mais Claire Delorme note le projet 4 sur 5" in page
        assert "Score rouge, mais l’ARR a grandi de 11,1\u00a0% en 12 mois" in page


def test_fixed_shares_are_written_in_the_language_of_the_reader(claire: Visitor, scored: int) -> None:
    """Jinja would otherwise work out a constant once, for everybody."""
    assert "provisoire sous 60\u00a0%" in claire.get(f"/accounts/{scored}/health").text
    claire.post("/preferences/language", language="en")
    assert "provisional below 60%" in claire.get(f"/accounts/{scored}/health").text
