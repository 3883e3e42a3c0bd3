"""People of key roles who arrive, leave or change role, as an import of contacts tells it (AC-3).

The rule is haark.accounts.movements, here for many rows at once. Importing the same again adds nothing.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, func, insert, select

from haark.accounts.models import Contact, ContactChange
from haark.accounts.movements import KEY_ROLES, Movement, arrival, movement
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
    found = target.connection.execute(rows)
    return [_row(row, said) for row in found if (said := arrival(row.role, None, True, on))]


def _changed(target: Target, changes: Changes, on: date) -> list[dict[str, Any]]:
    told = {ident: fields for ident, _account, fields in changes if "role" in fields or "left_on" in fields}
    ids, moved = sorted(told), []
    for start in range(0, len(ids), 500):
        rows = select(CONTACT.id, CONTACT.account_id, CONTACT.name, CONTACT.role, CONTACT.left_on)
        for row in target.connection.execute(rows.where(CONTACT.id.in_(ids[start : start + 500]))):
            role = str(told[row.id]["role"][0] or "") if "role" in told[row.id] else row.role
            left = told[row.id]["left_on"][0] if "left_on" in told[row.id] else row.left_on
            if said := movement(role, left, row.role, row.left_on, on):
                moved.append(_row(row, said))
    return moved


def _row(row: Any, said: Movement) -> dict[str, Any]:
    person = {"account_id": row.account_id, "contact_id": row.id, "name": row.name, "role": said.role}
    return {**person, "kind": said.kind, "role_before": said.role_before, "date": said.date}
