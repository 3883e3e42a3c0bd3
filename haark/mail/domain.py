"""Writing mail in the caller's transaction, and what a person may decide about it."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy.exc import IntegrityError

from haark import clock
from haark.events.domain import record
from haark.extensions import db
from haark.files.rules import safe_name
from haark.mail import compose, delivery, queries, rules
from haark.mail.models import Mail, MailPart, Suppression
from haark.mail.rules import MailRefused
from haark.settings import domain as settings

__all__ = [
    "MailRefused",
    "NotNow",
    "Part",
    "Person",
    "give_up",
    "post",
    "resend",
    "suppress",
    "unsubscribe",
    "unsuppress",
]

METHODS = ("REQUEST", "CANCEL")
# What a person may send again, and what they may give up.
RESENDABLE = ("failed", "uncertain", "kept", "suppressed")
ABANDONABLE = ("queued", "kept", "uncertain")


class NotNow(Exception):
    """The mail is in another state than the one this was meant for (sent meanwhile, being sent, suppressed)."""


@dataclass(frozen=True)
class Person:
    """Whom a mail goes to, or whom answers go to."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class Part:
    """An attachment: the id of a stored file, or the text of a calendar with its method (REQUEST, CANCEL)."""

    name: str
    media_type: str
    file_id: int | None = None
    text: str = ""
    method: str = ""


def post(
    *,
    kind: str,
    to: Person,
    subject: str,
    text: str,
    language: str,
    at: datetime,
    html: str = "",
    key: str | None = None,
    by: int | None = None,
    reply_to: Person | None = None,
    about: tuple[str, int | None] = ("", None),
    account_id: int | None = None,
    parts: Sequence[Part] = (),
    automatic: bool = True,
    private: bool = False,
    unsubscribable: bool = False,
) -> Mail:
    """Writes one mail to one recipient; it leaves after the caller's commit, and never when that rolls back.

    `kind` is `thing.purpose`; `at` becomes its Date. With a `key` used before, the earlier mail is returned: asking
    twice is asking once. `html` may hold a style element, which is written into its elements. `automatic`: no person
    pressed «send». `private`: the text is a secret. `unsubscribable`: one click stops this kind (RFC 8058); where the
    texts say `compose.UNSUBSCRIBE` the address will stand. Raises MailRefused.
    """
    if key is not None and (earlier := queries.by_key(key)) is not None:
        return earlier
    mail = _row(kind, to, subject, text, html, language, at)
    mail.key, mail.requested_by_id, mail.account_id = key, by, account_id
    mail.about_kind, mail.about_id = about
    mail.automatic, mail.private = automatic, private
    if reply_to is not None:
        mail.reply_address = rules.address(reply_to.address)
        mail.reply_name = rules.one_line(reply_to.name, rules.LONGEST_NAME)
    if unsubscribable:
        token = compose.unsubscribe_token(str(current_app.config["SECRET_KEY"]), mail.message_id)
        mail.unsubscribe_hash = hashlib.sha256(token.encode()).hexdigest()
    if queries.is_suppressed(mail.to_address, kind):
        mail.state, mail.error = "suppressed", "suppressed"
    rows = [_part(part) for part in parts]
    try:
        with db.session.begin_nested():
            db.session.add(mail)
    except IntegrityError:
        # Somebody else wrote the same mail in the same instant.
        found = queries.by_key(key) if key is not None else None
        if found is None:
            raise
        return found
    for row in rows:
        row.mail_id = mail.id
    db.session.add_all(rows)
    db.session.flush()
    if mail.state == "queued":
        delivery.ring(mail.id)
    return mail


def _row(kind: str, to: Person, subject: str, text: str, html: str, language: str, at: datetime) -> Mail:
    sender = _sender()
    now = clock.now()
    return Mail(
        message_id=f"<{secrets.token_hex(16)}@{sender.partition('@')[2]}>",
        kind=kind,
        language=language,
        from_name=rules.one_line(str(settings.get("organisation.name")), rules.LONGEST_NAME),
        from_address=sender,
        to_name=rules.one_line(to.name, rules.LONGEST_NAME),
        to_address=rules.address(to.address),
        subject=rules.subject(subject),
        text=rules.body(text),
        html=_inlined(html),
        state="queued",
        created_at=at,
        updated_at=now,
        next_at=now,
    )


