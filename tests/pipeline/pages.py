"""A vendor's policy page that tests change as they like, and a fetcher that brings it without a network."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.errors import FetchError
from watcher.pipeline.watch import Watch
from watcher.records import Alert, Capture, Channel, NotModified, Source, Validators, WatchSettings
from watcher.store import Store

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
NONE = Validators()
URL = "http://vendor.test/privacy"

PARAGRAPHS = (
    "Northwind Cameras respects your privacy and explains in this policy how it handles personal data.",
    "We collect your name, your e-mail address and the serial number of your camera when you register it.",
    "We use this personal data to answer your questions and to repair your camera.",
    "We keep your account data for 6 months after you close your account.",
    "We do not sell your personal data.",
    "You may ask us to delete your personal data at any time by writing to privacy@northwind.example.",
    "We protect personal data with encryption in transit and at rest.",
    "Children under 14 may not use our services without the consent of a parent.",
)


def policy(*, replace: tuple[str, str] | None = None, extra: tuple[str, ...] = (), furniture: str = "") -> bytes:
    """A made-up policy page; `replace`: words to change in it, `extra`: paragraphs to add."""
    paragraphs = [*PARAGRAPHS, *extra]
    if replace is not None:
        paragraphs = [p.replace(*replace) for p in paragraphs]
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>Privacy Policy</title></head><body><nav>{furniture}<a href=/>Home"
        f"</a></nav><main><h1>Privacy Policy</h1>{body}</main><footer>Northwind</footer></body></html>"
    ).encode()


@dataclass
class Web:
    """Pages by address; counts what was asked for. A FetchError in place of a page is raised."""

    pages: dict[str, bytes | FetchError] = field(default_factory=dict)
    clock: Clock = field(default_factory=lambda: Clock())
    validators: bool = True  #: offer an ETag and answer 304
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def fetch(
        self, url: str, validators: Validators = NONE, *, robots: bool = True, language: str = ""
    ) -> Capture | NotModified:
        """Bring a page."""
        page = self.pages[url]
        if isinstance(page, FetchError):
            raise page
        digest = hashlib.sha256(page).hexdigest()
        if self.validators and validators.etag == digest:
            self.asked.append((url, "304"))
            return NotModified(url=url, fetched_at=self.clock())
        self.asked.append((url, "200"))
        headers = [("content-type", "text/html; charset=utf-8")]
        if self.validators:
            headers.append(("etag", digest))
        return Capture(
            url=url, final_url=url, headers=tuple(headers), fetched_at=self.clock(), body=page, sha256=digest
        )


@dataclass
class Clock:
    """A clock that tests turn."""

    now: datetime = START

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now

    def turn(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


SOURCE = Source(id="northwind", vendor="Northwind", urls=(URL,), jitter=0.0, interval=3600.0)


@dataclass
class Post:
    """Takes messages, or refuses them with the errors it was given, oldest first."""

    refusals: list[Exception] = field(default_factory=list)
    taken: list[tuple[str, int, str]] = field(default_factory=list)  #: (channel, alert, type)

    messages: int = 0

    def __call__(self, told: Sequence[Alert], channel: Channel) -> str:
        """Take a message."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.messages += 1
        self.taken += [(channel.id, alert.id, alert.type) for alert in told]
        return "HTTP 200"


CHANNEL = Channel(id="desk", url="json://127.0.0.1:9/", format="json")


def watching(path: Path, web: Web, **settings: object) -> Watch:
    """A watch over a new database in `path`, its channel never reached."""
    return Watch(
        store=Store(path / "watcher.db"),
        fetcher=web,
        send=Post(),
        settings=WatchSettings(**settings),  # type: ignore[arg-type]
        channels=(CHANNEL,),
        clock=web.clock,
    )
