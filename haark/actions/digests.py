"""The daily digest of one of ours, and the reminder of a contact of the client (AX-4). The caller commits.

Idempotent by the keys of their mails: one for each person and local date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale, ngettext

from haark import clock, formats
from haark.accounts.languages import language_of
from haark.accounts.models import Account, Contact
from haark.actions import links, reminding, rules, wording
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.mail import compose
from haark.mail import domain as mail
from haark.mail import queries as mails
from haark.mail.models import Mail
from haark.mail.rules import MailRefused
from haark.people.models import User
from haark.people.rules import DIGEST_MAIL
from haark.settings import queries as settings

DIGEST, CLIENT = DIGEST_MAIL, "actions.client_digest"
SHOWN = 25  # actions of one part; the rest is counted
BACK = 14  # days back to the digest before


def key_of(user_id: int, on: date) -> str:
    """The key of a digest: a person and a local date."""
    return f"digest:{user_id}:{on.isoformat()}"


def send(user: User, on: date, *, at: datetime) -> Mail | None:
    """The digest of a person for their local date `on`; None when there is nothing to say, or nobody to say it to."""
    if not (user.active and user.digest) or mails.is_suppressed(user.email, DIGEST):
        return None
    found = rules.parts(reminding.open_of(user.id), on, int(settings.get("actions.remind_days")))
    attention = reminding.escalated_for(user.id)
    if not found and not attention:
        return None
    last = _last(user.id, on)
    language = user.language if user.language in formats.LANGUAGES else "fr"
    with force_locale(language):
        told = _told(found, on, last, language) | {"who": user.name.split()[0], "email": user.email}
        told |= {"attention": [_line(row, on, last, language) for row in attention[:SHOWN]]}
        told["attention_more"] = max(0, len(attention) - SHOWN)
        told["unsubscribe"] = compose.UNSUBSCRIBE
        subject = _subject(found, len(attention))
        text = render_template("emails/digest.txt", **told)
        html = render_template("emails/digest.html", subject=subject, **told)
    try:
        written = mail.post(
            kind=DIGEST,
            to=mail.Person(user.email, user.name),
            subject=subject,
            text=text,
            html=html,
            language=language,
            at=at,
            key=key_of(user.id, on),
            by=user.id,
            about=("user", user.id),
            unsubscribable=True,
        )
    except MailRefused:
        return None
    # What did not fit is said the next day.
    reminding.mark_told(user.id, [row.id for row in attention[:SHOWN]], on)
    return written


@dataclass(frozen=True)
class Reminded:
    """A client who is to be reminded on a day, and of what."""

    contact: Contact
    account: Account
    items: Sequence[ActionItem]


def remind(one: Reminded, on: date, *, at: datetime) -> Mail | None:
    """One mail to a contact about their actions, each with its own link; None when they asked for no more."""
    contact, account = one.contact, one.account
    if mails.is_suppressed(contact.email, CLIENT):
        return None
    sender = db.session.get(User, account.owner_id) if account.owner_id else None
    made = [(item, links.link_for(item, contact, at=at)) for item in one.items]
    language = language_of(contact, account)
    with force_locale(language):
        lines = [
            {**_line(item, on, None, language), "link": links.sealed(link)}
            for item, link in sorted(made, key=lambda pair: (pair[0].due_on or on, pair[0].id))
        ]
        told = _frame() | {"lines": lines, "who": contact.name, "email": contact.email, "sender": sender}
        told["unsubscribe"] = compose.UNSUBSCRIBE
        told["vendor"] = told["organisation"]
        subject = ngettext(
            "Rappel : %(title)s", "Rappel : %(num)s actions vous attendent", len(lines), title=lines[0]["title"]
        )
        text = render_template("emails/client_digest.txt", **told)
        html = render_template("emails/client_digest.html", subject=subject, **told)
    try:
        return mail.post(
            kind=CLIENT,
            to=mail.Person(contact.email, contact.name),
            subject=subject,
            text=text,
            html=html,
            language=language,
            at=at,
            key=f"client-digest:{contact.id}:{on.isoformat()}",
            reply_to=mail.Person(sender.email, sender.name) if sender else None,
            about=("contact", contact.id),
            account_id=account.id,
            unsubscribable=True,
        )
    except MailRefused:
        return None


def _told(found: rules.Parts[Any], on: date, last: date | None, language: str) -> dict[str, Any]:
    named = {name: getattr(found, name) for name in ("late", "today", "week", "soon")}
    return _frame() | {
        "parts": [
            (name, [_line(row, on, last, language) for row in rows[:SHOWN]], max(0, len(rows) - SHOWN))
            for name, rows in named.items()
            if rows
        ],
        "remind_on": on + timedelta(int(settings.get("actions.remind_days"))),
    }


def _frame() -> dict[str, Any]:
    return {
        "organisation": str(settings.get("organisation.name")) or "Haark",
        "color": settings.get("brand.primary"),
        "site": str(current_app.config["HAARK_URL"]),
    }


def _line(row: Any, on: date, last: date | None, language: str) -> dict[str, Any]:
    tone, near = wording.due(row.due_on, on)
    return {
        "id": row.id,
        "title": row.title,
        "account": getattr(row, "account_name", ""),
        "owner": getattr(row, "owner_name", ""),
        "near": near,
        "late": tone == "bad",
        "fresh": bool(row.due_on and rules.newly_late(row.due_on, on, last)),
        "due_on": row.due_on,
        "day": formats.day_week(row.due_on, language) if row.due_on else "",
    }


def _subject(found: rules.Parts[Any], attention: int) -> str:
    late, today = len(found.late), len(found.today)
    if late:
        return ngettext("%(num)s action en retard", "%(num)s actions en retard", late)
    if today:
        return ngettext("%(num)s action pour aujourd’hui", "%(num)s actions pour aujourd’hui", today)
    if found:
        return ngettext("%(num)s action à venir", "%(num)s actions à venir", len(found.week) + len(found.soon))
    return ngettext("%(num)s action à votre attention", "%(num)s actions à votre attention", attention)


def _last(user_id: int, on: date) -> date | None:
    """The local date of the digest before this one, if it was within two weeks."""
    days = {key_of(user_id, on - timedelta(back)): on - timedelta(back) for back in range(1, BACK + 1)}
    keys = db.session.scalars(db.select(Mail.key).where(Mail.key.in_(days)))
    return max((days[key] for key in keys if key), default=None)


def today_of(user: User) -> date:
    """The person's local date now."""
    return clock.day_of(clock.moment(user.timezone), user.timezone)
