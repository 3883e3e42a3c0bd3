"""Where mail leaves: SMTP_URL, read once and said in words when it is wrong (docs/mail.md has its grammar)."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from haark.mail import rules

PORTS = {"smtp": 25, "smtps": 465}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
KNOWN = {"starttls", "timeout", "final", "helo", "from", "ca"}


@dataclass(frozen=True)
class Relay:
    """A server that takes our mail. `tls`: `none`, `starttls` or `tls`; `timeout` and `final` (the answer to the whole
    message) in seconds; `ca`: a file with the certificates to trust, '' for the system's."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    final: float = 300.0
    helo: str = ""
    sender: str = ""
    ca: str = ""

    @property
    def place(self) -> str:
        """For people: where, without who."""
        return f"{self.host}:{self.port}"


def read(url: str) -> Relay | None:
    """The relay of an SMTP_URL, None for ''. ValueError says what is wrong with it, never the password."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise ValueError("SMTP_URL cannot be read; write smtp://user:password@host:587?starttls=1") from None
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.fragment:
        raise ValueError("SMTP_URL must be smtp://… or smtps://… with a host and no path")
    if strange := sorted(options.keys() - KNOWN):
        raise ValueError(f"SMTP_URL has an option that does not exist: {', '.join(strange)}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls = _tls(parts.scheme, host, options.get("starttls", ""))
    if user and tls == "none" and host not in LOOPBACK:
        raise ValueError("SMTP_URL would send the password unencrypted; use smtps:// or leave starttls=0 out")
    return Relay(
        host=host,
        port=port or (587 if parts.scheme == "smtp" and user else PORTS[parts.scheme]),
        tls=tls,
        user=user,
        password=password,
        timeout=_seconds(options, "timeout", 30.0),
        final=_seconds(options, "final", 300.0),
        helo=_word(options.get("helo", "")),
        sender=_sender(options.get("from", ""), user),
        ca=options.get("ca", ""),
    )


def _tls(scheme: str, host: str, starttls: str) -> str:
    if starttls not in ("", "0", "1"):
        raise ValueError("SMTP_URL: starttls is 0 or 1")
    if scheme == "smtps":
        if starttls:
            raise ValueError("SMTP_URL: smtps:// is encrypted from the start, starttls does not go with it")
        return "tls"
    return "starttls" if starttls == "1" or (not starttls and host not in LOOPBACK) else "none"


def _seconds(options: dict[str, str], name: str, usual: float) -> float:
    try:
        value = float(options.get(name) or usual)
    except ValueError:
        value = 0.0
    if not 0 < value <= 3600:
        raise ValueError(f"SMTP_URL: {name} is a number of seconds, at most 3600")
    return value


def _word(text: str) -> str:
    if text and not all(rules.LABEL.fullmatch(label) for label in text.split(".")):
        raise ValueError("SMTP_URL: helo is the name of this machine, such as haark.example.org")
    return text


def _sender(wanted: str, user: str) -> str:
    try:
        return rules.address(wanted) if wanted else rules.address(user)
    except rules.MailRefused:
        if wanted:
            raise ValueError("SMTP_URL: from is not an e-mail address") from None
        return ""
