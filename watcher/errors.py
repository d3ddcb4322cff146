"""Every error a room raises on purpose. Each carries the decision it calls for; nobody reads texts to decide."""

from __future__ import annotations


class WatcherError(Exception):
    """Something expected went wrong. The message names what (source, file and line, or address) and the next step."""


class ConfigError(WatcherError):
    """The configuration cannot be used. The message lists every problem, one a line."""


class FetchError(WatcherError):
    """A page could not be fetched.

    `transient`: whether trying again later may help. `retry_after`: seconds the server asked us to wait, or None.
    `reason`: a stable word for counters and for `watcher sources` (dns, tls, timeout, status, robots, too-large, ...).
    """

    def __init__(self, message: str, *, transient: bool, reason: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.transient = transient
        self.reason = reason
        self.retry_after = retry_after


class ReadError(WatcherError):
    """A page that was fetched could not be read: it took too long, or the process that read it came to an end."""


class ExtractError(WatcherError):
    """No policy text can be read from a capture: a selector that matches nothing, a scanned PDF, an empty body."""


class StoreError(WatcherError):
    """The database cannot be used: from a newer release, locked by another daemon, unreadable, or the disk is full."""


class NotFoundError(StoreError):
    """Somebody asked for a source or an alert that the database does not hold: a slip of whoever asked."""


class NotifyError(WatcherError):
    """A channel did not take a message.

    `permanent`: trying again cannot help (bad address, refused credentials). `retry_after`: seconds, or None.
    """

    def __init__(self, message: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
