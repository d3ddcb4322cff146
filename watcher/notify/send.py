"""An alert to a channel, through Apprise. Says whether a refusal passes or stays, and when to try again.

Slack, JSON webhooks and e-mail go through plug-ins that know what the server answered (plugins.py). For the other
hundred services Apprise says yes or no; there the status is read from the log record of its HTTP library, and where
there is none, the failure counts as passing: an alert too many is better than one lost.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import threading
import traceback
from collections import OrderedDict
from collections.abc import Iterator
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode
from apprise.plugins import url_to_dict

from watcher.errors import NotifyError
from watcher.notify.plugins import (
    CONNECT_TIMEOUT,
    COURIERS,
    READ_TIMEOUT,
    SLACK_HOSTS,
    Courier,
    MailCourier,
    SlackCourier,
    WebhookCourier,
    is_permanent,
)
from watcher.notify.quotes import clean, shorten
from watcher.notify.render import Message, render
from watcher.records import Alert, Channel

log = logging.getLogger(__name__)

TIMEOUT = 90.0  #: seconds for one delivery, whatever the server does


def send(
    alert: Alert,
    channel: Channel,
    *,
    templates: Path | None = None,
    language: str = "en",
    dashboard: str = "",
    timeout: float = TIMEOUT,
) -> str:
    """Render an alert, deliver it, and give what the server answered, in a few words ("HTTP 200").

    Raises NotifyError: `permanent` where another try cannot help, with `retry_after` where the server named a time.
    Its message names the channel and what the server said, never an address with its secrets. Threads may call it.
    """
    message = render(alert, templates=templates, language=language, dashboard=dashboard)
    return deliver(message, channel, timeout=timeout)


def deliver(message: Message, channel: Channel, *, timeout: float = TIMEOUT) -> str:
    """The same for a message that is rendered already."""
    with _overheard() as heard:
        plugin = _plugin(channel)
        if isinstance(plugin, Courier):
            return _by_courier(plugin, message, channel, timeout)
        return _by_apprise(plugin, message, channel, timeout, heard)


def check(channel: Channel) -> None:
    """Raise NotifyError (permanent) where Apprise cannot make anything of the channel's URL; sends nothing."""
    with _overheard():
        _plugin(channel)


# --- finding the plug-in ---------------------------------------------------------------------------------------------

_ASSET = AppriseAsset(
    app_id="Policy Watcher",
    app_desc="Policy Watcher",
    app_url="",
    storage_mode=PersistentStoreMode.MEMORY,
    secure_logging=True,
    http_redirects=False,
    async_mode=False,
)


def _plugin(channel: Channel) -> Any:
    """The plug-in of a channel's URL, ours where we have one."""
    make = _courier(channel)
    # Apprise's own way loads all of its services, 17 MB, to find the one that knows the URL.
    parsed = _parsed(make, channel.url) if make else url_to_dict(channel.url, secure_logging=True)
    if not parsed:
        raise _unusable(channel)
    try:
        plugin = make(**parsed, asset=_ASSET) if make else Apprise.instantiate(channel.url, asset=_ASSET)
    except (TypeError, ValueError) as error:  # AppriseImproperlyConfigured is a TypeError
        raise _unusable(channel) from error
    if plugin is None:
        raise _unusable(channel)
    if "cto" not in parsed["qsd"]:
        plugin.socket_connect_timeout = CONNECT_TIMEOUT
    if "rto" not in parsed["qsd"]:
        plugin.socket_read_timeout = READ_TIMEOUT
    if isinstance(plugin, WebhookCourier):
        plugin.look = channel.format
    return plugin


def _courier(channel: Channel) -> type[Any] | None:
    """Our plug-in for a channel; None for Apprise's own. A webhook for plain text gets Apprise's own envelope."""
    scheme = channel.url.partition(":")[0].lower()
    if scheme == "https" and urlsplit(channel.url).hostname in SLACK_HOSTS:
        return SlackCourier
    if scheme in {"json", "jsons"} and channel.format not in {"json", "slack"}:
        return None
    return COURIERS.get(scheme)


def _parsed(make: type[Any], url: str) -> dict[str, Any] | None:
    """A URL as arguments for a plug-in of ours: what `url_to_dict` does once it has found the plug-in."""
    url = url.replace("/#", "/%23")
    found: dict[str, Any] | None = make.parse_native_url(url) if url.startswith("https:") else make.parse_url(url)
    return found


def _unusable(channel: Channel) -> NotifyError:
    scheme = re.match(r"[a-z][a-z0-9+.-]{0,20}(?=:)", channel.url, re.IGNORECASE)
    return NotifyError(
        f"channel {channel.id}: Apprise cannot use its url ({scheme[0] if scheme else 'no scheme'}://…); "
        "see https://appriseit.com/services/ for the form it must have",
        permanent=True,
    )


# --- delivering ------------------------------------------------------------------------------------------------------

#: (channel, alert key) -> targets that have the message while others of the same channel still refuse it. Lost with
#: the process: then those targets get a copy, which its Message-ID or key shows to be one.
_reached: OrderedDict[tuple[str, str], frozenset[str]] = OrderedDict()
_lock = threading.Lock()
_REMEMBERED = 1000


