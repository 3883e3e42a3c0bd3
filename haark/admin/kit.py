"""Samples for the page /kit: one of each component, with plain values."""

from datetime import UTC, datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

COLUMNS = ("name", "detail", "arr", "score", "band", "delta")
AT = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)


class SampleForm(FlaskForm):
    """Fields in three states: filled, wrong, left alone."""

    account = StringField("Compte", [DataRequired()], default="Groupe Valmorin")
    held_on = DateField("Date du QBR", [DataRequired()])
    kind = SelectField("Type", choices=["QBR", "EBR", "MBR"])
    note = TextAreaField("Note", description="Visible par l’équipe, jamais par le client.")
    reminder = BooleanField("Me le rappeler")


def samples() -> dict[str, Any]:
    """The context of kit/show.html."""
    form = SampleForm(formdata=None)
    form.held_on.errors = ["Cette date n’existe pas. Exemple : 26 févr. 2027"]
    components = [
        {"label": "Usage", "score": 54, "band": "yellow", "delta": -24},
        {"label": "Engagement", "score": 70, "band": "yellow", "delta": -12},
        {"label": "Satisfaction", "score": 80, "band": "green", "delta": 3},
        {"label": "Historique", "score": None, "band": None, "delta": None},
    ]
    tabs = [
        {"label": "Historique", "url": "#historique", "current": True},
        {"label": "Contacts", "url": "#contacts", "current": False, "count": 6},
        {"label": "Revenus", "url": "#revenus", "current": False},
    ]
    accounts = [
        ("Groupe Valmorin", "Distribution · ETI", 12000000, 68, "yellow", -12),
        ("Luméo Énergie", "Énergie · Grand compte", 20500000, 28, "red", -15),
        ("Laboratoires Quéral", "Santé · Grand compte", 15800000, 84, "green", 2),
        ("Kalysta", "Logiciel", None, None, None, None),
    ]
    return {
        "form": form,
        "components": components,
        "tabs": tabs,
        "accounts": [dict(zip(COLUMNS, row, strict=True)) for row in accounts],
        "at": AT,
    }
