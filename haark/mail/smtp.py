"""One message handed to a relay, step by step, so that a fault always says how far it came.

The standard library's own `sendmail` hides the moment that counts: until the final dot was written the server cannot
have taken the message, afterwards only its answer tells.
"""

import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from haark.mail.relay import Relay

CHUNK = 64 * 1024
DOT_FIRST = re.compile(rb"(?m)^\.")
PHASES = ("connect", "hello", "tls", "login", "mail", "rcpt", "data", "body", "answer")


@dataclass(frozen=True)
class Outcome:
    """`state`: sent, later (try again), failed (never), uncertain (nobody knows), lost (another process has it).

    `phase` is how far it came, `answer` the server's words or the fault's.
    """

    state: str
    phase: str
    answer: str


class _Refused(Exception):
    """The server said no."""

    def __init__(self, code: int, words: bytes | str) -> None:
        self.code, self.words = code, words


class Conversation:
    """With one server about one message. `may_send` is asked once the server waits for the body (after its 354): it
    writes down that we are about to send, and says whether the message is still ours."""

    def __init__(self, relay: Relay, sender: str, recipient: str, content: bytes, may_send: Callable[[], bool]) -> None:
        self.relay, self.sender, self.recipient = relay, sender, recipient
        self.content, self.may_send = content, may_send
        self.phase = "connect"
        self.server: smtplib.SMTP | None = None

    def run(self) -> Outcome:
        """Never raises: whatever happens is an outcome."""
        try:
            server = self._reach()
            self._envelope(server)
            if not self.may_send():
                return Outcome("lost", self.phase, "")
            return self._body(server)
        except _Refused as refusal:
            return self._judge(refusal.code, refusal.words)
        except smtplib.SMTPResponseException as refusal:
            return self._judge(refusal.smtp_code, refusal.smtp_error)
        except Exception as fault:  # noqa: BLE001  # sockets, TLS, a job's time limit: what counts is how far we were
            return Outcome(
                "uncertain" if self.phase == "answer" else "later", self.phase, _line(str(fault) or repr(fault))
            )
        finally:
            self._leave()

    def _reach(self) -> smtplib.SMTP:
        relay = self.relay
        name = relay.helo or _own_name()
        trust = ssl.create_default_context(cafile=relay.ca or None) if relay.tls != "none" else None
        if relay.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, name, timeout=relay.timeout, context=trust)
        else:
            server = smtplib.SMTP(relay.host, relay.port, name, timeout=relay.timeout)
        self.server = server
        self.phase = "hello"
        server.ehlo_or_helo_if_needed()
        if relay.tls == "starttls":
            self.phase = "tls"
            # Required when asked for: falling back to plain text would hand the password to whoever stands between.
            self._expect(server.starttls(context=trust), 220)
            server.ehlo_or_helo_if_needed()
        if relay.user:
            self.phase = "login"
            server.login(relay.user, relay.password)
        return server

    def _envelope(self, server: smtplib.SMTP) -> None:
        self.phase = "mail"
        options = [f"size={len(self.content)}"] if server.does_esmtp and server.has_extn("size") else []
        self._expect(server.mail(self.sender, options), 250)
        self.phase = "rcpt"
        self._expect(server.rcpt(self.recipient), 250, 251)
        self.phase = "data"
        self._expect(server.docmd("DATA"), 354)

    def _body(self, server: smtplib.SMTP) -> Outcome:
        self.phase = "body"
        line: socket.socket | None = server.sock
        assert line is not None
        content = DOT_FIRST.sub(b"..", self.content)
        for start in range(0, len(content), CHUNK):
            line.sendall(content[start : start + CHUNK])
        self._listen(server, line)
        self.phase = "answer"
        line.settimeout(self.relay.final)
        line.sendall(b".\r\n")
        code, words = server.getreply()
        if 200 <= code < 300:
            return Outcome("sent", self.phase, _answer(code, words))
        if not 400 <= code < 600:
            return Outcome("uncertain", self.phase, _answer(code, words))
        return self._judge(code, words)

    def _listen(self, server: smtplib.SMTP, line: socket.socket) -> None:
        """Before the dot: a server that left or refused meanwhile is heard now, while it is certain that it took
        nothing. Encrypted connections send messages of their own, so there only a broken line is noticed."""
        if isinstance(line, ssl.SSLSocket) or not select.select([line], [], [], 0)[0]:
            return
        code, words = server.getreply()
        raise _Refused(code, words)

    def _expect(self, reply: tuple[int, bytes], *codes: int) -> None:
        if reply[0] not in codes:
            raise _Refused(*reply)

    def _judge(self, code: int, words: bytes | str) -> Outcome:
        """RFC 5321, 4.2.1: 5yz will not change by itself, all else may."""
        return Outcome("failed" if 500 <= code < 600 else "later", self.phase, _answer(code, words))

    def _leave(self) -> None:
        if self.server is None:
            return
        try:
            if self.server.sock is not None:
                self.server.sock.settimeout(min(self.relay.timeout, 2.0))
                if self.phase == "answer":
                    self.server.quit()
        except (OSError, smtplib.SMTPException):
            pass  # what became of the message is known already
        finally:
            self.server.close()


def _own_name() -> str:
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _answer(code: int, words: bytes | str) -> str:
    return _line(f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}")


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:400]