def _sender() -> str:
    """The setting, else what SMTP_URL says, else an address that at least has a valid form."""
    chosen = str(settings.get("mail.from"))
    there = delivery.relay()
    return rules.address(chosen) if chosen else (there.sender if there else "") or "haark@localhost.localdomain"


def _inlined(html: str) -> str:
    """Mail readers drop style elements, so every rule is written into the elements; nothing is fetched."""
    if not html:
        return ""
    import css_inline  # 40 ms that only a process which writes HTML pays

    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    return inliner.inline(rules.body(html))


def _part(part: Part) -> MailPart:
    maintype, sign, subtype = part.media_type.partition("/")
    if not sign or not (maintype + subtype).replace("-", "").replace(".", "").replace("+", "").isalnum():
        raise MailRefused("part", part.media_type)
    calendar = part.media_type == "text/calendar"
    if calendar != bool(part.text) or calendar == (part.file_id is not None) or calendar != (part.method in METHODS):
        raise MailRefused("part", part.name)
    return MailPart(
        name=safe_name(part.name),
        media_type=part.media_type,
        file_id=part.file_id,
        method=part.method,
        text=rules.body(part.text) if calendar else "",
    )


def resend(mail: Mail, *, by: int | None, at: datetime, twice: bool = False) -> None:
    """A person has it tried again, with fresh tries and the same Message-ID.

    `twice`: they know that an uncertain one may arrive a second time. Raises NotNow.
    """
    if mail.state == "uncertain" and not twice:
        raise NotNow
    if queries.is_suppressed(mail.to_address, mail.kind) or (mail.private and not mail.text):
        raise NotNow
    _move(mail, RESENDABLE, {"state": "queued", "tries": 0, "next_at": clock.now(), "error": "", "answer": ""})
    record("mail.resent", at=at, by=by, subject=("mail", mail.id))
    delivery.ring(mail.id)


def give_up(mail: Mail, *, by: int | None, at: datetime) -> None:
    """A person decides that it shall not be sent any more. Raises NotNow for what is sent or being sent."""
    empty = {"text": "", "html": ""} if mail.private else {}
    _move(mail, ABANDONABLE, {"state": "failed", "next_at": None, "error": "given_up", **empty})
    record("mail.given_up", at=at, by=by, subject=("mail", mail.id))


def _move(mail: Mail, states: tuple[str, ...], values: dict[str, object]) -> None:
    # In one statement: a worker may be taking it in this instant.
    moved = db.update(Mail).where(Mail.id == mail.id, Mail.state == mail.state, Mail.state.in_(states))
    done = db.session.execute(moved.values(updated_at=clock.now(), **values))
    if not done.rowcount:  # type: ignore[attr-defined]  # a cursor result
        raise NotNow
    db.session.refresh(mail)


def suppress(address: str, *, at: datetime, by: int | None = None, kind: str = "", reason: str = "by_hand") -> None:
    """The address gets no more mail of this kind, of any kind for ''. Saying it twice is saying it once."""
    wanted = rules.address(address)
    if queries.suppression(wanted, kind) is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.add(Suppression(address=wanted, kind=kind, reason=reason, since=at, by_id=by))
    except IntegrityError:
        return
    record("mail.suppressed", at=at, by=by, subject=("mail", None), of_kind=kind, reason=reason)


def unsuppress(address: str, *, by: int | None, at: datetime, kind: str | None = None) -> None:
    """The address gets mail again: of every kind, or of this one where it was stopped by itself."""
    stopped = db.delete(Suppression).where(Suppression.address == rules.address(address))
    if kind is not None:
        stopped = stopped.where(Suppression.kind == kind)
    db.session.execute(stopped)
    record("mail.unsuppressed", at=at, by=by, subject=("mail", None), of_kind=kind or "")


def by_token(token: str) -> Mail | None:
    """The mail whose unsubscribe link holds this token."""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    found = queries.by_unsubscribe_hash(digest)
    if found is None or not hmac.compare_digest(found.unsubscribe_hash or "", digest):
        return None
    return found


def unsubscribe(mail: Mail, *, at: datetime) -> None:
    """Whom a mail went to wants no more of its kind."""
    suppress(mail.to_address, at=at, kind=mail.kind, reason="unsubscribed")
