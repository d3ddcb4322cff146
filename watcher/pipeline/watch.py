"""What a check needs besides its source, and what it remembers of it before it begins."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol, TypeVar

from watcher.confirm import Step
from watcher.extract import EXTRACTOR
from watcher.facts import FACTS
from watcher.records import (
    Alert,
    Capture,
    Channel,
    Clause,
    Document,
    Fact,
    NotModified,
    PageState,
    Rejection,
    Source,
    SourceState,
    Steadiness,
    Teaching,
    Validators,
    Verdict,
    VersionPage,
    WatchSettings,
)
from watcher.store import Store, sources, versions

T = TypeVar("T")


class Fetches(Protocol):
    """Whoever brings pages as servers send them."""

    async def fetch(
        self, url: str, validators: Validators = ..., *, robots: bool = ..., language: str = ...
    ) -> Capture | NotModified:
        """The page at an address, or word that it is what it was when it gave these validators. Raises FetchError."""


class Renders(Protocol):
    """Whoever brings pages as a browser shows them."""

    async def render(self, url: str, *, robots: bool = ..., language: str = ...) -> Capture:
        """The page at an address once its scripts have run. Raises FetchError."""


class Sends(Protocol):
    """Whoever takes a message to a channel."""

    def __call__(self, told: Sequence[Alert], channel: Channel) -> str:
        """Deliver an alert, or several as one message; what the channel answered. Blocks. Raises NotifyError."""


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The open database, the ways out into the world and the settings that every check and delivery shares."""

    store: Store
    fetcher: Fetches
    browser: Renders | None = None
    send: Sends
    settings: WatchSettings = field(default_factory=WatchSettings)
    teaching: Teaching = field(default_factory=Teaching)
    channels: tuple[Channel, ...] = ()
    language: str = "en"
    clock: Callable[[], datetime] = utc_now
    #: where pages are read and weighed; one thread, because more would only wait for one another
    workers: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "reader"))

    #: how many checks may hold read pages at once: a large policy with its facts takes megabytes
    desk: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def apart(self, work: Callable[[], T]) -> T:
        """Run what takes long off the event loop, so that fetching and the watchdog go on meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self.workers, work)


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The version in force, as far as a check needs it to recognise it."""

    id: int
    wording: str
    extractor: str
    pages: tuple[VersionPage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database knew of a source when its check began."""

    state: SourceState
    pages: dict[str, PageState]
    version: InForce | None


class Kept(NamedTuple):
    """A reading that was loaded from the database."""

    id: int
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a source as a check found it: recognised, or read anew, or rejected."""

    index: int  #: place among the source's urls
    url: str
    capture: Capture | None  #: None: the server said 304
    known: PageState | None = None  #: what it was recognised as: by 304, by its bytes, by its text nodes
    document: Document | None = None  #: what was read anew
    before: Kept | None = field(default=None, repr=False)  #: what the gate held that against
    skeleton: bytes | None = field(default=None, repr=False)  #: by which what was read anew is recognised next time
    rejection: Rejection | None = None
    wording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found, all pages accepted: what the text means, and what is to be remembered."""

    step: Step | Literal["first", "regrouped"]  #: regrouped: the operator gave the source other pages
    pages: tuple[Page, ...]
    wording: str
    steadiness: Steadiness
    read: tuple[tuple[Clause, tuple[Fact, ...]], ...] = ()  #: for a new version: what each clause states
    own: frozenset[Fact] = frozenset()  #: see facts.own_facts
    verdict: Verdict | None = None  #: for `changed`


def recall(watch: Watch, source: Source) -> Known:
    """What the database knows of a source; a source that it never heard of is written down first."""
    state = sources.state(watch.store, source.id)
    if state is None:
        sources.add(watch.store, source, watch.clock())
        state = sources.state(watch.store, source.id)
        assert state is not None
    version = None
    if state.version is not None:
        identity, extractor = versions.identity(watch.store, state.version)
        pages = versions.pages(watch.store, state.version)
        version = InForce(id=state.version, wording=identity, extractor=extractor, pages=pages)
    return Known(state=state, pages=sources.pages(watch.store, source.id), version=version)


def reader_of(source: Source) -> str:
    """Which reading a source gets: the extractor's version, and a digest of the selectors the operator gave."""
    if not source.select and not source.remove:
        return EXTRACTOR
    return f"{EXTRACTOR}+{_digest((source.select, source.remove))}"


def facts_by(teaching: Teaching) -> str:
    """Which reader of facts is at work: its version, and a digest of what operators taught it."""
    return FACTS if teaching == Teaching() else f"{FACTS}+{_digest(teaching)}"


def wording_of(parts: Sequence[str]) -> str:
    """The wording of a policy from those of its pages; one page is its own."""
    return parts[0] if len(parts) == 1 else _digest(tuple(parts), 32)


def merged(documents: Sequence[Document]) -> Document:
    """The pages of a policy as one document: the first gives the title, the longest the language."""
    if len(documents) == 1:
        return documents[0]
    taken: set[str] = set()
    clauses = []
    for page, document in enumerate(documents):
        for clause in document.clauses:
            anchor = clause.anchor if clause.anchor not in taken else f"{clause.anchor}-p{page + 1}"
            taken.add(anchor)
            clauses.append(replace(clause, anchor=anchor, page=page))
    return Document(
        title=documents[0].title,
        language=max(documents, key=lambda d: len(d.clauses)).language,
        clauses=tuple(clauses),
        dates=tuple(date for document in documents for date in document.dates),
        links=tuple(link for document in documents for link in document.links),
    )


def _digest(value: object, length: int = 8) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:length]
