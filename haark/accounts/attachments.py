"""Verbs about the files kept with an account (AC-10): for the team only, never on a page that a client opens."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from sqlalchemy import func, select

from haark.accounts import trash
from haark.accounts.models import Attachment, Trashed
from haark.events.domain import record
from haark.extensions import db
from haark.files import domain as files
from haark.files import rules, sniffing
from haark.files.models import StoredFile
from haark.people.models import User
from haark.settings import queries as settings

MEGABYTE = 1_000_000
MOST, LONGEST_NOTE = 200, 400


class AttachmentError(ValueError):
    """What is not kept; `kind`: one of files.sniffing.Refused, or `size`, `many` (200 for an account), `note`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def most_bytes() -> int:
    """The largest file, from the settings."""
    return int(settings.get("attachments.max_megabytes")) * MEGABYTE


def of_account(account_id: int) -> Sequence[Any]:
    """Newest first: id, name, note, created_at, size, media_type, created_by_id, who. One statement."""
    columns = (Attachment.id, Attachment.name, Attachment.note, Attachment.created_at, Attachment.created_by_id)
    rows = select(*columns, StoredFile.size, StoredFile.media_type, User.name.label("who"))
    rows = rows.join(StoredFile, StoredFile.id == Attachment.file_id)
    rows = rows.outerjoin(User, User.id == Attachment.created_by_id).where(Attachment.account_id == account_id)
    return db.session.execute(rows.order_by(Attachment.created_at.desc(), Attachment.id.desc()).limit(MOST)).all()


def file_of(attachment_id: int) -> tuple[str, StoredFile]:
    """The name under which it is kept, and the file. NoResultFound for a missing one."""
    joined = select(Attachment.name, StoredFile).join(StoredFile, StoredFile.id == Attachment.file_id)
    name, stored = db.session.execute(joined.where(Attachment.id == attachment_id)).one()
    return name, stored


def attach(
    account_id: int, source: IO[bytes], name: str, note: str = "", *, by: int | None, at: datetime
) -> Attachment:
    """Keeps a file, by what it holds; it is read in parts. Raises AttachmentError, StorageFull."""
    shown = rules.safe_name(name)
    if len(note) > LONGEST_NOTE:
        raise AttachmentError("note")
    size = source.seek(0, 2)
    source.seek(0)
    if size > most_bytes():
        raise AttachmentError("size")
    kept = select(func.count()).select_from(Attachment).where(Attachment.account_id == account_id)
    if int(db.session.scalar(kept) or 0) >= MOST:
        raise AttachmentError("many")
    try:
        media_type = sniffing.sort_of(source, shown)
    except sniffing.Refused as refused:
        raise AttachmentError(refused.kind) from refused
    stored = files.keep_file(source, shown, media_type, at=at)
    told = {"name": shown, "note": note, "created_at": at, "created_by_id": by}
    attachment = Attachment(account_id=account_id, file_id=stored.id, **told)
    db.session.add(attachment)
    db.session.flush()
    _told("attachment.added", account_id, attachment.id, shown, by, at)
    return attachment


def remove(attachment: Attachment, *, by: int | None, at: datetime) -> Trashed:
    """Puts it in the trash; the stored file stays, for whoever brings it back."""
    account_id, ident, name = attachment.account_id, attachment.id, attachment.name
    away = trash.put_away(attachment, "attachment", name, by=by, at=at)
    _told("attachment.removed", account_id, ident, name, by, at)
    return away


def _told(kind: str, account_id: int, ident: int, name: str, by: int | None, at: datetime) -> None:
    record(kind, at=at, by=by, account_id=account_id, subject=("attachment", ident), name=name)
    db.session.flush()
