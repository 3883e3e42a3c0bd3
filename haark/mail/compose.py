"""From a row to the bytes that go over the wire: the same bytes at every try."""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from sqlalchemy import Row

from haark.files import store

# Seven bits everywhere: no server has to promise 8BITMIME, and no relay breaks a signature by converting.
POLICY = SMTP.clone(cte_type="7bit")
# What a text writes where the address to unsubscribe is to stand; the token itself is kept nowhere.
UNSUBSCRIBE = "https://unsubscribe.invalid/"
# Where the address of a page with a secret is to stand: what its path begins with, and what the secret is made from.
SEALED = re.compile(r"https://sealed\.invalid/([a-z-]+)/([A-Za-z0-9@._-]+?)/")


def unsubscribe_token(secret: str, message_id: str) -> str:
    """The token of one mail: 256 bits that only this installation can make, from the random Message-ID."""
    made = hmac.new(secret.encode(), b"unsubscribe " + message_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def sealed(page: str, label: str) -> str:
    """What a text writes for `/page/SECRET`: the secret is made when the mail is sent, and stands in no table.

    `label`: letters, digits, @ . _ - only, with something in it that nobody can guess.
    """
    return f"https://sealed.invalid/{page}/{label}/"


def sealed_token(secret: str, label: str) -> str:
    """The secret of a label: 256 bits that only this installation can make."""
    made = hmac.new(secret.encode(), b"sealed " + label.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def hidden(text: str, instead: str = "…") -> str:
    """A text as people of the house may read it: without its secret addresses."""
    return SEALED.sub(instead, text.replace(UNSUBSCRIBE, instead))


def build(mail: Row[Any], parts: Sequence[Row[Any]], site: str, secret: str) -> bytes:
    """The whole message, lines ending in CRLF. OSError or ValueError when an attachment is gone or damaged."""
    message = EmailMessage(policy=POLICY)
    created: datetime = mail.created_at
    message["Date"] = created
    message["From"] = Address(mail.from_name, addr_spec=mail.from_address)
    message["To"] = Address(mail.to_name, addr_spec=mail.to_address)
    if mail.reply_address:
        message["Reply-To"] = Address(mail.reply_name, addr_spec=mail.reply_address)
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    if mail.automatic:
        message["Auto-Submitted"] = "auto-generated"
    leave = ""
    if mail.unsubscribe_hash:
        leave = f"{site}/mail/unsubscribe/{unsubscribe_token(secret, mail.message_id)}"
        message["List-Unsubscribe"] = f"<{leave}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"

    def opened(text: str) -> str:
        known = text.replace(UNSUBSCRIBE, leave)
        return SEALED.sub(lambda found: f"{site}/{found[1]}/{sealed_token(secret, found[2])}", known)

    message.set_content(opened(mail.text))
    if mail.html:
        message.add_alternative(opened(mail.html), subtype="html")
    # A calendar is an alternative of the text, which a message with attachments takes no more.
    for part in sorted(parts, key=lambda one: one.media_type != "text/calendar"):
        _attach(message, part)
    # Last: building an alternative moves the headers that begin with Content- into the first of its parts.
    message["Content-Language"] = mail.language
    return message.as_bytes()


def _attach(message: EmailMessage, part: Row[Any]) -> None:
    maintype, _, subtype = part.media_type.partition("/")
    if part.media_type == "text/calendar":
        # Calendars read the alternative with its method; people save the attachment.
        message.add_alternative(part.text, subtype="calendar", params={"method": part.method})
        saved = part.text.replace("\n", "\r\n").encode()
        message.add_attachment(saved, maintype="application", subtype="ics", filename=part.name)
        return
    if part.sha256 is None:
        raise FileNotFoundError(part.name)
    message.add_attachment(store.read(part.sha256), maintype=maintype, subtype=subtype, filename=part.name)
