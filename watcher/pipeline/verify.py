"""What is stored, proved: bytes are those that came, texts are those that were read, and bytes still read as texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from watcher.errors import ExtractError, StoreError
from watcher.pipeline.pure import wording
from watcher.pipeline.reread import read_again, reader_of
from watcher.pipeline.watch import wording_of
from watcher.records import Source, VersionInfo
from watcher.store import Store, captures, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was looked at of one source, and what is wrong with it."""

    source: str
    captures: int  #: different bodies, each decompressed and held against its digest
    size: int  #: bytes of them
    versions: int  #: whose clauses and quotes were held against their digests and texts
    again: int  #: of these, how many were read again from their captures and came out the same
    older: int  #: how many could not be, for another release, or other selectors, read them
    faults: tuple[str, ...]  #: each a sentence that names the version or the bytes


def prove(store: Store, source: Source) -> Proof:
    """Look at everything that is stored of a source. `source`: as it is configured, for its selectors."""
    bodies = captures.kept(store, source.id)
    faults = [fault for sha256 in bodies if (fault := _bytes(store, sha256))]
    again = older = 0
    history = versions.history(store, source.id)
    for version in history:
        found = list(_text(store, version))
        if version.extractor != reader_of(source):
            older += 1
        elif not found:
            found = list(_reading(store, source, version))
            again += not found
        faults += [f"version {version.sequence}: {fault}" for fault in found]
    return Proof(
        source=source.id,
        captures=len(bodies),
        size=sum(bodies.values()),
        versions=len(history),
        again=again,
        older=older,
        faults=tuple(faults),
    )


def _bytes(store: Store, sha256: str) -> str:
    """What is wrong with a body; "" if nothing."""
    try:
        captures.body(store, sha256)
    except StoreError as error:
        return str(error)
    return ""


def _text(store: Store, version: VersionInfo) -> Iterator[str]:
    """What is wrong with the clauses of a version, and with the quotes of its facts."""
    names = []
    for page in versions.pages(store, version.id):
        names.append(wording(versions.document(store, page.document, page.page)))
        if versions.altered(store, page.document, names[-1]):
            yield f"the clauses of {page.url} are not what was stored"
    if wording_of(names) != versions.identity(store, version.id)[0]:
        yield "its pages are not those that it was made of"
    if count := versions.misquoted(store, version.id):
        yield f"{count} of its facts quote words that its clauses do not hold"


def _reading(store: Store, source: Source, version: VersionInfo) -> Iterator[str]:
    """What the bytes of a version say otherwise than its clauses, read again by the same reader."""
    pages = versions.pages(store, version.id)
    try:
        documents = read_again(source, [captures.load(store, page.capture) for page in pages])
    except (ExtractError, StoreError) as error:
        yield f"its bytes cannot be read again: {error}"
        return
    for page, document in zip(pages, documents, strict=True):
        if wording(document) != wording(versions.document(store, page.document, page.page)):
            yield f"the bytes of {page.url}, read again, give other clauses"
