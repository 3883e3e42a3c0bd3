"""Adding an account by hand: little is asked, wrong values come back with a sentence, twins are pointed out."""

from typing import Any

import pytest
from flask import Flask

from haark.accounts.models import Account
from haark.extensions import db
from tests.support.people import Visitor

WRONG: list[tuple[dict[str, str], str]] = [
    ({"name": "  "}, "Donnez un nom au compte."),
    ({"name": "x" * 401}, "400 caractères au plus."),
    ({"arr": "beaucoup"}, "Entrez un montant"),
    ({"arr": "-5"}, "Un montant ne peut pas être négatif."),
    ({"employees": "2,5"}, "Entrez un nombre entier"),
    ({"contract_start": "2026-02-30"}, "Cette date n’existe pas."),
    ({"contract_start": "2026-05-01", "renewal_date": "2026-04-01"}, "ne peut pas précéder"),
    ({"owner": "999"}, "Choisissez une personne de la liste."),
    ({"external_id": "TAKEN"}, "Un autre compte porte déjà cet identifiant."),
]


def found(app: Flask) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(db.select(Account)))


def test_a_name_is_enough_and_it_stands_in_the_list_at_once(db_app: Flask, claire: Visitor) -> None:
    assert "Ajouter un compte" in claire.get("/accounts/new").text
    answer = claire.post("/accounts", name="  Société   Nouvelle ", owner="")
    assert answer.status_code == 303
    (account,) = found(db_app)
    assert answer.location == f"/accounts/{account.id}"
    assert account.name == "Société Nouvelle" and account.declared_arr_cents is None
    assert "Société Nouvelle" in claire.get("/portfolio?q=societe").text
    assert "Compte créé" in claire.get(answer.location).text


def test_everything_that_is_typed_is_kept(db_app: Flask, claire: Visitor, team: dict[str, int]) -> None:
    claire.post(
        "/accounts",
        name="Kalysta",
        sector="Logiciel",
        employees="1 250",
        arr="120 000,50",
        seats="80",
        contract_start="2024-02-29",
        renewal_date="2027-02-28",
        owner=str(team["csm"]),
        external_id="K-1",
    )
    (account,) = found(db_app)
    assert (account.employees, account.declared_arr_cents, account.seats) == (1250, 12_000_050, 80)
    assert (account.external_id, account.owner_id) == ("K-1", team["csm"])


@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_wrong_values_come_back_with_a_sentence(
    db_app: Flask, claire: Visitor, open_account: Any, fields: dict[str, str], sentence: str
) -> None:
    open_account("Tiers", external_id="TAKEN")
    for htmx in (False, True):
        answer = claire.post("/accounts", htmx=htmx, **{"name": "Kalysta", "sector": "Mon secteur", **fields})
        assert answer.status_code == 422
        assert sentence in answer.text and 'value="Mon secteur"' in answer.text
    assert len(found(db_app)) == 1


def test_a_twin_is_pointed_out_and_added_when_confirmed(db_app: Flask, claire: Visitor, open_account: Any) -> None:
    ident = open_account("Société Générale")
    warned = claire.post("/accounts", name="societe generale", owner="")
    assert warned.status_code == 422
    assert "Un compte porte déjà ce nom" in warned.text and f'href="/accounts/{ident}"' in warned.text
    assert claire.post("/accounts", name="societe generale", owner="", confirmed="y").status_code == 303
    assert len(found(db_app)) == 2


def test_sales_may_change_what_they_add(db_app: Flask, hugo: Visitor, team: dict[str, int]) -> None:
    answer = hugo.post("/accounts", name="Prospect signé", owner="")
    (account,) = found(db_app)
    assert account.sales_owner_id == team["sales"]
    assert "Noter un suivi" in hugo.get(answer.location).text