def _by_courier(plugin: Any, message: Message, channel: Channel, timeout: float) -> str:
    at = (channel.id, message.key)
    plugin.load(message, _reached.get(at, frozenset()))
    took = _notify(plugin, message.subject, message, timeout)
    if took == "taken":
        _forget(at)
        return plugin.answer or "accepted"
    passing = [r for r in plugin.refusals if not r.permanent]
    if plugin.accepted and (passing or not plugin.refusals):
        _remember(at, plugin.accepted)
    said = _scrubbed(
        "; ".join(f"{r.target}: {r.sentence}" if r.target else r.sentence for r in plugin.refusals), plugin
    )
    if plugin.accepted and plugin.refusals and not passing:
        # The others have it: the channel works, and goes on working for them.
        _forget(at)
        log.warning("channel %s: not everybody was reached: %s", channel.id, said)
        return f"{plugin.answer}; refused: {said}"
    if not plugin.refusals:
        said = f"no answer within {timeout:.0f} s" if took == "late" else "Apprise gave no reason"
    raise NotifyError(
        f"channel {channel.id}: {said}",
        permanent=bool(plugin.refusals) and not passing,
        retry_after=max((r.retry_after for r in passing if r.retry_after is not None), default=None),
    )


def _by_apprise(plugin: Any, message: Message, channel: Channel, timeout: float, heard: list[logging.LogRecord]) -> str:
    body = {"email": message.html, "json": json.dumps(message.data, ensure_ascii=False)}.get(
        channel.format, message.text
    )
    form = NotifyFormat.HTML if channel.format == "email" else NotifyFormat.TEXT
    took = _notify(plugin, body, message, timeout, form)
    status = _status(heard)
    if took == "taken":
        return f"HTTP {status}" if status else "accepted"
    words = [clean(r.getMessage()) for r in heard if r.name == "apprise" and r.levelno >= logging.WARNING]
    said = f"no answer within {timeout:.0f} s" if took == "late" else (words or ["Apprise gave no reason"])[-1]
    raise NotifyError(
        f"channel {channel.id}: {shorten(_scrubbed(said, plugin), 300)}",
        permanent=status is not None and status >= 300 and is_permanent(status),
    )


def _notify(
    plugin: Any, body: str, message: Message, timeout: float, form: NotifyFormat = NotifyFormat.TEXT
) -> Literal["taken", "refused", "late"]:
    """One attempt, in a thread of its own: a server that drips cannot hold us, nor the others in a shared pool."""
    outcome: list[bool] = []

    def attempt() -> None:
        try:
            outcome.append(
                plugin.notify(body=body, title=message.subject, notify_type=NotifyType.INFO, body_format=form)
            )
        except Exception as error:  # a plug-in of Apprise's may raise anything; its words may hold the URL
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("the plug-in %s broke: %s\n%s", type(plugin).__name__, type(error).__name__, where)
            outcome.append(False)

    thread = threading.Thread(target=copy_context().run, args=(attempt,), daemon=True, name="notify")
    thread.start()
    thread.join(timeout)
    if not outcome:
        return "late"
    return "taken" if outcome[0] else "refused"


def _remember(at: tuple[str, str], targets: set[str]) -> None:
    with _lock:
        _reached[at] = frozenset(targets)
        while len(_reached) > _REMEMBERED:
            _reached.popitem(last=False)


def _forget(at: tuple[str, str]) -> None:
    with _lock:
        _reached.pop(at, None)


# --- what Apprise and its HTTP library say to the log ----------------------------------------------------------------

_listening: ContextVar[list[logging.LogRecord] | None] = ContextVar("listening", default=None)
_LOGGERS = ("apprise", "urllib3.connectionpool")


class _Witness(logging.Filter):
    """Keeps what is logged during a delivery to itself: the records name addresses with their tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        heard = _listening.get()
        if heard is not None:
            heard.append(record)
            return False
        return record.levelno >= logging.WARNING


_witness = _Witness()


@contextlib.contextmanager
def _overheard() -> Iterator[list[logging.LogRecord]]:
    """The records of this delivery, also from the thread that makes it (the context goes with it)."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_witness)
    # Only at DEBUG does urllib3 say what was answered; the filter keeps it from reaching any log.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.DEBUG)
    heard: list[logging.LogRecord] = []
    token = _listening.set(heard)
    try:
        yield heard
    finally:
        _listening.reset(token)


def _status(heard: list[logging.LogRecord]) -> int | None:
    """The last HTTP status: urllib3 logs each answer with (…, method, path, version, status, length) as arguments."""
    for record in reversed(heard):
        args = record.args
        if record.name == "urllib3.connectionpool" and isinstance(args, tuple) and len(args) == 8:
            return args[6] if isinstance(args[6], int) else None
    return None


def _scrubbed(text: str, plugin: Any) -> str:
    """`text` without any part of the channel's URL that could be a secret."""
    open_words, all_words = (set(re.split(r"[^\w.-]+", plugin.url(privacy=hidden))) for hidden in (True, False))
    words = all_words - open_words | {str(plugin.password or "")}
    if not isinstance(plugin, MailCourier):
        words |= set(str(plugin.fullpath or "").split("/"))
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 4:
            text = text.replace(word, "****")
    return text
