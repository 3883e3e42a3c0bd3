"""Reading settings; values are typed by their defaults."""

from collections.abc import Iterable
from typing import Any

from flask import current_app, g, has_app_context

from haark.extensions import db
from haark.settings.defaults import DEFAULTS
from haark.settings.models import Setting


def all_values() -> dict[str, Any]:
    """Every setting, the default where nobody changed it; read once per request or command."""
    if has_app_context() and "settings" in g:
        values: dict[str, Any] = g.settings
        return values
    values = dict(DEFAULTS)
    for key, value in db.session.execute(db.select(Setting.key, Setting.value)):
        # SQLite keeps the JSON text `1.0` as the number 1.
        values[key] = float(value) if type(DEFAULTS.get(key)) is float else value
    if has_app_context():
        g.settings = values
        if (stamp := g.pop("settings_stamp", None)) is not None:
            memory = _remembered()
            memory.clear()
            memory[stamp] = dict(values)
    return values


def under(stamp: int | None) -> None:
    """Tells a request that only reads the number that grows with every change of a setting: where this process read the
    settings under the same one, they are not read again. Does nothing without a number, nor where they were read before
    it was: they may be of a moment earlier."""
    if stamp is None or "settings" in g:
        return
    memory = _remembered()
    if stamp in memory:
        g.settings = dict(memory[stamp])
    else:
        g.settings_stamp = stamp


def _remembered() -> dict[int, dict[str, Any]]:
    memory: dict[int, dict[str, Any]] = current_app.extensions.setdefault("haark_settings", {})
    return memory


def get(key: str) -> Any:
    """The value of one setting. KeyError for a name that has no default."""
    return all_values()[key]


def version_of(keys: Iterable[str]) -> int:
    """A number that grows with every change of one of these settings; 0 while nobody changed any. One statement."""
    total = db.select(db.func.coalesce(db.func.sum(Setting.version), 0)).where(Setting.key.in_(list(keys)))
    return int(db.session.scalar(total) or 0)
