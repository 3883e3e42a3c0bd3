"""What a person does with a line of their day, beyond what the thing itself knows."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.signals import domain as signals
from haark.signals.models import Signal
from haark.today.models import Postponement

# Lines that are put off by a row of their own; actions move by their due date, alerts by the snooze of their signals.
POSTPONABLE = ("recap", "renewal", "alert", "review", "plan", "proposal", "comment")
# How long an account in the red without any signal rests once somebody has it in hand.
REST = timedelta(7)


class LineError(ValueError):
    """`kind`: `past` (a day to come is needed), `unknown` (no such line)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def postpone(user_id: int, line: str, until: date, *, on: date) -> None:
    """The line comes back to this person's day on `until`; nobody else's day changes. LineError: past, unknown."""
    kind, _colon, ident = line.partition(":")
    if kind not in POSTPONABLE or not ident.isascii() or not ident.isdecimal() or len(ident) > 18:
        raise LineError("unknown")
    if until <= on:
        raise LineError("past")
    db.session.execute(db.delete(Postponement).where(Postponement.user_id == user_id, Postponement.until <= on))
    row = _of(user_id, line)
    if row is None:
        row = Postponement(user_id=user_id, line=line)
        db.session.add(row)
    row.until = until
    db.session.flush()


def bring_back(user_id: int, line: str) -> None:
    """The line is of today again."""
    mine = (Postponement.user_id == user_id, Postponement.line == line)
    db.session.execute(db.delete(Postponement).where(*mine))


def acknowledge(account_id: int, *, by: int, at: datetime, on: date, side: str = "") -> list[int]:
    """Somebody has what is new and grave on an account in hand; the ids of the signals taken.

    On an account in the red what is of medium severity is taken with it. Where there is nothing to take in charge the
    line rests for a week. `side`: `opportunity` for what is to be sold alone.
    """
    found = []
    for one in _open(account_id, side):
        signals.acknowledge(one, by=by, at=at, on=on)
        found.append(one.id)
    if not found:
        postpone(by, f"alert:{account_id}", on + REST, on=on)
    return found


def snooze(account_id: int, until: date, *, by: int, at: datetime, on: date, side: str = "") -> list[int]:
    """The new grave signals of an account are put aside, and the account's being in the red for this person alone; the
    ids of the signals. LineError: past."""
    if until <= on:
        raise LineError("past")
    found = []
    for one in _open(account_id, side):
        if one.severity == "high":
            signals.snooze(one, until, by=by, at=at, on=on)
            found.append(one.id)
    postpone(by, f"alert:{account_id}", until, on=on)
    return found


def reopen(account_id: int, idents: Collection[int], *, by: int, at: datetime, on: date) -> None:
    """As before: the signals are new again, those that hold still and are of this account."""
    mine = db.select(Signal).where(
        Signal.id.in_(idents), Signal.account_id == account_id, Signal.resolved_on.is_(None), Signal.state != "open"
    )
    for one in _fresh([one.id for one in db.session.scalars(mine).all()]):
        signals.reopen(one, by=by, at=at, on=on)
    bring_back(by, f"alert:{account_id}")


def _of(user_id: int, line: str) -> Postponement | None:
    mine = (Postponement.user_id == user_id, Postponement.line == line)
    found: Postponement | None = db.session.scalar(db.select(Postponement).where(*mine))
    return found


def _open(account_id: int, side: str) -> Iterator[Signal]:
    red = db.session.scalar(db.select(AccountCard.health_band).where(AccountCard.account_id == account_id)) == "red"
    mine = (Signal.account_id == account_id, Signal.state == "open", Signal.resolved_on.is_(None))
    rows = db.select(Signal).where(*mine).order_by(Signal.id)
    if side:
        rows = rows.where(Signal.side == side)
    found = [one.id for one in db.session.scalars(rows) if one.severity == "high" or (red and _worries(one))]
    return (one for one in _fresh(found) if one.state == "open")


def _fresh(idents: Sequence[int]) -> Iterator[Signal]:
    """Each as it is when its turn comes: deciding about one judges the account, which may end another."""
    for ident in idents:
        one = db.session.get_one(Signal, ident, populate_existing=True)
        if one.resolved_on is None:
            yield one


def _worries(one: Signal) -> bool:
    return one.side == "risk" and one.severity == "medium"
