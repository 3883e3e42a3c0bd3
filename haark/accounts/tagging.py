"""Verbs about the tags of an account (AC-10): added and taken off one by one, so that two people lose nothing."""

from datetime import date, datetime

from sqlalchemy import func, select

from haark.accounts import domain
from haark.accounts.models import Account, AccountTag
from haark.extensions import db
from haark.formats import fold

LONGEST, MOST = 60, 30


class TagError(ValueError):
    """What cannot be a tag of it; `kind`: `empty`, `long` (60 characters), `many` (30 tags)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def clean(text: str) -> str:
    """One line without commas, semicolons and a leading #: files keep tags in one cell. Raises TagError."""
    tag = " ".join(text.replace("\x00", "").replace(",", " ").replace(";", " ").split()).lstrip("#").strip()
    if not tag:
        raise TagError("empty")
    if len(tag) > LONGEST:
        raise TagError("long")
    return tag


def add(account_id: int, text: str, *, by: int | None, at: datetime, on: date) -> str | None:
    """Adds a tag, spelled as the house spells it already; the tag, None when it was there. Raises TagError."""
    tag = clean(text)
    account = _held(account_id)
    if fold(tag) in {fold(one) for one in account.tags}:
        return None
    if len(account.tags) >= MOST:
        raise TagError("many")
    known = next((one for one in _known() if fold(one) == fold(tag)), tag)
    domain.change(account_id, account.version, by=by, at=at, on=on, tags=[*account.tags, known])
    return known


def remove(account_id: int, tag: str, *, by: int | None, at: datetime, on: date) -> bool:
    """Takes a tag off; False when it was not there."""
    account = _held(account_id)
    left = [one for one in account.tags if fold(one) != fold(tag)]
    if len(left) == len(account.tags):
        return False
    domain.change(account_id, account.version, by=by, at=at, on=on, tags=left)
    return True


def suggestions(typed: str, limit: int = 12) -> list[str]:
    """Tags of the house that hold what was typed, the most frequent first. One statement."""
    wanted = fold(typed.lstrip("#"))
    return [one for one in _known() if wanted in fold(one)][:limit]


def _known() -> list[str]:
    counted = select(AccountTag.tag).group_by(AccountTag.tag).order_by(func.count().desc(), AccountTag.tag)
    return list(db.session.scalars(counted.limit(2_000)))


def _held(account_id: int) -> Account:
    return db.session.get_one(Account, account_id, populate_existing=True, with_for_update=True)
