"""Custom fields, tags and files of an account, from its page."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import clock
from haark.accounts import custom_fields
from haark.accounts.models import Account, AccountTag, Attachment
from haark.extensions import db
from haark.settings import domain as settings
from tests.support.people import HTMX, Visitor
from tests.support.statements import counted

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj trailer<<>>\n%%EOF"
TEXT = "Réunion du 12\nÀ faire\n".encode()


@pytest.fixture
def fields(db_app: Flask) -> dict[str, int]:
    with db_app.app_context():
        by: dict[str, Any] = {"by": None, "at": clock.moment()}
        made = [
            custom_fields.define("Nombre d’agences", "number", **by),
            custom_fields.define("Offre", "choice", ["Essentiel", "Complet"], **by),
        ]
        db.session.commit()
        return {one.key: one.id for one in made}


def send(visitor: Visitor, ident: int, content: bytes, name: str, htmx: bool = True, **rest: str) -> Any:
    if not visitor.token:
        visitor.refresh_token()
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(content), name), **rest}
    return visitor.client.post(f"/accounts/{ident}/files", data=data, headers=HTMX if htmx else {})


def test_custom_fields_are_edited_where_they_stand(
    claire: Visitor, hugo: Visitor, montclar: int, fields: dict[str, int]
) -> None:
    page, url = (
        claire.get(f"/accounts/{montclar}/facts").text,
        f"/accounts/{montclar}/fields/{fields['nombre_d_agences']}",
    )
    assert "Champs du compte" in page and f'hx-get="{url}"' in page
    assert 'inputmode="decimal"' in claire.get(url, htmx=True).text
    saved = claire.post(url, htmx=True, value="1 250,5", was="")
    assert saved.status_code == 200 and "1\u202f250,5" in saved.text
    assert 'value="1250,5"' in claire.get(url, htmx=True).text
    # Somebody who saw nothing there yet is told; an empty value is unknown again.
    late = claire.post(url, htmx=True, value="7", was="")
    assert late.status_code == 409 and "Votre version" in late.text and "1\u202f250,5" in late.text
    wrong = claire.post(url, htmx=True, value="beaucoup", was="1250.5")
    assert wrong.status_code == 422 and "Entrez un nombre" in wrong.text
    assert "n. d." in claire.post(url, htmx=True, value="", was="1250.5").text
    choice = f"/accounts/{montclar}/fields/{fields['offre']}"
    assert claire.post(choice, value="Complet", was="").status_code == 303
    assert claire.post(choice, htmx=True, value="Luxe", was="Complet").status_code == 422
    assert "<option selected>Complet</option>" in claire.get(choice).text
    assert "Offre" in claire.get(f"/accounts/{montclar}/history?kind=changes").text
    assert hugo.post(choice, value="Essentiel").status_code == 403
    assert claire.get(f"/accounts/{montclar}/fields/99").status_code == 404


def test_tags_come_and_go_one_by_one(
    db_app: Flask, claire: Visitor, montclar: int, open_account: Callable[..., int]
) -> None:
    open_account("Autre", tags=["Grand compte"])
    url = f"/accounts/{montclar}/tags"
    assert claire.get(f"{url}/choices?tag=comp", htmx=True).text == '<option value="Grand compte"></option>'
    # As the house spells it; the same again changes nothing.
    added = claire.post(url, htmx=True, tag=" #GRAND  compte ")
    assert added.status_code == 200 and "Grand compte</a>" in added.text
    claire.post(url, tag="grand compte")
    claire.post(url, tag="Pilote")
    with db_app.app_context():
        assert db.session.get_one(Account, montclar).tags == ["Grand compte", "Pilote"]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AccountTag)) == 3
    for wrong, said in ((" , ", "Écrivez une étiquette"), ("x" * 61, "60 caractères")):
        refused = claire.post(url, htmx=True, tag=wrong)
        assert refused.status_code == 422 and said in refused.text
    gone = claire.post(f"{url}/removal", htmx=True, tag="Grand compte")
    assert f"{url}?tag=Grand+compte" in gone.text and "Grand compte</a>" not in gone.text
    assert claire.post(f"{url}?tag=Grand+compte").status_code == 303
    with db_app.app_context():
        assert db.session.get_one(Account, montclar).tags == ["Pilote", "Grand compte"]


def test_a_file_is_kept_fetched_and_deleted(db_app: Flask, claire: Visitor, hugo: Visitor, montclar: int) -> None:
    sent = send(claire, montclar, PDF, "../../Contrat 2026.pdf", note="signé")
    assert sent.status_code == 200 and "Contrat 2026.pdf" in sent.text and "signé" in sent.text
    with db_app.app_context():
        kept = db.session.scalar(sa.select(Attachment))
    # Whoever is at home reads it; it never opens as a page of ours.
    answer = hugo.get(f"/files/{kept.id}")
    assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "no-store" in answer.headers["Cache-Control"]
    assert hugo.post(f"/files/{kept.id}/removal").status_code == 403
    assert Visitor(db_app).get(f"/files/{kept.id}").status_code in (302, 303)
    assert "Fichier joint" in claire.get(f"/accounts/{montclar}/history?kind=changes").text
    gone = claire.post(f"/files/{kept.id}/removal", htmx=True)
    assert gone.status_code == 200 and "Contrat 2026.pdf</a>" not in gone.text
    assert claire.get(f"/files/{kept.id}").status_code == 404


def test_what_is_not_kept_says_why(claire: Visitor, montclar: int) -> None:
    for content, name, said in (
        (b"", "vide.pdf", "contient quelque chose"),
        (PDF, "contrat.txt", "corrigez son extension"),
        (b"PK\x03\x04", "a.zip", "archive"),
        (b"<svg onload='1'>", "dessin.svg", "n’est pas gardée"),
    ):
        refused = send(claire, montclar, content, name)
        assert refused.status_code == 422 and said in refused.text
    assert "Aucun" not in claire.get(f"/accounts/{montclar}/facts").text.split('id="files"')[1]


def test_a_file_too_large_is_refused(db_app: Flask, claire: Visitor, montclar: int) -> None:
    with db_app.app_context():
        settings.put("attachments.max_megabytes", 1, by=None, at=clock.moment())
        db.session.commit()
    answer = send(claire, montclar, b"%PDF-" + b"x" * 1_000_000, "gros.pdf", htmx=False)
    assert answer.status_code == 422 and "1 Mo au plus" in answer.text


def test_statements_do_not_grow_beside_the_facts(
    db_app: Flask, claire: Visitor, montclar: int, fields: dict[str, int]
) -> None:
    seen = []
    for number in (1, 12):
        for n in range(number):
            assert send(claire, montclar, TEXT + bytes([65 + n]), f"{number}-{n}.txt").status_code == 200
        with counted(db_app) as statements:
            assert claire.get(f"/accounts/{montclar}/facts", htmx=True).status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 16, seen
