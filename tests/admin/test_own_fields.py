"""The settings page of the accounts' custom fields."""

import sqlalchemy as sa
from flask import Flask

from haark.accounts.models import CustomField
from haark.events.models import Event
from haark.extensions import db
from tests.support.clients import settle


def rows(app: Flask) -> list[tuple[str, str, bool]]:
    with app.app_context():
        found = db.session.scalars(sa.select(CustomField).order_by(CustomField.position))
        return [(one.key, one.name, one.deleted_at is None) for one in found]


def test_fields_are_defined_ordered_renamed_and_retired(app: Flask) -> None:
    house = settle(app)
    admin, url = house.login("admin"), "/settings/fields"
    assert "Aucun champ" in admin.get(url).text
    assert admin.post(url, name="Offre", kind="choice", choices="Essentiel\nComplet\n", key="").status_code == 303
    assert admin.post(url, name="Sites", kind="number", key="sites_ouverts").status_code == 303
    page = admin.get(url).text
    assert "cf_offre" in page and "Essentiel, Complet" in page and "cf_sites_ouverts" in page
    for wrong, said in (
        ({"name": "offre", "kind": "text"}, "porte déjà ce nom"),
        ({"name": "X", "kind": "list"}, "Choisissez une sorte"),
        ({"name": "X", "kind": "choice", "choices": " "}, "de 1 à 50 choix"),
        ({"name": "X", "kind": "text", "key": "É"}, "Minuscules sans accent"),
    ):
        refused = admin.post(url, **wrong)
        assert refused.status_code == 422 and said in refused.text
    admin.post(f"{url}/2/up")
    assert [row[0] for row in rows(app)] == ["sites_ouverts", "offre"]
    assert admin.post(f"{url}/1", name="Formule", choices="Essentiel", version="2").status_code == 303
    late = admin.post(f"{url}/1", name="Gamme", choices="Luxe", version="2")
    assert late.status_code == 409 and "Formule" in late.text and "Luxe" in late.text
    admin.post(f"{url}/1/removal")
    assert ("offre", "Formule", False) in rows(app) and "Champs retirés" in admin.get(url).text
    assert admin.get(f"{url}/1").status_code == 404
    admin.post(f"{url}/1/removal/removal")
    assert ("offre", "Formule", True) in rows(app)
    with app.app_context():
        kinds = list(
            db.session.scalars(sa.select(Event.kind).where(Event.kind.startswith("field.")).order_by(Event.id))
        )
    assert kinds == ["field.defined"] * 2 + ["field.moved", "field.changed", "field.retired", "field.restored"]
    assert house.login("manager").get(url).status_code == 403
