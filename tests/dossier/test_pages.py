"""The account's page: its head, its sections, who may write, what is unknown."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from haark import clock
from haark.accounts.models import Account
from haark.dossier.tabs import TABS
from haark.extensions import db
from haark.measures.models import Interaction
from tests.conftest import TODAY
from tests.dossier.conftest import NOON, talk
from tests.support.people import Visitor
from tests.support.statements import counted

MOST_STATEMENTS = 13  # drawn anew, with SQLite's BEGIN


def test_the_head_says_arr_mrr_tenure_and_days_left(claire: Visitor, montclar: int) -> None:
    page = claire.get(f"/accounts/{montclar}").text
    for words in (
        "120\u202f000\u00a0€",
        "MRR 10\u202f000\u00a0€",
        "+11,1\u00a0%",
        "Enterprise",
        "43 mois",
        "11 janv. 2027",
        "Sponsor\u202f: Sophie Marchand",
        "Claire Delorme",
    ):
        assert words in page, words
    assert re.search(r">60<small>", page)


def test_an_account_that_nobody_knows_anything_of_says_so(claire: Visitor, open_account: Callable[..., int]) -> None:
    ident = open_account("Bare")
    page = claire.get(f"/accounts/{ident}").text
    assert page.count("n. d.") >= 2 and "Pas de score" in page
    assert "Aucun usage reçu" in claire.get(f"/accounts/{ident}/usage").text
    assert "Aucun contact" in claire.get(f"/accounts/{ident}/contacts").text
    assert "Pas assez d’historique" in claire.get(f"/accounts/{ident}/revenue").text


@pytest.mark.parametrize("key", sorted(TABS))
def test_a_section_is_a_page_and_a_fragment(claire: Visitor, montclar: int, key: str) -> None:
    address = f"/accounts/{montclar}/{key}"
    page = claire.get(address)
    assert page.status_code == 200
    assert re.search(rf'id="tab-{key}"[^>]*aria-current="page"', page.text)
    fragment = claire.get(address, htmx=True).text
    assert fragment.startswith('<div id="panneau"')
    assert "<h1" not in fragment
    assert re.search(r'id="tabs"[^>]*hx-swap-oob="true"', fragment)


ADDRESSES = ("", "/history", "/contacts", "/usage", "/revenue", "/health")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_or_deleted_account_is_404(
    db_app: Flask, claire: Visitor, open_account: Callable[..., int], address: str
) -> None:
    ident = open_account("Partie")
    assert claire.get(f"/accounts/{ident}{address}").status_code == 200
    with db_app.app_context():
        db.session.get_one(Account, ident).deleted_at = clock.now()
        db.session.commit()
    for gone in (ident, 999_999):
        assert claire.get(f"/accounts/{gone}{address}").status_code == 404


def test_no_other_section_exists(claire: Visitor, montclar: int) -> None:
    assert claire.get(f"/accounts/{montclar}/secrets").status_code == 404


def test_usage_compares_thirty_days_and_names_what_is_unused(claire: Visitor, montclar: int) -> None:
    page = claire.get(f"/accounts/{montclar}/usage").text
    assert "−33\u00a0%" in page  # 40 users a working day against 60
    assert "80 licences" in page and "50\u00a0%" in page
    assert "Tournées" in page
    unused = page[page.index("Premium non utilisées") :]
    assert "Prévision" in unused
    assert page.count('class="ch"') == 2  # both charts, with history enough


def test_contacts_show_the_present_first_and_the_last_exchange(claire: Visitor, montclar: int) -> None:
    page = claire.get(f"/accounts/{montclar}/contacts").text
    assert page.index("Sophie Marchand</b>") < page.index("Lila Benhamou</b>") < page.index("Paul Parti</b>")
    assert "Parti le 3 nov. 2026" in page
    assert "10 nov. 2026" in page  # Sophie's address differs in case only
    assert re.search(r'Contacts <span class="n">2</span>', page)


def test_a_follow_up_is_kept_in_one_line(db_app: Flask, claire: Visitor, montclar: int) -> None:
    answer = claire.post(f"/accounts/{montclar}/notes", text="Appel : Sophie rappelle lundi")
    assert answer.status_code == 303 and answer.location == f"/accounts/{montclar}"
    page = claire.get(answer.location).text
    assert "Sophie rappelle lundi" in page and "Suivi noté" in page
    fragment = claire.post(f"/accounts/{montclar}/notes", htmx=True, text="Deuxième")
    assert fragment.status_code == 200 and fragment.text.startswith('<div id="panneau"')
    assert "Deuxième" in fragment.text
    with db_app.app_context():
        kinds = db.session.scalars(db.select(Interaction.kind).where(Interaction.author_id.is_not(None)))
        assert sorted(kinds) == ["call", "note"]


@pytest.mark.parametrize("htmx", [False, True])
def test_an_empty_follow_up_keeps_what_was_typed(claire: Visitor, montclar: int, htmx: bool) -> None:
    answer = claire.post(f"/accounts/{montclar}/notes", htmx=htmx, text="   ")
    assert answer.status_code == 422
    assert "Écrivez d’abord votre note" in answer.text and 'aria-invalid="true"' in answer.text
    long = claire.post(f"/accounts/{montclar}/notes", htmx=htmx, text="é" * 4001)
    assert long.status_code == 422 and "é" * 4001 in long.text


def test_somebody_else_sees_the_page_without_the_means_to_change_it(hugo: Visitor, montclar: int) -> None:
    page = hugo.get(f"/accounts/{montclar}").text
    assert "Groupe Montclar" in page
    assert 'id="note"' not in page and "Noter un suivi" not in page
    assert hugo.post(f"/accounts/{montclar}/notes", text="Non").status_code == 403


def test_what_clients_write_stays_text(db_app: Flask, claire: Visitor, open_account: Callable[..., int]) -> None:
    ident = open_account("<b>Évil\u202e\U0001f680</b>" + "x" * 300)
    with db_app.app_context():
        db.session.add(talk(ident, "x", NOON, "<img src=x onerror=alert(1)>"))
        db.session.commit()
    page = claire.get(f"/accounts/{ident}").text
    assert "<img src=x" not in page and "<b>Évil" not in page


def test_statements_do_not_grow_with_what_happened(db_app: Flask, claire: Visitor, montclar: int) -> None:
    seen = []
    claire.get(f"/accounts/{montclar}")  # what a process keeps in memory is asked for once
    for round_ in range(2):
        with db_app.app_context():  # after a write, so that the page is drawn anew
            number = 300 if round_ else 1
            rows = [talk(montclar, f"{round_}-{n}", NOON - timedelta(hours=n), f"n° {n}") for n in range(number)]
            db.session.add_all(rows)
            db.session.commit()
        with counted(db_app) as statements:
            assert claire.get(f"/accounts/{montclar}").status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] <= MOST_STATEMENTS


def test_neighbours_by_name_lead_on(claire: Visitor, open_account: Callable[..., int]) -> None:
    first, middle, last = (open_account(name) for name in ("Alpha", "Élan", "Zénith"))
    page = claire.get(f"/accounts/{middle}").text
    assert f'href="/accounts/{first}" aria-label="Compte précédent"' in page
    assert f'href="/accounts/{last}" aria-label="Compte suivant"' in page
    assert "Compte suivant" not in claire.get(f"/accounts/{last}").text


def test_the_renewal_today_and_past_are_said_in_words(claire: Visitor, open_account: Callable[..., int]) -> None:
    today = open_account("Aujourd’hui SA", renewal_date=TODAY)
    past = open_account("Passé SA", renewal_date=TODAY - timedelta(days=3))
    assert ">aujourd’hui<" in claire.get(f"/accounts/{today}").text
    assert "Échu depuis 3 jours" in claire.get(f"/accounts/{past}").text
