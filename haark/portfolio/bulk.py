"""Many accounts changed at once (PF-6): another owner, tags, next reviews planned, an action; each with its own event.

What was done stands in the events of the batch, so that it can be undone. Verbs flush; `step` is called after each part
(the caller commits), and doing a batch twice changes nothing more.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from haark.accounts import domain as accounts
from haark.accounts.chunking import chunks, within
from haark.accounts.models import Account, AccountCard
from haark.actions import domain as actions
from haark.actions.domain import Promise
from haark.actions.models import ActionItem
from haark.cadence import domain as cadence
from haark.events.domain import differences, record
from haark.events.models import Event
from haark.extensions import db
from haark.fields import one_line
from haark.jobs import domain as jobs

ACTS = ("owner", "review", "tags", "action")
UNDONE = ("owner", "tags", "action")  # what can be taken back
# More accounts than this at once are a job's work; planning a review takes some thirty statements.
AT_ONCE = {"owner": 200, "tags": 200, "review": 50, "action": 100}
PART = 200
LONGEST_TAG = 60
MOST_TAGS = 50  # of one account
LATE_DAYS = 14  # a review whose day has passed is to be held within so many
Step = Callable[[int], None]


@dataclass(frozen=True)
class Turn:
    """Who does a batch, when: `batch` is the id of the event that began it. `few`: each account is judged by itself; of
    many all are, once, at the end."""

    batch: int
    by: int
    at: datetime
    on: date
    few: bool = True
    step: Step = lambda _done: None


def begin(act: str, count: int, *, by: int, at: datetime, **said: Any) -> int:
    """The id of a new batch."""
    event = record("account.bulk", at=at, by=by, subject=("bulk", None), act=act, count=count, **said)
    db.session.flush()
    return event.id


def do(act: str, ids: Sequence[int], wanted: Mapping[str, Any], turn: Turn) -> int:
    """One of ACTS to these accounts; `wanted`: `owner_id` (None: nobody), or `add` and `remove` (a tag each), or the
    `title`, `due_on` (ISO, '' for none) and `owner_user_id` (None: each account's own) of an
    action. How many changed."""
    if act == "owner":
        return reassign(ids, wanted["owner_id"], turn)
    if act == "tags":
        return tag(ids, wanted.get("add", ""), wanted.get("remove", ""), turn)
    if act == "action":
        due_on = date.fromisoformat(wanted["due_on"]) if wanted["due_on"] else None
        return promise(ids, Promise(wanted["title"], wanted["owner_user_id"], due_on=due_on), turn)
    return plan(ids, turn)


def reassign(ids: Sequence[int], owner_id: int | None, turn: Turn) -> int:
    """Makes these accounts one person's."""
    return _each(ids, lambda rows: _reassign(rows, lambda _account: owner_id, turn), turn)


def tag(ids: Sequence[int], add: str, remove: str, turn: Turn) -> int:
    """Gives each account a tag, takes another one away; either may be ''."""
    more, less = clean_tag(add), clean_tag(remove)
    words = ((more,) if more else (), (less,) if less else ())
    return _each(ids, lambda rows: _tag(rows, lambda _account: words, turn), turn)


def plan(ids: Sequence[int], turn: Turn) -> int:
    """Plans each next review of its recommended kind on its recommended day; one that is late within LATE_DAYS. What is
    planned already, or has no next review, stays as it is."""
    done = 0
    columns = (AccountCard.account_id, AccountCard.next_review_kind, AccountCard.next_review_on)
    for part in chunks(ids, PART):
        due = select(*columns).where(
            within(AccountCard.account_id, part),
            AccountCard.next_review_planned.is_(False),
            AccountCard.next_review_on.is_not(None),
        )
        found = db.session.execute(due).all()
        for account_id, kind, due_on in found:
            day = due_on or turn.on
            when = day if day >= turn.on else turn.on + timedelta(days=LATE_DAYS)
            source = ("bulk", turn.batch)
            cadence.plan_review(account_id, kind, when, by=turn.by, at=turn.at, on=turn.on, source=source)
        done += len(found)
        _note("account.reviews_planned", turn, count=len(found))
        turn.step(len(part))
    return done


def promise(ids: Sequence[int], told: Promise, turn: Turn) -> int:
    """Gives each account an action; without an owner it is that of the account. Done again, it gives
    none twice."""
    done = 0
    for part in chunks(ids, PART):
        given = select(ActionItem.account_id).where(within(ActionItem.account_id, part), *_given(turn.batch))
        rows = select(Account.id, Account.owner_id).where(
            within(Account.id, part), Account.deleted_at.is_(None), Account.id.not_in(given)
        )
        found = db.session.execute(rows.order_by(Account.id)).all()
        for account_id, owner_id in found:
            one = replace(told, owner_user_id=told.owner_user_id or owner_id)
            actions.add(account_id, one, by=turn.by, at=turn.at, source=("bulk", turn.batch))
        done += len(found)
        _note("account.actions_added", turn, count=len(found))
        turn.step(len(part))
    return done


def _given(batch: int) -> tuple[Any, ...]:
    return ActionItem.source_kind == "bulk", ActionItem.source_id == batch


def _withdraw(batch: int, turn: Turn) -> tuple[int, int]:
    """Removes the actions that a batch gave, but for those that somebody changed since."""
    given = select(ActionItem).where(*_given(batch), ActionItem.deleted_at.is_(None)).order_by(ActionItem.id)
    items = db.session.scalars(given).all()
    fresh = [item for item in items if item.version == 1 and item.state == "open"]
    for item in fresh:
        actions.remove(item, by=turn.by, at=turn.at)
    turn.step(len(items))
    return len(fresh), len(items) - len(fresh)


def undo(batch: int, turn: Turn) -> tuple[int, int]:
    """Gives back owners and tags as they were before a batch and removes its actions, where nobody changed them since:
    how many accounts, and how many stay as they are."""
    if db.session.get_one(Event, batch).data["act"] == "action":
        return _withdraw(batch, turn)
    owners: dict[int, tuple[int | None, int | None]] = {}
    added: defaultdict[int, set[str]] = defaultdict(set)
    taken: defaultdict[int, set[str]] = defaultdict(set)
    for event in events(batch):
        for before, ids in event.data.get("before", {}).items():
            owners |= dict.fromkeys(ids, (int(before) if before else None, event.data["to"]))
        for name, found in (("added", added), ("taken", taken)):
            for word, ids in event.data.get(name, {}).items():
                for ident in ids:
                    found[ident].add(word)
    wanted = sorted({*owners, *added, *taken})

    def back(rows: Sequence[Account]) -> int:
        still = [row for row in rows if row.id in owners and row.owner_id == owners[row.id][1]]
        number = _reassign(still, lambda row: owners[row.id][0], turn)
        tagged = [row for row in rows if row.id in added or row.id in taken]
        return number + _tag(tagged, lambda row: (tuple(taken[row.id]), tuple(added[row.id])), turn)

    done = _each(wanted, back, turn)
    return done, len(wanted) - done


def events(batch: int) -> Sequence[Event]:
    """What was done in a batch, a part each."""
    rows = select(Event).where(Event.subject_kind == "bulk", Event.subject_id == batch).order_by(Event.id)
    return db.session.scalars(rows).all()


def clean_tag(text: str) -> str:
    """A tag as it is kept."""
    return one_line(text)[:LONGEST_TAG].strip()


def _each(ids: Sequence[int], change: Callable[[Sequence[Account]], int], turn: Turn) -> int:
    done = 0
    for part in chunks(ids, PART):
        rows = db.session.scalars(
            select(Account).where(within(Account.id, part), Account.deleted_at.is_(None)).order_by(Account.id)
        ).all()
        done += change(rows)
        db.session.flush()
        accounts.refresh_cards(part, on=turn.on)
        turn.step(len(part))
        if not turn.few:
            db.session.expunge_all()
    if not turn.few:
        jobs.enqueue("signals.judge_all", key=f"signals.judge_all:bulk-{turn.batch}-{turn.at.isoformat()}", by=turn.by)
        turn.step(0)
    return done


def _reassign(rows: Sequence[Account], owner_of: Callable[[Account], int | None], turn: Turn) -> int:
    before: defaultdict[tuple[int | None, str], list[int]] = defaultdict(list)
    for row in rows:
        owner_id = owner_of(row)
        if row.owner_id == owner_id:
            continue
        before[owner_id, str(row.owner_id or "")].append(row.id)
        changes = differences({"owner_id": row.owner_id}, {"owner_id": owner_id})
        row.owner_id = owner_id
        _tell("account.owner_changed", row, turn, changes)
    for owner_id in {to for to, _from in before}:
        told = {held: ids for (to, held), ids in before.items() if to == owner_id}
        _note("account.reassigned", turn, to=owner_id, before=told, count=sum(map(len, told.values())))
    return sum(map(len, before.values()))


def _tag(rows: Sequence[Account], words: Callable[[Account], tuple[Sequence[str], Sequence[str]]], turn: Turn) -> int:
    added: defaultdict[str, list[int]] = defaultdict(list)
    taken: defaultdict[str, list[int]] = defaultdict(list)
    changed = 0
    for row in rows:
        more, less = words(row)
        before = list(row.tags or [])
        after = [one for one in before if one not in less]
        after += [one for one in more if one not in after and len(after) < MOST_TAGS]
        if after == before:
            continue
        for word in set(after) - set(before):
            added[word].append(row.id)
        for word in set(before) - set(after):
            taken[word].append(row.id)
        row.tags = after
        changed += 1
        _tell("account.changed", row, turn, {"tags": [before, after]})
    if changed:
        _note("account.tagged", turn, added=added, taken=taken, count=changed)
    return changed


def _tell(kind: str, row: Account, turn: Turn, changes: dict[str, Any]) -> None:
    event = record(kind, at=turn.at, by=turn.by, account_id=row.id, subject=("account", row.id), changes=changes)
    if kind == "account.owner_changed" and turn.few:
        jobs.ring_for(event)


def _note(kind: str, turn: Turn, **data: Any) -> None:
    record(kind, at=turn.at, by=turn.by, subject=("bulk", turn.batch), **data)
