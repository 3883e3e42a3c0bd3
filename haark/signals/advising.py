"""Recommendations against what is kept, for a chunk of accounts: proposed, back from their rest, expired, concluded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from haark import clock
from haark.accounts.chunking import within
from haark.accounts.models import Renewal
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.settings import queries as settings
from haark.signals import advice_rules, outcomes
from haark.signals.advice_rules import RULES, Case, Proposal
from haark.signals.models import Advice

TABLE = Advice.__table__
WRITTEN = (
    "state",
    "reason",
    "impact_cents",
    "due_on",
    "ended_on",
    "postponed_until",
    "outcome",
    "outcome_on",
    "version",
)
LIVE = ("proposed", "postponed")


def advise(cases: Mapping[int, Case], on: date, at: datetime) -> None:
    """Writes what the rules recommend now: five statements at most. Doing it again changes nothing.

    One row without `ended_on` for each account, rule and cause; nothing for a cause that was decided on within the
    cool-down, or whose accepted recommendation is still under way. What has no ground any more expires; an accepted one
    gets its outcome as soon as it is known.
    """
    ids = sorted(cases)
    if not ids:
        return
    rested = at - timedelta(settings.get("advice.cooldown_days"))
    rows = _kept(ids, cases, rested)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for ident, case in cases.items():
        mine = rows.get(ident, [])
        wanted = {(one.rule, one.cause): one for one in advice_rules.propose(case)}
        live = {(row.rule, row.cause): row for row in mine if row.ended_on is None}
        silent = {(row.rule, row.cause) for row in mine if row.ended_on is not None and _settles(row, rested)}
        new += [_row(ident, one, on) for key, one in wanted.items() if key not in live and key not in silent]
        changed += [_refreshed(row, wanted.get(key), on) for key, row in live.items()]
    changed = [row for row in changed if row] + _concluded(rows, cases, on)
    if new:
        db.session.execute(insert(TABLE), new)
    if changed:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in WRITTEN}
        db.session.flush()
        statement = update(TABLE).where(TABLE.c.id == bindparam("key")).values(values)
        db.session.connection().execute(statement, changed)


def _kept(ids: Sequence[int], cases: Mapping[int, Case], rested: datetime) -> dict[int, list[Any]]:
    """Live ones, those decided on of late, and accepted ones whose outcome is open."""
    open_outcome = (TABLE.c.state == "accepted") & (TABLE.c.outcome == "")
    lately = or_(TABLE.c.ended_on.is_(None), TABLE.c.decided_at >= rested, open_outcome)
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(select(*TABLE.c).where(within(TABLE.c.account_id, ids), lately)):
        if row.account_id in cases:
            rows[row.account_id].append(row)
    return rows


def _settles(row: Any, rested: datetime) -> bool:
    """Whether a decision keeps its rule silent about its cause."""
    under_way = row.state == "accepted" and not row.outcome
    return under_way or (row.decided_at is not None and row.decided_at > rested)


def _row(ident: int, one: Proposal, on: date) -> dict[str, Any]:
    return {
        **{"account_id": ident, "rule": one.rule, "cause": one.cause, "state": "proposed", "reason": one.reason},
        **{"impact_cents": one.impact_cents, "proposed_on": on, "due_on": one.due_on, "comment": "", "outcome": ""},
        "version": 1,
    }


def _refreshed(row: Any, wanted: Proposal | None, on: date) -> dict[str, Any]:
    """The change of a live one, empty where nothing differs. The deadline that was given stays, until it has passed."""
    if wanted is None:
        return _change(row, state="expired", ended_on=on, version=row.version + 1)
    back = row.state == "postponed" and row.postponed_until is not None and row.postponed_until <= on
    values = {
        "reason": wanted.reason,
        "impact_cents": wanted.impact_cents,
        "state": "proposed" if back else row.state,
        "due_on": wanted.due_on if row.due_on < on or back else row.due_on,
        "postponed_until": None if back else row.postponed_until,
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return {}
    return _change(row, **values, version=row.version + back)


def _concluded(rows: Mapping[int, Sequence[Any]], cases: Mapping[int, Case], on: date) -> list[dict[str, Any]]:
    waiting = [row for mine in rows.values() for row in mine if row.state == "accepted" and not row.outcome]
    if not waiting:
        return []
    terms, done = _terms(waiting, on), _done(waiting)
    changed = []
    for row in waiting:
        case, rule, decided = cases[row.account_id], RULES[row.rule], clock.day_of(row.decided_at)
        known = outcomes.outcome(
            rule,
            decided_on=decided,
            on=on,
            cause=row.cause,
            renewed=next((term.outcome for term in terms.get(row.account_id, ()) if term.date >= row.proposed_on), ""),
            renewal_on=case.renewal_on,
            gone=outcomes.is_gone(rule, row.cause, case),
            done=row.id in done,
            arr_cents=case.arr_cents,
            arr_then=row.reason.get("arr"),
        )
        if known:
            changed.append(_change(row, outcome=known, outcome_on=on))
    return changed


def _terms(waiting: Sequence[Any], on: date) -> dict[int, list[Any]]:
    """How contract terms ended since the first of these was proposed."""
    ids = sorted({row.account_id for row in waiting})
    since = min(row.proposed_on for row in waiting)
    rows = select(Renewal.account_id, Renewal.date, Renewal.outcome).where(
        within(Renewal.account_id, ids), Renewal.date.between(since, on)
    )
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(rows.order_by(Renewal.account_id, Renewal.date)):
        found[row.account_id].append(row)
    return found


def _done(waiting: Sequence[Any]) -> set[int | None]:
    """The recommendations of which an action was done."""
    rows = select(ActionItem.source_id).where(
        within(ActionItem.account_id, sorted({row.account_id for row in waiting})),
        ActionItem.source_kind == "advice",
        ActionItem.state == "done",
        ActionItem.deleted_at.is_(None),
    )
    return set(db.session.scalars(rows))


def _change(row: Any, **values: Any) -> dict[str, Any]:
    written = {name: values.get(name, getattr(row, name)) for name in WRITTEN}
    return {"key": row.id, **{f"new_{name}": value for name, value in written.items()}}
