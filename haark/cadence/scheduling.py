"""Next reviews of many accounts at once: gathered, judged by due.py, written where something changed (RV-2)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from haark.accounts import queries as accounts
from haark.accounts.models import AccountCard
from haark.cadence import due, standings
from haark.cadence.due import Candidate
from haark.cadence.models import NextReview
from haark.cadence.policy import Policy
from haark.cadence.queries import policy
from haark.cadence.standings import Planned
from haark.extensions import db
from haark.settings import queries as settings

ROW_COLUMNS = ("kind", "due_on", "reason", "late", "candidates")
CARD_COLUMNS = (
    "next_review_on",
    "next_review_kind",
    "next_review_reason",
    "next_review_late",
    "next_review_planned",
)


def schedule(account_ids: Iterable[int] | None, on: date, step: Callable[[], None] | None = None) -> int:
    """Computes the next review of these accounts (None: all) as of day `on`; the number of accounts looked at.

    Writes NextReview rows and the cards' `next_review_*` columns, only where something changed. The number of
    statements depends on the number of chunks (of 500 accounts). `step` is called after each chunk: an entry point that
    may commit in between passes its commit, and no write lock lasts.
    """
    rules = policy()
    total = 0
    for ids in accounts.chunks(account_ids):
        total += _chunk(ids, on, rules)
        if step:
            step()
    return total


def following(account_id: int, kind: str, held_on: date) -> date | None:
    """The day of the account's next review once one of that kind is held on `held_on`; None where none comes by itself.

    Nothing is written: this is what `schedule` would find afterwards. A constant number of statements.
    """
    rules = policy()
    known = standings.of([account_id], held_on, settings.get("signals.health_drop")).known.get(account_id)
    if known is None:
        return None
    after = replace(known, held={**known.held, kind: held_on}, override=None)
    leads, fiscal = settings.get("review.lead_days"), settings.get("fiscal_year_start")
    candidates = due.next_review(after, rules, leads, held_on, fiscal)
    return candidates[0].on if candidates else None


def _chunk(ids: Sequence[int], on: date, rules: Policy) -> int:
    db.session.flush()
    leads, fiscal = settings.get("review.lead_days"), settings.get("fiscal_year_start")
    chunk = standings.of(ids, on, settings.get("signals.health_drop"))
    found = {ident: due.next_review(known, rules, leads, on, fiscal) for ident, known in chunk.known.items()}
    usual = {ident: rules.kind(known.arr_cents) for ident, known in chunk.known.items()}
    rows = {ident: _row(candidates, usual[ident]) for ident, candidates in found.items()}
    _write(NextReview.__table__, ROW_COLUMNS, rows, ids, {"computed_on": on}, insert_missing=True)
    cards = {ident: _card(row, chunk.planned.get(ident), on) for ident, row in rows.items()}
    _write(AccountCard.__table__, CARD_COLUMNS, cards, ids, {}, insert_missing=False)
    return len(rows)


def _row(candidates: Sequence[Candidate], usual: str) -> dict[str, Any]:
    first = candidates[0] if candidates else None
    return {
        "kind": first.kind if first else usual,
        "due_on": first.on if first else None,
        "reason": first.reason if first else "",
        "late": first.late if first else False,
        "candidates": [one.written() for one in candidates],
    }


def _card(row: dict[str, Any], planned: Planned | None, on: date) -> dict[str, Any]:
    """What the lists show: the planned review where there is one (late once its day has passed), else what is due."""
    return {
        "next_review_on": planned.on if planned else row["due_on"],
        "next_review_kind": planned.kind if planned else row["kind"] if row["due_on"] else "",
        "next_review_reason": row["reason"],
        "next_review_late": planned.on < on if planned else row["late"],
        "next_review_planned": planned is not None,
    }


def _write(
    table: Any,
    columns: Sequence[str],
    wanted: dict[int, dict[str, Any]],
    ids: Sequence[int],
    extra: dict[str, Any],
    insert_missing: bool,
) -> None:
    """Brings the rows of a chunk in step: one reading, and at most one insert and one update."""
    present = select(table.c.account_id, *(table.c[name] for name in columns))
    kept = {row.account_id: row for row in db.session.execute(present.where(accounts.within(table.c.account_id, ids)))}
    changed = [
        {"key": ident, **values, **extra}
        for ident, values in wanted.items()
        if ident in kept and any(getattr(kept[ident], name) != values[name] for name in columns)
    ]
    new = [{"account_id": ident, **values, **extra} for ident, values in wanted.items() if ident not in kept]
    if new and insert_missing:
        db.session.execute(insert(table), new)
    if changed:
        names = (*columns, *extra)
        statement = update(table).where(table.c.account_id == bindparam("key"))
        db.session.connection().execute(statement.values({name: bindparam(name) for name in names}), changed)
