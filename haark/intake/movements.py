"""People of key roles who arrive, leave or change role, as an import of contacts tells it (AC-3).

The first contacts of an account are no changes: nobody knew others before. Importing the same again adds nothing.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, func, insert, select

from haark.accounts.models import Contact, ContactChange
from haark.health.facts import KEY_ROLES
from haark.intake.target import Target

CONTACT, CHANGE = Contact.__table__.c, ContactChange.__table__.c
Changes = Sequence[tuple[int, int | None, dict[str, Any]]]  # (contact, account, {field: [before, after]})


def newest(target: Target) -> int:
    """The last contact there is before the import writes: those after it are new."""
    return int(target.connection.execute(select(func.coalesce(func.max(CONTACT.id), 0))).scalar_one())


def keep(target: Target, last: int, changes: Changes, on: date) -> list[dict[str, Any]]:
    """Keeps what moved on day `on`, after the import has written; `last` from `newest`, `changes` from before.

    Returns the rows that it wrote."""
    moved = [*_arrived(target, last, on), *_changed(target, changes, on)]
    if not moved:
        return []
    ids = sorted({row["contact_id"] for row in moved})
    present = set()
    for start in range(0, len(ids), 500):
        known = select(CHANGE.contact_id, CHANGE.kind, CHANGE.date).where(
            CHANGE.contact_id.in_(ids[start : start + 500])
        )
        present |= {tuple(row) for row in target.connection.execute(known)}
    new = [row for row in moved if (row["contact_id"], row["kind"], row["date"]) not in present]
    if not new:
        return []
    written = target.connection.execute(insert(ContactChange).returning(*CHANGE), new)
    return [dict(row._mapping) for row in written]


def _arrived(target: Target, last: int, on: date) -> list[dict[str, Any]]:
    """New people of key roles at accounts whose people were known already."""
    others = Contact.__table__.alias()
    rows = select(CONTACT.id, CONTACT.account_id, CONTACT.name, CONTACT.role).where(
        CONTACT.id > last,
        CONTACT.role.in_(KEY_ROLES),
        CONTACT.left_on.is_(None),
        exists().where(others.c.account_id == CONTACT.account_id, others.c.id <= last),
    )
    return [_row(row, "arrived", on) for row in target.connection.execute(rows)]


def _changed(target: Target, changes: Changes, on: date) -> list[dict[str, Any]]:
    told = {ident: fields for ident, _account, fields in changes if "role" in fields or "left_on" in fields}
    ids, moved = sorted(told), []
    for start in range(0, len(ids), 500):
        rows = select(CONTACT.id, CONTACT.account_id, CONTACT.name, CONTACT.role, CONTACT.left_on)
        for row in target.connection.execute(rows.where(CONTACT.id.in_(ids[start : start + 500]))):
            before = str(told[row.id]["role"][0] or "") if "role" in told[row.id] else row.role
            if "left_on" in told[row.id] and row.role in KEY_ROLES:
                # Somebody who left and is there again has arrived.
                moved.append(_row(row, "left" if row.left_on else "arrived", row.left_on or on))
            elif before != row.role and {before, row.role} & set(KEY_ROLES) and row.left_on is None:
                moved.append(_row(row, "role", on) | {"role_before": before})
    return moved


def _row(row: Any, kind: str, on: date) -> dict[str, Any]:
    person = {"account_id": row.account_id, "contact_id": row.id, "name": row.name, "role": row.role}
    return {**person, "kind": kind, "role_before": "", "date": on}
