"""What a check needs besides its source, and what it remembers of it before it begins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol

from watcher import __version__
from watcher.confirm import Step
from watcher.records import (
    Alert,
    Capture,
    Channel,
    Clause,
    Document,
    Fact,
    NotModified,
    PageState,
    Refusal,
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

#: What is done where pages are read; the functions of `understand` with these names.
Reading = Literal["understand", "may_pass"]
LENGTH = 8  #: bytes before each answer of a process that reads: how long it is, big end first


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


class Reads(Protocol):
    """Whoever reads pages at a desk of its own, apart from this process."""

    @property
    def waiting(self) -> int:
        """Questions that were not answered yet; the pages that they bring stay in memory."""

    async def __call__(self, what: Reading, *about: object) -> Any:
        """What `understand` says, asked with these arguments after its desk. Raises ReadError."""


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The open database and the settings by which pages are read, weighed and written down."""

    store: Store
    settings: WatchSettings = field(default_factory=WatchSettings)
    teaching: Teaching = field(default_factory=Teaching)
    channels: tuple[Channel, ...] = ()
    language: str = "en"
    clock: Callable[[], datetime] = utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Desk):
    """A desk with the ways out into the world: what every check and delivery shares."""

    fetcher: Fetches
    browser: Renders | None = None
    send: Sends
    reader: Reads | None = None  #: who reads the pages; None: they are read here, at this desk


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
    refused: dict[str, Refusal] = field(default_factory=dict)  #: what still is, if it is served again; by address


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
    refused: Refusal | None = None  #: what it was recognised as, where it was refused before
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
    extractor: str = ""  #: for a new version: which reading its pages got
    facts_by: str = ""  #: and which reader found its facts
    verdict: Verdict | None = None  #: for `changed`


def recall(watch: Desk, source: Source) -> Known:
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
    refused = {}
    if state.failures:
        judge = judged_by(source, state.version)
        found = sources.refusals(watch.store, source.id)
        refused = {url: refusal for url, refusal in found.items() if refusal.judged_by == judge}
    return Known(state=state, pages=sources.pages(watch.store, source.id), version=version, refused=refused)


def judged_by(source: Source, version: int | None) -> str:
    """All that a refusal hangs on besides the bytes: this release, what is read of a page, what it is held against."""
    return digest((__version__, source.select, source.remove, source.render, version), 16)


def seen_before(known: Known, index: int, url: str, answer: Capture | NotModified) -> Page | None:
    """The page that was recognised without being read: the server says that it is the same, or its bytes do."""
    refused = known.refused.get(url)
    if refused is not None and (isinstance(answer, NotModified) or answer.sha256 == refused.sha256):
        capture = None if isinstance(answer, NotModified) else answer
        return Page(index=index, url=url, capture=capture, rejection=refused.rejection, refused=refused, wording="")
    state = known.pages.get(url)
    if state is None or not (isinstance(answer, NotModified) or answer.sha256 == state.sha256):
        return None
    capture = None if isinstance(answer, NotModified) else answer
    return Page(index=index, url=url, capture=capture, known=state, wording=state.wording)


def wording_of(parts: Sequence[str]) -> str:
    """The wording of a policy from those of its pages; one page is its own."""
    return parts[0] if len(parts) == 1 else digest(tuple(parts), 32)


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


def digest(value: object, length: int = 8) -> str:
    """A short name for a value, by how it is written."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:length]
