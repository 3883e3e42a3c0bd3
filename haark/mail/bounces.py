"""Reading a notice that a message did not arrive: delivery status notifications (RFC 3464, statuses of RFC 3463)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

# Nobody's notice is longer; what is beyond was the text of the message that came back.
LONGEST_NOTICE = 1024 * 1024
LONGEST_ANSWER = 400
# The address itself is wrong or closed (RFC 3463, 3.2 and 3.3): writing to it again is pointless. A full mailbox
# (5.2.2), a message that is too large (5.3.4) or a policy (5.7.x) say nothing of the kind.
DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.I | re.M)


@dataclass(frozen=True)
class Bounce:
    """A message of ours that somebody's server gave up. `dead`: its address will never take one; `answer`: why."""

    message_id: str
    status: str
    answer: str

    @property
    def dead(self) -> bool:
        return self.status in DEAD


def read(content: bytes) -> Bounce | None:
    """What a notice says; None for anything else: an answer, a delay, a receipt, an absence, a broken file.

    Each message of ours has one recipient, so that its Message-ID says whom it was for, whatever address their server
    forwarded it to.
    """
    message = message_from_bytes(content[:LONGEST_NOTICE], policy=policy.default)
    assert isinstance(message, EmailMessage)
    wanted = _returned_id(message)
    if wanted is None:
        return None
    fields = _failed(message)
    if fields is None:
        return None
    status, answer = fields
    return Bounce(wanted, status, " ".join(answer.split())[:LONGEST_ANSWER])


def _returned_id(notice: EmailMessage) -> str | None:
    """The Message-ID of the message, or of its headers alone, that came back."""
    for part in notice.walk():
        kind = part.get_content_type()
        if kind in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            found = MESSAGE_ID.search(_text(part))
        elif part is not notice and part.get("Message-ID"):  # inside of message/rfc822
            found = MESSAGE_ID.match(f"Message-ID: {str(part['Message-ID']).strip()}")
        else:
            continue
        if found:
            return found[1]
    # Servers that send no report quote the message in plain text.
    body = notice.get_body(("plain",)) if _from_a_server(notice) else None
    found = MESSAGE_ID.search(_text(body)) if body is not None else None
    return found[1] if found else None


def _failed(notice: EmailMessage) -> tuple[str, str] | None:
    """(status, the server's words) of the first recipient that was given up; None when nobody was."""
    reported = False
    for fields in _recipients(notice):
        reported = True
        if str(fields.get("Action", "")).strip().lower() != "failed":
            continue
        status = STATUS.search(str(fields.get("Status", "")))
        told = str(fields.get("Diagnostic-Code", "")).partition(";")[2].strip()
        # Some write 5.0.0 and put the true status into the words.
        better = STATUS.search(told)
        chosen = better if better and (status is None or status[0].endswith(".0.0")) else status
        return (chosen[0] if chosen else ""), told
    if reported or not _from_a_server(notice):
        return None
    body = notice.get_body(("plain",))
    said = STATUS.search(_text(body)) if body is not None else None
    return None if said is None or said[1] != "5" else (said[0], str(notice.get("Subject", "")))


def _recipients(notice: EmailMessage) -> Iterator[EmailMessage]:
    for part in notice.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            groups = part.get_payload()
            if isinstance(groups, list):
                yield from (group for group in groups if isinstance(group, EmailMessage) and group.get("Action"))


def _from_a_server(notice: EmailMessage) -> bool:
    """Notices come from nobody (RFC 5321, 4.5.5), or say whom they failed (Exim, Gmail)."""
    return str(notice.get("Return-Path", "")).strip() == "<>" or notice.get("X-Failed-Recipients") is not None


def _text(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
