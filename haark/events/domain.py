"""Recording what happened. A verb calls `record` in its own transaction; nobody else writes events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from haark.events.models import Event
from haark.extensions import db


def record(
    kind: str,
    *,
    at: datetime,
    by: int | None = None,
    account_id: int | None = None,
    subject: tuple[str, int | None] = ("", None),
    **data: Any,
) -> Event:
    """Adds one event. `kind` is `thing.verb`, `subject` what it happened to (kind, id), `data` plain JSON values."""
    event = Event(
        kind=kind,
        at=at,
        actor_id=by,
        account_id=account_id,
        subject_kind=subject[0],
        subject_id=subject[1],
        data=data,
    )
    db.session.add(event)
    return event


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """`{field: [before, after]}` of what differs, in JSON values; for `record(..., changes=…)`."""
    return {name: [_plain(before.get(name)), _plain(after[name])] for name in after if before.get(name) != after[name]}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float, str, list, dict)) else str(value)
