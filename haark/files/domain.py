"""Keeping a file: its bytes in the store first, then its row in the caller's transaction."""

from datetime import datetime
from pathlib import Path
from typing import IO

from haark.extensions import db
from haark.files import rules, store
from haark.files.models import StoredFile


def keep(content: bytes, name: str, media_type: str, *, at: datetime) -> StoredFile:
    """The row of this content under this name; the one there is already when it was kept before.

    The bytes are safe before the row is written, so a row never points nowhere; bytes without a row do no harm.
    Raises store.StorageFull.
    """
    return _row(store.write(content), len(content), name, media_type, at)


def take(source: IO[bytes], name: str, media_type: str, *, at: datetime) -> StoredFile:
    """As `keep`, for a file that is read from its place on in parts, never whole. Raises store.StorageFull."""
    digest, size = store.take(source)
    return _row(digest, size, name, media_type, at)


def _row(digest: str, size: int, name: str, media_type: str, at: datetime) -> StoredFile:
    shown = rules.safe_name(name)
    found: StoredFile | None = db.session.scalar(
        db.select(StoredFile)
        .where(StoredFile.sha256 == digest, StoredFile.name == shown, StoredFile.media_type == media_type)
        .order_by(StoredFile.id)
        .limit(1)
    )
    if found is not None:
        return found
    row = StoredFile(sha256=digest, name=shown, media_type=media_type, size=size, created_at=at)
    db.session.add(row)
    db.session.flush()
    return row


def path_of(stored: StoredFile) -> Path:
    """Where its bytes are, for sending it."""
    return store.path_of(stored.sha256)


def read(stored: StoredFile) -> bytes:
    """Its bytes. ValueError when the disk changed them."""
    return store.read(stored.sha256)
