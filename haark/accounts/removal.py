"""Deleting an account and bringing it back. It stays in its table for thirty days, out of every list."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update

from haark.accounts import trash
from haark.accounts.domain import refresh_cards
from haark.accounts.models import Account, AccountCard, AccountTag, Attachment, Contact, Trashed
from haark.events.domain import record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.jobs.models import Job
from haark.mail import domain as mail
from haark.mail.models import Mail


@dataclass(frozen=True, slots=True)
class Removed:
    """What a deletion did: the row of the trash, and how many waiting mails will not leave."""

    trashed_id: int
    mails: int


def delete_account(account_id: int, *, by: int | None, at: datetime) -> Removed:
    """Takes an account out of everything: its card goes, its links answer as unknown, its waiting mails and jobs stop.

    Its subsidiaries keep their parent, which is shown again once it is restored. NoResultFound when it is not there.
    """
    account = db.session.scalars(
        select(Account).where(Account.id == account_id, Account.deleted_at.is_(None)).with_for_update()
    ).one()
    account.deleted_at = at
    kept = Trashed(kind="account", subject_id=account_id, account_id=account_id, name=account.name, at=at, by_id=by)
    db.session.add(kept)
    db.session.flush()
    for model in (AccountCard, AccountTag):
        db.session.execute(delete(model).where(model.account_id == account_id))
    given_up = _give_up_mail(account_id, by, at)
    _stop_jobs(account_id)
    subject = ("account", account_id)
    jobs.ring_for(record("account.deleted", at=at, by=by, account_id=account_id, subject=subject, name=account.name))
    db.session.flush()
    return Removed(kept.id, given_up)


def restore_account(account_id: int, *, by: int | None, at: datetime, on: date) -> Account:
    """Brings a deleted account back with everything it had. Raises TrashError("gone") when it is not in the trash.

    The night's figures (health, churn, signals) return with the job that the event asks for.
    """
    kept = in_trash(account_id)
    if kept is None:
        raise trash.TrashError("gone")
    account = db.session.get_one(Account, account_id, with_for_update=True)
    account.deleted_at = None
    db.session.execute(delete(Trashed).where(Trashed.kind == "account", Trashed.subject_id == account_id))
    subject = ("account", account_id)
    jobs.ring_for(record("account.restored", at=at, by=by, account_id=account_id, subject=subject, name=account.name))
    db.session.flush()
    refresh_cards([account_id], on=on)
    return account


def in_trash(account_id: int) -> Trashed | None:
    """The row of the trash of a deleted account; None for one that is there, that never was, or that was merged."""
    joined = select(Trashed).join(Account, Account.id == Trashed.subject_id)
    wanted = joined.where(Trashed.kind == "account", Trashed.subject_id == account_id, Account.deleted_at.is_not(None))
    return db.session.scalars(wanted.order_by(Trashed.id.desc()).limit(1)).one_or_none()


def bring_back(trashed_id: int, *, by: int | None, at: datetime, on: date) -> Trashed:
    """Restores anything that lies in the trash. Raises trash.TrashError; `missing` too while its account is deleted."""
    kept = db.session.get(Trashed, trashed_id)
    if kept is None:
        raise trash.TrashError("gone")
    if kept.kind == "account":
        restore_account(kept.subject_id, by=by, at=at, on=on)
        return kept
    if kept.account_id is not None:
        there = select(Account.id).where(Account.id == kept.account_id, Account.deleted_at.is_(None))
        if db.session.scalar(there) is None:
            raise trash.TrashError("missing", "account")
    return trash.restore(trashed_id, by=by, at=at)


def held(account_id: int) -> dict[str, int]:
    """How many contacts, attachments, … would go with the account, by table; for the confirmation. One statement."""
    tables = [Contact.__table__, Attachment.__table__]
    tables += [db.metadata.tables[name] for name in ("interaction", "review", "action_item", "objective", "share_link")]
    counts = []
    for table in tables:
        here = [table.c.account_id == account_id]
        here += [table.c.deleted_at.is_(None)] if "deleted_at" in table.c else []
        counts.append(select(func.count()).select_from(table).where(*here).scalar_subquery().label(table.name))
    return dict(db.session.execute(select(*counts)).one()._mapping)


def names_of(ids: set[int]) -> dict[int, tuple[str, bool]]:
    """(name, whether it is there) of accounts, deleted ones too. One statement."""
    rows = db.session.execute(select(Account.id, Account.name, Account.deleted_at).where(Account.id.in_(ids)))
    return {row.id: (row.name, row.deleted_at is None) for row in rows}


def _stop_jobs(account_id: int) -> None:
    """What was asked for and has not begun is not done: nobody gets a recap of a client who was deleted."""
    waiting = (Job.account_id == account_id, Job.state == "queued")
    db.session.execute(update(Job).where(*waiting).values(state="cancelled", next_at=None))


def _give_up_mail(account_id: int, by: int | None, at: datetime) -> int:
    waiting = select(Mail).where(Mail.account_id == account_id, Mail.state.in_(("queued", "kept")))
    number = 0
    for row in db.session.scalars(waiting).all():
        try:
            mail.give_up(row, by=by, at=at)
        except mail.NotNow:
            continue  # it is leaving in this instant
        number += 1
    return number
