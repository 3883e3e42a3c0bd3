"""Defining the custom fields: adding, changing, putting in order, retiring and bringing back (admins, AC-10)."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from haark import formats
from haark.accounts import custom
from haark.accounts.models import FIELD_KINDS, CustomField
from haark.events.domain import differences, record
from haark.extensions import db

MOST, MOST_CHOICES, LONGEST_NAME, LONGEST_CHOICE = 20, 50, 80, 120
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
REASONS: dict[str, LazyString] = {
    "name": _l("Donnez un nom au champ, en 80 caractères au plus."),
    "twin": _l("Un champ porte déjà ce nom."),
    "kind": _l("Choisissez une sorte de la liste."),
    "key": _l("Minuscules sans accent, chiffres et tirets bas, en commençant par une lettre."),
    "taken": _l("Un autre champ, peut-être retiré, a déjà cet identifiant."),
    "choices": _l("Donnez de 1 à 50 choix, un par ligne, de 120 caractères au plus."),
    "many": _l("20 champs au plus : retirez-en un d’abord."),
}


class FieldError(ValueError):
    """What no field can be; `kind` is a key of REASONS."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class FieldOutdated(Exception):
    """Somebody else changed the definition since it was seen."""


def define(
    name: str, kind: str, choices: Sequence[str] = (), *, key: str = "", by: int | None, at: datetime
) -> CustomField:
    """A new field at the end of the list; without a `key` it is made from the name. Raises FieldError."""
    alive = _alive()
    if len(alive) >= MOST:
        raise FieldError("many")
    if kind not in FIELD_KINDS:
        raise FieldError("kind")
    named = _name(name, alive)
    if key and not KEY.fullmatch(key):
        raise FieldError("key")
    taken = set(db.session.scalars(select(CustomField.key)))
    if key in taken:
        raise FieldError("taken")
    last = db.session.scalar(select(func.coalesce(func.max(CustomField.position), 0)))
    field = CustomField(key=key or _free_key(named, taken), name=named, kind=kind, created_at=at)
    field.choices, field.position = _choices(choices) if kind == "choice" else [], (last or 0) + 1
    db.session.add(field)
    db.session.flush()
    _told("field.defined", field, by, at)
    return field


def change(
    field: CustomField, version: int, name: str, choices: Sequence[str] = (), *, by: int | None, at: datetime
) -> bool:
    """Renames it, or changes what can be chosen; values that were chosen before stay. False when nothing differs.

    Raises FieldError, FieldOutdated.
    """
    if field.version != version:
        raise FieldOutdated(field.key)
    named = _name(name, [one for one in _alive() if one.id != field.id])
    chosen = _choices(choices) if field.kind == "choice" else []
    wanted: dict[str, Any] = {"name": named, "choices": chosen}
    changes = differences({key: getattr(field, key) for key in wanted}, wanted)
    if not changes:
        return False
    field.name, field.choices = named, chosen
    _told("field.changed", field, by, at, changes=changes)
    return True


def move(field: CustomField, step: int, *, by: int | None, at: datetime) -> bool:
    """One place up (-1) or down (+1); False at the end of the list."""
    alive = _alive()
    place = next(n for n, one in enumerate(alive) if one.id == field.id)
    if step not in (-1, 1) or not 0 <= place + step < len(alive):
        return False
    alive[place], alive[place + step] = alive[place + step], alive[place]
    for position, one in enumerate(alive, 1):
        one.position = position
    _told("field.moved", field, by, at)
    return True


def retire(field: CustomField, *, by: int | None, at: datetime) -> None:
    """No longer shown nor filled; its values stay for `restore`."""
    field.deleted_at = at
    _told("field.retired", field, by, at)


def restore(field: CustomField, *, by: int | None, at: datetime) -> None:
    """Brings a retired field back with its values. FieldError where its name or the last place was taken meanwhile."""
    alive = _alive()
    if len(alive) >= MOST:
        raise FieldError("many")
    _name(field.name, alive)
    field.deleted_at = None
    _told("field.restored", field, by, at)


def _alive() -> list[CustomField]:
    rows = select(CustomField).where(CustomField.deleted_at.is_(None)).order_by(CustomField.position, CustomField.id)
    return list(db.session.scalars(rows))


def _name(text: str, others: Sequence[CustomField]) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise FieldError("name")
    if formats.fold(name) in {formats.fold(one.name) for one in others}:
        raise FieldError("twin")
    return name


def _choices(texts: Sequence[str]) -> list[str]:
    kept: dict[str, str] = {}
    for text in texts:
        choice = " ".join(text.split())
        if choice:
            kept.setdefault(formats.fold(choice), choice)
    if not 0 < len(kept) <= MOST_CHOICES or any(len(one) > LONGEST_CHOICE for one in kept.values()):
        raise FieldError("choices")
    return list(kept.values())


def _free_key(name: str, taken: set[str]) -> str:
    """«Nombre d’agences» -> nombre_d_agences; `field` where nothing of it is Latin."""
    base = re.sub(r"[^a-z0-9]+", "_", formats.fold(name)).strip("_")[:36].rstrip("_")
    base = base if base and base[0].isalpha() else f"field_{base}".rstrip("_")[:36]
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key


def _told(kind: str, field: CustomField, by: int | None, at: datetime, **data: Any) -> None:
    record(kind, at=at, by=by, subject=("field", field.id), name=field.name, **data)
    db.session.flush()
    custom.forget()
