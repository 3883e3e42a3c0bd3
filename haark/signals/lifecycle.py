"""The life of signals (SG-3): what was found against what is kept, for a chunk of accounts, in a few statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from haark.accounts.queries import within
from haark.events.domain import record
from haark.extensions import db
from haark.signals import rules
from haark.signals.facts import Found
from haark.signals.models import Signal

TABLE = Signal.__table__
WRITTEN = ("severity", "evidence", "value_cents", "state", "snoozed_until", "seen_on", "resolved_on", "version")


@dataclass(frozen=True, slots=True)
class Live:
    """A signal whose cause holds after a turn, as it is kept. `id` is 0 for one that this turn opened."""

    id: int
    kind: str
    cause: str
    side: str
    severity: str
    evidence: Mapping[str, Any]
    value_cents: int | None
    state: str
    snoozed_until: date | None

    def counts(self, on: date) -> bool:
        return rules.counts(self.state, self.snoozed_until, on)


def reconcile(found: Mapping[int, Sequence[Found]], on: date, at: datetime) -> dict[int, list[Live]]:
    """Opens, refreshes, wakes and resolves; what holds afterwards, by account. Doing it again changes nothing.

    One row without `resolved_on` for each account, kind and cause. A signal put aside comes back when its day has come,
    or when it became graver; a dismissed one stays dismissed while the cause holds. What a person noted stays until a
    person ends it. Openings, worsenings and resolutions are one event each for an account, at the instant `at`.
    """
    ids = sorted(found)
    if not ids:
        return {}
    kept = select(*TABLE.c).where(within(TABLE.c.account_id, ids), TABLE.c.resolved_on.is_(None))
    rows: defaultdict[int, dict[tuple[str, str], Any]] = defaultdict(dict)
    for row in db.session.execute(kept):
        if row.account_id in found:
            rows[row.account_id][row.kind, row.cause] = row
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    live: dict[int, list[Live]] = {}
    for ident in ids:
        turn = _Turn(ident, rows[ident], on)
        live[ident] = turn.take(found[ident])
        new += turn.new
        changed += turn.changed
        for kind, told in turn.told.items():
            if told:
                record(kind, at=at, account_id=ident, subject=("account", ident), signals=told)
    if new:
        db.session.execute(insert(TABLE), new)
    if changed:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in WRITTEN}
        statement = update(TABLE).where(TABLE.c.id == bindparam("key")).values(values)
        db.session.flush()
        db.session.connection().execute(statement, changed)
    return live


class _Turn:
    """One account's turn: `new` and `changed` rows to write, `told` by kind of event."""

    def __init__(self, ident: int, rows: Mapping[tuple[str, str], Any], on: date) -> None:
        self.ident, self.rows, self.on = ident, rows, on
        self.new: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []
        self.told: dict[str, list[dict[str, Any]]] = {"signal.opened": [], "signal.worsened": [], "signal.resolved": []}

    def take(self, found: Sequence[Found]) -> list[Live]:
        held = {(one.kind, one.cause) for one in found}
        live = [self._hold(one) for one in found]
        for key, row in self.rows.items():
            if key in held:
                continue
            if row.noted_by_id is not None:
                live.append(self._keep(row))
            else:
                self._change(row, state="resolved", resolved_on=self.on, version=row.version + 1)
                self._tell("signal.resolved", row)
        return live

    def _hold(self, one: Found) -> Live:
        row = self.rows.get((one.kind, one.cause))
        if row is None:
            self.new.append(
                {
                    **{"account_id": self.ident, "side": one.side, "kind": one.kind, "cause": one.cause},
                    **{"severity": one.severity, "evidence": one.evidence, "value_cents": one.value_cents},
                    **{"state": "open", "opened_on": self.on, "seen_on": self.on, "reason": "", "version": 1},
                }
            )
            self._tell("signal.opened", one)
            figures = (one.kind, one.cause, one.side, one.severity, one.evidence, one.value_cents)
            return Live(0, *figures, "open", None)
        worse = rules.is_worse(one.severity, row.severity)
        state = "open" if worse and row.state in ("snoozed", "acknowledged") else self._awake(row)
        if worse and row.state != "dismissed":
            self._tell("signal.worsened", one)
        wanted: dict[str, Any] = {
            **{"severity": one.severity, "evidence": one.evidence, "value_cents": one.value_cents, "state": state},
            **{"seen_on": self.on, "snoozed_until": row.snoozed_until if state == "snoozed" else None},
        }
        if any(getattr(row, name) != value for name, value in wanted.items()):
            # The version is a person's: fresh figures alone do not spoil what somebody is about to say.
            moved = state != row.state
            self._change(row, **wanted, version=row.version + moved)
        figures = (one.kind, one.cause, one.side, one.severity, one.evidence, one.value_cents)
        return Live(row.id, *figures, state, wanted["snoozed_until"])

    def _keep(self, row: Any) -> Live:
        state = self._awake(row)
        if state != row.state:
            self._change(row, state=state, snoozed_until=None, version=row.version + 1)
        return replace(_live(row), state=state)

    def _awake(self, row: Any) -> str:
        due = row.state == "snoozed" and row.snoozed_until is not None and row.snoozed_until <= self.on
        return "open" if due else str(row.state)

    def _change(self, row: Any, **values: Any) -> None:
        written = {name: values.get(name, getattr(row, name)) for name in WRITTEN}
        self.changed.append({"key": row.id, **{f"new_{name}": value for name, value in written.items()}})

    def _tell(self, event: str, one: Any) -> None:
        self.told[event].append({"kind": one.kind, "severity": one.severity, "side": one.side})


def _live(row: Any) -> Live:
    figures = (row.kind, row.cause, row.side, row.severity, row.evidence, row.value_cents)
    return Live(row.id, *figures, row.state, row.snoozed_until)
