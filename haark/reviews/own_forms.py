"""What people type into an own slide: read into the shapes of content/own.py, and what is wrong with it.

Tables and lists of figures grow and shrink by buttons named `step` (`row`, `column`, `drop-row-2`…), which send the
form as it is and save nothing; so they work without JavaScript.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from haark.fields import one_line, paragraphs
from haark.reviews.content.own import FORMS, MOST_COLUMNS, MOST_FIGURES, MOST_ROWS, SERIES

Data = dict[str, Any]
LONG, SHORT = 4000, 300
PICTURE_BYTES = 5 * 1024 * 1024
# Kinds that have a form, with name, what they are for, drawing; those of the library are chosen, not typed.
KINDS: Mapping[str, tuple[Any, Any, str]] = {
    "text": (_l("Texte"), _l("Des points, ou un paragraphe"), "type"),
    "figures": (_l("Chiffres"), _l("Ceux du compte, ou les vôtres avec leur source"), "gauge"),
    "table": (_l("Tableau"), _l("Lignes et colonnes à vous"), "table-2"),
    "chart": (_l("Graphique"), _l("Une série du compte, en courbe ou en barres"), "chart-line"),
    "image": (_l("Image"), _l("PNG ou JPEG, 5 Mo au plus"), "image"),
    "quote": (_l("Citation"), _l("Les mots d’une personne"), "quote"),
}
ITEM = ("figure", "label", "value", "unit", "source")


def blank(kind: str) -> Data:
    """What an empty form of the kind shows."""
    if kind == "table":
        return {"columns": ["", "", ""], "rows": [["", "", ""] for _row in range(3)]}
    if kind == "figures":
        return {"items": [{} for _item in range(3)]}
    return {"form": FORMS[0]} if kind == "chart" else {}


def read(kind: str, form: MultiDict[str, str]) -> Data:
    """What was typed, cleaned and cut to what a slide can hold; the file of an image comes apart."""
    data: Data = {"headline": _line(form, "headline")}
    if kind == "text":
        data["body"] = paragraphs(form.get("body"))[:LONG]
    elif kind == "figures":
        data["items"] = [_item(form, index) for index in range(min(_count(form, "items"), MOST_FIGURES))]
    elif kind == "table":
        wide, high = min(_count(form, "columns"), MOST_COLUMNS), min(_count(form, "rows"), MOST_ROWS)
        data["columns"] = [_line(form, f"column-{index}") for index in range(wide)]
        data["rows"] = [[_line(form, f"cell-{row}-{index}") for index in range(wide)] for row in range(high)]
        data["source"] = _line(form, "source")
    elif kind == "chart":
        data |= {name: _line(form, name) for name in ("series", "form")}
        data["comment"] = paragraphs(form.get("comment"))[:LONG]
    elif kind == "image":
        data |= {name: _line(form, name) for name in ("alt", "caption", "source")}
    elif kind == "quote":
        data["quote"] = paragraphs(form.get("quote"))[:LONG]
        data |= {name: _line(form, name) for name in ("speaker", "role")}
    return data


def stepped(data: Data, step: str) -> Data:
    """The form with a row, a column or a figure more or less; anything else changes nothing."""
    what, _dash, where = step.removeprefix("drop-").partition("-")
    at = int(where) if where.isdecimal() else -1
    if step == "row" and len(data["rows"]) < MOST_ROWS:
        return {**data, "rows": [*data["rows"], [""] * len(data["columns"])]}
    if step == "column" and len(data["columns"]) < MOST_COLUMNS:
        return {**data, "columns": [*data["columns"], ""], "rows": [[*row, ""] for row in data["rows"]]}
    if step == "item" and len(data["items"]) < MOST_FIGURES:
        return {**data, "items": [*data["items"], {}]}
    if not step.startswith("drop-") or at < 0:
        return data
    if what == "row" and len(data["rows"]) > 1:
        return {**data, "rows": _without(data["rows"], at)}
    if what == "column" and len(data["columns"]) > 1:
        return {
            **data,
            "columns": _without(data["columns"], at),
            "rows": [_without(row, at) for row in data["rows"]],
        }
    if what == "item" and len(data["items"]) > 1:
        return {**data, "items": _without(data["items"], at)}
    return data


def complaints(kind: str, data: Data, figures: Mapping[str, Any]) -> dict[str, str]:
    """What keeps the slide from being made, by field. `figures`: those of the account."""
    found: dict[str, str] = {}
    if kind == "text" and not (data["body"] or data["headline"]):
        found["body"] = _("Écrivez au moins une ligne.")
    if kind == "figures":
        for index, item in enumerate(data["items"]):
            found |= _item_complaints(index, item, figures)
        if not any(item.get("figure") or item.get("value") for item in data["items"]):
            found["figure-0"] = _("Choisissez un chiffre du compte, ou tapez une valeur.")
    if kind == "table":
        for index, title in enumerate(data["columns"]):
            if not title and any(row[index] for row in data["rows"]):
                found[f"column-{index}"] = _("Nommez cette colonne.")
        if not any(any(row) for row in data["rows"]):
            found["cell-0-0"] = _("Remplissez au moins une case.")
    if kind == "chart" and data["series"] not in SERIES:
        found["series"] = _("Choisissez une série.")
    if kind == "image" and not data["alt"]:
        found["alt"] = _("Décrivez l’image en une phrase, pour qui ne la voit pas.")
    if kind == "quote":
        found |= {} if data["quote"] else {"quote": _("Écrivez les mots de la personne.")}
        found |= {} if data["speaker"] else {"speaker": _("Dites qui l’a dit.")}
    return found


def trimmed(kind: str, data: Data) -> Data:
    """The data as a slide keeps it: rows, columns and figures that hold nothing are left out."""
    if kind == "figures":
        items = [item for item in data["items"] if item.get("figure") or item.get("value")]
        return {**data, "items": [{name: text for name, text in item.items() if text} for item in items]}
    if kind == "table":
        kept = [i for i, title in enumerate(data["columns"]) if title or any(row[i] for row in data["rows"])]
        rows = [[row[i] for i in kept] for row in data["rows"] if any(row)]
        return {**data, "columns": [data["columns"][i] for i in kept], "rows": rows}
    if kind == "chart":
        return {**data, "form": data["form"] if data["form"] in FORMS else FORMS[0]}
    return data


def _item_complaints(index: int, item: Mapping[str, str], figures: Mapping[str, Any]) -> dict[str, str]:
    if item.get("figure"):
        return {} if item["figure"] in figures else {f"figure-{index}": _("Ce chiffre n’existe plus.")}
    typed = item.get("value")
    found = {}
    if typed and not item.get("label"):
        found[f"label-{index}"] = _("Dites ce que ce chiffre compte.")
    if typed and not item.get("source"):
        found[f"source-{index}"] = _("Dites d’où il vient.")
    return found


def _item(form: MultiDict[str, str], index: int) -> dict[str, str]:
    item = {name: _line(form, f"{name}-{index}") for name in ITEM}
    return {**item, "value": "", "unit": "", "source": ""} if item["figure"] else item


def _line(form: MultiDict[str, str], name: str) -> str:
    return one_line(form.get(name))[:SHORT]


def _count(form: MultiDict[str, str], name: str) -> int:
    """How many of a thing the form was sent with, in a hidden field; at least one."""
    typed = form.get(name, "")
    return max(int(typed) if typed.isdecimal() and len(typed) < 4 else 1, 1)


def _without(items: list[Any], at: int) -> list[Any]:
    return [item for index, item in enumerate(items) if index != at]
