"""Re-reading is not news: a stored version read again from its captures by a newer extractor."""

from __future__ import annotations

from typing import Literal

from watcher.errors import ExtractError
from watcher.extract import EXTRACTOR, extract
from watcher.facts import FACTS
from watcher.pipeline.pure import read_facts, reading_of, wording
from watcher.pipeline.watch import Desk, digest, merged, recall, wording_of
from watcher.records import Capture, Document, Source, Steadiness, Teaching, VersionPage
from watcher.store import captures, sources, versions


def reader_of(source: Source) -> str:
    """Which reading a source gets: the extractor's version, and a digest of the selectors the operator gave."""
    if not source.select and not source.remove:
        return EXTRACTOR
    return f"{EXTRACTOR}+{digest((source.select, source.remove))}"


def facts_by(teaching: Teaching) -> str:
    """Which reader of facts is at work: its version, and a digest of what operators taught it."""
    return FACTS if teaching == Teaching() else f"{FACTS}+{digest(teaching)}"


#: What came of it: no version yet, the same clauses, others, or captures that cannot be read any more.
Reread = Literal["nothing", "same", "otherwise", "unreadable"]


def reread(watch: Desk, source: Source) -> Reread:
    """Read the version in force again from its captures.

    Clauses that came out otherwise are kept as a version of their own, with cause `reread`: it is judged by nobody and
    told to nobody. A capture that cannot be read any more leaves the version as it is.
    """
    known = recall(watch, source)
    old = known.version
    if old is None:
        return "nothing"
    bodies = [captures.load(watch.store, page.capture) for page in old.pages]
    try:
        documents = read_again(source, bodies)
    except ExtractError as error:
        sources.note(watch.store, "reread failed", watch.clock(), str(error), source.id)
        return "unreadable"
    document = merged(documents)
    facts = versions.known_facts(watch.store, document.clauses, facts_by(watch.teaching))
    read = read_facts(document, watch.teaching, facts)
    own = reading_of(document, read).facts.own
    now, name = watch.clock(), wording_of([wording(document) for document in documents])
    with watch.store.atomic():
        version = old.id
        if name == old.wording:
            versions.read_by(watch.store, version, reader_of(source))
        else:
            version = keep(watch, source, old.id, documents, name)
            sources.re_read(watch.store, source.id, version, Steadiness(last=name, run=1, recent=(name,)))
        versions.keep_facts(watch.store, version, read, own, facts_by(watch.teaching))
        sources.note(watch.store, "reread", now, f"by extractor {reader_of(source)}", source.id)
    return "same" if name == old.wording else "otherwise"


def read_again(source: Source, bodies: list[Capture]) -> list[Document]:
    """Each capture as today's extractor reads it."""
    return [
        extract(
            capture.body,
            content_type=capture.header("content-type"),
            url=capture.final_url,
            select=source.select,
            remove=source.remove,
            page=page,
        )
        for page, capture in enumerate(bodies)
    ]


def keep(watch: Desk, source: Source, old: int, documents: list[Document], name: str) -> int:
    """Keep the new reading of a version, with the dates and captures of the old one; its id."""
    before = versions.info(watch.store, old)
    pages = []
    for page, document in zip(versions.pages(watch.store, old), documents, strict=True):
        id = versions.keep_document(watch.store, document, wording(document))
        sources.reassign_page(watch.store, source.id, page.url, id)
        pages.append(VersionPage(page=page.page, url=page.url, document=id, capture=page.capture))
    return versions.add(
        watch.store,
        source.id,
        pages,
        cause="reread",
        extractor=reader_of(source),
        wording=name,
        first_seen=before.first_seen,
        confirmed_at=before.confirmed_at,
        now=before.verified_at,
    )
