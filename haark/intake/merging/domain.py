"""Taking one account into another, and parting them again. Nobody but a person decides it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from haark.accounts import domain as accounts
from haark.accounts.models import Account
from haark.events.domain import record
from haark.extensions import db
from haark.formats import fold
from haark.intake.comparing import parsed
from haark.intake.merging import finding, moving, queries
from haark.intake.models import AccountAlias, Duplicate, Merge
from haark.jobs import domain as jobs

# Facts that a person chooses between, in the order of the page. The external id stays each account's own.
FACTS = ("name", "sector", "employees", "currency", "declared_arr_cents", "contract_start", "renewal_date", "quota",
         "seats", "country", "language", "tags", "owner_id", "sales_owner_id", "executive_email",
         "parent_id")  # fmt: skip
CARDS = ("account_card", "account_tag", "next_review")


class CannotMerge(ValueError):
    """`kind`: `same` (one account twice), `gone` (one of them is deleted), `apart` (already parted)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def differing(kept: Account, gone: Account) -> dict[str, bool]:
    """The facts in which two accounts differ, and of each whether the other's value is the one to suggest: it is where
    the kept account has none."""
    found = {}
    for name in FACTS:
        mine, theirs = getattr(kept, name), getattr(gone, name)
        if mine != theirs and not (name == "parent_id" and theirs == kept.id):
            found[name] = mine in (None, "", []) and theirs not in (None, "", [])
    return found


def merge(kept_id: int, gone_id: int, choices: Mapping[str, str], *, by: int | None, at: datetime, on: date) -> Merge:
    """`gone` becomes part of `kept`: its rows, its history and its name in imports. `choices`: {fact: "gone"} takes the
    other's value; what is not named stays. Raises CannotMerge."""
    if kept_id == gone_id:
        raise CannotMerge("same")
    kept, gone = (db.session.get(Account, ident, with_for_update=True) for ident in (kept_id, gone_id))
    if kept is None or gone is None or kept.deleted_at or gone.deleted_at:
        raise CannotMerge("gone")
    facts = _take_facts(kept, gone, choices)
    db.session.flush()
    aside = {name: _rows(name, gone_id) for name in CARDS}
    moved, stayed = moving.move(kept_id, gone_id)
    children = list(db.session.scalars(select(Account.id).where(Account.parent_id == gone_id, Account.id != kept_id)))
    _set_parent(children, kept_id)
    for name in CARDS:
        table = db.metadata.tables[name]
        db.session.execute(delete(table).where(table.c.account_id == gone_id), execution_options=_PLAIN)
    gone.deleted_at = at
    if gone.external_id:
        db.session.merge(AccountAlias(external_id=gone.external_id, account_id=kept_id))
    done = Merge(
        kept_id=kept_id,
        gone_id=gone_id,
        at=at,
        by_id=by,
        facts=facts,
        moved={**moved, "account.parent_id": children},
        aside={"rows": aside, "stayed": {name: len(ids) for name, ids in stayed.items()}},
    )
    db.session.add(done)
    judge(kept_id, gone_id, "merged", by=by, at=at, on=on)
    db.session.flush()
    event = record("account.merged", at=at, by=by, account_id=kept_id, subject=("account", kept_id),
                   name=gone.name, other=gone_id, merge=done.id)  # fmt: skip
    jobs.ring_for(event)
    db.session.expire_all()  # rows moved beneath what was read before
    accounts.refresh_cards([kept_id], on=on)
    return done


def part(merge_id: int, *, by: int | None, at: datetime, on: date) -> list[list[Any]]:
    """The two are two again. Returns what somebody changed since and was left alone: [field or table, what it is now or
    how many rows]. Raises CannotMerge (`apart`)."""
    done = db.session.get_one(Merge, merge_id, with_for_update=True)
    if done.undone_at is not None:
        raise CannotMerge("apart")
    kept, gone = db.session.get_one(Account, done.kept_id), db.session.get_one(Account, done.gone_id)
    left = _give_facts_back(kept, done.facts)
    gone.deleted_at = None
    db.session.flush()
    moved = dict(done.moved)
    children = moved.pop("account.parent_id", [])
    still = select(Account.id).where(Account.id.in_(children), Account.parent_id == kept.id)
    _set_parent(list(db.session.scalars(still)), gone.id)
    missing = moving.move_back(kept.id, gone.id, moved)
    left += [[name, count] for name, count in missing.items()]
    for name, rows in done.aside.get("rows", {}).items():
        _put_back(name, rows, gone.id)
    db.session.execute(
        delete(AccountAlias).where(AccountAlias.external_id == gone.external_id, AccountAlias.account_id == kept.id),
        execution_options=_PLAIN,
    )
    done.undone_at, done.undone_by_id = at, by
    db.session.execute(
        update(Duplicate)
        .where(Duplicate.first_id == min(kept.id, gone.id), Duplicate.second_id == max(kept.id, gone.id))
        .values(state="apart", judged_at=at, judged_by_id=by),
        execution_options=_PLAIN,
    )
    for account, other in ((kept, gone), (gone, kept)):
        event = record("account.parted", at=at, by=by, account_id=account.id, subject=("account", account.id),
                       name=other.name, other=other.id, merge=done.id)  # fmt: skip
        jobs.ring_for(event)
    db.session.flush()
    db.session.expire_all()
    accounts.refresh_cards([done.kept_id, done.gone_id], on=on)
    return left


