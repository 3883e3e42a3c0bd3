"""Changing settings. Reading them is `settings.queries`, offered here too for the verbs that do both."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy.exc import IntegrityError

from haark.events.domain import differences, record
from haark.events.models import Event
from haark.extensions import db
from haark.settings.defaults import DEFAULTS
from haark.settings.models import Setting
from haark.settings.queries import all_values, get, version_of

__all__ = ["Outdated", "all_values", "change", "get", "put", "reset", "version_of"]


class Outdated(Exception):
    """Somebody else changed one of these settings since they were read."""


def put(key: str, value: Any, *, by: int | None, at: datetime) -> None:
    """Changes one setting. KeyError for an unknown name, TypeError for a value of another type than the default's.

    A whole number given for a fraction is kept as a fraction. Raises Outdated when somebody did the same just now.
    """
    typed = _typed(key, value)
    row = db.session.get(Setting, key)
    if row is not None:
        row.value, row.updated_at, row.updated_by_id = typed, at, by
        db.session.flush()
    else:
        try:
            with db.session.begin_nested():
                db.session.add(Setting(key=key, value=typed, updated_at=at, updated_by_id=by))
        except IntegrityError as error:
            raise Outdated(key) from error
    g.pop("settings", None)


def change(values: Mapping[str, Any], *, version: int, section: str, by: int | None, at: datetime) -> Event | None:
    """Changes several settings at once, with one event that holds each before and after; None when nothing differs.

    `version`: what `version_of` these settings was when they were read; Outdated when it has moved since.
    """
    if version != version_of(values):
        raise Outdated(section)
    changed = differences(all_values(), {key: _typed(key, value) for key, value in values.items()})
    for key, (_before, after) in changed.items():
        put(key, after, by=by, at=at)
    if not changed:
        return None
    return record("settings.changed", at=at, by=by, subject=("settings", None), section=section, changes=changed)


def reset(keys: Iterable[str], *, version: int, section: str, by: int | None, at: datetime) -> Event | None:
    """Puts settings back to their defaults. As `change`; the rows stay, so that who did it and when stays known."""
    return change({key: DEFAULTS[key] for key in keys}, version=version, section=section, by=by, at=at)


def _typed(key: str, value: Any) -> Any:
    wanted = type(DEFAULTS[key])
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise TypeError(f"{key} takes {wanted.__name__}")
    return value
