"""Changing settings. Reading them is `settings.queries`, offered here too for the verbs that do both."""

from datetime import datetime
from typing import Any

from flask import g

from haark.extensions import db
from haark.settings.defaults import DEFAULTS
from haark.settings.models import Setting
from haark.settings.queries import all_values, get

__all__ = ["all_values", "get", "put"]


def put(key: str, value: Any, *, by: int | None, at: datetime) -> None:
    """Changes one setting. KeyError for an unknown name, TypeError for a value of another type than the default's."""
    if not isinstance(value, type(DEFAULTS[key])):
        raise TypeError(f"{key} takes {type(DEFAULTS[key]).__name__}")
    row = db.session.get(Setting, key)
    if row is None:
        db.session.add(Setting(key=key, value=value, updated_at=at, updated_by_id=by))
    else:
        row.value, row.updated_at, row.updated_by_id = value, at, by
    db.session.flush()
    g.pop("settings", None)