def kept_of(merge_id: int) -> int:
    """The account that stayed in a merge."""
    return db.session.get_one(Merge, merge_id).kept_id


def judge(one: int, other: int, state: str, *, by: int | None, at: datetime, on: date) -> Duplicate:
    """A person says of two accounts what they are: `apart`, `merged`, or `open` again."""
    first, second = sorted((one, other))
    pair = db.session.scalar(select(Duplicate).where(Duplicate.first_id == first, Duplicate.second_id == second))
    if pair is None:
        pair = Duplicate(first_id=first, second_id=second, likeness=1.0, reasons=[], found_on=on)
        db.session.add(pair)
    pair.state, pair.judged_at, pair.judged_by_id = state, at, by
    return pair


def find(on: date) -> int:
    """Looks for clients that may be one: new pairs are proposed, open ones that are alike no more go. Returns how many
    are open. What somebody has decided stays decided. Called outside of a transaction; the caller commits."""
    clients = queries.clients()
    found = {(first, second): likeness for first, second, likeness in finding.find(clients)}
    present = {(row.first_id, row.second_id): row for row in db.session.execute(select(*Duplicate.__table__.c))}
    gone = [row.id for pair, row in present.items() if row.state == "open" and pair not in found]
    for start in range(0, len(gone), 500):
        db.session.execute(
            delete(Duplicate).where(Duplicate.id.in_(gone[start : start + 500])), execution_options=_PLAIN
        )
    new = [
        {"first_id": pair[0], "second_id": pair[1], "likeness": likeness.score, "reasons": likeness.reasons,
         "state": "open", "found_on": on}
        for pair, likeness in found.items()
        if pair not in present
    ]  # fmt: skip
    if new:
        db.session.execute(insert(Duplicate), new)
    for pair, likeness in found.items():
        row = present.get(pair)
        if (
            row is not None
            and row.state == "open"
            and (row.likeness, row.reasons) != (likeness.score, likeness.reasons)
        ):
            values = {"likeness": likeness.score, "reasons": likeness.reasons}
            db.session.execute(
                update(Duplicate).where(Duplicate.id == row.id).values(**values), execution_options=_PLAIN
            )
    return sum(pair not in present or present[pair].state == "open" for pair in found)


_PLAIN = {"synchronize_session": False}


def _take_facts(kept: Account, gone: Account, choices: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    wanted = {name: getattr(gone, name) for name in differing(kept, gone) if choices.get(name) == "gone"}
    if kept.id in _ancestors(wanted.get("parent_id")):
        del wanted["parent_id"]
    if gone.id in _ancestors(wanted.get("parent_id", kept.parent_id)):
        wanted["parent_id"] = gone.parent_id  # nobody is a subsidiary of their own
    if kept.logo_file_id is None and gone.logo_file_id is not None:
        wanted["logo_file_id"] = gone.logo_file_id
    for name, value in wanted.items():
        facts[name] = [_json(getattr(kept, name)), _json(value)]
        setattr(kept, name, value)
    kept.name_folded = fold(kept.name)
    return facts


def _ancestors(account_id: int | None) -> list[int]:
    """An account and its parents, up to the top."""
    chain: list[int] = []
    while account_id is not None and account_id not in chain:
        chain.append(account_id)
        account_id = db.session.scalar(select(Account.parent_id).where(Account.id == account_id))
    return chain


def _give_facts_back(kept: Account, facts: Mapping[str, Any]) -> list[list[Any]]:
    left: list[list[Any]] = []
    for name, (before, after) in facts.items():
        column = Account.__table__.c[name]
        if getattr(kept, name) == parsed(column, after):
            setattr(kept, name, parsed(column, before))
        elif getattr(kept, name) != parsed(column, before):
            left.append([name, _json(getattr(kept, name))])
    kept.name_folded = fold(kept.name)
    return left


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str, float, list)) else str(value)


def _set_parent(ids: list[int], parent: int) -> None:
    db.session.execute(
        update(Account).where(Account.id.in_(ids)).values(parent_id=parent),
        execution_options={"synchronize_session": "fetch"},
    )


def _rows(name: str, account_id: int) -> list[dict[str, Any]]:
    table = db.metadata.tables[name]
    found = db.session.execute(select(table).where(table.c.account_id == account_id)).mappings()
    return [json.loads(json.dumps(dict(row), default=str)) for row in found]


def _put_back(name: str, rows: list[dict[str, Any]], account_id: int) -> None:
    table = db.metadata.tables[name]
    db.session.execute(delete(table).where(table.c.account_id == account_id), execution_options=_PLAIN)
    known = [
        {column: parsed(table.c[column], value) for column, value in row.items() if column in table.c} for row in rows
    ]
    if known:
        db.session.execute(insert(table), known)
