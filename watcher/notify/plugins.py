"""Apprise's Slack, JSON and e-mail plug-ins, taught to say why a message was not taken (docs/decisions/0001).

Each keeps what Apprise is good at (reading its URL: tokens, targets, TLS modes, timeouts) and replaces the one step
that talks to the server, where Apprise folds every answer into False. What a server answered is left in `refusals`.
"""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import requests
from apprise.exception import AppriseException
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.email.smtp import AppriseSMTPController
from apprise.plugins.slack import NotifySlack, SlackMode

from watcher.notify import slack
from watcher.notify.quotes import clean, shorten
from watcher.notify.render import Message

CONNECT_TIMEOUT = 10.0  #: seconds; the URL's ?cto= replaces it
READ_TIMEOUT = 20.0  #: seconds without a byte; the URL's ?rto= replaces it
MAX_ANSWER = 64_000  #: bytes of an answer that are read
LONGEST_WAIT = 86_400.0  #: seconds; a longer Retry-After is cut to this

#: answers that another try may change (RFC 9110; 425: RFC 8470); every 5xx too
TRANSIENT_STATUS = frozenset({302, 303, 307, 408, 425, 429})
#: errors of Slack's Web API (docs.slack.dev) that pass; every other one stays until somebody acts
TRANSIENT_SLACK = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
     "team_added_to_org", "accesslimited", "message_limit_exceeded"}
)  # fmt: skip
#: errors of Slack that mean "this message", not "this channel": it is sent again without blocks
UNFIT_SLACK = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "invalid_payload", "msg_blocks_too_long", "invalid_attachments"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why one target did not take the message."""

    target: str  #: address of a mailbox, name of a Slack channel; "" where there is only one target
    sentence: str  #: what the server said; holds no secret
    permanent: bool
    retry_after: float | None = None


class Courier:
    """What the three plug-ins have in common: the message to carry, and what came of it."""

    message: Message
    accepted: set[str]  #: targets that have it, from earlier attempts too
    refusals: list[Refusal]
    answer: str  #: what the server said when it took the message

    def load(self, message: Message, accepted: Iterable[str]) -> None:
        """Take a message; `accepted`: the targets that an earlier attempt reached."""
        self.message, self.accepted = message, set(accepted)
        self.refusals, self.answer = [], ""

    def refused(self, sentence: str, *, permanent: bool, target: str = "", retry_after: float | None = None) -> None:
        """Note that a target did not take the message."""
        self.refusals.append(Refusal(target=target, sentence=sentence, permanent=permanent, retry_after=retry_after))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An HTTP answer, as much of it as decides."""

    status: int
    text: str
    retry_after: float | None


# --- HTTP ------------------------------------------------------------------------------------------------------------


def _exchange(method: str, url: str, *, read: bool = False, **request: Any) -> _Answer:
    """One request without redirects (a redirected POST arrives as an empty GET). Raises requests.RequestException.

    A 2xx is an answer even if its body never comes; it is read only where its words decide (`read`).
    """
    with requests.request(method, url, allow_redirects=False, stream=True, **request) as response:
        body = next(response.iter_content(MAX_ANSWER), b"") if read or not response.ok else b""
        return _Answer(
            status=response.status_code,
            text=body.decode(errors="replace"),
            retry_after=seconds_until(response.headers.get("Retry-After", "")),
        )


def seconds_until(value: str) -> float | None:
    """A Retry-After header as seconds from now: a number, or a date (RFC 9110, 10.2.3). None where it is neither."""
    value = value.strip()
    if value.isdigit():
        return min(float(value), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    wait = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(wait, 0.0), LONGEST_WAIT)


def is_permanent(status: int) -> bool:
    """Whether the same request would be answered the same tomorrow."""
    return status < 500 and status not in TRANSIENT_STATUS


def _said(answer: _Answer) -> str:
    """An answer in a few words: its status and, where it is short and plain, its text."""
    text = clean(answer.text)
    return f"HTTP {answer.status}" + (f", “{shorten(text, 120)}”" if text and "<" not in text else "")


def trouble(error: BaseException) -> str:
    """A network failure in plain words, never the library's own, which quote the address with its tokens."""
    chain: list[BaseException] = []
    inner: BaseException | None = error
    while inner is not None and inner not in chain:
        chain.append(inner)
        inner = _cause(inner)
    for kinds, words in _TROUBLES:
        if any(isinstance(e, kinds) for e in chain):
            return words
    return f"the connection failed ({type(chain[0]).__name__})"


def _cause(error: BaseException) -> BaseException | None:
    """What an exception wraps: urllib3 keeps it in `reason` or in its arguments, Python in its own two places."""
    inside = (getattr(error, "reason", None), *error.args, error.__cause__, error.__context__)
    return next((e for e in inside if isinstance(e, BaseException)), None)


