"""The mail that tells a client what became of their proposal, in their language, signed by who answered (SP-6)."""

from datetime import date, datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from haark.accounts.languages import language_of
from haark.accounts.models import Account, Contact
from haark.extensions import db
from haark.mail import domain as mail
from haark.mail import queries as mails
from haark.mail.rules import MailRefused
from haark.people.models import User
from haark.plans import links, proposals
from haark.plans.models import Proposal
from haark.settings import queries as settings
from haark.sharing import wording

KIND = "sharing.proposal"


def answer(proposal: Proposal, *, at: datetime, on: date) -> bool:
    """Writes the mail, once; False where there is nobody to write to, or it was written before."""
    key = f"proposal-answer:{proposal.id}"
    contact = db.session.get(Contact, proposal.contact_id or 0)
    if contact is None or not contact.email or contact.left_on is not None or mails.by_key(key) is not None:
        return False
    account = db.session.get_one(Account, proposal.account_id)
    sender = db.session.get(User, proposal.decided_by_id or 0) or account.owner
    language = language_of(contact, account)
    vendor = str(settings.get("organisation.name"))
    # A link that was taken back on purpose is not given anew by a mail.
    link = links.live(account.id, contact.id, on)
    with force_locale(language):
        title = _title(proposal)
        accepted = proposal.state == "accepted"
        subject = (
            _("Votre proposition est acceptée : %(title)s", title=title)
            if accepted
            else _("Votre proposition n’est pas retenue : %(title)s", title=title)
        )
        told = {
            "accepted": accepted,
            "title": title,
            "changes": [
                (wording.FIELDS.get(name, name), wording.shown(before), wording.shown(after))
                for name, (before, after) in proposal.changes.items()
            ],
            "new": all(before in (None, "") for before, _after in proposal.changes.values()),
            "answer": proposal.answer,
            "contact": contact,
            "sender": sender,
            "organisation": vendor or "Haark",
            "color": settings.get("brand.primary"),
            "link": links.sealed(link) if link else "",
            "subject": subject,
        }
        text = render_template("emails/proposal.txt", **told)
        html = render_template("emails/proposal.html", **told)
    try:
        mail.post(
            kind=KIND,
            to=mail.Person(contact.email, contact.name),
            subject=subject,
            text=text,
            html=html,
            language=language,
            at=at,
            key=key,
            by=proposal.decided_by_id,
            reply_to=mail.Person(sender.email, sender.name) if sender else None,
            about=("proposal", proposal.id),
            account_id=account.id,
        )
    except MailRefused:
        return False  # their address was never reachable: the page under their link says what became of it
    return True


def _title(proposal: Proposal) -> str:
    if proposal.subject_id is not None:
        part: Any = db.session.get(proposals.MODELS[proposal.subject_kind], proposal.subject_id)
        if part is not None:
            return str(part.title)
    told = proposal.changes.get("title", ["", ""])
    return str(told[1] or told[0] or "")
