"""When people at a client move (AC-3): the one rule of which arrivals, departures and changes of role count. Pure.

Imports (haark.intake.movements) and people (haark.accounts.contacts) keep what it says as rows of ContactChange.
"""

from dataclasses import dataclass
from datetime import date

KEY_ROLES = ("sponsor", "champion", "decision_maker")


@dataclass(frozen=True, slots=True)
class Movement:
    """A person of a key role who `left`, `arrived` or changed `role`, on the day it took effect."""

    kind: str
    role: str
    role_before: str
    date: date


def arrival(role: str, left_on: date | None, others: bool, on: date) -> Movement | None:
    """Somebody new, at a client where `others` were known before: the first contacts of an account are no changes."""
    return Movement("arrived", role, "", on) if others and role in KEY_ROLES and left_on is None else None


def movement(role_before: str, left_before: date | None, role: str, left_on: date | None, on: date) -> Movement | None:
    """What happened to a known person. Somebody who left and is there again has arrived; of somebody who left, a
    change of role says nothing, and who gave a key role up on leaving has left it."""
    if left_before != left_on and left_on is not None:
        held = role if role in KEY_ROLES else role_before
        return Movement("left", held, "", left_on) if held in KEY_ROLES else None
    if left_before != left_on and role in KEY_ROLES:
        return Movement("arrived", role, "", on)
    if role_before != role and left_on is None and (role in KEY_ROLES or role_before in KEY_ROLES):
        return Movement("role", role, role_before, on)
    return None
