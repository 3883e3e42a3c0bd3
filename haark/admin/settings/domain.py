"""Settings saved by an administrator: the change, its event, and everything judged again where judgement moves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from haark.admin.settings.sections import Section
from haark.events.models import Event
from haark.extensions import db
from haark.files import logos
from haark.files.models import StoredFile
from haark.jobs import domain as jobs
from haark.settings import domain as settings

LOGO = "brand.logo_file"
# So many changes of settings are looked through for the last one of the logo.
LOOKED_AT = 100


def change(section: Section, values: Mapping[str, Any], *, version: int, by: int, at: datetime) -> bool:
    """Saves a section; whether everything is judged again. Raises settings.Outdated when somebody saved first."""
    return _judge(section, settings.change(values, version=version, section=section.name, by=by, at=at))


def reset(section: Section, *, version: int, by: int, at: datetime) -> bool:
    """Puts a section back to its defaults; as `change`."""
    return _judge(section, settings.reset(section.keys, version=version, section=section.name, by=by, at=at))


def change_logo(content: bytes, name: str, *, by: int, at: datetime) -> None:
    """Keeps our logo. Raises ImageRefused (files.logos), and StorageFull."""
    _put_logo(logos.keep(content, name, at=at).id, by, at)


def remove_logo(*, by: int, at: datetime) -> None:
    """Covers carry our name alone."""
    _put_logo(0, by, at)


def restore_logo(*, by: int, at: datetime) -> bool:
    """Takes the last change of our logo back. False where there is none, or its file is gone."""
    said = select(Event.data).where(Event.kind == "settings.changed", Event.subject_kind == "settings")
    rows = db.session.scalars(said.order_by(Event.id.desc()).limit(LOOKED_AT))
    before = next((row["changes"][LOGO][0] for row in rows if LOGO in row["changes"]), None)
    if before is None or (before and db.session.get(StoredFile, before) is None):
        return False
    _put_logo(before, by, at)
    return True


def _put_logo(file_id: int, by: int, at: datetime) -> None:
    version = settings.version_of([LOGO])
    settings.change({LOGO: file_id}, version=version, section="brand", by=by, at=at)


def _judge(section: Section, event: Event | None) -> bool:
    if event is None or section.plain.issuperset(event.data["changes"]):
        return False
    jobs.ring_for(event)
    return True
