"""Every record that crosses a room, in the order in which they come to be. All are frozen; no room mutates another's.

Source -fetch-> Capture -extract-> Document(Clause...) -gate-> Version -facts-> Fact -compare-> Change
-judge-> Verdict(Reason...) -pipeline-> Alert -notify-> Delivery. Times are aware datetimes in UTC; durations seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, fields, make_dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Literal, Protocol, TypeVar

Level = Literal["noise", "minor", "material"]
Kind = Literal[
    "sharing", "retention", "collection", "purpose", "rights", "transfer", "sale", "children", "tracking", "security",
    "legal_basis", "controller", "contact", "notice", "scope", "date", "editorial", "automated",
]  # fmt: skip
Action = Literal["added", "removed", "changed"]
Severity = Literal["critical", "major", "minor", "cosmetic"]  #: RUBRIC: critical and major are material
Direction = Literal["expands", "restricts", "neutral"]  #: worse for people, better for people, neither
Category = Literal[
    "collection_use", "sharing", "tracking", "retention", "transfer", "security", "rights", "choice", "children",
    "regional", "policy_change", "contact", "introduction", "definitions", "messaging", "other",
]  # fmt: skip
Role = Literal[
    "processor", "third_party", "affiliate", "advertiser", "analytics", "sdk", "payment", "authority", "successor",
    "public", "other_users",
]  # fmt: skip
Modality = Literal["will", "may", "with_consent", "opt_out", "required_by_law"]
Render = Literal["never", "auto", "always"]

LEVELS: tuple[Level, ...] = ("noise", "minor", "material")  #: in rising order
MATERIAL: frozenset[Severity] = frozenset({"critical", "major"})


# --- what is watched -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One policy to watch, as configured: everything a check of it needs to know."""

    id: str  #: short name, unique, stable over years; history hangs on it
    vendor: str  #: the name people read in an alert
    urls: tuple[str, ...]  #: the pages that together make the policy, in reading order
    enabled: bool = True
    interval: float = 21600.0  #: seconds between two checks
    jitter: float = 600.0  #: up to so many seconds are added at random to each interval
    cron: str | None = None  #: five-field cron expression; replaces interval when given
    active_hours: str | None = None  #: "HH:MM-HH:MM" in `timezone`; checks are only due inside
    timezone: str = "UTC"  #: IANA name, for cron and active_hours
    select: tuple[str, ...] = ()  #: CSS selectors that hold the policy; empty: found automatically
    remove: tuple[str, ...] = ()  #: CSS selectors to cut out first
    language: str | None = None  #: expected main language ("en", "zh"); None: whatever the first version had
    render: Render = "auto"
    channels: tuple[str, ...] = ()  #: ids of channels; empty: the default channels
    tags: tuple[str, ...] = ()
    alert_on: tuple[Level, ...] = ("material", "minor")  #: verdicts that make an alert
    kinds: tuple[Kind, ...] = ()  #: only changes of these kinds alert; empty: all
    robots: bool = True  #: obey robots.txt


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """What operators taught the reader in sources.toml; empty by default."""

    recipients: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: (canonical name, aliases) of companies to recognise
    rules: tuple[OperatorRule, ...] = ()
    ignore: tuple[str, ...] = ()  #: words or phrases whose coming and going is never a change


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRule:
    """An operator's own verdict on a sort of change; the first that matches wins over the built-in rules."""

    verdict: Level
    source: str | None = None  #: source id; None: all
    kind: Kind | None = None
    subject: str | None = None  #: case-insensitive part of the subject


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How politely and how patiently pages are fetched; one for the whole program."""

    contact: str = ""  #: address or URL that site owners can write to; part of the User-Agent
    user_agent: str = ""  #: replaces the built-in User-Agent when given
    timeout: float = 30.0  #: seconds for one request, to the last byte
    max_bytes: int = 20_000_000  #: a larger page is refused
    max_redirects: int = 10
    retries: int = 2  #: further tries within one check, for what is transient
    backoff: float = 1.0  #: seconds before the first retry; doubles, with jitter
    concurrency: int = 8  #: pages in flight at once
    per_host: int = 1  #: pages in flight at once to one host
    delay: float = 1.0  #: seconds between two requests to one host
    private_addresses: bool = False  #: allow loopback and private networks (for an intranet, and for tests)
    browser: str = ""  #: path of a Chromium; "": looked for in the usual places
    proxy: str = field(default="", repr=False)  #: http:// or https:// address, with credentials; "": none


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """When a change is believed, and when silence or failure becomes a problem."""

    confirm: bool = True  #: a changed text is told only after a later fetch showed it again
    confirm_after: float = 300.0  #: seconds until that later fetch
    problem_after: int = 3  #: failed or rejected checks in a row before people are told
    problem_for: float = 0.0  #: seconds that they must have gone on for, besides
    escalate_after: float = 259200.0  #: seconds after which an open problem is told once more; 0: never
    stale_after: float = 3.0  #: intervals without a verified check before a source is stale
    remind_after: float = 0.0  #: seconds until people are reminded of a material alert without a decision; 0: never
    retry_pause: float = 30.0  #: seconds until a message that was refused for now is tried again; doubles each time
    retry_longest: float = 3600.0  #: seconds that this pause grows to
    keep_sending: float = 604800.0  #: seconds a message is retried before it is given up


# --- fetch -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One hop: the address that answered, and with which status it sent us on."""

    url: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the last capture of an address offered for a conditional GET; "" where absent."""

    etag: str = ""
    last_modified: str = ""
    url: str = ""  #: the address that offered them (a capture's final_url); only it is asked with them. "": any


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304: the page is what it was at the last capture."""

    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One page as it was served, with everything needed to prove it."""

    url: str  #: the address asked for
    final_url: str  #: the address that answered, after redirects
    redirects: tuple[Redirect, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()  #: as received, names in lower case, order kept
    fetched_at: datetime
    elapsed: float = 0.0  #: seconds from request to last byte
    body: bytes = field(repr=False)
    sha256: str  #: hex digest of body
    rendered: bool = False  #: True: body is the DOM that a browser built

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, "" if there is none."""
        return next((value for key, value in self.headers if key == name), "")


