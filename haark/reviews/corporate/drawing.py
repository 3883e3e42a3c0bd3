"""A deck as PowerPoint on the organisation's template; on Haark's own pages, and said so, where that fails."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from haark.decks import corporate
from haark.decks.outline import Deck
from haark.decks.telling import Tell, untold
from haark.extensions import db
from haark.files import domain as files
from haark.files.models import StoredFile
from haark.reviews.corporate import queries
from haark.reviews.corporate.models import DeckTemplate

log = logging.getLogger(__name__)
FAILED = "template_failed"
"""The note of a file that was to be made on the template and was not."""


@dataclass(frozen=True)
class Guise:
    """A template as the process that draws needs it: bytes and layouts, no database."""

    name: str
    data: bytes
    mapping: Mapping[str, str]


@dataclass(frozen=True)
class Drawn:
    """A PowerPoint file, and FAILED where it does not stand on the template that was asked for."""

    data: bytes
    note: str = ""


def guise() -> Guise | None:
    """The active template ready to draw on; None: Haark's own pages."""
    found = queries.active()
    return guise_of(found) if found is not None else None


def guise_of(template: DeckTemplate, mapping: Mapping[str, str] | None = None) -> Guise:
    """A template ready to draw on, with other layouts than its own on trial. A lost file is empty, and then refused."""
    try:
        data = files.read(db.session.get_one(StoredFile, template.file_id))
    except (FileNotFoundError, ValueError):
        log.exception("the file of the PowerPoint template %s cannot be read", template.id)
        data = b""
    return Guise(template.name, data, dict(template.mapping if mapping is None else mapping))


def powerpoint(deck: Deck, on: Guise, told: Tell = untold) -> Drawn:
    """The deck on the template, else on our own pages: an export never fails for its template."""
    try:
        return Drawn(corporate.render(deck, on.data, on.mapping, told))
    except Exception:  # a template may be odd in any way; the deck must arrive
        log.exception("the PowerPoint template %s could not be used", on.name)
        from haark.decks.pptx import render_pptx  # loaded when needed, as outputs.write does

        return Drawn(render_pptx(deck, told), FAILED)
