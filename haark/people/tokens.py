"""Secrets that are handed out once and kept only as a hash: session tokens, invitations, the setup code."""

import hashlib
import secrets
from datetime import datetime, timedelta

from haark.extensions import db
from haark.people.models import OneTimeCode

SETUP, PASSWORD, RESET = "setup", "password", "reset"
LIFETIMES = {SETUP: timedelta(days=7), PASSWORD: timedelta(days=7), RESET: timedelta(hours=1)}


def new_token() -> str:
    """256 random bits, in letters that fit an address."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """SHA-256, in 64 hexadecimal digits: what is kept of a token."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def issue(purpose: str, *, at: datetime, user_id: int | None = None) -> str:
    """A new code; an unused one for the same purpose and person no longer works."""
    earlier = db.delete(OneTimeCode).where(
        OneTimeCode.purpose == purpose, OneTimeCode.user_id.is_not_distinct_from(user_id), OneTimeCode.used_at.is_(None)
    )
    db.session.execute(earlier)
    code = new_token()
    until = at + LIFETIMES[purpose]
    db.session.add(OneTimeCode(code_hash=digest(code), purpose=purpose, user_id=user_id, expires_at=until))
    db.session.flush()
    return code


def find(purpose: str, code: str, *, at: datetime) -> OneTimeCode | None:
    """The row of a code that still works, else None, whatever the reason."""
    query = db.select(OneTimeCode).where(
        OneTimeCode.code_hash == digest(code),
        OneTimeCode.purpose == purpose,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > at,
    )
    row: OneTimeCode | None = db.session.scalar(query)
    return row


def use(purpose: str, code: str, *, at: datetime) -> OneTimeCode | None:
    """Spends a code; of two visitors at once only one gets it, the other None."""
    row = find(purpose, code, at=at)
    if row is None:
        return None
    spent = db.update(OneTimeCode).where(OneTimeCode.id == row.id, OneTimeCode.used_at.is_(None)).values(used_at=at)
    taken: int = db.session.execute(spent).rowcount  # type: ignore[attr-defined]  # a cursor result
    return row if taken else None
