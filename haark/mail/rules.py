"""What a mail may hold, and what becomes of one that was not taken. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_TRIES = 6
# Waits before the second to the sixth try: about five hours and twenty minutes in all.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))

LONGEST_SUBJECT = 250
LONGEST_NAME = 120
LONGEST_ADDRESS = 254
LONGEST_TEXT = 400_000

# What no mail reader, database or XML document takes: controls, lone surrogates, noncharacters.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff]")
# Signs that turn the direction of what follows: in a header they make one address look like another.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.I)


class MailRefused(ValueError):
    """The mail cannot be written; `kind`: `address`, `subject`, `empty`, `large`, `part`."""

    def __init__(self, kind: str, value: str = "") -> None:
        super().__init__(f"{kind}: {value[:80]!r}" if value else kind)
        self.kind = kind


@dataclass(frozen=True)
class Verdict:
    """The next state of a mail, when it may be tried again, and the reason (a word of ours)."""

    state: str
    next_at: datetime | None
    error: str


def address(text: str) -> str:
    """The address as it goes over the wire: ASCII, the domain in its IDNA form, lower case. Raises MailRefused.

    Nothing is repaired: an address with a line break, a space or a second @ is refused, not guessed.
    """
    local, sign, domain = text.strip(" ").rpartition("@")
    try:
        plain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as fault:
        raise MailRefused("address", text) from fault
    labels = plain.split(".")
    shaped = bool(sign) and LOCAL.fullmatch(local) and len(labels) > 1 and all(map(LABEL.fullmatch, labels))
    if not shaped or len(local) > 64 or len(f"{local}@{plain}") > LONGEST_ADDRESS:
        raise MailRefused("address", text)
    return f"{local}@{plain}".lower()


def one_line(text: str, longest: int) -> str:
    """A value for a header: one line, nothing invisible, cut at a whole character with an ellipsis."""
    kept = TURNING.sub("", FORBIDDEN.sub(" ", _whole(text)))
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def subject(text: str) -> str:
    """The subject. Raises MailRefused when nothing of it is left."""
    line = one_line(text, LONGEST_SUBJECT)
    if not line:
        raise MailRefused("subject")
    return line


def body(text: str) -> str:
    """The text of a mail: line ends as one sign, what no reader shows left out. Raises MailRefused."""
    kept = FORBIDDEN.sub("", _whole(text.replace("\r\n", "\n").replace("\r", "\n")))
    if len(kept) > LONGEST_TEXT:
        raise MailRefused("large")
    if not kept.strip():
        raise MailRefused("empty")
    return kept.rstrip("\n") + "\n"


def _whole(text: str) -> str:
    # U+xFFFE and U+xFFFF are no characters in any plane.
    kept = "".join(char for char in text if ord(char) < 0x1_0000 or ord(char) & 0xFFFE != 0xFFFE)
    return unicodedata.normalize("NFC", kept)


def after_fault(tries: int, at: datetime) -> Verdict:
    """What a fault that may pass leads to; `tries`: how often it was tried since a person asked, this one included."""
    if tries >= MOST_TRIES:
        return Verdict("failed", None, "exhausted")
    return Verdict("queued", at + DELAYS[max(tries, 1) - 1], "deferred")
