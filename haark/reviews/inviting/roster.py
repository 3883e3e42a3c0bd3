"""Participants and suggestions as one list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from haark.reviews.inviting.suggesting import Suggestion


@dataclass(frozen=True)
class Person:
    """A participant as the page shows them: a kept row (`id`), or a suggestion that nobody decided about yet."""

    ref: str
    name: str
    email: str
    role: str
    ours: bool
    language: str
    reason: str
    data: dict[str, Any]
    chosen: bool
    id: int | None = None
    contact_id: int | None = None
    user_id: int | None = None
    invited_at: datetime | None = None
    sequence: int | None = None
    reply: str = ""
    replied_at: datetime | None = None
    note: str = ""
    other_at: datetime | None = None
    reminded_at: datetime | None = None
    left: bool = False

    @property
    def organises(self) -> bool:
        return self.role == "csm"

    @property
    def invited(self) -> bool:
        return self.invited_at is not None

    def waits(self, sequence: int) -> bool:
        """Something is to be sent to them: the invitation, or what changed since theirs."""
        reachable = self.chosen and bool(self.email) and not self.organises and not self.left
        return reachable and (self.sequence is None or self.sequence < sequence)


def merge(
    rows: Sequence[Any], suggested: Sequence[Suggestion], here: frozenset[int], fixed: bool = False
) -> list[Person]:
    """Kept participants and new suggestions in one list: suggestions in their order, guests after them.

    `here`: ids of the contacts who are still there; one who left is kept only where they were invited. `fixed`: people
    were invited, so that who organises stays, whoever owns the account now.
    """
    people: list[Person] = []
    left = list(rows)
    for one in suggested:
        row = next((row for row in left if _is(row, one)), None)
        if row is None:
            people.append(_suggested(one))
        else:
            left.remove(row)
            kept = _kept(row, one)
            if one.role == "csm" and not fixed:
                kept = replace(kept, name=one.name, email=one.email, user_id=one.user_id, language=one.language)
            people.append(kept)
    for row in left:
        gone = row.contact_id is not None and row.contact_id not in here
        if gone and row.invited_at is None:
            continue
        people.append(replace(_kept(row, None), left=gone))
    return people


def _is(row: Any, one: Suggestion) -> bool:
    if "csm" in (row.role, one.role):
        return bool(row.role == one.role)
    if row.email and row.email.casefold() == one.email.casefold():
        return True
    if row.contact_id is not None or one.contact_id is not None:
        return bool(row.contact_id == one.contact_id)
    if row.user_id is not None or one.user_id is not None:
        return bool(row.user_id == one.user_id)
    return bool(row.role == one.role and row.ours)


def _suggested(one: Suggestion) -> Person:
    return Person(
        ref=one.ref,
        name=one.name,
        email=one.email,
        role=one.role,
        ours=one.ours,
        language=one.language,
        reason=one.reason,
        data=one.data,
        chosen=one.chosen,
        contact_id=one.contact_id,
        user_id=one.user_id,
    )


def _kept(row: Any, one: Suggestion | None) -> Person:
    return Person(
        ref=f"p{row.id}",
        name=row.name,
        email=row.email,
        role=one.role if one else row.role,
        ours=row.ours,
        language=row.language,
        reason=one.reason if one else row.reason,
        data=one.data if one else row.reason_data,
        chosen=row.chosen,
        id=row.id,
        contact_id=row.contact_id,
        user_id=row.user_id,
        invited_at=row.invited_at,
        sequence=row.invited_sequence,
        reply=row.reply,
        replied_at=row.replied_at,
        note=row.reply_note,
        other_at=row.other_at,
        reminded_at=row.reminded_at,
    )
