"""Reads of the organisation's templates."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from haark.access import Owned, owned_by
from haark.cadence.models import Review
from haark.extensions import db
from haark.files.models import StoredFile
from haark.people.models import User
from haark.reviews.corporate.models import DeckTemplate
from haark.reviews.models import ReviewSnapshot


@dataclass(frozen=True)
class Row:
    """A template in the list; `size` in bytes, `by` the name of who uploaded it."""

    id: int
    name: str
    active: bool
    at: datetime
    size: int
    by: str | None


@owned_by("template")
def _owned(template_id: int) -> Owned | None:
    found = db.session.get(DeckTemplate, template_id)
    return None if found is None else Owned(deleted=found.deleted_at is not None)


@owned_by("removed_template")
def _owned_removed(template_id: int) -> Owned | None:
    found = db.session.get(DeckTemplate, template_id)
    return None if found is None else Owned(deleted=found.deleted_at is None)


def active() -> DeckTemplate | None:
    """The template that PowerPoint files are made on; None: Haark's own."""
    found: DeckTemplate | None = db.session.scalar(
        select(DeckTemplate).where(DeckTemplate.active, DeckTemplate.deleted_at.is_(None)).limit(1)
    )
    return found


def stamp() -> str:
    """Names the active template and its layouts: files made with another one are made anew; "" without one."""
    statement = select(DeckTemplate.id, DeckTemplate.mapping).where(
        DeckTemplate.active, DeckTemplate.deleted_at.is_(None)
    )
    found = db.session.execute(statement.limit(1)).first()
    if found is None:
        return ""
    layouts = hashlib.sha256(json.dumps(found.mapping, sort_keys=True).encode()).hexdigest()
    return f"{found.id}-{layouts[:16]}"


def get(template_id: int) -> DeckTemplate | None:
    """A template that is not deleted."""
    found = db.session.get(DeckTemplate, template_id)
    return found if found is not None and found.deleted_at is None else None


def listed() -> list[Row]:
    """Every template, the active one first, then the latest."""
    statement = (
        select(DeckTemplate.id, DeckTemplate.name, DeckTemplate.active, DeckTemplate.at, StoredFile.size, User.name)
        .join(StoredFile, StoredFile.id == DeckTemplate.file_id)
        .join(User, User.id == DeckTemplate.uploaded_by_id, isouter=True)
        .where(DeckTemplate.deleted_at.is_(None))
        .order_by(DeckTemplate.active.desc(), DeckTemplate.at.desc(), DeckTemplate.id.desc())
    )
    return [Row(*row) for row in db.session.execute(statement)]


def latest_review_id() -> int | None:
    """The review whose facts were gathered last, for a trial with real words."""
    statement = (
        select(ReviewSnapshot.review_id)
        .join(Review, Review.id == ReviewSnapshot.review_id)
        .where(Review.deleted_at.is_(None))
        .order_by(ReviewSnapshot.taken_at.desc(), ReviewSnapshot.id.desc())
    )
    found: int | None = db.session.scalar(statement.limit(1))
    return found
