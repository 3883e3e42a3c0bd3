"""Share links of a plan (SP-6): issued to a contact, opened after a button, revoked at once. Only hashes are kept.

Business days decide the expiry, real time the cookie of a visit.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app

from haark.accounts.models import Account, Contact
from haark.events.domain import record
from haark.extensions import db
from haark.mail import compose
from haark.plans.models import ShareLink, ShareVisit
from haark.settings import queries as settings

PAGE = "s"
VISIT = timedelta(days=30)


@dataclass(frozen=True)
class Guest:
    """Whom a link speaks for, and on what: everything a shared page may know of its reader."""

    link: ShareLink
    contact: Contact
    account: Account


def live(account_id: int, contact_id: int, on: date) -> ShareLink | None:
    """The link that this contact can open today, the newest when there are several."""
    wanted = db.select(ShareLink).where(
        ShareLink.account_id == account_id,
        ShareLink.contact_id == contact_id,
        ShareLink.revoked_at.is_(None),
        ShareLink.expires_on >= on,
    )
    return db.session.scalars(wanted.order_by(ShareLink.id.desc()).limit(1)).first()


def issue(contact: Contact, *, by: int | None, at: datetime, on: date, until: date | None = None) -> ShareLink:
    """A new link for a contact; earlier ones stop opening. `until`: its last day, else as the settings say."""
    for old in db.session.scalars(
        db.select(ShareLink).where(ShareLink.contact_id == contact.id, ShareLink.revoked_at.is_(None))
    ):
        old.revoked_at, old.revoked_by_id = at, by
    label = f"share.{secrets.token_hex(16)}"
    link = ShareLink(account_id=contact.account_id, contact_id=contact.id, label=label, created_at=at)
    link.created_by_id, link.expires_on = by, until or on + timedelta(settings.get("sharing.days"))
    link.token_hash = _digest(token_of(link))
    db.session.add(link)
    db.session.flush()
    _record(link, "issued", by, at, contact.name)
    return link


def link_for(contact: Contact, *, by: int | None, at: datetime, on: date) -> ShareLink:
    """The contact's link that opens today; a new one when there is none. For mails that lead to the plan."""
    return live(contact.account_id, contact.id, on) or issue(contact, by=by, at=at, on=on)


def revoke(link: ShareLink, *, by: int | None, at: datetime) -> None:
    """From now on the link, and every browser that opened it, gets 404. Twice changes nothing."""
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by_id = at, by
        db.session.flush()
        contact = db.session.get(Contact, link.contact_id)
        _record(link, "revoked", by, at, contact.name if contact else "")


def token_of(link: ShareLink) -> str:
    """The secret of a link, made anew. It opens while `holds(link)` says so (the installation's key did not change)."""
    return compose.sealed_token(str(current_app.config["SECRET_KEY"]), link.label)


def holds(link: ShareLink) -> bool:
    """Whether `token_of` still makes the secret whose hash is kept."""
    return hmac.compare_digest(_digest(token_of(link)), link.token_hash)


def sealed(link: ShareLink) -> str:
    """What a mail writes where the address of the plan is to stand; the secret is put in when it leaves."""
    return compose.sealed(PAGE, link.label)


def by_token(token: str, on: date) -> Guest | None:
    """Who holds this secret; None for one that is unknown, expired, revoked, of a contact who left or of an account
    that was deleted: nobody learns which."""
    digest = _digest(token)
    link = db.session.scalar(db.select(ShareLink).where(ShareLink.token_hash == digest))
    if link is None or not hmac.compare_digest(link.token_hash, digest):
        return None
    return _guest(link, on)


def visit(link: ShareLink, *, device: str, at: datetime, now: datetime) -> str:
    """Writes down an opening (`at`, business time); the secret that the browser keeps, good until `now` + VISIT."""
    secret = secrets.token_urlsafe(32)
    row = ShareVisit(link_id=link.id, token_hash=_digest(secret), at=at, device=device, expires_at=now + VISIT)
    db.session.add(row)
    db.session.flush()
    contact = db.session.get(Contact, link.contact_id)
    _record(link, "opened", None, at, contact.name if contact else "", device=device)
    return secret


def by_visit(link_id: int, secret: str, on: date, now: datetime) -> Guest | None:
    """Whose browser this is; None once the link stopped opening or the visit is too old."""
    digest = _digest(secret)
    row = db.session.scalar(db.select(ShareVisit).where(ShareVisit.token_hash == digest))
    if row is None or row.link_id != link_id or row.expires_at <= now:
        return None
    link = db.session.get(ShareLink, row.link_id)
    return None if link is None else _guest(link, on)


def _guest(link: ShareLink, on: date) -> Guest | None:
    if link.revoked_at is not None or link.expires_on < on:
        return None
    contact, account = db.session.get(Contact, link.contact_id), db.session.get(Account, link.account_id)
    if contact is None or account is None or account.deleted_at is not None or contact.left_on is not None:
        return None
    return Guest(link, contact, account)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _record(link: ShareLink, verb: str, by: int | None, at: datetime, name: str, **data: object) -> None:
    subject = ("share_link", link.id)
    record(f"share.{verb}", at=at, by=by, account_id=link.account_id, subject=subject, name=name, **data)
