"""The pure middle that every way in shares: one page read and gated, two readings weighed. Nothing is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import ExtractError
from watcher.extract import extract
from watcher.facts import DocumentFacts, facts_in, read_clause
from watcher.gate import broken_before, inspect
from watcher.records import Capture, Clause, Document, Fact, Reading, Rejection, Teaching, Verdict

if TYPE_CHECKING:
    from watcher.extract.parsed import Parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What a capture proved to be. Exactly one of: rejected, unchanged, the first, or judged against the previous."""

    document: Document | None
    rejection: Rejection | None = None
    unchanged: bool = False
    verdict: Verdict | None = None


def examine(
    capture: Capture, previous: Document | None, *, teaching: Teaching | None = None, language: str = "en"
) -> Examination:
    """Extract, gate, and, where the clauses differ from `previous`, compare and judge."""
    document, rejection = read_page(capture, previous)
    if document is None or rejection is not None:
        return Examination(document=document, rejection=rejection)
    return _settle(previous, document, teaching, language)


def compare_captures(old: Capture, new: Capture, *, language: str = "en") -> Examination:
    """Two captures on their own. A fault in either makes their difference no change of the policy.

    Nobody has accepted `old` here, so it is also held against `new`: it may be the one that was cut short.
    """
    before, rejection = read_page(old, None)
    if before is None or rejection is not None:
        return Examination(document=before, rejection=rejection)
    after, rejection = read_page(new, before)
    if after is not None and rejection is None:
        rejection = broken_before(old, before, after)
    if after is None or rejection is not None:
        return Examination(document=after, rejection=rejection)
    return _settle(before, after, None, language)


def _settle(previous: Document | None, document: Document, teaching: Teaching | None, language: str) -> Examination:
    """What an accepted document is beside the one before it."""
    if previous is None:
        return Examination(document=document)
    if same_clauses(previous, document):
        return Examination(document=document, unchanged=True)
    before, after = reading(previous, teaching), reading(document, teaching)
    return Examination(document=document, verdict=weigh(before, after, teaching=teaching, language=language))


def read_page(
    capture: Capture,
    previous: Document | None,
    *,
    select: Sequence[str] = (),
    remove: Sequence[str] = (),
    page: int = 0,
    parsed: Parsed | None = None,
) -> tuple[Document | None, Rejection | None]:
    """What one capture says, and why it is not the policy if it is not. `previous`: the page's last accepted text."""
    try:
        document = extract(
            capture.body,
            content_type=capture.header("content-type"),
            url=capture.final_url,
            select=select,
            remove=remove,
            page=page,
            parsed=parsed,
        )
    except ExtractError as error:
        return None, Rejection(rule="unreadable", sentence=str(error))
    return document, inspect(capture, document, previous)


def wording(document: Document) -> str:
    """A digest of its clauses' words in their order: what two documents that say the same share."""
    return hashlib.sha256(" ".join(clause.hash for clause in document.clauses).encode()).hexdigest()[:32]


def same_clauses(old: Document, new: Document) -> bool:
    """Whether two documents say the same in the same order: no facts need to be read."""
    return wording(old) == wording(new)


def reading(document: Document, teaching: Teaching | None = None) -> Reading:
    """A document with its facts, which are read as far as a comparison asks for them."""
    return Reading(document=document, facts=facts_in(document, teaching))


Read = list[tuple[Clause, tuple[Fact, ...]]]  #: what each clause of a document states


def read_facts(document: Document, teaching: Teaching, known: Sequence[tuple[Fact, ...] | None]) -> Read:
    """What each clause states; only those are read that are not `known`, and what stands twice is read once."""
    read: Read = []
    fresh: dict[tuple[object, ...], tuple[Fact, ...]] = {}
    for clause, facts in zip(document.clauses, known, strict=True):
        if facts is None:
            same = clause.sense
            if same not in fresh:
                fresh[same] = read_clause(clause, teaching)
            facts = tuple(fact.at(clause.anchor) for fact in fresh[same])
        read.append((clause, facts))
    return read


def reading_of(document: Document, read: Read) -> Reading:
    """A document with the facts that were read of its clauses."""
    stated = {id(clause): facts for clause, facts in read}  # these very objects, which the document keeps
    return Reading(document=document, facts=DocumentFacts(document, lambda clause, _: stated[id(clause)]))


def weigh(
    before: Reading,
    after: Reading,
    *,
    source: str | None = None,
    teaching: Teaching | None = None,
    language: str = "en",
) -> Verdict:
    """Comparison and verdict of two accepted readings."""
    # Where no page has changed, reading goes without all this: 5 MB, and a third of the time that loading takes.
    from watcher.compare import compare
    from watcher.judge import judge
    from watcher.notify.story import headline_of

    verdict = judge(
        compare(before, after, teaching), before, after, source=source, teaching=teaching, language=language
    )
    return replace(verdict, headline=headline_of(verdict, language)) if verdict.headline else verdict


CONTENT_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
}


def capture_of_file(path: Path) -> Capture:
    """A file on disk as if it had just been fetched."""
    body = path.read_bytes()
    kind = CONTENT_TYPES.get(path.suffix.lower(), "")
    return Capture(
        url=path.name,
        final_url=path.name,
        headers=(("content-type", kind),) if kind else (),
        fetched_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )


def replay(files: Sequence[Path], *, teaching: Teaching | None = None) -> list[tuple[Path, Examination]]:
    """Successive captures of one source, each examined against the last accepted one. Nothing is stored or sent."""
    previous: Document | None = None
    steps = []
    for file in files:
        step = examine(capture_of_file(file), previous, teaching=teaching)
        if step.rejection is None:
            previous = step.document
        steps.append((file, step))
    return steps
