"""Reading and changing settings; values are typed by their defaults."""

from datetime import datetime
from typing import Any

from flask import g, has_app_context

from haark.extensions import db
from haark.settings.defaults import DEFAULTS
from haark.settings.models import Setting


def all_values() -> dict[str, Any]:
    """Every setting, the default where nobody changed it; read once per request or command."""
    if has_app_context() and "settings" in g:
        values: dict[str, Any] = g.settings
        return values
    values = dict(DEFAULTS)
    values.update({row.key: row.value for row in db.session.execute(db.select(Setting.key, Setting.value))})
    if has_app_context():
        g.settings = values
    return values


def get(key: str) -> Any:
    """The value of one setting. KeyError for a name that has no default."""
    return all_values()[key]


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
