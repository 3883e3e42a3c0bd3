"""Settings saved by an administrator: the change, its event, and everything judged again where judgement moves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from haark.admin.settings.sections import Section
from haark.events.models import Event
from haark.jobs import domain as jobs
from haark.settings import domain as settings


def change(section: Section, values: Mapping[str, Any], *, version: int, by: int, at: datetime) -> bool:
    """Saves a section; whether everything is judged again. Raises settings.Outdated when somebody saved first."""
    return _judge(section, settings.change(values, version=version, section=section.name, by=by, at=at))


def reset(section: Section, *, version: int, by: int, at: datetime) -> bool:
    """Puts a section back to its defaults; as `change`."""
    return _judge(section, settings.reset(section.keys, version=version, section=section.name, by=by, at=at))


def _judge(section: Section, event: Event | None) -> bool:
    if event is None or section.plain.issuperset(event.data["changes"]):
        return False
    jobs.ring_for(event)
    return True