# --- extract ---------------------------------------------------------------------------------------------------------

Shape = Literal["heading", "paragraph", "item", "row", "term"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A heading, paragraph, list item, table row or defined term: the smallest part that is compared as a whole."""

    text: str  #: the words as shown, without bullet or number; a row's cells are joined by " | "
    shape: Shape = "paragraph"
    anchor: str  #: stable within a version: slug of the heading path, and a counter where clauses share it
    path: tuple[str, ...] = ()  #: headings above it, outermost first, numbering kept apart
    number: str = ""  #: "3.", "(b)", "•", "一、" as shown, "" if none
    lead: str = ""  #: for an item: the sentence that introduces its list ("We share data with:")
    columns: tuple[str, ...] = ()  #: for a row: the column names, aligned with cells
    cells: tuple[str, ...] = ()  #: for a row: its cells
    language: str = "en"  #: "en", "zh", another ISO 639-1 code, or "und"
    page: int = 0  #: index into the source's urls
    hash: str  #: hex digest of its normalised words (`lang.words.normal`); identity across versions

    def __hash__(self) -> int:
        """By what nearly always tells two clauses apart: clauses are keys of many tables, and have many fields."""
        return hash((self.hash, self.anchor))

    @property
    def sense(self) -> tuple[object, ...]:
        """All that gives its words their sense: where it stands is left out. The database keeps a digest of it."""
        return _sense(self)


_sense = attrgetter("hash", "language", "text", "shape", "number", "path", "lead", "columns", "cells")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDate:
    """A date that the policy states about itself."""

    role: Literal["updated", "effective", "published", "version"]
    value: date | None  #: None where it could not be read as a day
    quote: str  #: the words that state it


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link out of the policy, for proposing companion documents."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What extraction reads from one capture."""

    title: str
    language: str  #: of most of its clauses
    clauses: tuple[Clause, ...]
    dates: tuple[StatedDate, ...] = ()
    furniture: str = ""  #: text of the page outside the policy: kept, never judged
    links: tuple[Link, ...] = ()
    shell: bool = False  #: the DOM is an empty script shell: a browser would show more
    signs: tuple[str, ...] = ()  #: what the markup gave away to the gate (login form, challenge script, ...)


# --- gate ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a capture is not the policy."""

    rule: str  #: name of the gate's rule
    sentence: str  #: one plain sentence for a person
    evidence: str = ""  #: the words or numbers on the page that prove it
    browser_may_help: bool = False  #: a script shell or a bot check: render = "auto" then tries a browser


# --- a reading of the policy ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statement of the policy, normalised so that two versions can be compared by (kind, subject)."""

    kind: Kind
    key: str  #: canonical subject for comparison ("meta", "account data"); never shown
    subject: str  #: as the text names it ("Facebook")
    value: str = ""  #: as the text states it ("6 months", "14", "Singapore"); "" where there is none
    norm: str = ""  #: the value normalised for comparison ("P180D max", "14", "SG")
    polarity: bool = True  #: False: the policy says that it does not
    modality: Modality = "will"
    role: Role | None = None  #: of a recipient
    named: bool = False  #: the subject is a proper name
    data: str = ""  #: which data, where the clause says so
    quote: str  #: exact substring of the clause's text (or lead)
    start: int = 0  #: offset of quote in the clause's text
    end: int = 0
    clause: str  #: hash of the clause
    anchor: str = ""
    rule: str  #: id of the pattern that spoke

    def __hash__(self) -> int:
        """By what nearly always tells two facts apart, as with clauses."""
        return hash((self.clause, self.key, self.start))

    def at(self, anchor: str) -> Fact:
        """The same, as it is stated where its clause has that anchor."""
        return self if self.anchor == anchor else replace(self, anchor=anchor)


class Facts(Protocol):
    """The facts of a document, read as far as they are asked for."""

    def of(self, kinds: Collection[Kind], keys: Collection[str] | None = None) -> Sequence[Fact]:
        """Every fact of these kinds, but for `own`. `keys`: only those with one of these."""

    def stated_in(self, clauses: Collection[str]) -> Sequence[Fact]:
        """All that the clauses with these hashes state, `own` facts and all."""

    @property
    def own(self) -> frozenset[Fact]:
        """Those that name whoever writes the document, and so are no recipients of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document with its facts: what two versions are compared by."""

    document: Document
    facts: Facts


# --- compare and judge -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two versions, proven by a quote from at least one of them."""

    kind: Kind
    action: Action
    subject: str
    before: str = ""  #: the value as the old text states it
    after: str = ""
    quote_old: str = ""  #: exact words of the old version, "" where there were none
    quote_new: str = ""
    named: bool = False  #: for sharing: the subject is a proper name
    section: str = ""  #: heading path of the clause, joined by " > "
    old_anchor: str = ""
    new_anchor: str = ""
    old: Fact | None = None  #: the facts it rests on; None for a change of wording
    new: Fact | None = None
    signals: tuple[str, ...] = ()  #: what the comparison saw ("negation lost", "may -> will", "recipient", ...)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one change weighs what it weighs."""

    rule: str  #: id of the rule that spoke
    severity: Severity
    direction: Direction
    sentence: str  #: plain words for the person who is told
    change: Change

    @property
    def material(self) -> bool:
        """Whether this change alone would make the verdict material."""
        return self.severity in MATERIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judgement of one version against the one before."""

    level: Level
    headline: str  #: the most severe reason in one line, as its message says it; "" for noise
    reasons: tuple[Reason, ...] = ()  #: most severe first; one for each change
    notes: tuple[str, ...] = ()  #: said besides ("The text changed, its stated date did not.")
    judge: str  #: version of the rules


# --- what a check gives ----------------------------------------------------------------------------------------------

Outcome = Literal["first", "unchanged", "candidate", "changed", "rejected", "failed", "flapping", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check of one source came to."""

    source: str
    outcome: Outcome
    verdict: Verdict | None = None  #: only for `changed`
    rejection: Rejection | None = None  #: only for `rejected`
    reason: str = ""  #: one sentence: why it was rejected, failed or skipped
    alert: int | None = None  #: id of the alert it made
    problem: int | None = None  #: id of the source problem it opened or closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadiness:
    """What is remembered of a source's recent texts, so that a change is told once it holds, and flapping only once.

    A text is named by its wording: the digest of its clauses' hashes in order.
    """

    candidate: str = ""  #: wording that differs from the version in force and waits to be seen again; "" if none
    since: datetime | None = None  #: when the candidate was first fetched
    last: str = ""  #: wording of the last accepted check
    run: int = 0  #: checks in a row that showed it
    swings: int = 0  #: times the text moved again before it had settled
    recent: tuple[str, ...] = ()  #: wordings seen since it was settled
    flapping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """Where one source stands, as the database knows it."""

    id: str
    vendor: str
    enabled: bool
    created_at: datetime  #: when it was first configured
    next_check_at: datetime | None
    last_checked_at: datetime | None = None
    verified_at: datetime | None = None  #: last seen and known to be the version in force
    outcome: Outcome | None = None  #: of the last check
    reason: str = ""
    failures: int = 0  #: checks in a row that failed or were rejected
    failing_since: datetime | None = None
    version: int | None = None  #: id of the version in force
    claims: int = 0  #: checks begun since the last one that ended
    steadiness: Steadiness = Steadiness()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What the last verified answer of one address was, so that the next may be recognised without reading it."""

    url: str
    validators: Validators
    sha256: str  #: of the bytes that carried the document
    capture: int
    document: int
    wording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What was refused last at one address, so that the same page need not be read again to be refused again."""

    url: str
    validators: Validators
    sha256: str  #: of the bytes that were refused
    capture: int
    judged_by: str  #: digest of all that the judgement hangs on besides the bytes
    rejection: Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """One page of a stored version, with the rows that prove it."""

    page: int
    url: str
    document: int
    capture: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A source in trouble, from the check that reported it to the one that closed it."""

    id: int
    source: str
    kind: Literal["failing", "flapping", "stale"]
    reason: str
    since: datetime
    opened_at: datetime
    closed_at: datetime | None = None


# --- alerts and deliveries -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where messages go: an Apprise URL with what is sent there."""

    id: str
    url: str = field(repr=False)  #: Apprise URL; a secret
    format: Literal["slack", "email", "text", "json"] = "text"
    default: bool = True  #: sources that name no channel use it
    verdicts: tuple[Level, ...] = ("material", "minor")
    kinds: tuple[Kind, ...] = ()  #: empty: all
    tags: tuple[str, ...] = ()  #: only sources with one of these tags; empty: all
    vendors: tuple[str, ...] = ()  #: only sources of these vendors; empty: all
    problems: bool = True  #: also source problems and their recovery, and other channels in trouble
    material: str = "immediate"  #: when material changes go: immediate, hourly, daily, weekly or a cron expression
    minor: str = "weekly"  #: the same for lesser changes: all that are due go as one digest
    report: str = "weekly"  #: how often it hears how things stand: never, daily, weekly or a cron expression
    rate: int = 0  #: messages an hour at most, the rest as one digest; 0: as many as there are
    quiet: str | None = None  #: "HH:MM-HH:MM" in `timezone`; what falls inside waits until it is over
    maintenance: tuple[str, ...] = ()  #: "FROM/TO", ISO 8601 in `timezone`; the same
    timezone: str = "UTC"  #: IANA name


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A thing somebody must be told: a policy change, a source problem or its recovery. Complete enough to render."""

    id: int
    type: Literal["change", "problem", "recovery", "report", "channel", "test"]
    source: str
    vendor: str
    url: str
    created_at: datetime
    headline: str
    verdict: Verdict | None = None  #: for a change
    before: VersionInfo | None = None
    after: VersionInfo | None = None
    detail: str = ""  #: for a problem: what happened and the next step
    about: int | None = None  #: a reminder: the alert that nobody has answered for


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided about an alert."""

    alert: int
    at: datetime
    by: str  #: who decided
    decision: Literal["accept", "escalate", "not-material"]
    note: str = ""
    owner: str = ""  #: who sees to it
    due: datetime | None = None  #: until when


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionInfo:
    """A stored version without its clauses."""

    id: int
    source: str
    sequence: int  #: 1 for the first version of a source
    cause: Literal["first", "change", "reread"]
    extractor: str  #: version of the extractor that read it
    first_seen: datetime  #: when its text was first fetched
    confirmed_at: datetime | None  #: when a later fetch showed the same clauses
    verified_at: datetime  #: last time it was found unchanged
    clauses: int
    title: str = ""
    dates: tuple[StatedDate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert on its way to one channel."""

    id: int
    alert: int
    channel: str
    attempt: int  #: attempts made so far
    outcome: Literal["pending", "sending", "sent", "failed", "dead"]
    due_at: datetime
    digest: bool = False  #: goes with all others that are due, as one message
    since: datetime | None = None  #: first failed attempt, since somebody last asked for it
    error: str = ""


# --- making them -----------------------------------------------------------------------------------------------------

R = TypeVar("R")


def draft_of(record: type[Any]) -> Any:
    """A class of all the fields of a record in their order, whose objects become records by their `__class__`.

    For those that are made by the thousand: to set the fields of a frozen record costs five times as much as to set
    those of another, and then to call it so.
    """
    return make_dataclass(f"_{record.__name__}", [f.name for f in fields(record)], slots=True)


def maker(record: type[R]) -> Callable[..., R]:
    """What makes such a record of all its fields in their order, by way of `draft_of`."""
    drafted = draft_of(record)

    def make(*values: Any) -> R:
        made = drafted(*values)
        made.__class__ = record
        return made  # type: ignore[no-any-return]

    return make
