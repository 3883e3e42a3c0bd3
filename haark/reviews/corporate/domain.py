"""What is done with templates: uploaded, mapped, used, set aside. Told who and when; the caller commits."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from haark.decks import corporate
from haark.decks.corporate import Report
from haark.events.domain import record
from haark.extensions import db
from haark.files import domain as files
from haark.reviews.corporate import queries
from haark.reviews.corporate.models import DeckTemplate

MEDIA = {
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".potx": "application/vnd.openxmlformats-officedocument.presentationml.template",
}


class Outdated(Exception):
    """Somebody changed the template since the form was shown."""


def upload(data: bytes, name: str, *, by: int | None, at: datetime) -> DeckTemplate:
    """Keeps a template with its report and the layouts suggested; it is not used until somebody says so.

    Raises corporate.Refused with the reason when the file cannot be one.
    """
    report = corporate.inspect(data)
    suffix = PurePath(name).suffix.lower()
    file = files.keep(data, name or "modele.pptx", MEDIA.get(suffix, MEDIA[".pptx"]), at=at)
    template = DeckTemplate(
        name=file.name[:200],
        file_id=file.id,
        mapping=corporate.map_layouts(report).to_dict(),
        report=report.to_dict(),
        uploaded_by_id=by,
        at=at,
    )
    db.session.add(template)
    db.session.flush()
    _record(template, "uploaded", by, at)
    return template


def report_of(template: DeckTemplate) -> Report:
    """What was found when it was uploaded."""
    return Report.from_dict(template.report)


def remap(
    template: DeckTemplate, wanted: Mapping[str, str], *, version: int, by: int | None, at: datetime
) -> DeckTemplate:
    """Other layouts for the roles; what cannot carry a role keeps the suggestion. Raises Outdated."""
    if template.version != version:
        raise Outdated
    before = dict(template.mapping)
    template.mapping = corporate.chosen(report_of(template), wanted).to_dict()
    db.session.flush()
    if template.mapping != before:
        _record(template, "mapped", by, at, layouts=template.mapping)
    return template


def activate(template: DeckTemplate, *, by: int | None, at: datetime) -> None:
    """From now on PowerPoint files are made on it, and on no other."""
    current = queries.active()
    if current is not None and current.id == template.id:
        return
    if current is not None:
        current.active = False
    template.active = True
    db.session.flush()
    _record(template, "activated", by, at)


def deactivate(template: DeckTemplate, *, by: int | None, at: datetime) -> None:
    """From now on PowerPoint files are made on Haark's own pages."""
    if template.active:
        template.active = False
        db.session.flush()
        _record(template, "deactivated", by, at)


def remove(template: DeckTemplate, *, by: int | None, at: datetime) -> None:
    """Deletes it; it can be brought back. Files made with it stay."""
    template.active = False
    template.deleted_at = at
    db.session.flush()
    _record(template, "removed", by, at)


def bring_back(template_id: int, *, by: int | None, at: datetime) -> None:
    """Undoes `remove`; it is not used until somebody says so."""
    template = db.session.get_one(DeckTemplate, template_id)
    template.deleted_at = None
    db.session.flush()
    _record(template, "restored", by, at)


def _record(template: DeckTemplate, what: str, by: int | None, at: datetime, **data: Any) -> None:
    record(f"template.{what}", at=at, by=by, subject=("template", template.id), name=template.name, **data)
