"""The link in a client's mail that finishes one action, after a button. Only a hash of its secret is kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem, ActionLink
from haark.extensions import db
from haark.mail import compose

PAGE = "done"


@dataclass(frozen=True)
class Found:
    """What a link opens: the action, whose it is, and their company."""

    item: ActionItem
    contact: Contact
    account: Account


def link_for(item: ActionItem, contact: Contact, *, at: datetime) -> ActionLink:
    """The link of a contact to an action, made when there was none; `at` becomes the instant of its last mail."""
    query = db.select(ActionLink).where(ActionLink.action_id == item.id, ActionLink.contact_id == contact.id)
    link: ActionLink | None = db.session.scalar(query)
    if link is None:
        link = ActionLink(action_id=item.id, contact_id=contact.id, label=f"done.{secrets.token_hex(16)}")
        link.token_hash = digest(token_of(link))
        db.session.add(link)
    link.at = at
    db.session.flush()
    return link


def sealed(link: ActionLink) -> str:
    """What a mail writes for the link's address."""
    return compose.sealed(PAGE, link.label)


def token_of(link: ActionLink) -> str:
    """The link's secret, made again from its label."""
    return compose.sealed_token(str(current_app.config["SECRET_KEY"]), link.label)


def digest(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def by_token(token: str) -> Found | None:
    """None for a link that is unknown, of an action that was removed, dropped or given to somebody else, of a contact
    who left, or of an account that is gone: nobody learns which."""
    wanted = digest(token)
    link: ActionLink | None = db.session.scalar(db.select(ActionLink).where(ActionLink.token_hash == wanted))
    if link is None or not hmac.compare_digest(link.token_hash, wanted):
        return None
    item = db.session.get_one(ActionItem, link.action_id)
    contact = db.session.get_one(Contact, link.contact_id)
    account = db.session.get_one(Account, item.account_id)
    there = item.deleted_at is None and account.deleted_at is None and contact.left_on is None
    theirs = item.owner_contact_id == contact.id and contact.account_id == account.id and item.state != "cancelled"
    return Found(item, contact, account) if there and theirs else None
