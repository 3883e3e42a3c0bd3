"""What nobody else is in a place to tell: mail that did not leave, recaps that are late (TD-3)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from haark.accounts.models import Account
from haark.extensions import db
from haark.mail.models import Mail
from haark.notices import domain as notices
from haark.notices.models import Notice
from haark.people.models import User
from haark.reviews import titles
from haark.reviews.recap import due

# Mail is watched for so long after it failed, a recap for so long after it was due, and so many of each at a time.
WATCHED, MOST = timedelta(days=2), 200
FAILED = ("failed", "uncertain")


def mail_failed(now: datetime) -> int:
    """Tells who asked for a mail that failed or may not have arrived, and who runs the account; each once.

    `now` is real time, as the states of mails are. The number of mails spoken of.
    """
    rows = (
        select(Mail.id, Mail.attempts, Mail.state, Mail.to_name, Mail.to_address, Mail.subject, Mail.updated_at)
        .add_columns(Mail.account_id, Mail.requested_by_id, Mail.private, Account.owner_id, Account.name)
        .outerjoin(Account, Account.id == Mail.account_id)
        .where(Mail.state.in_(FAILED), Mail.updated_at > now - WATCHED)
        .order_by(Mail.id.desc())
        .limit(MOST)
    )
    found = {f"mail:{row.id}:{row.attempts}": row for row in db.session.execute(rows)}
    fresh = _untold({key: (row.requested_by_id, row.owner_id) for key, row in found.items()})
    for key, users in fresh.items():
        row = found[key]
        told: dict[str, Any] = {"to": row.to_name or row.to_address, "account": row.name or ""}
        if not row.private:
            told["text"] = row.subject
        about: dict[str, Any] = {"account_id": row.account_id, "subject": ("mail", row.id), "key": key}
        notices.tell(users, "mail_failed", row.state, at=row.updated_at, **about, **told)
    return len(fresh)


def recaps_late(at: datetime) -> int:
    """Tells who runs an account that its recap is late, once; the number of recaps spoken of."""
    late = [one for one in due.waiting(at) if one.late and at - one.due_at < WATCHED]
    found = {f"recap-late:{one.review_id}": one for one in late}
    fresh = _untold({key: (one.owner_id,) for key, one in found.items()})
    languages: dict[int, str] = {row.id: row.language for row in db.session.execute(select(User.id, User.language))}
    for key, users in fresh.items():
        one = found[key]
        review = titles.title_of(one.kind, one.period, languages.get(one.owner_id or 0, "fr"))
        about: dict[str, Any] = {"account_id": one.account_id, "subject": ("recap", one.review_id), "key": key}
        notices.tell(users, "review_late", "recap", at=at, review=review, account=one.account_name, **about)
    return len(fresh)


def _untold(wanted: dict[str, Iterable[int | None]]) -> dict[str, list[int]]:
    """By key, whom a notice with that key did not reach yet; keys of which everybody knows are left out."""
    pairs = {f"{key}:{user}": (key, user) for key, users in wanted.items() for user in users if user is not None}
    if not pairs:
        return {}
    known = set(db.session.scalars(select(Notice.key).where(Notice.key.in_(list(pairs)))))
    found: dict[str, list[int]] = {}
    for name, (key, user) in pairs.items():
        if name not in known:
            found.setdefault(key, []).append(user)
    return found
