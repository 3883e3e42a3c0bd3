"""Keeping a file: its bytes in the store first, then its row in the caller's transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from haark.extensions import db
from haark.files import rules, store
from haark.files.models import StoredFile

# Who else may need a file that no column refers to; each answers whether it does.
HOLDERS: list[Callable[[int], bool]] = []


def holder(needs: Callable[[int], bool]) -> Callable[[int], bool]:
    """Registers somebody who may need a file without referring to it."""
    HOLDERS.append(needs)
    return needs


def keep(content: bytes, name: str, media_type: str, *, at: datetime) -> StoredFile:
    """The row of this content under this name; the one there is already when it was kept before.

    The bytes are safe before the row is written, so a row never points nowhere; bytes without a row do no harm.
    Raises store.StorageFull.
    """
    return enter(store.write(content), len(content), name, media_type, at=at)


def keep_file(source: Path | IO[bytes], name: str, media_type: str, *, at: datetime) -> StoredFile:
    """As `keep`, for a file of any size: it is copied a block at a time. Raises store.StorageFull."""
    if isinstance(source, Path):
        with source.open("rb") as handle:
            digest, size = store.write_stream(handle)
    else:
        digest, size = store.write_stream(source)
    return enter(digest, size, name, media_type, at=at)


def forget(ids: Iterable[int]) -> list[str]:
    """Deletes the rows of these files that nothing refers to any more; flushes. Returns the hashes whose bytes nobody
    needs: `store.remove` them once the transaction is committed."""
    freed = []
    for ident in ids:
        row = db.session.get(StoredFile, ident)
        if row is None or _referred(ident):
            continue
        db.session.delete(row)
        db.session.flush()
        if not db.session.scalar(db.select(StoredFile.id).where(StoredFile.sha256 == row.sha256).limit(1)):
            freed.append(row.sha256)
    return freed


def _referred(ident: int) -> bool:
    """Whether a column of any table still names this file, or somebody else needs it."""
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is StoredFile.__table__:
                found = db.select(sa.literal(1)).select_from(table).where(key.parent == ident).limit(1)
                if db.session.scalar(found):
                    return True
    return any(needs(ident) for needs in HOLDERS)


def enter(digest: str, size: int, name: str, media_type: str, *, at: datetime) -> StoredFile:
    """The row of content that the store has already (`store.write_stream`): its SHA-256 and size in bytes."""
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
