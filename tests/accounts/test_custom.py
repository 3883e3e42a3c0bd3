"""Custom fields: what their texts mean, and what happens to their definitions and values."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from haark.accounts import custom, custom_fields
from haark.accounts import domain as accounts
from haark.accounts.custom import CustomError, Field, ValueChanged
from haark.events.models import Event
from haark.extensions import db
from tests.conftest import TODAY

AT = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
BY: dict[str, Any] = {"by": None, "at": AT}


def a(kind: str, *choices: str) -> Field:
    return Field(1, "x", "X", kind, choices, 1)


@pytest.mark.parametrize(
    ("field", "text", "language", "value"),
    [
        (a("number"), " 1\u202f234,5 ", "fr", 1234.5),
        (a("number"), "1,234", "en", 1234.0),
        (a("number"), "-0", "fr", 0.0),
        (a("date"), "2026-11-12", "en", date(2026, 11, 12)),
        (a("date"), "12/11/2026", "fr", date(2026, 11, 12)),
        (a("date"), "12.11.2026", "", date(2026, 11, 12)),
        (a("choice", "Élevé", "Bas"), "eleve", "fr", "Élevé"),
        (a("text"), "  deux\nlignes ", "fr", "deux lignes"),
        (a("text"), " \x00", "fr", None),
    ],
)
def test_what_a_text_means(field: Field, text: str, language: str, value: object) -> None:
    assert custom.parse(field, text, language) == value


@pytest.mark.parametrize(
    ("field", "text", "kind"),
    [
        (a("number"), "douze", "number"),
        (a("date"), "2026-02-30", "date"),
        (a("date"), "12/11/2026 en", "date"),
        (a("date"), "0001-01-01", "date"),
        (a("choice", "Bas"), "Moyen", "choice"),
        (a("text"), "x" * 401, "long"),
    ],
)
def test_a_text_that_is_no_value_says_why(field: Field, text: str, kind: str) -> None:
    with pytest.raises(CustomError) as refused:
        custom.parse(field, text, "fr")
    assert refused.value.kind == kind
    assert refused.value.reason is custom.REASONS[kind]


def test_english_takes_no_day_first() -> None:
    with pytest.raises(CustomError):
        custom.parse(a("date"), "12/11/2026", "en")


@given(st.decimals(-(10**11), 10**11, places=4).map(float), st.sampled_from(["fr", "en", "uk"]))
def test_a_number_comes_back_from_files_and_forms(value: float, language: str) -> None:
    assert custom.parse(a("number"), custom.written(value)) == value
    assert custom.parse(a("number"), custom.typed(value, language), language) == value


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_date_comes_back_from_files_and_forms(value: date) -> None:
    assert custom.parse(a("date"), custom.written(value)) == custom.parse(a("date"), custom.typed(value, "uk")) == value


def test_fields_live_and_their_values(db_app: Flask) -> None:
    with db_app.app_context():
        account = accounts.create("Valmorin", on=TODAY, **BY)
        assert custom.fields() == []
        custom_fields.define("Nombre d’agences", "number", **BY)
        tier = custom_fields.define("Offre", "choice", ["Essentiel", "essentiel", "Complet"], **BY)
        custom_fields.define("Мова", "text", **BY)
        assert [(one.column, one.choices) for one in custom.fields()] == [
            ("cf_nombre_d_agences", ()),
            ("cf_offre", ("Essentiel", "Complet")),
            ("cf_field", ()),
        ]
        assert custom_fields.move(tier, -1, **BY)
        assert [one.key for one in custom.fields()] == ["offre", "nombre_d_agences", "field"]
        for wrong in (("offre", "text"), ("", "text"), ("Autre", "list"), ("Autre", "choice")):
            with pytest.raises(custom_fields.FieldError):
                custom_fields.define(*wrong, **BY)
        offer, count = custom.by_column("cf_offre"), custom.by_column("cf_nombre_d_agences")
        assert offer and count
        assert custom.set_value(account.id, offer, "Complet", **BY)
        assert custom.set_value(account.id, count, 12.0, **BY)
        assert not custom.set_value(account.id, count, 12.0, **BY)
        assert custom.values_of(account.id) == {"offre": "Complet", "nombre_d_agences": 12.0}
        with pytest.raises(ValueChanged) as late:
            custom.set_value(account.id, count, 14.0, seen=(None,), **BY)
        assert late.value.present == 12.0
        assert custom.set_value(account.id, count, None, seen=(12.0,), **BY)
        told = db.session.scalars(db.select(Event).where(Event.kind == "account.changed").order_by(Event.id)).all()
        assert [one.data["changes"] for one in told] == [
            {"cf_offre": [None, "Complet"]},
            {"cf_nombre_d_agences": [None, 12.0]},
            {"cf_nombre_d_agences": [12.0, None]},
        ]
        # A choice taken away stays where it was chosen; a retired field takes its values along and brings them back.
        assert custom_fields.change(tier, tier.version, "Formule", ["Essentiel"], **BY)
        with pytest.raises(custom_fields.FieldOutdated):
            custom_fields.change(tier, tier.version - 1, "Autre", ["Essentiel"], **BY)
        assert custom.values_of(account.id) == {"offre": "Complet"}
        custom_fields.retire(tier, **BY)
        assert custom.values_of(account.id) == {}
        with pytest.raises(custom_fields.FieldError):
            custom_fields.define("Deuxième", "text", key="offre", **BY)
        custom_fields.restore(tier, **BY)
        assert custom.values_of(account.id) == {"offre": "Complet"}
