"""A person's day: the lines of every source, and what stands beside them. A constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from haark import clock
from haark.accounts.models import Account
from haark.cadence import steps
from haark.cadence.due import Candidate
from haark.extensions import db
from haark.reviews.meeting.models import Capture
from haark.reviews.recap import due
from haark.signals.models import Signal
from haark.today import rules, sources
from haark.today.models import Postponement
from haark.today.rules import Group, Line
from haark.today.sources import Scope

RENEWALS = 5


@dataclass(frozen=True, slots=True)
class Day:
    """What the page shows. `recaps` and `renewals` stand beside the list too; `renewal_count` counts all of those.

    `full`: a source gave all it may give, so that the counts are «at least»; `whole`: groups shown without a cut.
    """

    scope: Scope
    groups: Sequence[Group]
    recaps: Sequence[Line]
    renewals: Sequence[Any]
    renewal_count: int
    full: bool = False
    whole: Sequence[str] = ()

    def opened(self, name: str) -> list[str]:
        """The groups shown whole, with this one."""
        return [*self.whole, name]

    @property
    def total(self) -> int:
        return sum(len(group.lines) for group in self.groups)

    def count(self, name: str) -> int:
        return next((len(group.lines) for group in self.groups if group.name == name), 0)


def day(scope: Scope, open_to_all: bool, opened: Sequence[str] = ()) -> Day:
    """The day of a scope. `open_to_all`: this person may change every account; `opened`: groups shown whole."""
    lines: list[Line] = []
    full = False
    for kind in scope.kinds:
        found = _recaps(scope, open_to_all) if kind == "recap" else _lines(kind, scope, open_to_all)
        full |= len(found) >= sources.MOST
        lines += found
    groups = rules.arrange(lines, scope.on, scope.at, opened)
    renewals, count = _renewals(scope)
    recaps = sorted(
        (line for line in lines if line.kind == "recap"), key=lambda line: (line.at or scope.at, line.ident)
    )
    return Day(scope, groups, recaps, renewals, count, full, opened)


def _lines(kind: str, scope: Scope, open_to_all: bool) -> list[Line]:
    rows = db.session.execute(sources.statement(kind, scope), scope.marks).all()
    signals = _signals(scope, [row.account_id for row in rows]) if kind == "alert" else {}
    return [_line(kind, row, scope, open_to_all, signals) for row in rows]


def _line(kind: str, row: Any, scope: Scope, open_to_all: bool, signals: Mapping[int, Any]) -> Line:
    facts: dict[str, Any] = {"card": row}
    day, at = _when(kind, row, scope, facts)
    if kind == "alert":
        facts["signals"] = signals.get(row.account_id, ())
        facts["since"] = min((one.opened_on for one in facts["signals"]), default=None)
    elif kind in ("proposal", "comment"):
        facts["since"] = clock.day_of(row.since, scope.zone)
    people = {row.owner_id, row.sales_owner_id, getattr(row, "owner_user_id", None)}
    return Line(
        kind=kind,
        ident=row.ident,
        account_id=row.account_id,
        account=row.account,
        day=day,
        at=at,
        value_cents=row.expected_loss_cents if row.expected_loss_cents is not None else row.arr_cents,
        renewal_days=(row.renewal_date - scope.on).days if row.renewal_date else None,
        owner=(row.holder if kind == "action" else row.owner) or "",
        may_change=open_to_all or scope.user_id in people,
        facts=facts,
    )


def _when(kind: str, row: Any, scope: Scope, facts: dict[str, Any]) -> tuple[date | None, Any]:
    """Until when, and the hour where there is one."""
    if kind == "action":
        return row.due_on, None
    if kind == "review":
        facts["step"], by = steps.next_step(row.state, row.due_on, scope.on)
        if facts["step"] in ("settle", "hold"):
            return row.due_on, row.starts_at
        return row.due_on - timedelta(steps.READY_DAYS), None
    if kind == "plan":
        why = Candidate.of(row.candidates[0]) if row.candidates else None
        facts["why"] = why
        if row.next_review_late and why is not None and why.due < scope.on:
            return why.due, None
        _step, by = steps.next_step("", row.due_on, scope.on)
        return max(by or scope.on, scope.on), None
    return None, None


def _signals(scope: Scope, ids: Sequence[int]) -> dict[int, list[Any]]:
    """The new grave signals of these accounts."""
    if not ids:
        return {}
    told = (Signal.id, Signal.account_id, Signal.kind, Signal.cause, Signal.side, Signal.severity, Signal.evidence)
    rows = select(*told, Signal.opened_on).where(Signal.account_id.in_(ids), *sources.grave(sources.shape(scope)))
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(rows.order_by(Signal.id)):
        found.setdefault(row.account_id, []).append(row)
    return found


def _recaps(scope: Scope, open_to_all: bool) -> list[Line]:
    """What recap.due says is to be sent, with the cards of the accounts."""
    waiting = due.waiting(scope.at, None if scope.team else [scope.user_id])
    if not waiting:
        return []
    mine = {row.line for row in db.session.execute(select(Postponement.line).where(*_put_off(scope)))}
    waiting = [one for one in waiting if f"recap:{one.review_id}" not in mine]
    rows = sources.cards().where(Account.id.in_([one.account_id for one in waiting]))
    cards = {row.account_id: row for row in db.session.execute(rows)}
    said = select(Capture.review_id, func.count()).where(
        Capture.review_id.in_([one.review_id for one in waiting]), Capture.deleted_at.is_(None)
    )
    captures = {row[0]: row[1] for row in db.session.execute(said.group_by(Capture.review_id))}
    return [
        _recap(one, cards[one.account_id], captures, scope, open_to_all) for one in waiting if one.account_id in cards
    ]


def _recap(one: due.Waiting, card: Any, captures: Mapping[int, int], scope: Scope, open_to_all: bool) -> Line:
    return Line(
        kind="recap",
        ident=one.review_id,
        account_id=one.account_id,
        account=one.account_name,
        day=clock.day_of(one.due_at, scope.zone),
        at=one.due_at,
        value_cents=card.expected_loss_cents if card.expected_loss_cents is not None else card.arr_cents,
        renewal_days=(card.renewal_date - scope.on).days if card.renewal_date else None,
        owner=card.owner or "",
        may_change=open_to_all or scope.user_id in (card.owner_id, card.sales_owner_id),
        facts={"card": card, "review": one, "captures": captures.get(one.review_id, 0)},
    )


def _put_off(scope: Scope) -> tuple[Any, ...]:
    return (
        Postponement.user_id == scope.user_id,
        Postponement.until > scope.on,
        Postponement.line.startswith("recap:"),
    )


def _renewals(scope: Scope) -> tuple[Sequence[Any], int]:
    """The next renewals to secure, within ninety days, and how many there are."""
    found = db.session.execute(sources.renewing(scope, RENEWALS), scope.marks).all()
    return found, found[0].total if found else 0


def count(scope: Scope) -> int:
    """How many lines the day holds, in one statement."""
    return int(db.session.scalar(sources.counts(scope.kinds, sources.shape(scope)), scope.marks) or 0)


def anything(scope: Scope) -> bool:
    """Whether there is any account at all in the scope, to tell a quiet day from an empty Haark."""
    there = select(Account.id).where(sources.ours(sources.shape(scope))).exists()
    return bool(db.session.scalar(select(there), scope.marks))
