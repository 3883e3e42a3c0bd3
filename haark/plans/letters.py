"""The mail that brings a contact the link to their plan, in their language (SP-6). No secret is ever stored."""

from datetime import date, datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats
from haark.accounts.languages import language_of
from haark.accounts.models import Account, Contact
from haark.extensions import db
from haark.mail import domain as mail
from haark.people.models import User
from haark.plans import links
from haark.plans.models import Plan, ShareLink
from haark.settings import queries as settings

REFUSALS = {
    "closed": _l("Ce lien n’ouvre plus rien : recréez-le avant de l’envoyer."),
    "address": _l("Ce contact n’a pas d’adresse e-mail valable. Complétez sa fiche, ou copiez le lien."),
}


class Unsendable(ValueError):
    """`kind`: `closed` (expired, revoked, or of somebody who left), `address` (no e-mail address)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def send(link: ShareLink, *, sender: User, at: datetime, on: date) -> Contact:
    """Writes the mail of a link, once a day. Unsendable; MailRefused for an address that mail cannot reach."""
    contact, account = db.session.get_one(Contact, link.contact_id), db.session.get_one(Account, link.account_id)
    if link.revoked_at is not None or link.expires_on < on or contact.left_on is not None:
        raise Unsendable("closed")
    if not contact.email:
        raise Unsendable("address")
    language = language_of(contact, account)
    with force_locale(language):
        told = contents(link, contact, account, sender, language)
        subject = _("Votre plan de succès : %(title)s", title=told["title"])
        text = render_template("emails/plan.txt", **told)
        html = render_template("emails/plan.html", subject=subject, **told)
    mail.post(
        kind="plan.link",
        to=mail.Person(contact.email, contact.name),
        subject=subject,
        text=text,
        html=html,
        language=language,
        at=at,
        key=f"plan-link:{link.id}:{on.isoformat()}",
        by=sender.id,
        reply_to=mail.Person(sender.email, sender.name),
        about=("share_link", link.id),
        account_id=account.id,
        automatic=False,
    )
    link.sent_at = at
    db.session.flush()
    return contact


def contents(link: ShareLink, contact: Contact, account: Account, sender: User, language: str) -> dict[str, Any]:
    """What the templates need, in the language in force."""
    first = contact.name.partition(" ")[0]
    vendor = settings.get("organisation.name") or "Haark"
    plan = db.session.scalar(db.select(Plan).where(Plan.account_id == account.id))
    title = plan.title if plan and plan.title else f"{account.name} × {vendor}"
    return {
        "who": first if "@" not in first else "",
        "title": title,
        "client": account.name,
        "organisation": vendor,
        "color": settings.get("brand.primary"),
        "sender": sender,
        "link": links.sealed(link),
        "until": formats.day_long(link.expires_on, language),
        "email": contact.email,
    }
