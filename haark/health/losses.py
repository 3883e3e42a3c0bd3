"""«Which signal did we miss?»: what the team writes about a client that left (XB-3). One note for each departure."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from haark.events.domain import differences, record
from haark.extensions import db
from haark.health.models import LossNote

# What a departure can come from; `unseen`: nothing in the data could have told.
CAUSES = ("usage", "sponsor", "satisfaction", "support", "price", "competitor", "bought", "closed", "unseen", "other")
LONGEST = 4_000


class ChangedMeanwhile(Exception):
    """Somebody wrote first; `present` is their note."""

    def __init__(self, present: LossNote) -> None:
        super().__init__("changed meanwhile")
        self.present = present


def note(
    account_id: int, renewal_id: int | None, *, cause: str, text: str, version: int, by: int | None, at: datetime
) -> LossNote:
    """Writes or rewrites the note on a departure; `version` is the one that was seen, 0 for none.

    `cause` is one of CAUSES or ''. Raises ChangedMeanwhile.
    """
    found = of(account_id, renewal_id)
    if found is not None and found.version != version:
        raise ChangedMeanwhile(found)
    before = {"cause": found.cause, "note": found.note} if found else {}
    written = {"cause": cause, "note": text, "author_id": by, "at": at}
    if found is None:
        found = _first(LossNote(account_id=account_id, renewal_id=renewal_id, **written))
    for name, value in written.items():
        setattr(found, name, value)
    db.session.flush()
    changes = differences(before, {"cause": cause, "note": text})
    record("loss.noted", at=at, by=by, account_id=account_id, subject=("loss_note", found.id), changes=changes)
    return found


def _first(made: LossNote) -> LossNote:
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        # Somebody else wrote the first note in the same instant.
        present = of(made.account_id, made.renewal_id)
        if present is None:
            raise
        raise ChangedMeanwhile(present) from error
    return made


def of(account_id: int, renewal_id: int | None) -> LossNote | None:
    """The note on one departure."""
    same = LossNote.renewal_id.is_(None) if renewal_id is None else LossNote.renewal_id == renewal_id
    return db.session.scalars(select(LossNote).where(LossNote.account_id == account_id, same).limit(1)).first()