_TROUBLES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((ssl.SSLCertVerificationError,), "its TLS certificate is not trusted"),
    ((requests.exceptions.SSLError, ssl.SSLError), "no TLS connection could be made"),
    ((socket.gaierror,), "its name cannot be resolved"),
    ((ConnectionRefusedError,), "it refuses connections"),
    ((requests.exceptions.ConnectTimeout,), "it did not accept a connection in time"),
    ((requests.exceptions.Timeout, TimeoutError), "it did not answer in time"),
    ((ConnectionResetError, BrokenPipeError), "it cut the connection"),
    ((smtplib.SMTPServerDisconnected, requests.exceptions.ChunkedEncodingError), "it closed the connection"),
)

_WRONG_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
)


class SlackCourier(Courier, NotifySlack):  # type: ignore[misc]
    """slack://: incoming webhooks, bot tokens and workflows, with our blocks for Apprise's attachment."""

    def _send(
        self,
        url: str,
        payload: dict[str, Any],
        attach: Any = None,
        http_method: str = "post",
        params: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """The one step of Apprise's plug-in that talks to Slack. Gives Slack's answer, or False."""
        if "attachments" not in payload and self.mode not in (SlackMode.WORKFLOW, SlackMode.WORKFLOW_TRIGGER):
            return super()._send(url, payload, attach, http_method, params, **kwargs)  # a look-up of a user
        target = str(payload.get("channel", ""))
        if target in self.accepted:
            return {"ok": True}
        if "attachments" in payload:
            kept: dict[str, Any] = {k: v for k, v in payload.items() if k in {"channel", "thread_ts", "username"}}
            payload = {**self.message.slack, **kept}
        else:
            payload = {"text": self.message.text}
        error = self._post(url, payload, target)
        if error in UNFIT_SLACK and "blocks" in payload:
            self.refusals.pop()
            error = self._post(url, slack.plain(payload, self.message.text), target)
        if error is None:
            self.accepted.add(target)
            return {"ok": True}
        return False

    def _post(self, url: str, payload: Mapping[str, Any], target: str) -> str | None:
        """None where Slack took it; else Slack's word for why not, and a refusal noted."""
        headers = {"User-Agent": self.app_id, "Content-Type": "application/json; charset=utf-8"}
        if self.mode is SlackMode.BOT:
            headers["Authorization"] = f"Bearer {self.access_token}"
        try:
            answer = _exchange(
                "post",
                url,
                read=self.mode is SlackMode.BOT,
                data=json.dumps(payload),
                headers=headers,
                verify=self.verify_certificate,
                timeout=self.request_timeout,
            )
        except requests.RequestException as error:
            self.refused(f"Slack: {trouble(error)}", permanent=isinstance(error, _WRONG_ADDRESS), target=target)
            return "unreachable"
        problem = _slack_error(answer, bot=self.mode is SlackMode.BOT)
        if problem is None:
            self.answer = f"HTTP {answer.status}"
            return None
        permanent = is_permanent(answer.status) if answer.status >= 300 else problem not in TRANSIENT_SLACK
        self.refused(
            f"Slack answered {_said(answer)}", permanent=permanent, target=target, retry_after=answer.retry_after
        )
        return problem


def _slack_error(answer: _Answer, *, bot: bool) -> str | None:
    """None for a message taken; else Slack's word ("channel_not_found"): the Web API says 200 and means its JSON."""
    if answer.status < 300 and not bot:
        return None
    try:
        body = json.loads(answer.text)
    except ValueError:
        return shorten(clean(answer.text), 60) or "unknown"
    if not isinstance(body, dict):
        return "unknown"
    return None if answer.status < 300 and body.get("ok") is True else clean(str(body.get("error", ""))) or "unknown"


class WebhookCourier(Courier, NotifyJSON):  # type: ignore[misc]
    """json:// and jsons://: our payload as the body, not wrapped in Apprise's; a Slack payload for its look-alikes."""

    look = "json"  #: or "slack"

    def send(self, body: str, title: str = "", **kwargs: Any) -> bool:
        """Put the payload to the address that the URL names."""
        payload = self.message.slack if self.look == "slack" else self.message.data
        headers = {"User-Agent": self.app_id, "Content-Type": "application/json", "Idempotency-Key": self.message.key}
        port = f":{self.port}" if isinstance(self.port, int) else ""
        try:
            answer = _exchange(
                self.method,
                f"{'https' if self.secure else 'http'}://{self.host}{port}{self.fullpath}",
                data=json.dumps(payload),
                params=self.params,
                headers=headers | self.headers,
                auth=self.request_auth,
                verify=self.verify_certificate,
                timeout=self.request_timeout,
            )
        except requests.RequestException as error:
            self.refused(f"{self.host}: {trouble(error)}", permanent=isinstance(error, _WRONG_ADDRESS))
            return False
        self.answer = f"HTTP {answer.status}"
        if 200 <= answer.status < 300:
            return True
        self.refused(
            f"{self.host} answered {_said(answer)}",
            permanent=is_permanent(answer.status),
            retry_after=answer.retry_after,
        )
        return False


# --- SMTP ------------------------------------------------------------------------------------------------------------


class _Smtp(AppriseSMTPController):  # type: ignore[misc]
    """Apprise's connection (TLS modes, login), with the server's own words for each recipient."""

    def deliver(self, sender: str, recipients: list[str], mail: EmailMessage) -> dict[str, tuple[int, bytes]]:
        """Those who were refused, with code and words; the others have it. Raises smtplib.SMTPException, OSError."""
        refused: dict[str, tuple[int, bytes]] = self._socket.sendmail(sender, recipients, mail.as_bytes(policy=SMTP))
        return refused


class MailCourier(Courier, NotifyEmail):  # type: ignore[misc]
    """mailto:// and mailtos://: one message to all recipients, text beside HTML, threaded by source."""

    def send(self, body: str, title: str = "", **kwargs: Any) -> bool:
        """Hand the message to the mail server; False where somebody who should have it has not."""
        copies = [*sorted(self.cc), *sorted(self.bcc)]
        recipients = list(dict.fromkeys([address for _, address in self.targets] + copies))
        left = [r for r in recipients if r not in self.accepted]
        try:
            with _Smtp(
                host=self.smtp_host,
                port=self.port,
                secure_mode=self.secure_mode,
                user=self.user,
                password=self.password,
                verify_certificate=self.verify_certificate,
                socket_connect_timeout=self.socket_read_timeout,
            ) as smtp:
                refused = smtp.deliver(self.from_addr[1], left, self.compose())
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPException as error:
            self._refused_by_code(error)
            return False
        except (OSError, RuntimeError, AppriseException) as error:
            self.refused(f"mail server {self.smtp_host}: {trouble(error)}", permanent=False)
            return False
        for address, (code, words) in refused.items():
            self.refused(_smtp_said(code, words), permanent=code >= 500, target=address)
        self.accepted |= set(left) - set(refused)
        self.answer = f"{len(self.accepted)} of {len(recipients)} recipients accepted"
        return not refused

    def _refused_by_code(self, error: smtplib.SMTPException) -> None:
        """A refusal of the whole message: 5yz stays, 4yz passes (RFC 5321, 4.2.1); a missing extension stays."""
        code = getattr(error, "smtp_code", 0)
        if code:
            words = _smtp_said(code, getattr(error, "smtp_error", b""))
        elif isinstance(error, smtplib.SMTPNotSupportedError):
            words = "offers no STARTTLS or login; check mode= in the URL"
        else:
            words = trouble(error)
        lasting = code >= 500 or isinstance(error, smtplib.SMTPNotSupportedError)
        self.refused(f"mail server {self.smtp_host}: {words}", permanent=lasting)

    def compose(self) -> EmailMessage:
        """The mail. Its Message-ID is the alert's: a copy sent twice is one message to a mailbox."""
        mail, message = EmailMessage(policy=SMTP), self.message
        domain = self.from_addr[1].rpartition("@")[2] or "localhost"
        mail["Subject"] = message.subject
        mail["From"] = _address(self.from_addr[0] or self.app_id, self.from_addr[1])
        mail["To"] = tuple(_address(name or "", address) for name, address in self.targets)
        if self.cc:
            mail["Cc"] = tuple(_address(self.names.get(a) or "", a) for a in sorted(self.cc))
        if self.reply_to:
            mail["Reply-To"] = tuple(_address(self.names.get(a) or "", a) for a in sorted(self.reply_to))
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = f"<{message.key}@{domain}>"
        mail["In-Reply-To"] = mail["References"] = f"<{message.thread}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        mail["X-Policy-Watcher-Alert"] = message.key
        for name, value in self.headers.items():
            if name not in mail:
                mail[name] = clean(value)
        mail.set_content(message.text, cte="quoted-printable")
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
        return mail


def _address(name: str, address: str) -> Address:
    return Address(clean(name), addr_spec=address)


def _smtp_said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {shorten(clean(text), 160)}"


#: where the addresses begin that Slack shows for its webhooks
SLACK_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})

#: the schemes whose plug-in is ours; every other one is Apprise's own
COURIERS: Mapping[str, type[Any]] = {
    "slack": SlackCourier,
    "json": WebhookCourier,
    "jsons": WebhookCourier,
    "mailto": MailCourier,
    "mailtos": MailCourier,
}
