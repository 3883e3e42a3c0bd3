"""How a contract term ended (AC-10): renewed or lost, what that changes on the account, and taking it back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from haark.accounts import rules
from haark.accounts.domain import ChangedMeanwhile, refresh_cards
from haark.accounts.models import Account, Renewal, Revenue
from haark.events.domain import differences, record
from haark.events.models import Event
from haark.extensions import db
from haark.jobs import domain as jobs

OUTCOMES = ("renewed", "lost")


class TermError(ValueError):
    """What was said of a term cannot be; `kind`: `outcome` (neither renewed nor lost), `start` (before the contract
    began), `future` (a renewal is noted once it is signed), `next` (the next renewal is not after this end), `negative`
    (an ARR below zero), `notice` (given after the end), `taken` (an end is on record for that day)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a term. `on`: the day a renewal was signed, or from which a lost client pays nothing (it may be still
    to come). For a renewal: `next_on`, the next end, None unknown; `arr_cents`, the new level in the account's
    currency, None unchanged, with `arr_reason` ('' for expansion or contraction by its sign)."""

    outcome: str
    on: date
    reason: str = ""
    notice_date: date | None = None
    next_on: date | None = None
    arr_cents: int | None = None
    arr_reason: str = ""


def end_term(account_id: int, version: int, ending: Ending, *, by: int | None, at: datetime, on: date) -> Renewal:
    """Notes how a term ended. A renewal moves the renewal date on and may change the ARR; a loss ends the revenue.

    A lost client stays in the portfolio with its history (rules.lost_since). The next renewal only moves when no later
    end is on record. `version` is the one the person saw. Raises TermError, ChangedMeanwhile.
    """
    account = db.session.get_one(Account, account_id)
    if account.version != version:
        raise ChangedMeanwhile({"renewal_date": account.renewal_date})
    _check(account, ending, on)
    later = select(Renewal.id).where(Renewal.account_id == account_id, Renewal.date > ending.on).limit(1)
    before = {"renewal_date": account.renewal_date}
    if db.session.scalar(later) is None:
        account.renewal_date = ending.on if ending.outcome == "lost" else ending.next_on
    flag_modified(account, "renewal_date")  # two people who note the same end: the second is told
    term = Renewal(account_id=account_id, date=ending.on, outcome=ending.outcome, reason=ending.reason)
    term.notice_date = ending.notice_date
    db.session.add(term)
    levels = _levels(account, ending)
    db.session.flush()
    changes = differences(before, {"renewal_date": account.renewal_date})
    told = {"outcome": ending.outcome, "ended_on": ending.on.isoformat(), "changes": changes}
    kept = [{"id": level.id, "arr": level.arr_cents, "was": was} for level, was in levels]
    subject = ("renewal", term.id)
    jobs.ring_for(record("term.ended", at=at, by=by, account_id=account_id, subject=subject, levels=kept, **told))
    refresh_cards([account_id], on=on)
    return term


def reopen(term_id: int, *, by: int | None, at: datetime, on: date) -> int:
    """Takes a term's end back, with the renewal date and the revenue that came with it unless they changed since.

    Of an imported end only the end itself is known. Returns the account's id.
    """
    term = db.session.get_one(Renewal, term_id)
    account = db.session.get_one(Account, term.account_id)
    subject = (Event.subject_kind == "renewal", Event.subject_id == term_id, Event.kind == "term.ended")
    event = db.session.scalar(select(Event).where(*subject).order_by(Event.id.desc()).limit(1))
    before = {"renewal_date": account.renewal_date}
    if event is not None:
        _restore(account, event.data)
    flag_modified(account, "renewal_date")
    told = {"outcome": term.outcome, "ended_on": term.date.isoformat()}
    changes = differences(before, {"renewal_date": account.renewal_date})
    db.session.delete(term)
    db.session.flush()
    subject_of = ("renewal", term_id)
    jobs.ring_for(
        record("term.reopened", at=at, by=by, account_id=account.id, subject=subject_of, changes=changes, **told)
    )
    refresh_cards([account.id], on=on)
    return account.id


def _check(account: Account, ending: Ending, on: date) -> None:
    renewed = ending.outcome == "renewed"
    taken = select(Renewal.id).where(Renewal.account_id == account.id, Renewal.date == ending.on).limit(1)
    faults = {
        "outcome": ending.outcome not in OUTCOMES,
        "start": account.contract_start is not None and ending.on < account.contract_start,
        "future": renewed and ending.on > on,
        "notice": ending.notice_date is not None and ending.notice_date > ending.on,
        "next": renewed and ending.next_on is not None and ending.next_on <= ending.on,
        "negative": renewed and (ending.arr_cents or 0) < 0,
        "taken": db.session.scalar(taken) is not None,
    }
    for kind, true in faults.items():
        if true:
            raise TermError(kind)


def _levels(account: Account, ending: Ending) -> list[tuple[Revenue, list[Any]]]:
    """The levels of ARR that a term's end writes, each with what stood there before ([] where nothing did)."""
    level = 0 if ending.outcome == "lost" else ending.arr_cents
    if level is None:
        return []
    rows = list(db.session.scalars(select(Revenue).where(Revenue.account_id == account.id).order_by(Revenue.date)))
    history = [(row.date, row.arr_cents) for row in rows]
    present = rules.arr_at(history, account.declared_arr_cents, ending.on)
    if level == present:
        return []
    written = [] if rows else _declared(account, ending.on)
    reason = "churn" if ending.outcome == "lost" else ending.arr_reason or _direction(level, present)
    same_day = next((row for row in rows if row.date == ending.on), None)
    if same_day is None:
        same_day, was = Revenue(account_id=account.id, date=ending.on), []
        db.session.add(same_day)
    else:
        was = [same_day.arr_cents, same_day.reason]
    same_day.arr_cents, same_day.reason = level, reason
    return [*written, (same_day, was)]


def _declared(account: Account, end: date) -> list[tuple[Revenue, list[Any]]]:
    """Without a history the declared ARR held until then (rules.arr_at): written down, or the change would hide it."""
    if account.declared_arr_cents is None:
        return []
    began = account.contract_start is not None and account.contract_start < end
    start = account.contract_start if began else end - timedelta(days=1)
    first = Revenue(account_id=account.id, date=start, arr_cents=account.declared_arr_cents)
    first.reason = "new" if began else ""
    db.session.add(first)
    return [(first, [])]


def _direction(level: int, present: int | None) -> str:
    if present is None:
        return "new"
    return "expansion" if level > present else "contraction"


def _restore(account: Account, data: dict[str, Any]) -> None:
    """What the end had changed, where it still stands as it left it."""
    before, after = data["changes"].get("renewal_date", (None, None))
    if data["changes"] and account.renewal_date == (date.fromisoformat(after) if after else None):
        account.renewal_date = date.fromisoformat(before) if before else None
    for kept in data["levels"]:
        level = db.session.get(Revenue, kept["id"])
        if level is None or level.arr_cents != kept["arr"]:
            continue
        if kept["was"]:
            level.arr_cents, level.reason = kept["was"]
        else:
            db.session.delete(level)
