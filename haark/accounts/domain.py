"""Verbs about accounts: create, change, and keep the cards of the portfolio in step."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from haark.accounts import cards, queries
from haark.accounts.checks import FACTS, AccountError, check
from haark.accounts.models import Account, AccountCard, AccountTag
from haark.events.domain import differences, record
from haark.extensions import db
from haark.formats import fold
from haark.jobs import domain as jobs

__all__ = ["FACTS", "AccountError", "ChangedMeanwhile", "change", "create", "refresh_cards", "set_logo"]


# From so many accounts on, a pause follows each chunk that was written: SQLite asks for the lock ten times a second.
MANY, PAUSE = 5_000, 0.1


class ChangedMeanwhile(Exception):
    """Somebody saved the account since the page was opened; `present` holds the facts as they are now."""

    def __init__(self, present: dict[str, Any]) -> None:
        super().__init__("changed meanwhile")
        self.present = present


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Cards written, and accounts whose ARR is left out because their currency has no rate."""

    written: int
    without_rate: int


def create(name: str, *, by: int | None, at: datetime, on: date, **facts: Any) -> Account:
    """A new client. Raises AccountError."""
    defaults = {"executive_email": "", "language": "fr", "external_id": None, "parent_id": None}
    check({**defaults, **facts, "name": name}, frozenset(facts))
    account = Account(name=name.strip(), name_folded=fold(name), created_at=at, **facts)
    db.session.add(account)
    db.session.flush()
    record("account.created", at=at, by=by, account_id=account.id, subject=("account", account.id), name=account.name)
    db.session.flush()
    refresh_cards([account.id], on=on)
    return account


def change(account_id: int, version: int, *, by: int | None, at: datetime, on: date, **facts: Any) -> Account:
    """Changes facts of an account, with before and after in the audit trail; nothing happens when nothing differs.

    `version` is the one the person saw. Raises AccountError, ChangedMeanwhile.
    """
    account = db.session.get_one(Account, account_id)
    present = {name: getattr(account, name) for name in facts}
    if account.version != version:
        raise ChangedMeanwhile(present)
    wanted = {**{name: getattr(account, name) for name in FACTS}, **facts}
    changes = differences(present, facts)
    check(wanted, frozenset(changes), account_id)
    if not changes:
        return account
    for name, value in facts.items():
        setattr(account, name, value.strip() if isinstance(value, str) else value)
    account.name_folded = fold(account.name)
    kind = "account.owner_changed" if set(changes) == {"owner_id"} else "account.changed"
    event = record(kind, at=at, by=by, account_id=account_id, subject=("account", account_id), changes=changes)
    jobs.ring_for(event)
    refresh_cards([account_id], on=on)
    return account


def set_logo(account_id: int, file_id: int | None, *, by: int | None, at: datetime) -> bool:
    """The account's logo is this stored file, None takes it away; False when it was so already.

    The version stays as it is: whoever writes the account's facts meanwhile loses nothing.
    """
    before = db.session.scalar(select(Account.logo_file_id).where(Account.id == account_id))
    if before == file_id:
        return False
    kept = update(Account).where(Account.id == account_id).values(logo_file_id=file_id)
    db.session.execute(kept, execution_options={"synchronize_session": "fetch"})
    kind = "account.logo_changed" if file_id else "account.logo_removed"
    record(kind, at=at, by=by, account_id=account_id, subject=("account", account_id), files=[before, file_id])
    return True


def refresh_cards(
    account_ids: Collection[int] | None = None, *, on: date, step: Callable[[], None] | None = None
) -> Refreshed:
    """Brings the accounts' own columns of the cards up to date; writes only the rows in which something changed.

    The number of statements depends on the number of chunks (of 500 accounts), not of accounts. `step` is called after
    each chunk: an entry point that may commit in between passes its commit, and no write lock lasts. Where there are
    many accounts to write, whoever waits for SQLite's write lock gets a turn: SQLite has no queue for it.
    """
    written = without_rate = 0
    if account_ids is None:
        _drop_cards_of_deleted()
    many = account_ids is None or len(account_ids) > MANY
    for ids in queries.chunks(account_ids):
        due = cards.due(ids, on)
        if due.new:
            db.session.execute(insert(AccountCard), due.new)
        _update(due.changed)
        _tag(due)
        written += len(due.new) + len(due.changed)
        without_rate += due.without_rate
        if step:
            step()
            if many and (due.new or due.changed) and db.engine.dialect.name == "sqlite":
                time.sleep(PAUSE)
    return Refreshed(written, without_rate)


def _update(changed: list[dict[str, Any]]) -> None:
    if not changed:
        return
    table = AccountCard.__table__
    values: dict[str, Any] = {name: bindparam(name) for name in (*cards.COLUMNS, "refreshed_on")}
    statement = update(table).where(table.c.account_id == bindparam("key")).values(values)
    rows = [{"key": card["account_id"], **{name: card[name] for name in values}} for card in changed]
    db.session.connection().execute(statement, rows)


def _tag(due: cards.Cards) -> None:
    """The tags' rows, as the accounts say them."""
    if due.tagged:
        db.session.execute(insert(AccountTag), due.tagged)
    if due.untagged:
        table = AccountTag.__table__
        gone = delete(table).where(table.c.account_id == bindparam("key"), table.c.tag == bindparam("word"))
        db.session.connection().execute(gone, [{"key": ident, "word": tag} for ident, tag in due.untagged])


def _drop_cards_of_deleted() -> None:
    gone = select(Account.id).where(Account.deleted_at.is_not(None))
    for model in (AccountCard, AccountTag):
        dropped = delete(model).where(model.account_id.in_(gone))
        db.session.execute(dropped, execution_options={"synchronize_session": False})
