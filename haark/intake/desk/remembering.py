"""How tables were read, kept by the fingerprint of their headers, so that the next file of the kind needs no work."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from haark.extensions import db
from haark.intake.desk.laying import reading_of
from haark.intake.models import ImportFile, ImportMapping


def keep(tables: Sequence[ImportFile], *, by: int | None, at: datetime) -> None:
    """Remembers these readings in the place of earlier ones of such tables; flushes."""
    for table in tables:
        if not table.fingerprint:
            continue
        kept = db.session.scalar(select(ImportMapping).where(ImportMapping.fingerprint == table.fingerprint))
        if kept is None:
            kept = ImportMapping(fingerprint=table.fingerprint)
            db.session.add(kept)
        kept.name, kept.kind, kept.source = table.name, table.kind, table.source
        kept.reading = reading_of(table).to_json()
        kept.used_at, kept.used_by_id = at, by
        db.session.flush()
