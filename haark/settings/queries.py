"""Reading settings; values are typed by their defaults."""

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
