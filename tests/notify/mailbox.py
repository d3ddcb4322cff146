"""A real SMTP server on a loopback port: what it received, and how it may misbehave."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


@dataclass
class Mailbox:
    """A mail server; a context manager. Everything it accepted is in `received`, parsed."""

    replies: dict[str, str] = field(default_factory=dict)  #: recipient -> answer to RCPT TO, once each if in `once`
    once: bool = False  #: a recipient is refused only the first time: greylisting
    data_reply: str = ""  #: answer to the message itself, instead of taking it
    data_wait: float = 0.0  #: seconds it hangs after the message, before it answers
    data_cut: bool = False  #: cuts the connection instead of answering to the message
    tls: ssl.SSLContext | None = None  #: offers STARTTLS, and login only after it
    login: tuple[str, str] | None = None  #: the one user and password it takes; then required
    login_reply: str = ""  #: answer to a wrong login ("454 4.7.0 later")
    received: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)  #: for each message: whether it came over TLS
    port: int = 0

    def __enter__(self) -> Self:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options: dict[str, Any] = {}
        if self.tls:
            options |= {"tls_context": self.tls, "require_starttls": True}
        if self.login:
            options |= {
                "auth_required": True,
                "auth_require_tls": bool(self.tls),
                "authenticator": self._authenticate,
            }
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)

    def url(self, to: str = "privacy@office.example", **options: str) -> str:
        """The Apprise URL of a mail to `to` through this server."""
        query = {"from": "watcher@office.example", "to": to} | options
        login = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"mailto://{login}127.0.0.1:{self.port}/?" + "&".join(f"{k}={v}" for k, v in query.items())

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login.decode(), given.password.decode()) == self.login
        return AuthResult(success=right, handled=False, message=None if right else self.login_reply or None)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.replies.pop(address, "") if self.once else self.replies.get(address, "")
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.data_wait)
        if self.data_cut:
            server.transport.abort()
            return "250 never said"
        if self.data_reply:
            return self.data_reply
        mail = BytesParser(policy=default).parsebytes(envelope.content or b"")
        assert isinstance(mail, EmailMessage)
        self.received.append(mail)
        self.envelopes.append(envelope)
        self.secure.append(session.ssl is not None)
        return "250 taken"
