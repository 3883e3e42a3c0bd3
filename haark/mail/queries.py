"""Reading mail: the list of who may see what, one message, suppressed addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true

from haark.access import FINDERS, Owned, owned_by
from haark.extensions import db
from haark.files.models import StoredFile
from haark.mail.models import Mail, MailAttempt, MailPart, Suppression

PAGE_SIZE = 50
# What the list is filtered by: the address's word -> states.
GROUPS: dict[str, tuple[str, ...]] = {
    "waiting": ("queued", "leased", "sending"),
    "sent": ("sent",),
    "failed": ("failed",),
    "uncertain": ("uncertain",),
    "kept": ("kept",),
    "suppressed": ("suppressed",),
}
AccountIds = Callable[[int], Select[int]]
# How to find a user's accounts: the slice of accounts says it, a floor above.
_accounts: list[AccountIds] = []


def account_ids_of(function: AccountIds) -> AccountIds:
    """Registers the statement that selects the ids of a user's own accounts."""
    _accounts[:] = [function]
    return function


@owned_by("mail")
def owner_of(ident: int) -> Owned | None:
    """Whose a mail is: who asked for it, and who has the account that it is about."""
    row = db.session.execute(select(Mail.requested_by_id, Mail.account_id).where(Mail.id == ident)).one_or_none()
    if row is None:
        return None
    owners = {row.requested_by_id} - {None}
    account = FINDERS["account"](row.account_id) if row.account_id is not None and "account" in FINDERS else None
    return Owned(frozenset(owners | (account.owners if account and not account.deleted else set())))


def _visible(user_id: int, everything: bool) -> ColumnElement[bool]:
    if everything:
        return true()
    mine = Mail.requested_by_id == user_id
    return or_(mine, Mail.account_id.in_(_accounts[0](user_id))) if _accounts else mine


@dataclass(frozen=True)
class Listing:
    """A page of the list, how many mails there are by group, and the id after which the next page begins."""

    rows: list[Row[Any]]
    counts: dict[str, int]
    after: int | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def listing(user_id: int, everything: bool, group: str = "", after: int | None = None) -> Listing:
    """The newest mails that a user may see: two statements. `after`: the id of the last one shown before."""
    seen = _visible(user_id, everything)
    tallies = db.session.execute(select(Mail.state, func.count()).where(seen).group_by(Mail.state))
    by_state = {row[0]: row[1] for row in tallies}
    counts = {name: sum(by_state.get(state, 0) for state in states) for name, states in GROUPS.items()}
    columns = (
        Mail.id,
        Mail.state,
        Mail.to_name,
        Mail.to_address,
        Mail.subject,
        Mail.kind,
        Mail.created_at,
        Mail.sent_at,
        Mail.next_at,
        Mail.attempts,
        Mail.error,
        Mail.answer,
    )
    query = select(*columns).where(seen).order_by(Mail.id.desc()).limit(PAGE_SIZE + 1)
    if group:
        query = query.where(Mail.state.in_(GROUPS[group]))
    if after is not None:
        query = query.where(Mail.id < after)
    rows: list[Any] = list(db.session.execute(query))
    more = len(rows) > PAGE_SIZE
    return Listing(rows[:PAGE_SIZE], counts, rows[PAGE_SIZE - 1].id if more else None)


def attempts_of(mail_id: int) -> list[Row[Any]]:
    """Every try, the last first: `number began_at ended_at phase outcome answer`."""
    table = MailAttempt
    columns = (table.number, table.began_at, table.ended_at, table.phase, table.outcome, table.answer)
    return list(db.session.execute(select(*columns).where(table.mail_id == mail_id).order_by(table.number.desc())))


def parts_of(mail_id: int) -> list[Row[Any]]:
    """The attachments: `id name media_type size`, the size in bytes."""
    size = func.coalesce(StoredFile.size, func.length(MailPart.text)).label("size")
    query = select(MailPart.id, MailPart.name, MailPart.media_type, size).outerjoin(
        StoredFile, StoredFile.id == MailPart.file_id
    )
    return list(db.session.execute(query.where(MailPart.mail_id == mail_id).order_by(MailPart.id)))


def part_of(mail_id: int, part_id: int) -> tuple[MailPart, StoredFile | None] | None:
    """One attachment of this mail; another mail's does not exist here."""
    query = select(MailPart, StoredFile).outerjoin(StoredFile, StoredFile.id == MailPart.file_id)
    row = db.session.execute(query.where(MailPart.id == part_id, MailPart.mail_id == mail_id)).one_or_none()
    return None if row is None else (row[0], row[1])


def by_key(key: str) -> Mail | None:
    """The mail that was written under this key."""
    found: Mail | None = db.session.scalar(select(Mail).where(Mail.key == key))
    return found


def by_unsubscribe_hash(digest: str) -> Mail | None:
    """The mail whose unsubscribe token has this SHA-256."""
    found: Mail | None = db.session.scalar(select(Mail).where(Mail.unsubscribe_hash == digest))
    return found


def suppression(address: str, kind: str) -> Suppression | None:
    """Why an address gets no more mail of exactly this kind ('': of any)."""
    query = select(Suppression).where(Suppression.address == address, Suppression.kind == kind)
    found: Suppression | None = db.session.scalar(query)
    return found


def suppressed_since(address: str, kind: str) -> datetime | None:
    """Since when an address gets no mail of this kind; None when it does."""
    query = select(func.min(Suppression.since)).where(Suppression.address == address, Suppression.kind.in_(("", kind)))
    found: datetime | None = db.session.scalar(query)
    return found


def is_suppressed(address: str, kind: str) -> bool:
    """Whether an address gets no mail of this kind."""
    return suppressed_since(address, kind) is not None


def suppressions(after: int | None = None) -> tuple[list[Row[Any]], int | None]:
    """Who gets no more mail, the last first: `id address kind reason since`; and where the next page begins."""
    query = select(Suppression.id, Suppression.address, Suppression.kind, Suppression.reason, Suppression.since)
    if after is not None:
        query = query.where(Suppression.id < after)
    rows: list[Any] = list(db.session.execute(query.order_by(Suppression.id.desc()).limit(PAGE_SIZE + 1)))
    return rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None
