"""A real SMTP server for the tests, which can fail at each phase in each way.

`office.fault = ("rcpt", "4xx")` makes the next conversations fail there; None heals it. `office.received` holds the
messages that it took, whatever its client learned of it.
"""

import asyncio
import email
import random
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PHASES = ("connect", "hello", "mail", "rcpt", "data", "body", "answer")
WAYS = ("4xx", "5xx", "drop", "silence")
WORDS = {"4xx": "451 4.3.0 later please", "5xx": "550 5.7.1 never"}
SILENCE = 3.0  # seconds, longer than any time-out of a test


class _Server(SMTP):
    """aiosmtpd's protocol, with the office's faults before each answer."""

    office: "PostOffice"

    async def _handle_client(self) -> None:
        self.office.conversations += 1
        self.office.talking += 1
        try:
            if not await self._fails("connect"):
                await super()._handle_client()
        finally:
            self.office.talking -= 1

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._fails("hello"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self._fails("hello"):
            await super().smtp_HELO(hostname)

    async def smtp_MAIL(self, arg: str) -> None:
        if not await self._fails("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        if not await self._fails("rcpt"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._fails("data"):
            return
        if self.office.fault and self.office.fault[0] == "body":
            await self._break_body(self.office.fault[1])
            return
        await super().smtp_DATA(arg)

    async def _fails(self, phase: str) -> bool:
        await asyncio.sleep(random.uniform(0, self.office.slowness))
        if not self.office.fault or self.office.fault[0] != phase:
            return False
        way = self.office.fault[1]
        if way == "silence":
            await asyncio.sleep(SILENCE)
        if way in WORDS:
            await self.push(WORDS[way])
        if way not in WORDS or phase == "connect":
            self.transport.abort() if way not in WORDS else self.transport.close()
        return True

    async def _break_body(self, way: str) -> None:
        await self.push("354 go on")
        await self._reader.read(1024)
        if way == "silence":
            await asyncio.sleep(SILENCE)
        if way in WORDS:
            await self.push(WORDS[way])
            while await self._reader.readline() not in (b".\r\n", b""):
                pass
        else:
            self.transport.abort()


class PostOffice(Controller):
    """The server in a thread of its own, on a free port of this machine."""

    def __init__(self, **options: Any) -> None:
        self.fault: tuple[str, str] | None = None
        self.received: list[Envelope] = []
        self.conversations = 0
        self.talking = 0  # conversations that are going on
        self.recipients: dict[str, str] = {}  # address -> answer to its RCPT
        self.slowness = 0.0
        self.logins: list[tuple[bytes, bytes]] = []
        self.options = options
        super().__init__(self, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        server = _Server(self, hostname="relay.test", enable_SMTPUTF8=False, **self.options)
        server.office = self
        return server

    def _trigger_server(self) -> None:
        # The system chose the port; the controller asks there whether the server lives.
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"s3cret @/?#", handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(random.uniform(0, self.slowness))
        way = self.fault[1] if self.fault and self.fault[0] == "answer" else ""
        if way in WORDS:
            return WORDS[way]
        self.received.append(envelope)
        await asyncio.sleep(random.uniform(0, self.slowness))
        if way == "drop":
            server.transport.abort()
        if way == "silence":
            await asyncio.sleep(SILENCE)
        return "250 2.0.0 queued as TEST1"

    def url(self, **options: Any) -> str:
        """The SMTP_URL of this server, with short waits."""
        wanted = {"timeout": 0.5, "final": 1, "from": "haark@sillage.test", **options}
        return f"smtp://127.0.0.1:{self.port}?" + "&".join(f"{name}={value}" for name, value in wanted.items())

    def messages(self) -> list[EmailMessage]:
        return [message_of(envelope) for envelope in self.received]

    def copies(self) -> Counter[str]:
        """Message-ID -> how often it was taken."""
        return Counter(str(message["Message-ID"]) for message in self.messages())


def message_of(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=POLICY)
    assert isinstance(message, EmailMessage)
    return message


def plain(message: EmailMessage) -> str:
    """Its text part, with line ends as one sign."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@contextmanager
def open_office(tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[PostOffice]:
    office = PostOffice(tls_context=tls, **options) if tls else PostOffice(**options)
    office.start()
    try:
        yield office
    finally:
        office.stop(no_assert=True)
