"""What a manager may set off from the programme. Instants are business time."""

from datetime import date, datetime

from haark.accounts.models import Account
from haark.events.domain import record
from haark.notices import domain as notices


def nudge(account: Account, *, by: int, at: datetime, on: date) -> bool:
    """Asks whoever runs the account for its review, once a day. False when nobody else runs it."""
    if account.owner_id is None or account.owner_id == by:
        return False
    key = f"nudge:{account.id}:{on.isoformat()}"
    notices.tell(
        [account.owner_id],
        "nudged",
        "review",
        at=at,
        by=by,
        account_id=account.id,
        subject=("account", account.id),
        key=key,
        account=account.name,
    )
    record("programme.nudged", at=at, by=by, account_id=account.id, subject=("account", account.id))
    return True
